"""The benchmark cell in scikit-fem (PyPI: scikit-fem, with SciPy); `common` has the equations and the arguments."""

from __future__ import annotations

import time

BEGAN = time.perf_counter()  # before the library is loaded: its import is part of the set-up

from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
import scipy  # noqa: E402
import skfem  # noqa: E402
from common import Problem, main  # noqa: E402
from scipy.sparse import bmat  # noqa: E402
from scipy.sparse.linalg import splu  # noqa: E402
from skfem.helpers import dot, grad  # noqa: E402

#: SuperLU's column ordering, its default. MMD_AT_PLUS_A is a third faster for some steps of some cases, but where
#: pivots leave the diagonal (concentrations; potentials without SymmetricMode) it fills in up to seventy times more.
ORDERING = "COLAMD"


@skfem.BilinearForm
def mass(u: Any, v: Any, w: Any) -> Any:
    return w.weight * u * v


@skfem.BilinearForm
def stiffness(u: Any, v: Any, w: Any) -> Any:
    return w.weight * dot(grad(u), grad(v))


@skfem.BilinearForm
def drift(u: Any, v: Any, w: Any) -> Any:
    """u times a vector against the gradient of v."""
    return w.weight * u * dot(w.field, grad(v))


@skfem.LinearForm
def load(v: Any, w: Any) -> Any:
    return w.weight * v


@skfem.LinearForm
def flux(v: Any, w: Any) -> Any:
    return dot(w.field, grad(v))


def structured_mesh(problem: Problem) -> skfem.MeshQuad:
    """Quadrilaterals; with elements of higher order those of a wavy anode have curved sides."""
    mesh = skfem.MeshQuad.init_tensor(problem.column_lines(), problem.row_lines())
    mesh = mesh.with_boundaries({"anode": lambda x: x[1] == 0.0, "counter": lambda x: x[1] == 1.0})
    if problem.amplitude == 0.0:
        return mesh
    sides = mesh.boundaries
    if problem.order > 1:
        mesh = skfem.MeshQuad2.from_mesh(mesh)
    nodes = mesh.doflocs.copy()
    nodes[1] += problem.rise(nodes[0]) * (1.0 - nodes[1])
    return type(mesh)(nodes, mesh.t, _boundaries=sides)


