"""A small config to vary, and sweeps written beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.config import ConfigError
from sim.sweeps import Plan, build_sweep, load_sweep, plan_sweep

BASE = """\
cell: {length: 10 um, width: 8 um}
electrolyte: {concentration: 2500 mol/m^3}
separator: {conductivity: 0.92 mS/cm, transference_number: 0.78}
anode: {exchange_current_density: 0.33 mA/cm^2}
counter: {exchange_current_density: 0.33 mA/cm^2}
operation: {mode: potentiostatic, voltage: 0.5 V, c_rate: 0.5, areal_capacity: 1 mAh/cm^2}
"""
SITES = """\
extends: bare.yaml
interface:
  reference_energy: 0.4175 eV
  adsorption_rate: 1.74e4 / s
  plating_rate: 3.2 / s
  surface_diffusivity: 1e-9 m^2/s
  sites:
    N1: {density: 0.75 / nm^2, adsorption_energy: -0.65 eV}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with the configs bare.yaml (no sites) and sites.yaml."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "sites.yaml").write_text(SITES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def plan(folder: Path) -> Callable[..., Plan]:
    """Plans a sweep of bare.yaml given by the other keys: plan(axes=[…])."""

    def make(**keys: Any) -> Plan:
        return plan_sweep(build_sweep({"name": "test", "base": "bare.yaml", **keys}, folder))

    return make


@pytest.fixture
def errors(folder: Path) -> Callable[..., list[str]]:
    """The messages with which a sweep file is refused."""

    def refuse(text: str, *overrides: str) -> list[str]:
        (folder / "sweep.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            plan_sweep(load_sweep("sweep.yaml", overrides))
        return caught.value.messages

    return refuse
