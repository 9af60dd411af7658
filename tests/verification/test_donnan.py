"""Case 13, Donnan equilibrium: a medium of fixed charge against free solution outside it.

c_li c_anion = c0^2 in the medium, whose potential is phi_D = V_T asinh(r/2), r = rho_fix/(F c0), above that of the
solution: an immediate jump in electroneutral mode, a resolved space-charge layer of Poisson's equation otherwise.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, flat_cell, potentiostatic
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import FARADAY, from_measured
from sim.verification.readback import profile

from .cells import run_in, solve
from .systems import compiled

WIDTH = 1e-6
MODES = pytest.mark.parametrize("electrolyte", [{}, NEUTRAL], ids=["poisson", "electroneutral"])


def medium(ratio: float, electrolyte: dict, voltage: float = 0.0, **anode: object) -> dict:
    """A medium of fixed charge r F c0 between an electrode and free solution."""
    charge = {"fixed_charge": f"{ratio * FARADAY * 2500!r} C/m^3"}
    counter = {"kind": "reservoir", "contact": "outside"}
    updates = {"electrolyte": electrolyte | charge, "anode": anode, "counter": counter}
    return flat_cell(WIDTH, updates, {"operation": potentiostatic(voltage)})


@MODES
@pytest.mark.parametrize("ratio", [-1.0, 0.3, 2.5])
def test_equilibrium(ratio, electrolyte, tmp_path):
    wall = {"kind": "blocking", "stern": None}
    run = run_in(tmp_path / "run", medium(ratio, electrolyte, **wall), fields=True)
    phi_d = exact.donnan_potential(ratio)
    y, phi = profile(run.last_frame(), "phi_V")
    # from the reservoir's layer, some lambda_D thick, to the far wall
    inside = y < WIDTH - (2e-9 if not electrolyte else 0)
    assert np.max(np.abs(phi[inside] - phi_d)) < 1e-4 * abs(phi_d)
    c_li, c_anion = (profile(run.last_frame(), f"c_{ion}_mol_m3")[1] for ion in ("li", "anion"))
    assert c_li * c_anion == pytest.approx(np.full(y.size, 2500.0**2), rel=1e-6)
    assert (c_li - c_anion)[inside] == pytest.approx(-ratio * 2500, rel=1e-4)
    if ratio == -1:
        assert phi[0] == pytest.approx(-12.3635729e-3, rel=1e-6)
    if not electrolyte:
        assert phi[-1] == pytest.approx(0.0, abs=1e-12)


@MODES
def test_lithium_is_at_rest_against_the_solution(electrolyte):
    """The electrode's potential does not see the jump: at equilibrium no current flows at 0 V."""
    anode = {"kind": "lithium", "exchange_current_density": "3.3 A/m^2"}
    summary = solve(medium(-1.0, electrolyte, **anode))
    assert abs(summary["current_density_mean_A_m2"]) < 1e-9 * summary["limiting_current_density_A_m2"]


def test_a_transient_from_rest_stays_at_rest():
    """Rest begins at Donnan equilibrium; resolved layers would charge first."""
    mapping = medium(-1.0, NEUTRAL, kind="reversible")
    mapping["operation"]["duration"] = "1 ms"
    summary = solve(mapping)
    assert abs(summary["counter_current_density_A_m2"]) < 1e-9 * summary["limiting_current_density_A_m2"]


@MODES
@pytest.mark.parametrize("ratio", [-1.0, 0.4])
def test_current_through_the_membrane(ratio, electrolyte):
    """With the anion at rest mu_anion = 0 everywhere, c_li (c_li + r) = e^mu_li in units of c0, and

        j L/(F D+ c0) = int c_li dmu_li ,   c_li = [-r + sqrt(r^2 + 4 e^mu_li)]/2 ,

    from the reversible electrode (mu_li = -V/V_T) to the solution (mu_li = 0), integrated numerically.
    """
    voltage = 0.05
    drop = voltage / exact.THERMAL_VOLTAGE
    mu = np.linspace(-drop, 0.0, 20001)
    c_li = (-ratio + np.sqrt(ratio**2 + 4 * np.exp(mu))) / 2
    wanted = np.trapezoid(c_li, mu) * FARADAY * from_measured(0.023, 0.39).diffusivity_li * 2500 / WIDTH
    summary = solve(medium(ratio, electrolyte, voltage, kind="reversible"))
    tolerance = 1e-4 if electrolyte else 3e-3  # Poisson: the layers' own resistance
    assert summary["current_density_mean_A_m2"] == pytest.approx(wanted, rel=tolerance)


@pytest.mark.parametrize("ratio", [-1.0, 2.5])
def test_rest_begins_neutral_inside(ratio):
    """c_li - c_anion + r = 0 at the potential that Poisson's equation starts from, and lithium at that of c0."""
    model, _ = compiled(medium(ratio, {}, kind="reversible"), steady=False)
    phi, mu_li, mu_anion = (
        model.bulk.function.x.array[model.bulk.component_dofs(name)] for name in ("phi", "mu_li", "mu_anion")
    )
    assert np.max(np.abs(np.exp(mu_li - phi) - np.exp(mu_anion + phi) + ratio)) < 1e-9
    assert not mu_li.any()
