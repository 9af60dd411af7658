"""Damped Newton with a bordered system and reuse of factors.

Unknowns are potentials in kT, so an update is limited to a few kT, and the largest update is the measure of convergence.
Factors are kept while the update falls at least tenfold per iteration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from sim.solve.errors import SolverFailure
from sim.solve.system import CellSystem, TimeLevel

#: a step that stopped falling below this update [kT] has reached the rounding of the data
ROUNDING_FLOOR = 1e-8
#: factors are renewed when an update falls by less
SLOW = 0.1


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
            return NewtonReport(False, "the update is not finite", iteration, tuple(norms))
        damping = min(1.0, options.max_update / size) if size > 0 else 1.0
        values += damping * update
        levels += damping * level_update
        system.set_state(values, levels)
        if size < options.tolerance or _at_rounding(norms):
            return NewtonReport(True, "converged", iteration, tuple(norms))
        if len(norms) < 2 or size > SLOW * norms[-2]:
            border = None
    return NewtonReport(False, f"no convergence in {options.max_iterations} iterations", len(norms), tuple(norms))


def _largest(comm: MPI.Comm, update: np.ndarray, level_update: np.ndarray) -> float:
    """Largest entry over all ranks; NaN wins."""
    both = np.concatenate([update, level_update])
    local = float(np.max(np.abs(both))) if both.size else 0.0
    broken = comm.allreduce(int(not np.isfinite(local)))
    return float("nan") if broken else float(comm.allreduce(local, op=MPI.MAX))


def _at_rounding(norms: list[float]) -> bool:
    return len(norms) > 1 and norms[-1] < ROUNDING_FLOOR and norms[-1] > 0.5 * norms[-2]
