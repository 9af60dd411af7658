"""The coverage at the start: a number as ever, a wave or a table; a reservoir inside or outside the medium."""

from __future__ import annotations

import pytest

from sim.config import build_config, dump_config
from sim.config.coverage import SinusoidCoverage, TableCoverage

WAVE = {"kind": "sinusoid", "mean": 0.5, "amplitude": 0.2, "wavelength": "5 um"}


@pytest.fixture
def covered(with_sites):
    """A config with this coverage."""
    return lambda value: with_sites | {"interface": with_sites["interface"] | {"initial_coverage": value}}


def test_a_number_stays_a_number(covered) -> None:
    config = build_config(covered(0.3))
    assert config.interface.initial_coverage == 0.3
    assert "initial_coverage: 0.3\n" in dump_config(config)


def test_a_wave_and_a_table(covered, tmp_path, monkeypatch) -> None:
    (tmp_path / "theta.csv").write_text("x_m,coverage\n0,0.1\n1e-5,0.2\n")
    config = build_config(covered(WAVE))
    assert config.interface.initial_coverage == SinusoidCoverage(**WAVE)
    assert config.interface.initial_coverage.wavelength == 5e-6
    table = build_config(covered({"kind": "table", "file": "theta.csv"}), tmp_path)
    assert table.interface.initial_coverage == TableCoverage(kind="table", file=tmp_path / "theta.csv")


def test_both_survive_a_dump(covered, write) -> None:
    from sim.config import load_config

    config = build_config(covered(WAVE))
    assert load_config(write("a.yaml", dump_config(config))).interface == config.interface


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.5, "interface.initial_coverage: must be below 1, got 1.5"),
        ("half", "interface.initial_coverage: expected a number without a unit, got 'half'"),
        (
            WAVE | {"amplitude": 0.6},
            "interface.initial_coverage.amplitude: must leave the coverage between 0 and 1 around 0.5, got 0.6",
        ),
        (
            WAVE | {"kind": "sinusoids"},
            "interface.initial_coverage: unknown kind 'sinusoids'; did you mean 'sinusoid'? (valid: sinusoid, table)",
        ),
        ({"mean": 0.5}, "interface.initial_coverage: required: 'kind', one of sinusoid, table"),
        (
            WAVE | {"wavelength": 3},
            "interface.initial_coverage.wavelength: a unit is missing: expected a leng",
        ),
    ],
)
def test_mistakes_are_named_at_their_key(covered, build_errors, value, message) -> None:
    (found,) = build_errors(covered(value))
    assert found.startswith(message)


def test_a_later_layer_replaces_a_wave_by_a_number(covered, write) -> None:
    from sim.config import load_config

    path = write("a.yaml", dump_config(build_config(covered(WAVE))))
    assert load_config(path, ["interface.initial_coverage=0.4"]).interface.initial_coverage == 0.4
    changed = load_config(path, ["interface.initial_coverage.mean=0.4"]).interface.initial_coverage
    assert (changed.mean, changed.amplitude) == (0.4, 0.2)


def test_only_a_reservoir_lies_outside(minimal, changed, build_errors) -> None:
    assert build_errors(changed(minimal, counter={"contact": "outside"})) == [
        "counter.contact: outside is for 'kind: reservoir', not 'lithium'"
    ]
    reservoir = {"kind": "reservoir", "contact": "outside"}
    assert build_config(changed(minimal, counter=reservoir)).counter.is_outside
    assert not build_config(changed(minimal, counter={"kind": "reservoir"})).counter.is_outside


def test_donnan_equilibrium_bears_any_fixed_charge(minimal, changed, build_errors) -> None:
    charged = changed(minimal, electrolyte={"fixed_charge": "1e9 C/m^3"}, counter={"kind": "reservoir"})
    (message,) = build_errors(charged)
    assert message.startswith("electrolyte.fixed_charge: must be below F·concentration")
    build_config(changed(charged, counter={"contact": "outside"}))
