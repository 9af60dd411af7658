"""Readings of rows made up from closed forms: depletion, the voltage left, its decay; pulses and time integrals."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.plated import TimeIntegral
from sim.experiments.pulses import planned_pulses
from sim.experiments.result import ExperimentError
from sim.experiments.sand import depleted_at
from sim.experiments.voltage_decay import after_discharge, decay_of
from sim.physics.diffusion import depletion, depletion_time
from tests.unit.small_cells import small_config


@pytest.mark.parametrize("ratio", [1.05, 1.7, 5.0])
@pytest.mark.parametrize("slower", [1.0, 1.3])
def test_depletion_is_extrapolated(ratio, slower):
    """Exact for a flat cell, whatever its diffusivity."""
    times = np.linspace(0.1, 0.98, 30) * depletion_time(0.0, ratio)
    remaining = np.array([depletion(t, ratio) for t in times])
    found = depleted_at(slower * times, remaining, ratio)
    assert found == pytest.approx(slower * depletion_time(0.0, ratio), rel=1e-6)


def test_few_rows_are_enough():
    times = np.array([0.5, 0.8, 0.9]) * depletion_time(0.0, 2.0)
    found = depleted_at(times, np.array([depletion(t, 2.0) for t in times]), 2.0)
    assert found == pytest.approx(depletion_time(0.0, 2.0), rel=1e-6)


def test_voltage_left_by_the_double_layers():
    time = np.geomspace(1e-6, 1, 80)
    voltage = 0.02 - 0.01 * np.sqrt(time) + 0.003 * time + 0.2 * np.exp(-time / 1e-3) + 1e-5 / np.sqrt(time)
    assert after_discharge(time, voltage, (2e-2, 0.3)) == pytest.approx(0.02, rel=1e-4)
    assert after_discharge(time, voltage, (0.2, 0.3)) is None
    assert after_discharge(time, voltage, (0.9, 9.0)) is None


def test_decay_of_the_last_mode():
    time = np.linspace(0.01, 8, 200)
    voltage = -(0.02 * np.exp(-time) + 0.003 * np.exp(-9 * time))
    decay = decay_of(time, voltage, -0.02)
    assert decay is not None and decay.rate == pytest.approx(1, rel=1e-6)
    assert 3 < decay.start < 5 < decay.end < 8
    assert decay_of(time[:50], voltage[:50], -0.02) is None
    assert decay_of(time, voltage + 1e-3, -0.02) is None


def test_an_integral_over_two_marches():
    """A constant flow is integrated exactly by any steps, and each march starts on its own."""
    integral = TimeIntegral()
    for steps in ((0.1, 0.14, 0.196), (0.5, 0.3)):
        integral.begin()
        for step in steps:
            integral.advance(step, np.array([2.0, -1.0]))
        assert integral.since == pytest.approx(np.array([2.0, -1.0]) * sum(steps))
    assert integral.total == pytest.approx(np.array([2.0, -1.0]) * 1.236)


def test_pulses_by_default_plate_and_strip():
    config = small_config(
        operation={"voltage": "0.2 V", "duration": "5 s"}, experiments={"cycle": {"repeats": 2}}
    )
    pulses = planned_pulses(config, 1.0)
    assert [(p.drive.value, p.duration, p.open_circuit) for p in pulses[:4]] == [
        (0.2, 5.0, False),
        (0.0, 0.5, True),
        (-0.2, 5.0, False),
        (0.0, 0.5, True),
    ]
    assert [p.number for p in pulses] == list(range(1, 9))
    steady = planned_pulses(small_config(), 2.0)
    assert steady[0].duration == 6.0


def test_only_currents_end_at_the_voltage_limit():
    stated = [
        {"current_density": "5 A/m^2", "duration": "1 s"},
        {"duration": "1 s"},
        {"voltage": "9 V", "duration": "1 s"},
    ]
    config = small_config(experiments={"cycle": {"pulses": stated, "repeats": 1, "voltage_limit": "1 V"}})
    assert [pulse.voltage_limit for pulse in planned_pulses(config, 1.0)] == [1.0, None, None]


def test_a_blocking_electrode_passes_no_current():
    config = small_config(counter={"kind": "blocking"})
    with pytest.raises(ExperimentError, match="a blocking counter passes no current"):
        planned_pulses(config, 1.0)
