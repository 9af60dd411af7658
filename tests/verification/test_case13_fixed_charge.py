"""Case 13, the leaky membrane (Dydek and Bazant 2013, doi:10.1002/aic.14200): fixed charge carries current
past diffusion.

Against a reservoir, where the anion has c0 just inside, the anion rests: c_anion = c0 e^-V at the plating
electrode, and

    j L/(F D+ c0) = 2 (1 - e^-V) + s V ,  s = -rho_fix/(F c0)

with V, in RT/F, the drop of potential across the electrolyte, here read from `interface.csv`.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, flat_cell, potentiostatic
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import FARADAY, from_measured
from sim.verification.readback import profile

from .cells import run_in

WIDTH = 10e-6


def membrane(ratio: float, voltage: float, electrolyte: dict, anode: dict) -> dict:
    """A cell of fixed charge -s F c0 against a reservoir."""
    charge = {"fixed_charge": f"{-ratio * FARADAY * 2500!r} C/m^3"}
    updates = {"electrolyte": electrolyte | charge, "anode": anode, "counter": {"kind": "reservoir"}}
    return flat_cell(WIDTH, updates, {"operation": potentiostatic(voltage)})


def test_printed_number_of_the_formula():
    assert exact.leaky_membrane_current(1.0, 1.0) == pytest.approx(2.2642411, rel=1e-7)


@pytest.mark.parametrize("kind", ["reversible", "lithium"])
@pytest.mark.parametrize("ratio", [1.0, 0.1, -0.3])
def test_current_over_the_drop(ratio, kind, tmp_path):
    run = run_in(tmp_path / "run", membrane(ratio, 0.2, NEUTRAL, {"kind": kind}))
    drop = (0.2 - run.interface["phi_V"][0]) / exact.THERMAL_VOLTAGE
    unit = FARADAY * from_measured(0.023, 0.39).diffusivity_li * 2500 / WIDTH
    assert drop > 0.5
    found = run.summary["current_density_mean_A_m2"] / unit
    assert found == pytest.approx(exact.leaky_membrane_current(drop, ratio), rel=1e-4)


@pytest.mark.parametrize("electrolyte", [{}, NEUTRAL], ids=["poisson", "electroneutral"])
def test_lithium_balances_the_fixed_charge_at_rest(electrolyte, tmp_path):
    """c_li = c0 (1 + s), c_anion = c0 everywhere, beside an uncharged wall."""
    wall = {"kind": "blocking", "stern": None}
    run = run_in(tmp_path / "run", membrane(0.6, 0.0, electrolyte, wall), fields=True)
    assert np.allclose(profile(run.last_frame(), "c_anion_mol_m3")[1], 2500, rtol=1e-9)
    assert np.allclose(profile(run.last_frame(), "c_li_mol_m3")[1], 2500 * 1.6, rtol=1e-9)
