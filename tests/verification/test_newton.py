"""The Jacobian is that of the residual, through the bounded exponential and the border; so Newton converges
quadratically."""

from __future__ import annotations

import numpy as np
import pytest

from sim.physics.maths import EXPONENT_LIMIT
from sim.solve import newton
from sim.solve.newton import NewtonOptions, solve_newton
from sim.solve.system import STEADY, TimeLevel
from sim.verification.cells import CLOSURE, NEUTRAL, PIA, flat_cell, galvanostatic, potentiostatic
from sim.verification.exact.parameters import from_measured

from .systems import compiled, set_whole_state, whole_product, whole_residual, whole_state

SITES = {
    "sites": {
        "N1": {
            "density": "0.75 / nm^2",
            "adsorption_energy": "-0.05 eV",
            "charge": -1,
            "charged_fraction": 0.05,
        },
        "N2": {
            "map": {"kind": "stripes", "density": "0.5 / nm^2", "pitch": "2 um", "fraction": 0.5},
            "adsorption_energy": "0.1 eV",
            "charge": 1,
            "charged_fraction": 0.15,
        },
    },
    "overlap": "independent",
    "reference_energy": "0 eV",
    "adsorption_rate": "1.74e4 / s",
    "plating_rate": "3.2 / s",
    "surface_diffusivity": "1e-9 m^2/s",
}
CURRENT, VOLTAGE = galvanostatic(5.0), potentiostatic(0.3)
#: name -> updates of a flat cell; together they hold every kind of electrode, unknown and constraint
SYSTEMS = {
    "poisson, sites, galvanostatic": {"interface": SITES, "operation": CURRENT},
    "closure, sites, galvanostatic": {"electrolyte": CLOSURE, "interface": SITES, "operation": CURRENT},
    "closure, potentiostatic": {"electrolyte": CLOSURE, "operation": VOLTAGE},
    "none, reversible, reservoir": {
        "electrolyte": NEUTRAL,
        "anode": {"kind": "reversible"},
        "counter": {"kind": "reservoir"},
        "operation": CURRENT,
    },
    "poisson, blocking": {
        "anode": {"kind": "blocking"},
        "counter": {"kind": "blocking", "stern": {"thickness": "0 nm"}},
        "operation": VOLTAGE,
    },
}
PLAIN = {"electrolyte": {"fixed_charge": "-1e6 C/m^3", "reference_concentration": "1000 mol/m^3"}}


@pytest.mark.parametrize("steady", [True, False], ids=["steady", "transient"])
@pytest.mark.parametrize("name", SYSTEMS)
def test_jacobian_is_the_derivative_of_the_residual(name, steady):
    """Central differences along random directions, from random states whose exponents lie below and above the
    bound.

    With sites the states stay where net rates are not lost in the rounding of one-way rates (the difference of the
    residual would see that).
    """
    coarse = {"mesh": {"wall_cell": "1 um", "max_cell": "2 um", "columns": 4}, "separator": PIA}
    model, system = compiled(flat_cell(8e-6, coarse, PLAIN, SYSTEMS[name]), steady=steady)
    level = TimeLevel() if steady else TimeLevel(weight=3.7)
    rng = np.random.default_rng(5)
    rest, potentials = (
        whole_state(system),
        np.append(system.potential_dofs, np.ones(len(system.borders), bool)),
    )
    for spread in (0.5, 12.0 if model.surface is not None else 0.7 * EXPONENT_LIMIT):
        state = rest + np.where(potentials, spread, 1.0) * rng.uniform(-1, 1, rest.size)
        direction = rng.uniform(-1, 1, rest.size)
        set_whole_state(system, state)
        wanted, size = whole_product(system, level, direction)
        step = 2e-6
        set_whole_state(system, state + step * direction)
        ahead = whole_residual(system, level)
        set_whole_state(system, state - step * direction)
        found = (ahead - whole_residual(system, level)) / (2 * step)
        # row by row, relative to the sum of what cancels in a row
        assert np.all(np.abs(found - wanted) <= 1e-5 * size + 1e-12)


@pytest.mark.parametrize(
    "update",
    [
        {
            "electrolyte": NEUTRAL,
            "operation": galvanostatic(0.97 * from_measured(0.023, 0.39).limiting_current(8e-6)),
        },
        {"electrolyte": CLOSURE, "operation": galvanostatic(60.0), "interface": SITES},
        {"operation": galvanostatic(60.0), "interface": SITES},
    ],
    ids=["none", "closure", "poisson"],
)
def test_galvanostatic_newton_is_quadratic(update, monkeypatch):
    """With new factors in every iteration each update is of the size of the last one squared: border and
    corner are exact."""
    monkeypatch.setattr(newton, "SMALL", 0.0)
    monkeypatch.setattr(newton, "SLOW", 0.0)
    _, system = compiled(flat_cell(8e-6, update), steady=True)
    report = solve_newton(system, STEADY, NewtonOptions())
    assert report.converged
    norms = np.array(report.norms)
    last = norms[(norms < 0.5) & (norms > 1e-9)]
    assert last.size >= 3
    before, after = last[:-1], last[1:]
    assert np.all(after < 3 * before**2 + 1e-8)


def test_galvanostatic_newton_reuses_factors_without_stalling():
    """As users run it, close to the limiting current: a missing entry of the border shows as slow linear
    convergence."""
    limit = from_measured(0.023, 0.39).limiting_current(8e-6)
    _, system = compiled(
        flat_cell(8e-6, {"electrolyte": NEUTRAL, "operation": galvanostatic(0.97 * limit)}), steady=True
    )
    report = solve_newton(system, STEADY, NewtonOptions())
    assert report.converged
    assert report.iterations < 20
