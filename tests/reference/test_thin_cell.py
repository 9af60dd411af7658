"""The published limits of the thin cell against each other and against the solution with finite double layers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.exact import pnp1d
from sim.verification.exact.thin_cell import (
    SALT,
    THINNEST,
    ThinCell,
    gouy_chapman_limit,
    helmholtz_limit,
    thin_limit,
)


@pytest.mark.parametrize("exchange", [10.0, 1.5])
@pytest.mark.parametrize("ratio", [-0.4, 0.3, 0.9])
def test_limits_of_the_stern_layer(ratio, exchange):
    """No Stern layer at all, and nothing but a Stern layer."""
    assert thin_limit(ratio, 1e-7, exchange) == pytest.approx(gouy_chapman_limit(ratio, exchange), rel=1e-5)
    assert thin_limit(ratio, 1e7, exchange) == pytest.approx(helmholtz_limit(ratio, exchange), rel=1e-5)


@pytest.mark.parametrize("delta", [0.0, 0.1])
def test_thin_layers_are_reached_at_first_order(delta):
    wanted = thin_limit(0.5, delta, 10.0) if delta else gouy_chapman_limit(0.5, 10.0)
    errors = []
    for epsilon in (0.005, 0.0025, 0.00125):
        cell = ThinCell(epsilon, delta)
        voltage = pnp1d.solve(cell.in_si(THINNEST), current=0.5 * cell.limit).voltage
        errors.append(abs(voltage / SALT.thermal_voltage - wanted))
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx(1.0, abs=0.05)
