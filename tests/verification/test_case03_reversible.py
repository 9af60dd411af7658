"""Case 3: the steady electroneutral cell between reversible electrodes, c = c0 [1 + J(2x/L - 1)], V = 4 V_T
artanh J.

Newman and Balsara, Electrochemical Systems, ch. 11. J = j/j_lim, j_lim = 4 F D+ c0/L.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, PIA, flat_cell, galvanostatic, potentiostatic
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import from_measured
from sim.verification.readback import profile

from .cells import run_in, solve

WIDTH = 25e-6
PRINTED = [(0.1, 10.311495e-3), (0.5, 56.452366e-3), (0.9, 151.300463e-3)]
LIMIT = from_measured(0.023, 0.39).limiting_current(WIDTH)
REVERSIBLE = {"electrolyte": NEUTRAL, "anode": {"kind": "reversible"}, "counter": {"kind": "reversible"}}


@pytest.mark.parametrize(("ratio", "voltage"), PRINTED)
def test_galvanostatic_voltage(ratio, voltage, tmp_path):
    run = run_in(
        tmp_path / "run",
        flat_cell(WIDTH, REVERSIBLE, {"operation": galvanostatic(ratio * LIMIT)}),
        fields=True,
    )
    summary = run.summary
    assert summary["cell_voltage_V"] == pytest.approx(voltage, rel=1e-6)
    assert summary["cell_voltage_V"] == pytest.approx(exact.reversible_voltage(ratio), rel=1e-6)
    assert summary["j_over_j_lim"] == pytest.approx(ratio, rel=1e-9)
    y, c_li = profile(run.last_frame(), "c_li_mol_m3")
    assert c_li == pytest.approx(2500 * (1 + ratio * (2 * y / WIDTH - 1)), rel=1e-4)
    assert profile(run.last_frame(), "c_anion_mol_m3")[1] == pytest.approx(c_li, rel=1e-12)
    assert np.all(run.interface["current_density_A_m2"] == pytest.approx(ratio * LIMIT, rel=1e-6))


@pytest.mark.parametrize(("ratio", "voltage"), PRINTED)
def test_potentiostatic_current(ratio, voltage):
    summary = solve(flat_cell(WIDTH, REVERSIBLE, {"operation": potentiostatic(voltage)}))
    assert summary["current_density_mean_A_m2"] == pytest.approx(ratio * LIMIT, rel=1e-6)
    assert summary["limiting_current_density_A_m2"] == pytest.approx(LIMIT, rel=1e-9)


def test_another_separator_stripping_and_reference_concentration():
    """PIA's bulk, stripping; c_ref shifts both electrodes alike."""
    limit = from_measured(0.092, 0.78).limiting_current(WIDTH)
    updates = {"separator": PIA, "electrolyte": {"reference_concentration": "1000 mol/m^3"}}
    summary = solve(flat_cell(WIDTH, REVERSIBLE, updates, {"operation": galvanostatic(-0.5 * limit)}))
    assert summary["cell_voltage_V"] == pytest.approx(-56.452366e-3, rel=1e-6)


def test_against_a_reservoir():
    """Half the limiting current: c = c0 at the reservoir, V = V_T ln(c0/c_anode) twice, J = j/(2 F D+ c0/L) =
    1 - c_a/c0."""
    updates = {"counter": {"kind": "reservoir"}, "operation": galvanostatic(0.5 * LIMIT / 2)}
    summary = solve(flat_cell(WIDTH, REVERSIBLE, updates))
    assert summary["j_over_j_lim"] == pytest.approx(0.5, rel=1e-9)
    # phi_m,c is the reservoir's potential: ln c0/c_a in the electrolyte and as much at the reversible anode
    assert summary["cell_voltage_V"] == pytest.approx(2 * np.log(2) * exact.THERMAL_VOLTAGE, rel=1e-6)
