"""The charging of a blocking cell against its limits."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.exact.blocking_cell import charge, final_capacitance, late_amplitude
from sim.verification.exact.closed_forms import blocking_decay_rate


@pytest.mark.parametrize(("epsilon", "delta"), [(0.05, 0.0), (0.05, 0.1), (0.3, 1.0)])
def test_late_charging_is_one_exponential(epsilon, delta):
    time = np.array([3.0, 4.0, 6.0])
    late = 1 - late_amplitude(epsilon, delta) * np.exp(blocking_decay_rate(epsilon, delta) * time)
    assert charge(time, epsilon, delta) == pytest.approx(late, abs=1e-5)


def test_charge_at_once_and_at_last():
    """At once the plates of a capacitor of the whole gap, at last two layers in series."""
    epsilon, delta = 0.05, 0.1
    at_once = float(charge(1e-7, epsilon, delta)) * final_capacitance(epsilon, delta)
    assert at_once == pytest.approx(1 / (2 * (delta + 1 / epsilon)), rel=1e-4)
    assert final_capacitance(epsilon, delta) == pytest.approx(
        1 / (2 * (delta + np.tanh(1 / epsilon))), rel=1e-12
    )


def test_thin_layers_charge_as_an_rc_circuit():
    """tau = lambda_D L/D / (1 + delta): the resistance of half the gap and the layers' capacitance."""
    time = np.array([0.5, 1.0, 2.0])
    assert charge(time, 1e-4, 0.5) == pytest.approx(1 - np.exp(-1.5 * time), abs=1e-3)
