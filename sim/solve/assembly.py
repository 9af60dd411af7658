"""From equations to one sparse system: compiled forms, their derivatives, global unknowns as a border.

The combined matrix is made in ``sim.solve.matrix``, the numbering of its rows in ``sim.solve.numbering``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la
from mpi4py import MPI

from sim.solve.compat import Submesh, compile_form
from sim.solve.numbering import Numbering
from sim.solve.parallel import total
from sim.solve.residual import Constraint, Equation
from sim.solve.spaces import Block, GlobalUnknown

Array = npt.NDArray[np.float64]


class VectorForms:
    """Linear forms by row block, assembled into one owned vector; periodic sides are folded."""

    def __init__(
        self, numbering: Numbering, forms: list[tuple[int, Any]], submeshes: tuple[Submesh, ...]
    ) -> None:
        self._numbering = numbering
        self._forms = [(row, compile_form(form, submeshes)) for row, form in forms]

    def assemble(self) -> Array:
        """The owned vector; collective."""
        numbering, vectors = self._numbering, self._numbering.scratch
        for vector in vectors:
            vector.array[:] = 0.0
        for row, form in self._forms:
            fem.assemble_vector(vectors[row].array, form)
        for vector in vectors:
            vector.scatter_reverse(la.InsertMode.add)
        parts = zip(vectors, numbering.maps, strict=True)
        result = np.concatenate([vector.array[: index_map.size_local] for vector, index_map in parts])
        numbering.pairs.fold(result)
        return result


class ScalarForms:
    """Sum of functionals, reduced over the ranks."""

    def __init__(self, comm: MPI.Comm, terms: list[Any], submeshes: tuple[Submesh, ...]) -> None:
        self._comm = comm
        self._forms = [compile_form(term, submeshes) for term in terms]

    def assemble(self) -> float:
        """The number; collective."""
        return float(total(self._comm, sum(fem.assemble_scalar(form) for form in self._forms)))


def nonzero(form: Any) -> bool:
    """Whether a form has anything to integrate once its derivatives are carried out."""
    return not ufl.algorithms.expand_derivatives(form).empty()


def depends(form: Any, function: fem.Function) -> bool:
    """Whether a function stands in a form at all, which is soon found; its derivative may vanish nevertheless."""
    return function in form.coefficients()


class Weights:
    """What the static and the storage part of a Jacobian are multiplied by: two constants of its forms on every mesh.

    One kernel computes both parts, in two thirds of the time that two take.
    """

    def __init__(self) -> None:
        self._pairs: dict[Any, tuple[fem.Constant, fem.Constant]] = {}

    def weighted(self, static: Any, storage: Any | None) -> Any:
        """The sum of two forms on one mesh with their weights, so far 1."""
        domain = static.ufl_domain()
        if domain not in self._pairs:
            self._pairs[domain] = fem.Constant(domain, 1.0), fem.Constant(domain, 1.0)
        of_static, of_storage = self._pairs[domain]
        return of_static * static if storage is None else of_static * static + of_storage * storage

    def set(self, static: float, storage: float) -> None:
        """Both weights, on all meshes."""
        for of_static, of_storage in self._pairs.values():
            of_static.value, of_storage.value = static, storage


def jacobian_forms(
    equations: list[Equation], blocks: list[Block], weights: Weights | None
) -> list[tuple[int, int, Any]]:
    """(row, column, bilinear form) of all non-zero derivatives; without weights those of the static part alone."""
    found = []
    for row, equation in enumerate(equations):
        terms = list(equation.forms)
        if weights is not None:
            stored = [equation.storage, *[None] * (len(terms) - 1)]
            terms = [weights.weighted(term, storage) for term, storage in zip(terms, stored, strict=True)]
        for form in terms:
            for column, block in enumerate(blocks):
                if not depends(form, block.function):
                    continue
                derivative = ufl.derivative(form, block.function)
                if nonzero(derivative):
                    found.append((row, column, derivative))
    return found


class Border:
    """One constraint as a bordered row and column: derivatives of the residual and of the constraint."""

    def __init__(
        self,
        constraint: Constraint,
        equations: list[Equation],
        numbering: Numbering,
        submeshes: tuple[Submesh, ...],
        unknowns: list[GlobalUnknown],
    ) -> None:
        comm, unknown = numbering.comm, constraint.unknown
        self.constraint = constraint
        self.target = 0.0
        storage = [] if constraint.storage is None else [constraint.storage]
        self._static = ScalarForms(comm, constraint.terms, submeshes)
        self._stored = ScalarForms(comm, storage, submeshes)
        # the constraint may depend on the others' unknowns too: electroneutral currents on the level of the anion
        self._slopes = [
            ScalarForms(comm, slopes_of(constraint.terms, other), submeshes) for other in unknowns
        ]
        self._stored_slopes = [ScalarForms(comm, slopes_of(storage, other), submeshes) for other in unknowns]
        column, column_stored = [], []
        for row, equation in enumerate(equations):
            column += [(row, d) for d in slopes_of(equation.forms, unknown)]
            if equation.storage is not None:
                column_stored += [(row, d) for d in slopes_of([equation.storage], unknown)]
        self._column = VectorForms(numbering, column, submeshes)
        self._column_stored = VectorForms(numbering, column_stored, submeshes)
        self._row = VectorForms(numbering, gradients_of(constraint.terms, numbering.blocks), submeshes)
        self._row_stored = VectorForms(numbering, gradients_of(storage, numbering.blocks), submeshes)

    def value(self) -> float:
        """Static part of the constraint less its target."""
        return self._static.assemble() - self.target

    def hold(self) -> None:
        """Make the present value the target."""
        self.target = self._static.assemble()

    def stored(self) -> float:
        """The quantity whose rate of change enters the constraint."""
        return self._stored.assemble()

    def column(self, storage_weight: float) -> Array:
        """d(residual)/d(unknown), owned."""
        static = self._column.assemble()
        return static + storage_weight * self._column_stored.assemble() if storage_weight else static

    def row(self, storage_weight: float) -> Array:
        """d(constraint)/d(blocks), owned."""
        static = self._row.assemble()
        return static + storage_weight * self._row_stored.assemble() if storage_weight else static

    def split_column(self) -> tuple[Array, Array]:
        """Static and stored part of d(residual)/d(unknown), owned."""
        return self._column.assemble(), self._column_stored.assemble()

    def split_row(self) -> tuple[Array, Array]:
        """Static and stored part of d(constraint)/d(blocks), owned."""
        return self._row.assemble(), self._row_stored.assemble()

    def split_corner(self) -> tuple[Array, Array]:
        """Static and stored part of d(constraint)/d(every bordered unknown)."""
        return (
            np.array([slope.assemble() for slope in self._slopes]),
            np.array([slope.assemble() for slope in self._stored_slopes]),
        )

    def corner(self, storage_weight: float) -> Array:
        """d(constraint)/d(every bordered unknown)."""
        static = np.array([slope.assemble() for slope in self._slopes])
        if not storage_weight:
            return static
        return static + storage_weight * np.array([slope.assemble() for slope in self._stored_slopes])


def slopes_of(terms: list[Any], unknown: GlobalUnknown) -> list[Any]:
    """Non-zero derivatives of forms by a global unknown."""
    mentioning = [term for term in terms if depends(term, unknown.function)]
    return [derivative for derivative in map(unknown.derivative, mentioning) if nonzero(derivative)]


def gradients_of(terms: list[Any], blocks: list[Block]) -> list[tuple[int, Any]]:
    """(block, derivative) of functionals by every block they depend on."""
    return [
        (number, derivative)
        for term in terms
        for number, block in enumerate(blocks)
        if depends(term, block.function) and nonzero(derivative := ufl.derivative(term, block.function))
    ]
