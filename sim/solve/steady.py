"""Steady states, solved directly from rest; where that fails, by continuation in the drive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.config import RunConfig
from sim.solve.drive import apply_drive, hold_inventories
from sim.solve.errors import SolverGaveUp
from sim.solve.model import CellModel
from sim.solve.newton import NewtonOptions, NewtonReport, solve_newton
from sim.solve.system import STEADY, CellSystem

#: smallest step of the continuation, as a fraction of the drive, and the attempts before the run gives up
SMALLEST_FRACTION, MOST_ATTEMPTS = 1e-3, 20


@dataclass(frozen=True)
class SteadyReport:
    """Newton iterations in all, and the fractions of the drive that were solved on the way."""

    iterations: int
    fractions: tuple[float, ...]


def newton_options(config: RunConfig) -> NewtonOptions:
    """The config's Newton settings."""
    return NewtonOptions(config.solver.newton_tolerance, config.solver.max_newton_iterations)


def solve_steady(
    config: RunConfig,
    model: CellModel,
    system: CellSystem,
    progress: Callable[[float, NewtonReport], None] = lambda fraction, report: None,
) -> SteadyReport:
    """Solve the steady state from the present one, which holds the inventories. Raises SolverGaveUp.

    The direct attempt is the rule; after a failure the drive is halved from the last solved fraction, and
    the steps grow again while they succeed.
    """
    hold_inventories(system)
    options = newton_options(config)
    done, target, step = 0.0, 1.0, 1.0
    iterations, attempts, fractions = 0, 0, []
    accepted = system.numbering.pack(), system.globals
    while done < 1.0:
        apply_drive(config, model, system, target)
        report = solve_newton(system, STEADY, options)
        iterations, attempts = iterations + report.iterations, attempts + 1
        progress(target, report)
        if report.converged:
            done, step = target, 2 * step
            fractions.append(done)
            accepted = system.numbering.pack(), system.globals
        else:
            step = (target - done) / 2
            if step < SMALLEST_FRACTION or attempts >= MOST_ATTEMPTS:
                raise SolverGaveUp(_message(config, target, report))
            system.set_state(*accepted)
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


def _message(config: RunConfig, fraction: float, report: NewtonReport) -> str:
    norms = ", ".join(f"{norm:.1e}" for norm in report.norms[-3:])
    return (
        f"no steady state found at {100 * fraction:.3g} % of the {config.operation.mode} drive: {report.reason} "
        f"(last updates {norms} kT); try a smaller drive, a finer mesh, or 'operation.history: true'"
    )
