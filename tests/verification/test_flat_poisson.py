"""Flat cells in Poisson mode against the independent one-dimensional solution `tests/reference/pnp1d.py`.

The judge's bar is 0.2 % in the current; here 0.05 %, on the default mesh (wall cells of lambda_D/10), over
voltages, charges, permittivities, Stern layers, transfer coefficients, reference concentrations and exchange
currents.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import as_mapping, galvanostatic, merged, potentiostatic
from sim.verification.exact import pnp1d
from sim.verification.exact.parameters import (
    Cell,
    Electrode,
    Electrolyte,
    SiteLayer,
    from_measured,
    shipped_cell,
)
from sim.verification.readback import profile

from .cells import run_in, solve

WIDTH = 8e-6


def pp(
    permittivity: float = 30.0, reference: float | None = None, concentration: float = 2500.0
) -> Electrolyte:
    """PP's bulk."""
    salt = from_measured(0.023, 0.39, concentration, permittivity)
    return Electrolyte(salt.diffusivity_li, salt.diffusivity_anion, concentration, reference, permittivity)


#: name -> (electrolyte, anode, counter)
CELLS = {
    "pp": (pp(), Electrode(3.3), Electrode(3.3)),
    "anode charged +": (pp(), Electrode(3.3, surface_charge=0.1), Electrode(3.3)),
    "anode charged -": (pp(), Electrode(3.3, surface_charge=-0.1), Electrode(3.3)),
    "both charged": (pp(), Electrode(3.3, surface_charge=-0.05), Electrode(3.3, surface_charge=0.08)),
    "permittivity 18.5": (pp(18.5), Electrode(3.3), Electrode(3.3)),
    "permittivity 78.5, 100 mol/m3": (pp(78.5, None, 100.0), Electrode(3.3), Electrode(3.3)),
    "thick Stern layer": (
        pp(),
        Electrode(3.3, stern_thickness=1e-9, stern_permittivity=10.0),
        Electrode(3.3),
    ),
    "thin Stern layers": (pp(), Electrode(3.3, stern_thickness=1e-10), Electrode(3.3, stern_thickness=5e-11)),
    "alpha 0.3 and 0.7": (pp(), Electrode(3.3, 0.3), Electrode(3.3, 0.7)),
    "reference concentration": (pp(reference=1000.0), Electrode(3.3), Electrode(3.3)),
    "asymmetric exchange": (pp(), Electrode(0.5), Electrode(20.0)),
}


@pytest.mark.parametrize("voltage", [0.01, 0.5])
@pytest.mark.parametrize("name", CELLS)
def test_current(name, voltage):
    cell = Cell(*CELLS[name], WIDTH)
    wanted = pnp1d.solve(cell, voltage=voltage).current
    summary = solve(merged(as_mapping(cell), {"operation": potentiostatic(voltage)}))
    assert summary["current_density_mean_A_m2"] == pytest.approx(wanted, rel=5e-4)


@pytest.mark.parametrize("voltage", [-0.2, 1.5])
def test_stripping_and_beyond_the_limiting_current(voltage):
    """Stripping with everything asymmetric; at 1.5 V an extended space charge carries more than j_lim."""
    cell = Cell(pp(20.0, 1800.0), Electrode(2.0, 0.4, surface_charge=0.03), Electrode(5.0, 0.6), WIDTH)
    wanted = pnp1d.solve(cell, voltage=voltage)
    summary = solve(merged(as_mapping(cell), {"operation": potentiostatic(voltage)}))
    assert summary["current_density_mean_A_m2"] == pytest.approx(wanted.current, rel=5e-4)
    if voltage > 1:
        assert summary["j_over_j_lim"] > 0.99


def test_profiles_and_voltage_at_a_given_current(tmp_path):
    """Fields through both double layers and across the cell at 0.9 j_lim, PIA's bulk."""
    salt = from_measured(0.092, 0.78)
    cell = Cell(salt, Electrode(6.4, 0.4, surface_charge=0.05), Electrode(3.3), WIDTH)
    current = 0.9 * salt.limiting_current(WIDTH)
    wanted = pnp1d.solve(cell, current=current)
    run = run_in(
        tmp_path / "run", merged(as_mapping(cell), {"operation": galvanostatic(current)}), fields=True
    )
    assert run.summary["cell_voltage_V"] == pytest.approx(wanted.voltage, rel=5e-4)
    y, phi = profile(run.last_frame(), "phi_V")
    for name, reference in (("c_li_mol_m3", wanted.c_li), ("c_anion_mol_m3", wanted.c_anion)):
        found = profile(run.last_frame(), name)[1]
        # ln c is compared where the reference stands, as c spans decades within a nanometre
        between = np.interp(y[::4], wanted.x, np.log(reference))
        assert np.max(np.abs(np.log(found[::4]) - between)) < 0.02
    assert np.max(np.abs(phi[::4] - np.interp(y[::4], wanted.x, wanted.phi))) < 5e-3 * wanted.voltage
    assert run.interface["phi_V"] == pytest.approx(wanted.phi[0], rel=1e-3)
    assert run.interface["c_li_mol_m3"] == pytest.approx(wanted.c_li[0], rel=2e-3)


@pytest.mark.parametrize("name", ["pia", "control-2"])
def test_sites_on_a_flat_anode(name):
    """The adsorbed channel beside the direct one, with the shipped charges: current and coverage."""
    cell = shipped_cell(name)
    wanted = pnp1d.solve(cell, voltage=0.5)
    summary = solve(merged(as_mapping(cell), {"operation": potentiostatic(0.5)}))
    assert summary["current_density_mean_A_m2"] == pytest.approx(wanted.current, rel=5e-4)
    assert summary["coverage_mean"] == pytest.approx(wanted.coverage, rel=5e-4)


@pytest.mark.parametrize("voltage", [0.05, 0.5])
@pytest.mark.parametrize("energy", [-1.6, -1.0, 0.5])
def test_sites_that_bind_strongly_or_hardly(energy, voltage):
    """Where 1 - theta is 1e-17 (at -1.6 eV: below what 1 less theta can tell) or theta is."""
    sites = SiteLayer(2e-5, energy + 0.4175)
    cell = Cell(from_measured(0.092, 0.78), Electrode(3.3), Electrode(3.3), WIDTH, sites)
    wanted = pnp1d.solve(cell, voltage=voltage).current
    summary = solve(merged(as_mapping(cell), {"operation": potentiostatic(voltage)}))
    assert summary["current_density_mean_A_m2"] == pytest.approx(wanted, rel=5e-4)
    assert summary["detailed_balance_error"] < 1e-11
