"""Case 4: the electroneutral cell with concentration-dependent Butler-Volmer kinetics at both electrodes,
alpha = 1/2."""

from __future__ import annotations

import pytest

from sim.verification.cells import (
    CLOSURE,
    NEUTRAL,
    PIA,
    as_mapping,
    flat_cell,
    galvanostatic,
    lithium,
    merged,
    potentiostatic,
)
from sim.verification.exact import closed_forms as exact
from sim.verification.exact import electroneutral1d
from sim.verification.exact.parameters import Cell, Electrode, from_measured

from .cells import solve

WIDTH = 25e-6
PRINTED = [(1, 18.304e-3), (5, 86.258e-3), (10, 154.122e-3), (20, 259.222e-3), (30, 372.817e-3)]
PP_SALT, PIA_SALT = from_measured(0.023, 0.39), from_measured(0.092, 0.78)


@pytest.mark.parametrize(("current", "voltage"), PRINTED)
def test_polarisation_of_pp(current, voltage):
    summary = solve(flat_cell(WIDTH, {"electrolyte": NEUTRAL, "operation": galvanostatic(current)}))
    assert summary["cell_voltage_V"] == pytest.approx(
        exact.butler_volmer_voltage(current, PP_SALT, WIDTH, 3.3), rel=1e-5
    )
    assert summary["cell_voltage_V"] == pytest.approx(voltage, abs=0.6e-6)


@pytest.mark.parametrize("current", [5.0, 50.0, -80.0])
def test_potentiostatic_pia(current):
    voltage = float(exact.butler_volmer_voltage(current, PIA_SALT, WIDTH, 6.4))
    electrodes = {"anode": lithium(6.4), "counter": lithium(6.4)}
    summary = solve(
        flat_cell(
            WIDTH,
            {"electrolyte": NEUTRAL, "separator": PIA, "operation": potentiostatic(voltage)},
            electrodes,
        )
    )
    assert summary["current_density_mean_A_m2"] == pytest.approx(current, rel=1e-5)


@pytest.mark.parametrize("double_layer", [NEUTRAL, CLOSURE])
def test_asymmetric_electrodes_and_closure(double_layer):
    """alpha, j0, Stern layers and charges that differ, c_ref != c0: the algebra of both walls solved by
    bracketing."""
    salt = from_measured(0.092, 0.78, 1200.0, 18.5)
    salt = type(salt)(salt.diffusivity_li, salt.diffusivity_anion, 1200.0, 1000.0, 18.5)
    anode = Electrode(6.4, 0.3, 5e-10, 10.0, 0.02)
    cell = Cell(salt, anode, Electrode(2.0, 0.62, 2e-10, 30.0, -0.01), 10e-6)
    wanted = electroneutral1d.at_voltage(cell, 0.25, double_layer is CLOSURE)
    mapping = merged(as_mapping(cell), {"electrolyte": double_layer, "operation": potentiostatic(0.25)})
    assert solve(mapping)["current_density_mean_A_m2"] == pytest.approx(wanted.current, rel=1e-5)
