"""The shipped rough cells against `tests/reference/rough_cells.csv`, finite volumes of an independent code, whose
errors are 0.02 % in the current, 0.1 % in CV: with the closure, without a double layer, with resolved double layers.
"""

from __future__ import annotations

import pytest

from sim.config import RunConfig, load_config
from sim.simulation import run
from sim.verification.cells import CONFIGS
from tests.reference import rough2d

SEPARATORS = ["pp", "pia", "control-2", "control-3", "pia-bulk"]
MODES = {
    "0.5 V": ["operation.mode=potentiostatic", "operation.voltage=0.5 V"],
    "5 A/m^2": ["operation.mode=galvanostatic", "operation.c_rate=0.5"],
}
ELECTRONEUTRAL = ["electrolyte.electrostatics=electroneutral", "electrolyte.double_layer=closure"]
TABLE = {(row["name"], row["case"]): row for row in rough2d.reference_table()}


def shipped(name: str, mode: str, *overrides: str) -> RunConfig:
    """A shipped config in a mode."""
    return load_config(CONFIGS / f"{name}.yaml", [*MODES[mode], "output.figures=false", *overrides])


def assert_as_in_the_table(summary: dict, name: str, mode: str, case: str = "charged, closure") -> None:
    """Current to 0.5 %, the voltage at a current to 0.5 %, CV of the metal's and of the ionic current to 1 %."""
    row = TABLE[name, f"{case}, {mode}"]
    assert summary["current_density_mean_A_m2"] == pytest.approx(float(row["current_A_m2"]), rel=5e-3)
    assert summary["cell_voltage_V"] == pytest.approx(float(row["voltage_V"]), rel=5e-3)
    assert summary["current_density_cv"] == pytest.approx(float(row["current_cv"]), rel=1e-2)
    assert summary["ionic_current_density_cv"] == pytest.approx(float(row["ionic_current_cv"]), rel=1e-2)
    for key in ("anion_inventory_error", "lithium_balance_error", "charge_balance_error"):
        assert summary[key] < 1e-9


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SEPARATORS)
def test_rough_cells_with_the_closure(name, mode, comm):
    assert_as_in_the_table(run(shipped(name, mode, *ELECTRONEUTRAL), None, comm).summary, name, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["pp", "pia"])
def test_rough_cells_without_a_double_layer(name, mode, comm):
    none = ["electrolyte.electrostatics=electroneutral", "electrolyte.double_layer=none"]
    neutral = ["interface.sites.N1.charge=0", "interface.sites.N2.charge=0"] if name == "pia" else []
    summary = run(shipped(name, mode, *none, *neutral), None, comm).summary
    assert_as_in_the_table(summary, name, mode, "neutral, none")


@pytest.mark.parametrize(
    ("name", "mode"), [("pp", "0.5 V"), ("pia", "0.5 V"), ("control-2", "0.5 V"), ("pia", "5 A/m^2")]
)
def test_rough_cells_with_resolved_double_layers(name, mode, comm):
    """As shipped: Poisson mode on the default mesh."""
    assert_as_in_the_table(run(shipped(name, mode), None, comm).summary, name, mode)


def test_control_3_is_pia_without_sites_but_for_its_charge(comm):
    """Empty sites (coverage 1e-12) leave the bulk; without their charge no difference is left, with it 1 % of
    the current."""
    alone, empty, charged = (
        run(shipped(name, "0.5 V", *ELECTRONEUTRAL, *more), None, comm).summary
        for name, more in (
            ("pia-bulk", []),
            ("control-3", ["interface.sites.N2.charge=0"]),
            ("control-3", []),
        )
    )
    assert empty["coverage_mean"] < 1e-9
    for key in ("current_density_mean_A_m2", "current_density_cv"):
        assert empty[key] == pytest.approx(alone[key], rel=1e-5)
    effect = charged["current_density_mean_A_m2"] / alone["current_density_mean_A_m2"] - 1
    reference = [
        float(TABLE[name, "charged, closure, 0.5 V"]["current_A_m2"]) for name in ("control-3", "pia-bulk")
    ]
    assert effect == pytest.approx(reference[0] / reference[1] - 1, rel=2e-2)
