"""A medium of fixed charge at rest against free solution outside it carries no current, in steady state and in time."""

from __future__ import annotations

import pytest

from sim.verification.cells import NEUTRAL, flat_cell, potentiostatic
from sim.verification.exact.parameters import FARADAY

from .cells import solve

WIDTH = 1e-6
MODES = pytest.mark.parametrize("electrolyte", [{}, NEUTRAL], ids=["poisson", "electroneutral"])


def medium(ratio: float, electrolyte: dict, voltage: float = 0.0, **anode: object) -> dict:
    """A medium of fixed charge r F c0 between an electrode and free solution."""
    charge = {"fixed_charge": f"{ratio * FARADAY * 2500!r} C/m^3"}
    counter = {"kind": "reservoir", "contact": "outside"}
    updates = {"electrolyte": electrolyte | charge, "anode": anode, "counter": counter}
    return flat_cell(WIDTH, updates, {"operation": potentiostatic(voltage)})


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
