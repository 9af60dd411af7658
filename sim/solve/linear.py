"""Direct solution with MUMPS through PETSc: factorise once, solve many times."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from sim.memory import release_freed
from sim.solve.errors import SolverFailure

#: MUMPS' orderings: approximate minimum degree with quasi-dense rows is done soonest and leaves least up to some size,
#: approximate minimum fill leaves less from there (docs/decisions.md)
_QAMD, _AMF, _QAMD_UP_TO = 6, 2, 500_000
#: unknowns from which on room is made for factors first: under a millisecond
_LARGE = 50_000
#: controls of MUMPS: which ordering, how to scale; the equations are in units of their own, scaling takes a tenth
#: (330,000 unknowns) to a third (1,000) of a factorisation's time and changes no digit that counts
_ORDERING, _SCALING, _NO_SCALING = 7, 8, 0


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
        self._is_set_up = False
        self._work: tuple[PETSc.Vec, PETSc.Vec] | None = None

    def factorise(self, matrix: PETSc.Mat) -> None:
        """Factorise; the symbolic analysis is done once. Raises SolverFailure for a singular matrix."""
        pc = self._ksp.getPC()
        pc.setReusePreconditioner(False)
        self._ksp.setOperators(matrix)
        if not self._is_set_up:
            self._is_set_up = True
            pc.setFactorSetUpSolverType()
            factors = pc.getFactorMatrix()
            factors.setMumpsIcntl(_ORDERING, _QAMD if matrix.getSize()[0] <= _QAMD_UP_TO else _AMF)
            factors.setMumpsIcntl(_SCALING, _NO_SCALING)
        if matrix.getSize()[0] > _LARGE:
            release_freed()
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
        if not self._is_set_up:
            raise SolverFailure("no matrix has been factorised yet")
        if self._work is None:  # not before: the first factorisation takes the most memory
            self._work = self._ksp.getOperators()[0].createVecs()
        solution, load = self._work
        load.array[:] = right_hand_side
        self._ksp.solve(load, solution)
        return np.array(solution.array)
