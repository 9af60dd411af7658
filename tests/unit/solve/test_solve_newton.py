"""Newton's iteration on systems of one unknown: it converges, keeps factors, limits updates, and says why it stops.
Continuation in the drive, where the direct attempt fails."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from mpi4py import MPI

from sim.physics.maths import EXPONENT_LIMIT
from sim.solve import steady
from sim.solve.drive import Drive
from sim.solve.errors import SolverFailure, SolverGaveUp
from sim.solve.newton import NewtonOptions, NewtonReport, solve_newton
from sim.solve.parallel import gathered, largest, smallest, total
from sim.solve.system import STEADY


class OneUnknown:
    """f(u) = 0 in the shape of a CellSystem."""

    def __init__(self, function, slope, start: float, exponent: float = 0.0, rounding: float = 0.0) -> None:
        self.rounding = rounding
        self.u, self._function, self._slope = start, function, slope
        self.factorised: list[float] = []
        self.visited = [start]
        self.potential_dofs = np.array([True])
        self.globals = np.zeros(0)
        self.numbering = SimpleNamespace(comm=MPI.COMM_SELF, pack=lambda: np.array([self.u]))
        self.exponents = SimpleNamespace(largest=lambda: exponent)
        self.linear = SimpleNamespace(discard=lambda: None)

    def residual(self, level) -> np.ndarray:
        return np.array([self._function(self.u)])

    def constraint_residual(self, level) -> np.ndarray:
        return np.zeros(0)

    def factorise(self, level) -> float:
        self.factorised.append(self.u)
        return self._slope(self.u)

    def solve(self, border, residual, constraints) -> tuple[np.ndarray, np.ndarray]:
        if border == 0:
            raise SolverFailure("the matrix is singular")
        return -residual / border, np.zeros(0)

    def set_state(self, values, levels) -> None:
        self.u = float(values[0])
        self.visited.append(self.u)


@pytest.mark.parametrize("rounding", [0.0, 1e-6])
def test_updates_that_rounding_keeps_up_are_no_failure(rounding: float) -> None:
    """A residual that is known to 3e-7: known to be so, it ends the iteration once a few updates have not fallen."""
    noise = itertools.cycle([3e-7, -2e-7, 2.5e-7])
    system = OneUnknown(lambda u: np.exp(u) - 3 + next(noise), np.exp, 0.5, rounding=rounding)
    report = solve_newton(system, STEADY, NewtonOptions())
    assert report.converged is (rounding > 0)
    assert system.u == pytest.approx(np.log(3), abs=2e-7)
    assert report.iterations < 15 or not rounding


def test_it_converges_quadratically_and_reports_its_updates() -> None:
    system = OneUnknown(lambda u: np.exp(u) - 3, np.exp, 0.5)
    report = solve_newton(system, STEADY, NewtonOptions())
    assert report.converged
    assert report.reason == "converged"
    assert system.u == pytest.approx(np.log(3), abs=1e-10)
    assert report.iterations == len(report.norms) < 12
    assert report.norms == pytest.approx(np.abs(np.diff(system.visited)), abs=1e-15)


def test_updates_are_limited() -> None:
    system = OneUnknown(lambda u: u - 30, lambda u: 1.0, 0.0)
    assert solve_newton(system, STEADY, NewtonOptions(max_update=4.0)).converged
    assert np.max(np.diff(system.visited)) == pytest.approx(4.0)
    assert system.u == 30.0


def test_factors_are_kept_while_they_serve() -> None:
    """Close to the solution the slope hardly changes: one factorisation does."""
    system = OneUnknown(lambda u: np.exp(u) - 3, np.exp, np.log(3) + 1e-3)
    assert solve_newton(system, STEADY, NewtonOptions()).converged
    assert len(system.factorised) == 1
    assert system.u == pytest.approx(np.log(3), rel=1e-12)


@pytest.mark.parametrize(
    ("system", "reason"),
    [
        (OneUnknown(lambda u: u**2 + 1, lambda u: 2 * u, 0.3), "no convergence in 25 iterations"),
        (OneUnknown(lambda u: np.nan, lambda u: 1.0, 0.0), "the update is not finite"),
        (OneUnknown(lambda u: u**2 - 1, lambda u: 2 * u, 0.0), "the matrix is singular"),
        (OneUnknown(lambda u: u - 1, lambda u: 1.0, 0.0, exponent=EXPONENT_LIMIT + 1), "beyond the bound"),
    ],
)
def test_it_says_why_it_stops(system: OneUnknown, reason: str) -> None:
    report = solve_newton(system, STEADY, NewtonOptions(max_iterations=25))
    assert not report.converged
    assert reason in report.reason


DRIVE = Drive(False, 0.2)


def solved_up_to(
    monkeypatch: pytest.MonkeyPatch, reach: float, limit: float = 1.0
) -> tuple[list[float], object]:
    """Direct attempts that succeed within ``reach`` of the last solved fraction, below ``limit``."""
    state = SimpleNamespace(value=0.0, target=0.0, tried=[])

    def attempt(system, level, options) -> NewtonReport:
        state.tried.append(state.target)
        good = state.target - state.value <= reach and state.target <= limit
        state.value = state.target if good else np.nan
        return NewtonReport(good, "converged" if good else "made to fail", 3, (1.0, 0.5))

    system = SimpleNamespace(
        numbering=SimpleNamespace(pack=lambda: state.value),
        globals=0,
        set_state=lambda value, levels: setattr(state, "value", value),
    )
    monkeypatch.setattr(steady, "solve_newton", attempt)
    monkeypatch.setattr(
        steady,
        "apply_drive",
        lambda drive, model, system: setattr(state, "target", drive.value / DRIVE.value),
    )
    monkeypatch.setattr(steady, "absorb_levels", lambda model, system: None)
    return state.tried, system


def test_the_direct_attempt_is_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, system = solved_up_to(monkeypatch, 1.0)
    report = steady.solve_steady(DRIVE, None, system, NewtonOptions())
    assert tried == [1.0]
    assert report.fractions == (1.0,)
    assert report.iterations == 3


def test_continuation_halves_and_grows_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, system = solved_up_to(monkeypatch, 0.3)
    report = steady.solve_steady(DRIVE, None, system, NewtonOptions())
    assert report.fractions[-1] == 1.0
    assert tried[:3] == [1.0, 0.5, 0.25]
    assert np.all(np.diff([0.0, *report.fractions]) <= 0.3)
    assert report.iterations == 3 * len(tried)


def test_continuation_gives_up_and_names_the_fraction(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, system = solved_up_to(monkeypatch, 1.0, limit=0.4)
    with pytest.raises(
        SolverGaveUp,
        match=r"no steady state found at 40.* % of the potentiostatic drive \(0.08.* V\): made to fail",
    ):
        steady.solve_steady(DRIVE, None, system, NewtonOptions())
    assert len(tried) < 40


def test_reductions() -> None:
    comm = MPI.COMM_SELF
    assert np.isnan(largest(comm, float("nan")))
    assert largest(comm, 2.0) == 2.0
    assert smallest(comm, np.array([3.0, 1.0])).tolist() == [3.0, 1.0]
    assert total(comm, np.array([1.0, 2.0])).tolist() == [1.0, 2.0]
    assert gathered(comm, np.eye(2), axis=1).shape == (2, 2)
