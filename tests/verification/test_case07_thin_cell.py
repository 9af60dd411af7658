"""Case 7: Poisson-Nernst-Planck between Stern layers and Butler-Volmer electrodes (Bazant, Chu and Bayly 2005).

The groups epsilon = lambda_D/L, delta = Stern over Debye length and k = j0/j_lim = 10 become a cell a few
nanometres across: L = lambda_D/epsilon, d_S = delta lambda_D with the liquid's permittivity.
doi:10.1137/040609938.
"""

from __future__ import annotations

import pytest

from sim.verification.cells import as_mapping, galvanostatic, merged, potentiostatic
from sim.verification.exact import pnp1d
from sim.verification.exact.parameters import Cell, Electrode, Electrolyte

from .cells import solve

PRINTED = [(0.1, 0.3, 1.2719131), (0.1, 0.9, 4.0612094), (0.01, 0.5, 2.2741846), (0.01, 1.25, 12.5979958)]
SALT = Electrolyte(1e-10, 2e-10)


def cell(epsilon: float, delta: float = 0.1, exchange: float = 10.0) -> tuple[Cell, float]:
    """The cell in SI and its limiting current [A/m^2]."""
    width = SALT.debye_length / epsilon
    limit = SALT.limiting_current(width)
    wall = Electrode(exchange * limit, stern_thickness=delta * SALT.debye_length)
    return Cell(SALT, wall, wall, width), limit


@pytest.mark.parametrize(("epsilon", "current", "voltage"), PRINTED)
def test_printed_voltages(epsilon, current, voltage):
    thin, limit = cell(epsilon)
    summary = solve(merged(as_mapping(thin), {"operation": galvanostatic(current * limit)}))
    assert summary["cell_voltage_V"] / SALT.thermal_voltage == pytest.approx(voltage, rel=1e-3)
    assert pnp1d.dimensionless_voltage(epsilon, 0.1, current) == pytest.approx(voltage, rel=1e-7)


@pytest.mark.parametrize("voltage", [0.5, 4.0])
@pytest.mark.parametrize(
    ("epsilon", "delta", "exchange"), [(1.0, 0.1, 10.0), (0.1, 2.0, 1.0), (0.001, 0.1, 10.0)]
)
def test_current_from_overlapping_to_thin_layers(epsilon, delta, exchange, voltage):
    """At a given voltage, also with thick Stern layers and slow kinetics."""
    thin, _ = cell(epsilon, delta, exchange)
    wanted = pnp1d.solve(thin, voltage=voltage * SALT.thermal_voltage).current
    summary = solve(merged(as_mapping(thin), {"operation": potentiostatic(voltage * SALT.thermal_voltage)}))
    assert summary["current_density_mean_A_m2"] == pytest.approx(wanted, rel=1e-3)
