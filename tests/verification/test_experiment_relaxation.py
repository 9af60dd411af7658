"""Relaxation of flat cells: every voltage of the interruption in closed form, and the diffusivity that comes back.

With J = j/j_lim at the steady state the concentrations at the electrodes are c0 (1 -+ J); the voltage under current is
4 V_T artanh J between reversible electrodes, of which 2 t+ V_T ln[(1+J)/(1-J)] is ohmic and the rest, 2 t- V_T
ln[(1+J)/(1-J)], a concentration cell's.
"""

from __future__ import annotations

import math

import pytest
from mpi4py import MPI

from sim.experiments.live_cell import Lab
from sim.experiments.relaxation import perform
from sim.experiments.result import ExperimentError
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, galvanostatic, lithium, potentiostatic
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE, ambipolar_diffusivity
from sim.verification.exact.parameters import from_measured

from .cells import config_of

WIDTH = 8e-6
PP = from_measured(0.023, 0.39)
LIMIT = PP.limiting_current(WIDTH)
REVERSIBLE = {"anode": {"kind": "reversible"}, "counter": {"kind": "reversible"}}


def relax(*updates: dict, polarisation: str = "60 s"):
    """The experiment on PP at 2.5 M, whose salt relaxes in 5.6 s."""
    stated = {"experiments": {"relaxation": {"polarisation": polarisation}}}
    return perform(config_of(flat_cell(WIDTH, *updates, stated)), Lab(MPI.COMM_WORLD))


def concentration_cell(ratio: float) -> float:
    """V_T ln[(1+J)/(1-J)] [V]."""
    return 2 * THERMAL_VOLTAGE * math.atanh(ratio)


def test_reversible_electrodes():
    result = relax({"electrolyte": NEUTRAL, "operation": galvanostatic(0.35 * LIMIT)}, REVERSIBLE)
    found, unit = result.summary, concentration_cell(0.35)
    assert found["initial_overpotential_V"] == pytest.approx(2 * unit, rel=2e-4)
    assert found["ohmic_drop_V"] == pytest.approx(2 * 0.39 * unit, rel=1e-3)
    assert found["voltage_after_interruption_V"] == pytest.approx(2 * 0.61 * unit, rel=1e-3)
    assert found["salt_diffusivity_m2_s"] == pytest.approx(ambipolar_diffusivity(PP), rel=2e-3)
    table = result.tables["relaxation"]
    assert table["time_s"][0] < 0 < table["time_s"][-1]
    assert table["cell_voltage_V"][table["time_s"] == 0] == pytest.approx(found["initial_overpotential_V"])
    assert found["worst_lithium_balance_error"] < 1e-6


def test_resolved_double_layers():
    """Current, charge of the double layers and salt let go one after another."""
    result = relax({"operation": galvanostatic(0.2 * LIMIT), "mesh": {"growth": 3}})
    found, unit = result.summary, concentration_cell(0.2)
    assert found["ohmic_drop_V"] == pytest.approx(2 * 0.39 * unit, rel=2e-3)
    assert found["voltage_after_interruption_V"] == pytest.approx(2 * 0.61 * unit, rel=1e-2)
    assert found["salt_diffusivity_m2_s"] == pytest.approx(ambipolar_diffusivity(PP), rel=3e-3)
    assert found["worst_charge_balance_error"] < 1e-6
    assert found["worst_anion_inventory_error"] < 1e-10


def test_a_porous_cell_against_a_reservoir():
    """The slowest mode there is a quarter wave; stripping turns the sign."""
    updates = {"counter": {"kind": "reservoir"}, "separator": {"porosity": 0.2}, "electrolyte": CLOSURE}
    result = relax(updates, {"operation": potentiostatic(-0.05), "anode": lithium(10.0)}, polarisation="5 s")
    assert result.summary["initial_overpotential_V"] == -0.05
    assert result.summary["ohmic_drop_V"] is None
    assert result.summary["drop_at_interruption_V"] < 0
    assert result.summary["salt_diffusivity_m2_s"] == pytest.approx(ambipolar_diffusivity(PP), rel=5e-3)


def test_a_blocking_electrode_is_refused():
    with pytest.raises(ExperimentError, match="a blocking counter keeps its charge"):
        relax({"counter": {"kind": "blocking"}})
