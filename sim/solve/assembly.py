"""From equations to one sparse system: compiled forms, one combined matrix, global unknowns as a border.

Rows and columns are numbered rank by rank, block by block. Every form is assembled into its own CSR matrix by dolfinx;
the positions of their entries in the combined matrix are found once, so that a Jacobian is one weighted ``bincount``.
Periodic sides are tied here, by merging rows and columns of the unknowns on the right into those on the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la
from mpi4py import MPI
from petsc4py import PETSc

from sim.solve.compat import Submesh, compile_form
from sim.solve.parallel import total
from sim.solve.periodic import Exchange, pair_sides
from sim.solve.residual import Constraint, Equation
from sim.solve.spaces import Block, GlobalUnknown

Array = npt.NDArray[np.float64]


class Numbering:
    """Where each block's dofs stand in the combined unknown vector, and which are tied over periodic sides."""

    def __init__(self, comm: MPI.Comm, blocks: list[Block], period: float | None = None) -> None:
        self.comm = comm
        self.blocks = blocks
        self.maps = [block.function.function_space.dofmap.index_map for block in blocks]
        sizes = np.array([index_map.size_local for index_map in self.maps], dtype=np.int64)
        self.offsets = np.concatenate([[0], np.cumsum(sizes)])
        everyone = np.array(comm.allgather(sizes))
        self._rank_start = np.concatenate([[0], np.cumsum(everyone.sum(axis=1))])
        self._within = np.concatenate(
            [np.zeros((comm.size, 1), np.int64), np.cumsum(everyone, axis=1)], axis=1
        )
        self._block_start = np.concatenate(
            [np.zeros((1, len(blocks)), np.int64), np.cumsum(everyone, axis=0)]
        )
        self.n_local, self.n_global = int(sizes.sum()), int(everyone.sum())
        self.first = int(self._rank_start[comm.rank])
        self.pairs = pair_sides(comm, blocks, self.offsets[:-1], self.first, self.n_local, period)

    def columns(self, block: int, ghosts: Any, owners: Any) -> npt.NDArray[np.int64]:
        """Combined global index of a block's local columns, owned then ghosts."""
        rank, n = self.comm.rank, self.maps[block].size_local
        own = self.first + self._within[rank, block] + np.arange(n)
        owners = np.asarray(owners, dtype=np.int64)
        there = self._rank_start[owners] + self._within[owners, block]
        return np.concatenate([own, there + np.asarray(ghosts) - self._block_start[owners, block]])

    def pack(self) -> Array:
        """Owned values of all blocks."""
        parts = zip(self.blocks, self.maps, strict=True)
        return np.concatenate([block.function.x.array[: m.size_local] for block, m in parts])

    def unpack(self, values: Array) -> None:
        """Set all blocks from owned values, tied ones from their masters', and update their ghosts."""
        values = values.copy()
        self.pairs.copy(values)
        for number, block in enumerate(self.blocks):
            start, stop = self.offsets[number], self.offsets[number + 1]
            block.function.x.array[: stop - start] = values[start:stop]
            block.function.x.scatter_forward()


class VectorForms:
    """Linear forms by row block, assembled into one owned vector; periodic sides are folded."""

    def __init__(
        self, numbering: Numbering, forms: list[tuple[int, Any]], submeshes: tuple[Submesh, ...]
    ) -> None:
        self._numbering = numbering
        self._forms = [(row, compile_form(form, submeshes)) for row, form in forms]
        self._vectors = [la.vector(index_map, 1) for index_map in numbering.maps]

    def assemble(self) -> Array:
        """The owned vector; collective."""
        numbering = self._numbering
        for vector in self._vectors:
            vector.array[:] = 0.0
        for row, form in self._forms:
            fem.assemble_vector(self._vectors[row].array, form)
        for vector in self._vectors:
            vector.scatter_reverse(la.InsertMode.add)
        parts = zip(self._vectors, numbering.maps, strict=True)
        result = np.concatenate([vector.array[: index_map.size_local] for vector, index_map in parts])
        numbering.pairs.fold(result)
        return result


@dataclass
class _Part:
    """One bilinear form, its matrix and its weight class."""

    form: fem.Form
    matrix: la.MatrixCSR
    storage: bool
    n_owned: int


@dataclass(frozen=True)
class SplitMatrix:
    """This rank's rows of K (static) and M (storage) in one CSR pattern with combined global columns."""

    starts: npt.NDArray[Any]
    columns: npt.NDArray[Any]
    static: Array
    stored: Array


