"""Steady states, solved directly from rest; where that fails, by continuation in the drive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sim.config.numerics import Solver
from sim.solve.drive import Drive, apply_drive
from sim.solve.errors import SolverGaveUp
from sim.solve.model import CellModel
from sim.solve.newton import NewtonOptions, NewtonReport, solve_newton
from sim.solve.system import STEADY, CellSystem

#: smallest step of the continuation, as a fraction of the drive, and the attempts before the run gives up
SMALLEST_FRACTION, MOST_ATTEMPTS = 1e-3, 20


def from_here() -> bool:
    """The present state is the first guess."""
    return False


@dataclass(frozen=True)
class SteadyReport:
    """Newton iterations in all, and the fractions of the drive that were solved on the way."""

    iterations: int
    fractions: tuple[float, ...]


def newton_options(settings: Solver) -> NewtonOptions:
    """The Newton settings of a config."""
    return NewtonOptions(settings.newton_tolerance, settings.max_newton_iterations)


def solve_steady(
    drive: Drive,
    model: CellModel,
    system: CellSystem,
    options: NewtonOptions,
    progress: Callable[[float, NewtonReport], None] = lambda fraction, report: None,
    solved: float = 0.0,
    estimate: Callable[[], bool] = from_here,
) -> SteadyReport:
    """Solve the steady state at a drive from the present one, at rest or solved at the drive ``solved`` [as drive].

    Inventories are those held (``hold_inventories``). ``estimate`` sets a first guess, where it has one. The direct
    attempt is the rule; after a failure the way from ``solved`` is halved, and the steps grow again while they succeed.
    Raises SolverGaveUp, with the last solved state in place.
    """
    done, target, step = 0.0, 1.0, 1.0
    iterations, attempts, fractions = 0, 0, []
    accepted = system.numbering.pack(), system.globals
    apply_drive(drive, model, system)
    if estimate():
        report = solve_newton(system, STEADY, options)
        iterations, attempts = report.iterations, 1
        progress(1.0, report)
        if report.converged:
            absorb_levels(model, system)
            return SteadyReport(iterations, (1.0,))
        system.set_state(*accepted)
    while done < 1.0:
        part = replace(drive, value=solved + target * (drive.value - solved))
        apply_drive(part, model, system)
        report = solve_newton(system, STEADY, options)
        iterations, attempts = iterations + report.iterations, attempts + 1
        progress(target, report)
        if report.converged:
            done, step = target, 2 * step
            fractions.append(done)
            accepted = system.numbering.pack(), system.globals
        else:
            step = (target - done) / 2
            system.set_state(*accepted)
            if step < SMALLEST_FRACTION or attempts >= MOST_ATTEMPTS:
                raise SolverGaveUp(_message(part, target, report) + _beyond_limit(drive, model))
        target = min(1.0, done + step)
    absorb_levels(model, system)
    return SteadyReport(iterations, tuple(fractions))


def absorb_levels(model: CellModel, system: CellSystem) -> None:
    """Move the levels of locked-in species into their potentials, so that the blocks alone hold the state."""
    for unknown, name in ((model.anion_level, "mu_anion"), (model.lithium_level, "mu_li")):
        if unknown.value:
            block = model.bulk
            block.function.x.array[block.owned_dofs(name)] += unknown.value
            block.function.x.scatter_forward()
            unknown.value = 0.0


def _beyond_limit(drive: Drive, model: CellModel) -> str:
    """What explains a current that was not reached: only a space charge carries more than the limiting one."""
    if not drive.galvanostatic:
        return ""
    limit = model.parameters.limiting_current_density(model.domain.width - model.domain.mean_height)
    if abs(drive.value) < limit:
        return ""
    return f"; {drive.value:.4g} A/m^2 is beyond the limiting current density {limit:.4g} A/m^2"


def _message(drive: Drive, fraction: float, report: NewtonReport) -> str:
    norms = ", ".join(f"{norm:.1e}" for norm in report.norms[-3:])
    mode = "galvanostatic" if drive.galvanostatic else "potentiostatic"
    return (
        f"no steady state found at {100 * fraction:.3g} % of the {mode} drive ({drive.text}): {report.reason} "
        f"(last updates {norms} kT); try a smaller drive, a finer mesh, or 'operation.history: true'"
    )
