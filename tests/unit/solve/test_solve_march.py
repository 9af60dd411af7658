"""The time scheme: weights, steps that land on output times, predictions, and the limits of a step."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.config.numerics import Solver
from sim.solve import march as module
from sim.solve.errors import SolverGaveUp
from sim.solve.march import LARGEST_GROWTH, Level, March, bdf_weights
from sim.solve.newton import NewtonReport
from sim.solve.schedule import Schedule
from sim.solve.system import Stored
from tests.unit.small_cells import small_config, small_march

TRANSIENT = {"mode": "potentiostatic", "voltage": "0.2 V", "duration": "1 us"}


@pytest.mark.parametrize("ratio", [0.2, 1.0, 1.4, 2.0])
def test_weights_are_exact_for_quadratics(ratio: float) -> None:
    """a0 q(t + h) + a1 q(t) + a2 q(t - h1) = q'(t + h) for 1, t and t^2."""
    t, step = 0.7, 0.3
    previous = step / ratio
    weights = bdf_weights(step, previous)
    for degree in range(3):
        values = [time**degree for time in (t + step, t, t - previous)]
        slope = degree * (t + step) ** (degree - 1) if degree else 0.0
        assert np.dot(weights, values) == pytest.approx(slope, abs=1e-13)
    cubic = np.dot(weights, [time**3 for time in (t + step, t, t - previous)])
    assert abs(cubic - 3 * (t + step) ** 2) > 1e-3, "of second order, no more"


def test_the_first_step_is_backward_euler() -> None:
    assert bdf_weights(0.25, None) == (4.0, -4.0, 0.0)


@pytest.mark.parametrize("wanted", [1e-9, 3.3e-7, 9e-7, 1.1e-6, 4e-6, 1.0])
def test_steps_land_on_output_times_and_leave_no_slivers(wanted: float) -> None:
    stops = [1e-6, 2.5e-6, 1e-5] if wanted > 1e-8 else [1e-8, 2.5e-8]
    schedule = Schedule.until(math.inf, Solver(), tuple(stops))
    times = [0.0]
    while times[-1] < stops[-1]:
        size, stop = schedule.fit(times[-1], wanted)
        assert 0 < size <= wanted * (1 + 1e-9)
        # half of what was wanted, or of the whole way from one output time to the next
        before, after = (
            max(s for s in [0.0, *stops] if s <= times[-1]),
            min(s for s in stops if s > times[-1]),
        )
        assert size >= 0.49 * min(wanted, after - before)
        times.append(stop if stop is not None else times[-1] + size)
        assert len(times) < 1000
    assert set(stops) <= set(times)
    assert schedule.fit(times[-1], wanted) == (wanted, None), "after the last stop steps are free"


def level(time: float, value: float) -> Level:
    return Level(time, np.array([value]), np.array([-value]), Stored(np.zeros(1), ()))


def predicted(times: list[float], function: object) -> float:
    history = [level(time, function(time)) for time in sorted(times, reverse=True)]
    march = SimpleNamespace(state=SimpleNamespace(history=history))
    values, levels = March._predict(march, 2.0)
    assert levels[0] == -values[0]
    return float(values[0])


def test_the_prediction_is_a_quadratic_through_three_levels() -> None:
    assert predicted([0.1, 0.5, 1.1], lambda t: 3 - t + 2 * t**2) == pytest.approx(9.0, rel=1e-12)


def test_the_prediction_leaves_out_the_jump_at_rest() -> None:
    assert predicted([0.0, 0.5, 1.0], lambda t: 1 + t if t else 99.0) == pytest.approx(3.0)
    assert predicted([0.0, 0.5], lambda t: 7.0 if t else 99.0) == 7.0


def test_a_march_meets_its_times_and_grows_its_steps_slowly() -> None:
    operation = TRANSIENT | {"output_times": ["0.2 us", "0.7 us"]}
    _, _, march = small_march(small_config(operation=operation))
    steps = list(march.steps())
    times = np.array([step.time for step in steps])
    assert [step.time for step in steps if step.is_output] == [2e-7, 7e-7, 1e-6]
    sizes = np.diff([0.0, *times])
    assert sizes == pytest.approx([step.size for step in steps], rel=1e-6)
    assert sizes[0] == pytest.approx(1e-8)
    assert np.all(sizes[1:] <= LARGEST_GROWTH * np.maximum.accumulate(sizes)[:-1] * (1 + 1e-9))
    assert all(step.newton.converged and step.error <= 1 for step in steps)


def failing(monkeypatch: pytest.MonkeyPatch, fails: object) -> list[float]:
    """Let attempts fail by their size; returns the sizes that were tried."""
    tried: list[float] = []
    attempt = March._attempt

    def wrapped(march: March, size: float) -> tuple:
        tried.append(size)
        found = attempt(march, size)
        if fails(size, len(tried)):
            march._system.set_state(
                np.full_like(march.state.history[0].values, np.nan), march._system.globals
            )
            return NewtonReport(False, "made to fail", 1, (9.0,)), float("inf"), found[2]
        return found

    monkeypatch.setattr(module.March, "_attempt", wrapped)
    return tried


def test_a_failed_step_is_retried_smaller_from_the_accepted_state(monkeypatch: pytest.MonkeyPatch) -> None:
    config = small_config(operation=TRANSIENT)
    _, system, march = small_march(config)
    tried = failing(monkeypatch, lambda size, count: count in (3, 4))
    steps = list(march.steps())
    assert march.state.rejected == 2
    assert tried[3] == pytest.approx(tried[2] * module.AFTER_FAILURE)
    assert tried[4] == pytest.approx(tried[3] * module.AFTER_FAILURE)
    assert steps[-1].time == 1e-6
    assert np.all(np.isfinite(system.numbering.pack()))
    monkeypatch.undo()
    _, smooth, other = small_march(config)
    list(other.steps())
    # other steps, the same solution to the tolerance in time
    assert system.numbering.pack() == pytest.approx(smooth.numbering.pack(), abs=5e-3)


def test_a_march_gives_up_with_step_time_and_norms(monkeypatch: pytest.MonkeyPatch) -> None:
    _, system, march = small_march(small_config(operation=TRANSIENT))
    tried = failing(monkeypatch, lambda size, count: count > 2)
    steps = march.steps()
    next(steps), next(steps)
    accepted = march.state.history[0]
    with pytest.raises(SolverGaveUp, match=r"step 3 at t = .* s failed down to .* made to fail .*9\.0e\+00"):
        next(steps)
    assert len(tried) < 40
    assert np.array_equal(system.numbering.pack(), accepted.values), "the last accepted state stands"