class Cell:
    """Unknowns phi, c+, c- or phi, mu+, mu- one after another; residual and Jacobian block by block."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        mesh = structured_mesh(problem)
        element = skfem.ElementQuad1() if problem.order == 1 else skfem.ElementQuad2()
        degree = 2 * problem.order + (1 if problem.order > 1 else 0)
        self.inside = skfem.Basis(mesh, element, intorder=degree)
        mapping = mesh.mapping()
        if problem.amplitude:  # facets of the thinnest cells are found in them to no more than 1e-10
            mapping.invF = partial(mapping.invF, newton_tol=1e-8)
        self.walls = [
            skfem.FacetBasis(
                mesh, element, mapping=mapping, facets=mesh.boundaries[side], intorder=degree + 1
            )
            for side in ("anode", "counter")
        ]
        self.count = self.inside.N
        self.unknowns = 3 * int(self.count)
        self.logarithmic = problem.formulation == "potentials"
        self.state: np.ndarray = np.zeros(self.unknowns)
        if not self.logarithmic:
            self.state[self.count :] = 1.0
        self.old = self.older = self.state.copy()
        self.weights = (0.0, 0.0, 0.0)
        self.poisson = stiffness.assemble(self.inside, weight=problem.lam2)
        self.capacity = problem.lam2 * problem.width / problem.stern
        self.metals = (0.0, problem.drive)

    def fields(self, basis: Any, state: np.ndarray) -> tuple[Any, Any, Any, Any, Any]:
        """phi, the other two unknowns, and c+ and c-, at the points of a basis."""
        phi, first, second = (basis.interpolate(part) for part in np.split(state, 3))
        if not self.logarithmic:
            return phi, first, second, first.value, second.value
        return phi, first, second, np.exp(first.value - phi.value), np.exp(second.value + phi.value)

    def save(self) -> Any:
        return self.state.copy()

    def restore(self, state: Any) -> None:
        self.state = state.copy()

    def extrapolate(self, factor: float) -> None:
        self.state = self.state + factor * (self.old - self.older)

    def weigh(self, new: float, old: float, older: float) -> None:
        self.weights = (new, old, older)

    def shift(self) -> None:
        self.older, self.old = self.old, self.state.copy()

    def residual(self) -> None:
        problem, basis, (new, old, older) = self.problem, self.inside, self.weights
        phi, first, second, li, anion = self.fields(basis, self.state)
        before, long_before = (self.fields(basis, state)[3:] for state in (self.old, self.older))
        if self.logarithmic:
            flux_li, flux_anion = problem.mobility * li * first.grad, anion * second.grad
        else:
            flux_li = problem.mobility * (first.grad + li * phi.grad)
            flux_anion = second.grad - anion * phi.grad
        rate_li, rate_anion = (
            new * now + old * one + older * two
            for now, one, two in zip((li, anion), before, long_before, strict=True)
        )
        holds_lithium = bool(problem.times) or not self.logarithmic
        rows = [
            self.poisson @ self.state[: self.count] - load.assemble(basis, weight=li - anion),
            flux.assemble(basis, field=flux_li),
            flux.assemble(basis, field=flux_anion) + load.assemble(basis, weight=rate_anion),
        ]
        if holds_lithium:
            rows[1] += load.assemble(basis, weight=rate_li)
        for wall, metal in zip(self.walls, self.metals, strict=True):
            phi, _, _, li, _ = self.fields(wall, self.state)
            rows[0] -= load.assemble(wall, weight=self.capacity * (metal - phi.value))
            rows[1] += load.assemble(wall, weight=self._plating(li, phi.value, metal))
        self.right = np.concatenate(rows)

    def _plating(self, li: Any, phi: Any, metal: float) -> Any:
        return self.problem.rate * (li * np.exp((phi - metal) / 2) - np.exp((metal - phi) / 2))

    def factorise(self) -> None:
        blocks = self._logarithmic_blocks() if self.logarithmic else self._concentration_blocks()
        for wall, metal in zip(self.walls, self.metals, strict=True):
            phi, _, _, li, _ = self.fields(wall, self.state)
            ahead = self.problem.rate * np.exp((phi.value - metal) / 2)
            back = self.problem.rate * np.exp((metal - phi.value) / 2)
            by_phi = (li * ahead + back) / 2 - (li * ahead if self.logarithmic else 0.0)
            by_li = li * ahead if self.logarithmic else ahead
            blocks[0][0] = blocks[0][0] + mass.assemble(wall, weight=self.capacity)
            blocks[1][0] = blocks[1][0] + mass.assemble(wall, weight=by_phi)
            blocks[1][1] = blocks[1][1] + mass.assemble(wall, weight=by_li)
        self.factors = splu(bmat(blocks, format="csc"), permc_spec=ORDERING)

    def _concentration_blocks(self) -> list[list[Any]]:
        basis, mobility, new = self.inside, self.problem.mobility, self.weights[0]
        phi, _, _, li, anion = self.fields(basis, self.state)
        one = mass.assemble(basis, weight=1.0)
        laplace = self.poisson / self.problem.lam2
        drifting = drift.assemble(basis, weight=1.0, field=phi.grad)
        return [
            [self.poisson, -one, one],
            [
                mobility * stiffness.assemble(basis, weight=li),
                new * one + mobility * (laplace + drifting),
                None,
            ],
            [-stiffness.assemble(basis, weight=anion), None, new * one + laplace - drifting],
        ]

    def _logarithmic_blocks(self) -> list[list[Any]]:
        basis, mobility, new = self.inside, self.problem.mobility, self.weights[0]
        _, first, second, li, anion = self.fields(basis, self.state)
        of_li, of_anion = mass.assemble(basis, weight=li), mass.assemble(basis, weight=anion)
        drift_li = mobility * drift.assemble(basis, weight=li, field=first.grad)
        drift_anion = drift.assemble(basis, weight=anion, field=second.grad)
        move_li = mobility * stiffness.assemble(basis, weight=li)
        move_anion = stiffness.assemble(basis, weight=anion)
        held_li = new * of_li if self.problem.times else 0.0 * of_li
        return [
            [self.poisson + of_li + of_anion, -of_li, of_anion],
            [-drift_li - held_li, move_li + drift_li + held_li, None],
            [drift_anion + new * of_anion, None, move_anion + drift_anion + new * of_anion],
        ]

    def correction(self) -> float:
        self.update = self.factors.solve(self.right)
        return float(np.max(np.abs(self.update)))

    def correct(self, factor: float) -> None:
        self.state = self.state - factor * self.update

    def current(self) -> float:
        wall = self.walls[0]
        phi, _, _, li, _ = self.fields(wall, self.state)
        whole = float(np.sum(self._plating(li, phi.value, 0.0) * wall.dx))
        return whole * self.problem.current_unit / self.problem.aspect

    def least_concentration(self) -> float:
        return 1.0 if self.logarithmic else float(self.state[self.count :].min())


def names() -> dict[str, Any]:
    blas = scipy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    code = f"scikit-fem {skfem.__version__}, SciPy {scipy.__version__}"
    return {"code": code, "solver": f"SuperLU {ORDERING}", "blas": f"{blas['name']} {blas['version']}"}


if __name__ == "__main__":
    main(BEGAN, Cell, names)