class MatrixForms:
    """Bilinear forms of a static and a storage part, combined into one PETSc matrix K + weight * M."""

    def __init__(
        self,
        numbering: Numbering,
        forms: list[tuple[int, int, Any, bool]],
        submeshes: tuple[Submesh, ...],
        pinned_rows: npt.NDArray[np.int64],
    ) -> None:
        self._numbering = numbering
        self._parts: list[_Part] = []
        rows: list[Any] = []
        columns: list[Any] = []
        for row, column, form, storage in forms:
            compiled = compile_form(form, submeshes)
            matrix = fem.create_matrix(compiled)
            n_rows = numbering.maps[row].size_local
            n_owned = int(matrix.indptr[n_rows])
            self._parts.append(_Part(compiled, matrix, storage, n_owned))
            counts = np.diff(matrix.indptr[: n_rows + 1])
            start = numbering.first + numbering.offsets[row]
            rows.append(np.repeat(np.arange(n_rows, dtype=np.int64) + start, counts))
            index_map = matrix.index_map(1)
            names = numbering.columns(column, index_map.ghosts, index_map.owners)
            columns.append(names[matrix.indices[:n_owned]])
        self._combine(rows, columns, pinned_rows)

    def _combine(self, rows: list[Any], columns: list[Any], pinned_rows: npt.NDArray[np.int64]) -> None:
        """Positions of all entries in the combined CSR; rows of pinned dofs and of slaves hold the identity."""
        n, first, pairs = self._numbering.n_global, self._numbering.first, self._numbering.pairs
        diagonal = np.arange(self._numbering.n_local, dtype=np.int64) + first
        merged_rows = np.concatenate([*(pairs.merged(part) for part in rows), diagonal])
        merged_columns = np.concatenate([*(pairs.merged(part) for part in columns), diagonal])
        self._exchange = Exchange(pairs, merged_rows)
        unique, self._positions = _ranked(self._exchange(merged_rows * n + merged_columns))
        row_of, self._columns = unique // n - first, (unique % n).astype(PETSc.IntType)
        counts = np.bincount(row_of, minlength=self._numbering.n_local)
        self._indptr = np.concatenate([[0], np.cumsum(counts)]).astype(PETSc.IntType)
        self._is_pinned = np.isin(row_of, pinned_rows)
        self._pinned_diagonal = self._is_pinned & (self._columns == row_of + first)
        self._slave_diagonal = self._indptr[pairs.own_slaves]
        sizes = (self._numbering.n_local, self._numbering.n_global)
        csr = (self._indptr, self._columns, np.zeros(unique.size))
        self.matrix = PETSc.Mat().createAIJ((sizes, sizes), csr=csr, comm=self._numbering.comm)

    def assemble(self, storage_weight: float, *, pin: bool) -> PETSc.Mat:
        """K + storage_weight M, with the pinned rows replaced by the identity where ``pin``; collective."""
        data = self._entries(1.0, storage_weight)
        data[self._slave_diagonal] = 1.0
        if pin:
            data[self._is_pinned] = 0.0
            data[self._pinned_diagonal] = 1.0
        self.matrix.zeroEntries()
        self.matrix.setValuesCSR(self._indptr, self._columns, data)
        self.matrix.assemble()
        return self.matrix

    def split(self) -> SplitMatrix:
        """K and M apart, nothing pinned; the identity of tied rows belongs to K. Collective."""
        static, stored = self._entries(1.0, 0.0), self._entries(0.0, 1.0)
        static[self._slave_diagonal] = 1.0
        return SplitMatrix(self._indptr, self._columns, static, stored)

    def _entries(self, static_weight: float, storage_weight: float) -> Array:
        """Entries of static_weight K + storage_weight M in the combined pattern; collective."""
        values = []
        for part in self._parts:
            weight = storage_weight if part.storage else static_weight
            if weight == 0:
                values.append(np.zeros(part.n_owned))
                continue
            part.matrix.data[:] = 0.0
            fem.assemble_matrix(part.matrix, part.form)
            part.matrix.scatter_reverse()
            data = part.matrix.data[: part.n_owned]
            values.append(data.copy() if weight == 1 else weight * data)
        values.append(np.zeros(self._numbering.n_local))
        weights = self._exchange(np.concatenate(values))
        data = np.bincount(self._positions, weights=weights, minlength=self._columns.size)
        return np.asarray(data, dtype=np.float64)


def _ranked(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Increasing distinct keys, and the place of every key among them.

    What `numpy.unique` gives; the keys are a few increasing runs, which a stable sort merges fifty times faster.
    """
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_new = np.ones(keys.size, dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    positions = np.empty(keys.size, dtype=np.int64)
    positions[order] = np.cumsum(is_new) - 1
    return ordered[is_new], positions


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


def jacobian_forms(equations: list[Equation], blocks: list[Block]) -> list[tuple[int, int, Any, bool]]:
    """(row, column, bilinear form, storage) of all non-zero derivatives."""
    found = []
    for row, equation in enumerate(equations):
        terms = [(form, False) for form in equation.forms]
        if equation.storage is not None:
            terms.append((equation.storage, True))
        for form, storage in terms:
            for column, block in enumerate(blocks):
                if not depends(form, block.function):
                    continue
                derivative = ufl.derivative(form, block.function)
                if nonzero(derivative):
                    found.append((row, column, derivative, storage))
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
