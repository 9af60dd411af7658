"""Reductions over the ranks: the helpers through which everything else talks to MPI.

One rank asks nobody: a small cell's step takes dozens of these, and mpi4py serialises what it reduces.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

Array = npt.NDArray[np.float64]


def total(comm: MPI.Comm, value: Any) -> Any:
    """Sum of numbers or arrays; on one rank the very object."""
    return value if comm.size == 1 else comm.allreduce(value)


def largest(comm: MPI.Comm, value: float) -> float:
    """Largest number; NaN on any rank wins."""
    if comm.size == 1:
        return float(value)
    broken = comm.allreduce(int(np.isnan(value)))
    return float("nan") if broken else float(comm.allreduce(float(value), op=MPI.MAX))


def smallest(comm: MPI.Comm, value: Any) -> Any:
    """Smallest number, or elementwise for arrays."""
    if comm.size == 1:
        return value
    return np.min(comm.allgather(value), axis=0)


def any_rank(comm: MPI.Comm, value: bool) -> bool:
    """Whether it holds on some rank."""
    return bool(value if comm.size == 1 else comm.allreduce(int(value)))


def joined(comm: MPI.Comm, values: Any) -> Any:
    """Arrays of all ranks joined in the order of the ranks, on every rank."""
    return np.concatenate(comm.allgather(values)) if comm.size > 1 else np.array(values)


def gathered(comm: MPI.Comm, values: Array, axis: int = 0) -> Array | None:
    """Arrays of all ranks joined on rank 0, ``None`` elsewhere."""
    parts = comm.gather(values, root=0)
    return None if parts is None else np.concatenate(parts, axis=axis)


def alone() -> MPI.Comm:
    """This process by itself, with PETSc leaving the signals to whoever started it."""
    import petsc4py

    petsc4py.init(["sim", "-no_signal_handler"])
    return MPI.COMM_SELF
