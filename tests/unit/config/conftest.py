"""A small valid config as a mapping, and what a wrong one is answered with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.config import ConfigError, build_config, load_config

ROOT = Path(__file__).resolve().parents[3]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`shipped` runs a test on every config that is a run of its own."""
    if "shipped" in metafunc.fixturenames:
        found = sorted((ROOT / "configs").rglob("*.yaml"))
        files = [
            path
            for path in found
            if path.name != "base.yaml" and path.parent.name not in ("sweeps", "clusters")
        ]
        metafunc.parametrize("shipped", files, ids=[path.stem for path in files])


@pytest.fixture
def minimal() -> dict[str, Any]:
    """The fewest keys that make a run."""
    return {
        "cell": {"length": "10 um", "width": "8 um"},
        "electrolyte": {"concentration": "2500 mol/m^3"},
        "separator": {"conductivity": "0.92 mS/cm", "transference_number": 0.78},
        "anode": {"exchange_current_density": "0.33 mA/cm^2"},
        "counter": {"exchange_current_density": "0.33 mA/cm^2"},
        "operation": {"mode": "potentiostatic", "voltage": "0.5 V"},
    }


@pytest.fixture
def with_sites(minimal: dict[str, Any]) -> dict[str, Any]:
    """The minimal run with one type of site."""
    site = {"density": "0.75 / nm^2", "adsorption_energy": "-0.65 eV", "charge": -1, "charged_fraction": 0.05}
    rates = {"adsorption_rate": "1.74e4 / s", "plating_rate": "3.2 / s", "surface_diffusivity": "1e-9 m^2/s"}
    return minimal | {"interface": {"sites": {"N1": site}, "reference_energy": "0.4175 eV", **rates}}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes files into an empty working folder: write("a.yaml", "text") -> relative path."""
    monkeypatch.chdir(tmp_path)

    def writer(name: str, text: str) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return writer


@pytest.fixture
def changed() -> Callable[..., dict[str, Any]]:
    """A mapping with some keys of its sections replaced: changed(minimal, cell={"width": "9 um"})."""

    def change(mapping: dict[str, Any], **sections: Any) -> dict[str, Any]:
        return mapping | {
            k: mapping.get(k, {}) | v if isinstance(v, dict) else v for k, v in sections.items()
        }

    return change


@pytest.fixture
def build_errors() -> Callable[[dict[str, Any]], list[str]]:
    """The messages with which a mapping is refused."""

    def errors(mapping: dict[str, Any]) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            build_config(mapping)
        return caught.value.messages

    return errors


@pytest.fixture
def load_errors() -> Callable[..., list[str]]:
    """The messages with which a file and its overrides are refused."""

    def errors(path: str | Path, *overrides: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load_config(path, overrides)
        assert str(caught.value) == "\n".join(caught.value.messages)
        return caught.value.messages

    return errors
