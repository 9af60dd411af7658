"""The benchmark cell in Firedrake (an installation of one's own: `--firedrake PYTHON`); `common` has the equations and
the arguments. With concentrations this is what EchemFEM, which is made of Firedrake, assembles for such a cell."""

from __future__ import annotations

import os
import time

BEGAN = time.perf_counter()  # before the library is loaded: its import is part of the set-up
os.environ.setdefault("OMP_NUM_THREADS", "1")  # asked for by Firedrake itself

from importlib.metadata import version  # noqa: E402
from typing import Any  # noqa: E402

import firedrake as fd  # noqa: E402
import numpy as np  # noqa: E402
from common import Problem, main  # noqa: E402
from firedrake.assemble import get_assembler  # noqa: E402

#: sides of a rectangle in Firedrake's numbering
SIDES = {"anode": 3, "counter": 4}
SOLVER = {"ksp_type": "preonly", "pc_type": "lu", "pc_factor_mat_solver_type": "mumps"}


def structured_mesh(problem: Problem) -> Any:
    """Quadrilaterals; with elements of higher order a wavy anode has cells with quadratic sides."""
    mesh = fd.TensorRectangleMesh(problem.column_lines(), problem.row_lines(), quadrilateral=True)
    if not problem.amplitude:
        return mesh
    places = fd.Function(fd.VectorFunctionSpace(mesh, "Q", min(problem.order, 2)))
    places.interpolate(fd.SpatialCoordinate(mesh))
    x, y = np.moveaxis(places.dat.data, -1, 0)
    y[:] += problem.rise(x) * (1.0 - y)
    return fd.Mesh(places)


class Cell:
    """Unknowns phi, c+, c- or phi, mu+, mu- in Q_k; the residual as forms."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        mesh = structured_mesh(problem)
        single = fd.FunctionSpace(mesh, "Q", problem.order)
        self.space = fd.MixedFunctionSpace([single, single, single])
        self.unknowns = int(self.space.dim())
        self.state, self.old, self.older, self.update = (fd.Function(self.space) for _ in range(4))
        self.weights = tuple(fd.Constant(0.0) for _ in range(3))
        self.logarithmic = problem.formulation == "potentials"
        if not self.logarithmic:
            for part in self.state.subfunctions[1:]:
                part.assign(1.0)
        self.shift()
        self.form = self._residual_form()
        # as Firedrake's own solvers do it: what assembles a form is made once
        self.load = fd.Cofunction(self.space.dual())
        self.loads = get_assembler(self.form)
        self.slopes = get_assembler(fd.derivative(self.form, self.state), mat_type="aij")
        self.matrix: Any = None
        self.plated = self._plating(*self._at(self.state)[:2], 0.0) * fd.ds(SIDES["anode"], domain=mesh)

    def _at(self, level: Any) -> tuple[Any, Any, Any, tuple[Any, Any, Any]]:
        """phi, c+, c- and the unknowns themselves."""
        phi, first, second = fd.split(level)
        if not self.logarithmic:
            return phi, first, second, (phi, first, second)
        return phi, fd.exp(first - phi), fd.exp(second + phi), (phi, first, second)

    def _plating(self, phi: Any, li: Any, metal: float) -> Any:
        return self.problem.rate * (li * fd.exp((phi - metal) / 2) - fd.exp((metal - phi) / 2))

    def _residual_form(self) -> Any:
        p, grad, inner = self.problem, fd.grad, fd.inner
        v, v_li, v_anion = fd.TestFunctions(self.space)
        phi, li, anion, (_, first, second) = self._at(self.state)
        if self.logarithmic:
            flux_li, flux_anion = p.mobility * li * grad(first), anion * grad(second)
        else:
            flux_li = p.mobility * (grad(li) + li * grad(phi))
            flux_anion = grad(anion) - anion * grad(phi)
        degree = 2 * p.order + (2 if self.logarithmic and p.order > 1 else 1)
        dx, ds = fd.dx(degree=degree), fd.ds(degree=degree)
        levels = [self._at(level)[1:3] for level in (self.state, self.old, self.older)]
        rate_li, rate_anion = (
            sum(weight * level[ion] for weight, level in zip(self.weights, levels, strict=True))
            for ion in (0, 1)
        )
        form = (inner(p.lam2 * grad(phi), grad(v)) - (li - anion) * v) * dx
        form += inner(flux_li, grad(v_li)) * dx
        form += (inner(flux_anion, grad(v_anion)) + rate_anion * v_anion) * dx
        if p.times or not self.logarithmic:  # the direct steady state stores the anion alone
            form += rate_li * v_li * dx
        for side, metal in (("anode", 0.0), ("counter", p.drive)):
            wall = self._plating(phi, li, metal) * v_li - p.lam2 * p.width / p.stern * (metal - phi) * v
            form += wall * ds(SIDES[side])
        return form

    def save(self) -> Any:
        return [values.copy() for values in self.state.dat.data_ro]

    def restore(self, state: Any) -> None:
        for values, kept in zip(self.state.dat.data, state, strict=True):
            values[:] = kept

    def extrapolate(self, factor: float) -> None:
        for new, old, older in zip(*(f.dat.data for f in (self.state, self.old, self.older)), strict=True):
            new += factor * (old - older)

    def weigh(self, new: float, old: float, older: float) -> None:
        for constant, weight in zip(self.weights, (new, old, older), strict=True):
            constant.assign(weight)

    def shift(self) -> None:
        self.older.assign(self.old)
        self.old.assign(self.state)

    def residual(self) -> None:
        self.loads.assemble(tensor=self.load)

    def factorise(self) -> None:
        if self.matrix is None:
            self.matrix = self.slopes.assemble()
            self.solver = fd.LinearSolver(self.matrix, solver_parameters=SOLVER)
        else:
            self.slopes.assemble(tensor=self.matrix)  # factorised anew when it is next solved with

    def correction(self) -> float:
        self.solver.solve(self.update, self.load)
        return max(float(np.max(np.abs(values))) for values in self.update.dat.data_ro)

    def correct(self, factor: float) -> None:
        for values, update in zip(self.state.dat.data, self.update.dat.data_ro, strict=True):
            values -= factor * update

    def current(self) -> float:
        return float(fd.assemble(self.plated)) * self.problem.current_unit / self.problem.aspect

    def least_concentration(self) -> float:
        if self.logarithmic:
            return 1.0
        return min(float(values.min()) for values in self.state.dat.data_ro[1:])


def names() -> dict[str, Any]:
    return {"code": f"Firedrake {version('firedrake')}", "solver": "MUMPS", "blas": "that of its PETSc"}


if __name__ == "__main__":
    main(BEGAN, Cell, names)
