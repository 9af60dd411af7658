"""Damped Newton with a bordered system and reuse of factors.

Unknowns are potentials in kT, so an update is limited to a few kT, and the largest update is the measure of
convergence. Factors are kept while the update falls at least tenfold per iteration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.physics.maths import EXPONENT_LIMIT
from sim.solve.errors import SolverFailure
from sim.solve.parallel import largest
from sim.solve.system import CellSystem, TimeLevel

Array = npt.NDArray[np.float64]

#: a step that stopped falling below this update [kT] has reached the rounding of the data
ROUNDING_FLOOR = 1e-8
#: so many updates that do not fall, below what rounding may do to the potentials of a cell, have reached it too
STALLED = 4
#: factors are renewed when an update falls by less than tenfold, unless it is already this small [kT]: a residual and a
#: back substitution cost an eighth of new factors, and the error left by old ones shrinks in proportion to the update
SLOW, SMALL = 0.1, 0.03


@dataclass(frozen=True)
class NewtonOptions:
    """``tolerance``: largest accepted update [kT]; ``max_iterations``; ``max_update`` [kT] per iteration."""

    tolerance: float = 1e-10
    max_iterations: int = 50
    max_update: float = 4.0


@dataclass(frozen=True)
class NewtonReport:
    """How an attempt went: the norms are the largest update [kT] of each iteration."""

    converged: bool
    reason: str
    iterations: int
    norms: tuple[float, ...]


def solve_newton(system: CellSystem, level: TimeLevel, options: NewtonOptions) -> NewtonReport:
    """Solve from the present state, which is left at the last iterate; the caller restores it after a failure."""
    comm = system.numbering.comm
    values, levels = system.numbering.pack(), system.globals
    norms: list[float] = []
    border = None
    for iteration in range(1, options.max_iterations + 1):
        residual, constraints = system.residual(level), system.constraint_residual(level)
        try:
            if border is None:
                border = system.factorise(level)
            update, level_update = system.solve(border, residual, constraints)
        except (SolverFailure, np.linalg.LinAlgError) as error:
            return NewtonReport(False, str(error), iteration, tuple(norms))
        size = _largest(comm, update[system.potential_dofs], level_update)
        norms.append(size)
        if not np.isfinite(size):
            system.linear.discard()
            return NewtonReport(False, "the update is not finite", iteration, tuple(norms))
        damping = min(1.0, options.max_update / size) if size > 0 else 1.0
        values += damping * update
        levels += damping * level_update
        system.set_state(values, levels)
        if size < options.tolerance or _at_rounding(norms, system.rounding):
            return _accept(system, iteration, norms)
        if size > SMALL and (len(norms) < 2 or size > SLOW * norms[-2]):
            border = None
    return NewtonReport(
        False, f"no convergence in {options.max_iterations} iterations", len(norms), tuple(norms)
    )


def _accept(system: CellSystem, iteration: int, norms: list[float]) -> NewtonReport:
    """Converged, unless the state lies where exponentials are continued linearly."""
    exponent = system.exponents.largest()
    if exponent > EXPONENT_LIMIT:
        reason = f"the state has an exponential of {exponent:.3g}, beyond the bound of {EXPONENT_LIMIT:g}"
        return NewtonReport(False, reason, iteration, tuple(norms))
    return NewtonReport(True, "converged", iteration, tuple(norms))


def _largest(comm: Any, update: Array, level_update: Array) -> float:
    """Largest entry over all ranks; NaN wins."""
    both = np.concatenate([update, level_update])
    return largest(comm, float(np.max(np.abs(both), initial=0.0)))


def _at_rounding(norms: list[float], rounding: float) -> bool:
    if len(norms) > 1 and norms[-1] < ROUNDING_FLOOR and norms[-1] > 0.5 * norms[-2]:
        return True
    before, latest = norms[:-STALLED], norms[-STALLED:]
    return bool(before) and max(latest) < rounding and min(latest) > 0.5 * min(before)
