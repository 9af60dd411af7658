"""Time marching: variable-step BDF2 on the stored quantities, with an error estimate from a predictor.

With S the stored quantities and F the static residual, a step solves a0 S(u) + a1 S_n + a2 S_{n-1} + F(u) =
0; the first step is backward Euler. Because the scheme acts on S itself, budgets close to rounding. The
estimate compares the solution with the polynomial through the earlier ones; a step that fails or errs too
much is retried from the same state, smaller. Source: E. Hairer, G. Wanner, Solving Ordinary Differential
Equations II (Springer, 1996), ch. III.5, V.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.solve.errors import SolverGaveUp
from sim.solve.initial import polarise
from sim.solve.model import CellModel
from sim.solve.newton import ROUNDING_FLOOR, NewtonReport, solve_newton
from sim.solve.parallel import largest, total
from sim.solve.schedule import Schedule
from sim.solve.steady import newton_options
from sim.solve.system import CellSystem, Stored, TimeLevel

Array = npt.NDArray[np.float64]

#: steps grow by at most this factor: variable-step BDF2 is stable to 1 + sqrt(2), but after a jump of the
#: drive the time itself is the scale of what happens, and a step of more than some 0.3 t would not follow
#: the spread of the current
LARGEST_GROWTH = 1.4
SMALLEST_SHRINK = 0.2
SAFETY = 0.85
AFTER_FAILURE = 0.25
#: departure from rest [kT] below which the tolerance stays absolute
SMALLEST_DEPARTURE = 1e-6
#: of Newton's last updates rounding may leave so many in the error
UPDATES = 5
#: relaxation times of the salt before which nothing counts as steady
RELAXED = 3.0
#: smallest step relative to the first before the run gives up
SMALLEST_STEP = 1e-6


@dataclass(frozen=True)
class Level:
    """One accepted time level."""

    time: float
    values: Array
    levels: Array
    stored: Stored


@dataclass(frozen=True)
class Step:
    """One accepted step: ``weights`` are (a0, a1, a2) [1/s], the scheme that budgets integrate with too."""

    time: float
    size: float
    weights: tuple[float, float, float]
    error: float
    newton: NewtonReport
    is_output: bool
    is_steady: bool


@dataclass
class MarchState:
    """What a march continues from: up to three accepted levels, newest first, and the next step [s]."""

    history: deque[Level] = field(default_factory=lambda: deque(maxlen=3))
    next_step: float = 0.0
    steps: int = 0
    rejected: int = 0


def bdf_weights(step: float, previous: float | None) -> tuple[float, float, float]:
    """Weights (a0, a1, a2) [1/s] of the derivative at the new level; backward Euler without a previous step."""
    if previous is None:
        return 1 / step, -1 / step, 0.0
    ratio = step / previous
    return (1 + 2 * ratio) / (1 + ratio) / step, -(1 + ratio) / step, ratio**2 / (1 + ratio) / step


def _factor(error: float) -> float:
    """Change of the step that an error over its tolerance asks for, in twentieths: rounding (as by another
    number of ranks) then leaves the sequence of steps alone."""
    return math.floor(20 * SAFETY * max(error, 1e-3) ** (-1 / 3)) / 20


class March:
    """Marches one system from the present state (or a restored one) to the end of a schedule.

    Its clock starts at 0 with the jump of the drive: a protocol of several drives is one march after another.
    """

    def __init__(
        self, schedule: Schedule, model: CellModel, system: CellSystem, state: MarchState | None = None
    ) -> None:
        self._schedule, self._model, self._system = schedule, model, system
        self._settings = schedule.settings
        self._unit = model.parameters.scales.time
        self._options = newton_options(schedule.settings)
        self._end = schedule.end
        self._relaxation = model.salt_relaxation_time
        self._rest = system.numbering.pack()
        self._rest_globals = system.globals
        self._voltage = float(model.counter_potential.value)
        self.state = state if state is not None else self._start()

    def _start(self) -> MarchState:
        state = MarchState(next_step=self._settings.first_step)
        state.history.appendleft(self._level(0.0))
        return state

    def _level(self, time: float) -> Level:
        system = self._system
        return Level(time, system.numbering.pack(), system.globals, system.stored())

    def restore_level(self, time: float, values: Array, levels: Array) -> None:
        """Append an older level of a checkpoint; call newest first."""
        self._system.set_state(values, levels)
        self.state.history.append(self._level(time))

    def steps(self) -> Iterator[Step]:
        """Accepted steps until the end, the steady state, or the largest number of steps. Raises SolverGaveUp."""
        solver = self._settings
        while True:
            now = self.state.history[0].time
            if now >= self._end:
                return
            if self.state.steps >= solver.max_steps:
                raise SolverGaveUp(f"{solver.max_steps} steps were not enough: stopped at t = {now:.6g} s")
            step = self._advance()
            yield step
            if step.is_steady and not math.isfinite(self._end):
                return

    def _advance(self) -> Step:
        """One accepted step, after as many attempts as it takes."""
        solver, state = self._settings, self.state
        smallest = SMALLEST_STEP * solver.first_step
        while True:
            size, stop = self._schedule.fit(
                state.history[0].time, min(state.next_step, solver.max_step or math.inf)
            )
            report, error, weights = self._attempt(size)
            if report.converged and error <= 1.0:
                return self._accept(size, stop, report, error, weights)
            state.rejected += 1
            shrink = max(SMALLEST_SHRINK, _factor(error)) if report.converged else AFTER_FAILURE
            state.next_step = size * shrink
            newest = state.history[0]
            self._system.set_state(newest.values, newest.levels)
            if state.next_step < smallest:
                norms = ", ".join(f"{norm:.1e}" for norm in report.norms[-3:])
                raise SolverGaveUp(
                    f"step {state.steps + 1} at t = {newest.time:.6g} s failed down to {size:.1e} s: {report.reason} "
                    f"(last updates {norms} kT); try a finer mesh or a smaller drive"
                )

    def _attempt(self, size: float) -> tuple[NewtonReport, float, tuple[float, float, float]]:
        """Solve one step from the predicted state; the error is relative to the tolerance."""
        history = self.state.history
        newest = history[0]
        previous = newest.time - history[1].time if len(history) > 1 else None
        weights = bdf_weights(size, previous)
        a0, a1, a2 = (weight * self._unit for weight in weights)
        old = history[1].stored if len(history) > 1 else newest.stored
        level = TimeLevel(
            weight=a0,
            history=a1 * newest.stored.blocks + a2 * old.blocks,
            constraint_history=tuple(
                a1 * x + a2 * y for x, y in zip(newest.stored.constraints, old.constraints, strict=True)
            ),
        )
        guess, levels = self._predict(newest.time + size)
        self._system.set_state(guess, levels)
        report = solve_newton(self._system, level, self._options)
        error = self._error(size, guess, levels) if report.converged else float("inf")
        return report, error, weights

    def _predict(self, time: float) -> tuple[Array, Array]:
        """Polynomial through the accepted levels, evaluated at ``time``."""
        history = list(self.state.history)
        if len(history) == 1:
            return self._after_jump(history[0])
        if len(history) > 2 and history[-1].time == 0.0:
            history = history[:-1]  # the state at rest is no point of the smooth solution: the drive jumped
        elif len(history) == 2 and history[-1].time == 0.0:
            history = history[:1]
        values, levels = np.zeros_like(history[0].values), np.zeros_like(history[0].levels)
        for i, one in enumerate(history):
            weight = 1.0
            for j, other in enumerate(history):
                if i != j:
                    weight *= (time - other.time) / (one.time - other.time)
            values += weight * one.values
            levels += weight * one.levels
        return values, levels

    def _after_jump(self, start: Level) -> tuple[Array, Array]:
        """The state just after a jump of the voltage."""
        self._system.set_state(start.values, start.levels)
        polarise(self._model, float(self._model.counter_potential.value) - self._voltage)
        return self._system.numbering.pack(), start.levels

    def _error(self, size: float, guess: Array, levels: Array) -> float:
        """Estimated local error over its tolerance, which is relative to the departure from rest up to 1 kT: a
        small drive is followed as closely as a large one."""
        history = list(self.state.history)
        smooth = [level for level in history if level.time > 0.0]
        if len(smooth) < 2:
            return 0.0  # nothing to compare with yet
        system, h, h1 = self._system, size, history[0].time - history[1].time
        if len(smooth) == 2:
            share = h / (
                2 * h + h1
            )  # backward Euler against a line, for the one BDF2 step that has no better
        else:
            h2 = history[1].time - history[2].time
            own = h * (h + h1) / (2 * h + h1)
            share = own / (own + h + h1 + h2)
        values = system.numbering.pack()
        error = share * self._spread(values - guess, system.globals - levels)
        departure = self._spread(values - self._rest, system.globals - self._rest_globals)
        tolerance = self._settings.time_tolerance * min(1.0, max(departure, SMALLEST_DEPARTURE))
        return error / max(tolerance, UPDATES * ROUNDING_FLOOR, system.rounding)

    def _spread(self, difference: Array, level_difference: Array) -> float:
        """Root mean square over the potentials of a block [kT], the largest of all blocks and global unknowns: an
        interface has few dofs and must not be outvoted by the cell."""
        numbering, mask = self._system.numbering, self._system.potential_dofs
        found = [0.0, *np.abs(level_difference)]
        for start, stop in pairwise(numbering.offsets):
            own = difference[start:stop][mask[start:stop]]
            count = total(numbering.comm, own.size)
            if count:
                found.append(float(np.sqrt(total(numbering.comm, float(np.sum(own**2))) / count)))
        return max(found)

    def _accept(
        self,
        size: float,
        stop: float | None,
        report: NewtonReport,
        error: float,
        weights: tuple[float, float, float],
    ) -> Step:
        state, newest = self.state, self.state.history[0]
        time = stop if stop is not None else newest.time + size
        level = self._level(time)
        growth = min(LARGEST_GROWTH, _factor(error))
        # a step cut short to land on an output time does not hold the next one back
        state.next_step = max(size * growth, min(state.next_step, LARGEST_GROWTH * size))
        state.history.appendleft(level)
        state.steps += 1
        return Step(time, size, weights, error, report, stop is not None, self._is_steady(level, newest))

    def _is_steady(self, new: Level, old: Level) -> bool:
        """Whether doubling the time passed would change no potential by more than the tolerance, at the present
        rate; never before the salt has had the time to relax, nor by a measure coarser than a small departure."""
        if new.time < RELAXED * self._relaxation:
            return False
        mask, comm = self._system.potential_dofs, self._system.numbering.comm
        change = np.abs(new.values - old.values)[mask]
        rate = largest(comm, change.max(initial=0.0)) / (new.time - old.time)
        departure = largest(comm, np.abs(new.values - self._rest)[mask].max(initial=0.0))
        tolerance = self._settings.steady_tolerance * min(1.0, max(departure, SMALLEST_DEPARTURE))
        return rate * new.time < tolerance
