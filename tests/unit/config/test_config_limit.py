"""The limiting current of an electroneutral cell: j_lim = 4 t₊κV_T/H, the one physical check of an input."""

from __future__ import annotations

import pytest

from sim.config import build_config, limiting_current_problem

THERMAL_VOLTAGE = 0.02569257912
LIMIT = 4 * 0.39 * 0.023 * THERMAL_VOLTAGE / 8e-6  # 115.2 A/m², PP over 8 µm (physics: 115 A/m²)


@pytest.fixture
def cell(minimal, changed):
    """A function of a current density [A/m²]: PP between flat electrodes, electroneutral, galvanostatic."""

    def at(current: float, **sections):
        drive = {"mode": "galvanostatic", "current_density": f"{current!r} A/m^2"}
        base = changed(
            minimal,
            electrolyte={"electrostatics": "electroneutral"},
            separator={"conductivity": "0.23 mS/cm", "transference_number": 0.39},
            operation=drive,
        )
        return changed(base, **sections)

    return at


def test_the_number() -> None:
    assert pytest.approx(115.2, abs=0.1) == LIMIT


@pytest.mark.parametrize("sign", [1, -1])
def test_below_and_at_the_limit(cell, build_errors, sign: int) -> None:
    build_config(cell(sign * LIMIT * 0.999))
    (message,) = build_errors(cell(sign * LIMIT * 1.001))
    assert message.startswith("operation.current_density: no steady state: ")
    assert message.endswith(" is not below the limiting current density 115.2 A/m^2")


def test_a_reservoir_halves_it(cell, build_errors) -> None:
    build_config(cell(LIMIT * 0.499, counter={"kind": "reservoir"}))
    assert build_errors(cell(LIMIT * 0.501, counter={"kind": "reservoir"}))


def test_bumps_shorten_the_gap(cell, build_errors) -> None:
    bump = {"position": "5 um", "height": "1 um", "width": "1 um"}
    profile = {"anode_profile": {"kind": "nuclei", "nuclei": [bump]}}
    raised = LIMIT / (1 - 1e-6 * 1e-6 * 3.14159265**0.5 / 1e-5 / 8e-6)
    build_config(cell(raised * 0.999, cell=profile))
    assert build_errors(cell(raised * 1.001, cell=profile))


def test_diffusivities_give_the_same_limit(cell, build_errors) -> None:
    gas, faraday = 8.314462618, 96485.33212
    total = 0.023 * gas * 298.15 / faraday**2 / 2500
    given = {"diffusivity_li": f"{0.39 * total!r} m^2/s", "diffusivity_anion": f"{0.61 * total!r} m^2/s"}
    electrolyte = given | {"electrostatics": "electroneutral", "concentration": "2500 mol/m^3"}
    build_config(cell(LIMIT * 0.999, electrolyte=electrolyte, separator=None))
    assert build_errors(cell(LIMIT * 1.001, electrolyte=electrolyte, separator=None))


@pytest.mark.parametrize(
    "change",
    [
        {"electrolyte": {"electrostatics": "poisson"}},
        {"electrolyte": {"fixed_charge": "-1e6 C/m^3"}},
        {"operation": {"duration": "1 s"}},
        {"anode": {"kind": "reservoir"}, "counter": {"kind": "reservoir"}},
    ],
)
def test_where_a_current_may_exceed_it(cell, change) -> None:
    build_config(cell(LIMIT * 2, **change))


def test_the_error_is_at_the_c_rate_where_that_is_given(cell, build_errors) -> None:
    drive = {"mode": "galvanostatic", "current_density": None, "c_rate": 20, "areal_capacity": "1 mAh/cm^2"}
    (message,) = build_errors(cell(0.0, operation=drive))
    assert message.startswith("operation.c_rate: no steady state: 200 A/m^2")


def test_a_caller_who_knows_the_mesh_can_check_itself(cell, tmp_path) -> None:
    table = tmp_path / "profile.csv"
    table.write_text("x_m,y_m\n0,0\n1e-5,0\n")
    profile = {"anode_profile": {"kind": "table", "file": str(table)}}
    config = build_config(cell(LIMIT * 1.1, cell=profile))
    assert limiting_current_problem(config, mean_height=0.0) is not None
    assert limiting_current_problem(config, mean_height=1e-6) is None
