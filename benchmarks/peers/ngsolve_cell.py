"""The benchmark cell in NGSolve (PyPI: ngsolve); `common` has the equations and the arguments."""

from __future__ import annotations

import time

BEGAN = time.perf_counter()  # before the library is loaded: its import is part of the set-up

from typing import Any  # noqa: E402

import ngsolve as ng  # noqa: E402
import numpy as np  # noqa: E402
from common import Problem, main  # noqa: E402
from ngsolve.meshes import MakeStructured2DMesh  # noqa: E402

#: fastest of the direct solvers for unsymmetric matrices in the wheels of PyPI
INVERSE = "umfpack"


def structured_mesh(problem: Problem) -> ng.Mesh:
    """Quadrilaterals; with elements of higher order a wavy anode is followed by a quadratic deformation."""
    rows, count = problem.row_lines(), len(problem.row_lines()) - 1
    wavy, straight = problem.amplitude > 0, problem.order == 1

    def place(x: float, y: float) -> tuple[float, float]:
        across = float(rows[round(y * count)])
        along = x * problem.aspect
        return along, across + (problem.rise(along) * (1 - across) if wavy and straight else 0.0)

    mesh = MakeStructured2DMesh(quads=True, nx=problem.columns, ny=count, mapping=place)
    if wavy and not straight:
        shift = ng.GridFunction(ng.VectorH1(mesh, order=2))
        shift.Set(ng.CF((0.0, problem.rise(ng.x, ng.cos) * (1 - ng.y))))
        mesh.SetDeformation(shift)
    return mesh


class Cell:
    """Unknowns phi, c+, c- or phi, mu+, mu- in H1; the residual as symbolic integrators."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        mesh = structured_mesh(problem)
        single = ng.H1(mesh, order=problem.order)
        self.space = ng.FESpace([single, single, single])
        self.unknowns = self.space.ndof
        self.mesh = mesh
        self.state, self.old, self.older = (ng.GridFunction(self.space) for _ in range(3))
        self.new_weight, self.old_weight, self.older_weight = (ng.Parameter(0.0) for _ in range(3))
        self.logarithmic = problem.formulation == "potentials"
        if not self.logarithmic:
            self.state.components[1].Set(1.0)
            self.state.components[2].Set(1.0)
        self.shift()
        # the bubbles of elements of higher order are eliminated cell by cell
        self.form = ng.BilinearForm(self.space, condense=problem.order > 1)
        self._write()
        self.load, self.update = self.state.vec.CreateVector(), self.state.vec.CreateVector()
        self.inverse: Any = None

    def concentrations(self, phi: Any, first: Any, second: Any) -> tuple[Any, Any]:
        return (ng.exp(first - phi), ng.exp(second + phi)) if self.logarithmic else (first, second)

    def _write(self) -> None:
        """Sum the residual."""
        p, grad = self.problem, ng.grad
        (phi, first, second), (v, v_li, v_anion) = self.space.TnT()
        li, anion = self.concentrations(phi, first, second)
        if self.logarithmic:
            flux_li, flux_anion = p.mobility * li * grad(first), anion * grad(second)
        else:
            flux_li = p.mobility * (grad(li) + li * grad(phi))
            flux_anion = grad(anion) - anion * grad(phi)
        extra = 2 if self.logarithmic and p.order > 1 else 0
        inside = ng.dx(bonus_intorder=extra)
        rates = self._rates((li, anion))
        holds_lithium = bool(p.times) or not self.logarithmic  # the direct steady state: the anion alone
        equations = [
            p.lam2 * grad(phi) * grad(v) - (li - anion) * v,
            flux_li * grad(v_li) + (rates[0] * v_li if holds_lithium else 0.0 * v_li),
            flux_anion * grad(v_anion) + rates[1] * v_anion,
        ]
        if p.compiled:  # together: each expression takes its compiler five seconds
            self.form += sum(equations[1:], equations[0]).Compile(True, wait=True) * inside
        else:
            for equation in equations:
                self.form += equation * inside
        for side, metal in (("bottom", 0.0), ("top", p.drive)):
            plating = p.rate * (li * ng.exp((phi - metal) / 2) - ng.exp((metal - phi) / 2))
            wall = plating * v_li - p.lam2 * p.width / p.stern * (metal - phi) * v
            self.form += wall * ng.ds(side, bonus_intorder=extra)

    def _rates(self, now: tuple[Any, Any]) -> list[Any]:
        """Time derivatives of c+ and c-, of as many levels as the scheme has."""
        rates = [self.new_weight * one for one in now]
        levels = [(self.old_weight, self.old)]
        if self.problem.times and self.problem.scheme == "bdf2":
            levels.append((self.older_weight, self.older))
        for weight, level in levels:
            before = self.concentrations(*level.components)
            rates = [rate + weight * one for rate, one in zip(rates, before, strict=True)]
        return rates

    def save(self) -> Any:
        return self.state.vec.FV().NumPy().copy()

    def restore(self, state: Any) -> None:
        self.state.vec.FV().NumPy()[:] = state

    def extrapolate(self, factor: float) -> None:
        old, older = (level.vec.FV().NumPy() for level in (self.old, self.older))
        self.state.vec.FV().NumPy()[:] += factor * (old - older)

    def weigh(self, new: float, old: float, older: float) -> None:
        for parameter, weight in (
            (self.new_weight, new),
            (self.old_weight, old),
            (self.older_weight, older),
        ):
            parameter.Set(weight)

    def shift(self) -> None:
        self.older.vec.data = self.old.vec
        self.old.vec.data = self.state.vec

    def residual(self) -> None:
        self.form.Apply(self.state.vec, self.load)

    def factorise(self) -> None:
        self.form.AssembleLinearization(self.state.vec)
        free = self.space.FreeDofs(self.form.condense)
        self.inverse = self.form.mat.Inverse(free, inverse=INVERSE)

    def correction(self) -> float:
        form = self.form
        if not form.condense:
            self.update.data = self.inverse * self.load
        else:
            self.load.data += form.harmonic_extension_trans * self.load
            self.update.data = self.inverse * self.load
            self.update.data += form.harmonic_extension * self.update
            self.update.data += form.inner_solve * self.load
        return float(np.max(np.abs(self.update.FV().NumPy())))

    def correct(self, factor: float) -> None:
        self.state.vec.data -= factor * self.update

    def current(self) -> float:
        phi, first, second = self.state.components
        li, _ = self.concentrations(phi, first, second)
        plating = self.problem.rate * (li * ng.exp(phi / 2) - ng.exp(-phi / 2))
        anode = self.mesh.Boundaries("bottom")
        whole = ng.Integrate(plating, self.mesh, ng.BND, definedon=anode, order=2 * self.problem.order + 4)
        return float(whole) * self.problem.current_unit / self.problem.aspect

    def least_concentration(self) -> float:
        if self.logarithmic:
            return 1.0
        vertices = self.mesh.nv
        return min(float(self.state.components[i].vec.FV().NumPy()[:vertices].min()) for i in (1, 2))


def names() -> dict[str, Any]:
    from importlib.metadata import distributions

    blas = [d for d in distributions() if d.name.replace("-", "_") in ("ngsolve_openblas", "mkl")]
    library = ", ".join(f"{d.name} {d.version}" for d in blas) or "unknown"
    return {"code": f"NGSolve {ng.__version__}", "solver": INVERSE, "blas": library}


if __name__ == "__main__":
    main(BEGAN, Cell, names)
