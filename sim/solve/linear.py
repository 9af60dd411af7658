"""Direct solution with MUMPS through PETSc: factorise once, solve many times."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from sim.solve.errors import SolverFailure

#: MUMPS' orderings: approximate minimum fill is done soonest, the automatic choice (PORD, or METIS where MUMPS has it)
#: leaves half the work from some size on
_AMF, _AUTOMATIC, _AMF_UP_TO = 2, 7, 30_000


class DirectSolver:
    """LU factors of the latest matrix."""

    def __init__(self, comm: Any) -> None:
        self._comm = comm
        self.factorisations = 0
        self.discard()

    def discard(self) -> None:
        """Begin anew: what has once been given a number that is not finite returns nothing else any more."""
        self._ksp = PETSc.KSP().create(self._comm)
        self._ksp.setType("preonly")
        pc = self._ksp.getPC()
        pc.setType("lu")
        pc.setFactorSolverType("mumps")
        self._work: tuple[PETSc.Vec, PETSc.Vec] | None = None

    def factorise(self, matrix: PETSc.Mat) -> None:
        """Factorise; the symbolic analysis is done once. Raises SolverFailure for a singular matrix."""
        pc = self._ksp.getPC()
        pc.setReusePreconditioner(False)
        self._ksp.setOperators(matrix)
        if self._work is None:
            self._work = matrix.createVecs()
            pc.setFactorSetUpSolverType()
            ordering = _AMF if matrix.getSize()[0] <= _AMF_UP_TO else _AUTOMATIC
            pc.getFactorMatrix().setMumpsIcntl(7, ordering)
        try:
            self._ksp.setUp()
        except PETSc.Error as error:
            raise SolverFailure(
                f"the linear system cannot be factorised (PETSc error {error.ierr})"
            ) from error
        pc.setReusePreconditioner(True)
        self.factorisations += 1

    def solve(self, right_hand_side: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Owned solution for an owned right-hand side."""
        if self._work is None:
            raise SolverFailure("no matrix has been factorised yet")
        solution, load = self._work
        load.array[:] = right_hand_side
        self._ksp.solve(load, solution)
        return np.array(solution.array)
