"""One combined matrix from the bilinear forms of all pairs of blocks.

Every form is assembled into its own CSR matrix by dolfinx; the places of their entries in the combined matrix are found
once. Rows and columns of periodic unknowns on the right are merged into those on the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem, la
from petsc4py import PETSc

from sim.solve.compat import Submesh, compile_form
from sim.solve.numbering import Numbering
from sim.solve.periodic import Exchange

Array = npt.NDArray[np.float64]
Keys = npt.NDArray[np.int64]


@dataclass
class _Part:
    """One bilinear form, its matrix and its weight class; where its entries go, and whether no two go to one place.

    ``places`` is None for the form whose own matrix is the combined one: the others are added to its entries.
    """

    form: fem.Form
    matrix: la.MatrixCSR
    data: Array
    storage: bool
    n_owned: int
    exchange: Exchange
    places: npt.NDArray[Any] | None
    is_injective: bool

    def add(self, weight: float, total: Array) -> None:
        """Assemble, and add the weighted entries to those of the combined matrix; collective."""
        self.data[:] = 0.0
        fem.assemble_matrix(self.matrix, self.form)
        self.matrix.scatter_reverse()
        if total is self.data:
            return
        entries = self.exchange(self.data[: self.n_owned])
        if weight != 1:
            entries = weight * entries
        if self.places is None:
            total += entries
        elif self.is_injective:
            total[self.places] += entries
        else:
            total += np.bincount(self.places, weights=entries, minlength=total.size)


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
        compiled = [
            (row, column, compile_form(form, submeshes), storage) for row, column, form, storage in forms
        ]
        matrices = [fem.create_matrix(form) for _, _, form, _ in compiled]
        exchanges, keys = [], []
        for (row, column, _, _), matrix in zip(compiled, matrices, strict=True):
            exchange, found = self._keys(matrix, row, column)
            exchanges.append(exchange)
            keys.append(found)
        diagonal = (np.arange(numbering.n_local, dtype=np.int64) + numbering.first) * (numbering.n_global + 1)
        longest = max(range(len(keys)), key=lambda number: keys[number].size)
        pattern = Pattern(keys[longest], [*keys[:longest], *keys[longest + 1 :], diagonal])
        is_injective = not numbering.pairs.slaves.size  # merged rows may add two entries of one form
        is_static = not compiled[longest][3]
        serves = is_static and self._is_combined(matrices[longest], pattern.keys)
        whole = matrices[longest] if serves else None
        self._parts: list[_Part] = []
        for (row, _, form, storage), matrix, exchange in zip(compiled, matrices, exchanges, strict=True):
            n_owned = int(matrix.indptr[numbering.maps[row].size_local])
            found = keys.pop(0)
            places = None if matrix is whole else pattern.places(found)
            part = _Part(form, matrix, matrix.data, storage, n_owned, exchange, places, is_injective)
            self._parts.insert(0 if matrix is whole else len(self._parts), part)
        self._values = self._parts[0].data if whole is not None else np.zeros(pattern.keys.size)
        self._lay_out(pattern.keys, pinned_rows, whole)

    def _is_combined(self, matrix: la.MatrixCSR, keys: Keys) -> bool:
        """Whether one form's matrix has the rows and columns of the combined one, so that its arrays can serve."""
        numbering = self._numbering
        starts = np.arange(numbering.n_local + 1, dtype=np.int64) * numbering.n_global
        return (
            numbering.comm.size == 1
            and not numbering.pairs.slaves.size
            and matrix.indices.dtype == PETSc.IntType
            and matrix.indices.size == keys.size
            and matrix.indptr.size == numbering.n_local + 1
            and np.array_equal(matrix.indices, keys % numbering.n_global)
            and np.array_equal(matrix.indptr, np.searchsorted(keys, starts))
        )

    def _keys(self, matrix: la.MatrixCSR, row: int, column: int) -> tuple[Exchange, Keys]:
        """(row, column) of every owned entry of one form's matrix as one number, and who gets it; collective."""
        numbering = self._numbering
        n_rows = numbering.maps[row].size_local
        start = numbering.first + numbering.offsets[row]
        names = np.arange(n_rows, dtype=np.int64) + start
        rows = np.repeat(numbering.pairs.merged(names), np.diff(matrix.indptr[: n_rows + 1]))
        index_map = matrix.index_map(1)
        columns = numbering.pairs.merged(numbering.columns(column, index_map.ghosts, index_map.owners))
        exchange = Exchange(numbering.pairs, rows)
        rows *= numbering.n_global
        rows += columns[matrix.indices[: rows.size]]
        return exchange, exchange(rows)

    def _lay_out(
        self, combined: Keys, pinned_rows: npt.NDArray[np.int64], whole: la.MatrixCSR | None
    ) -> None:
        """The pattern; rows of pinned dofs and of slaves hold the identity. ``whole``: whose arrays to share."""
        numbering, n = self._numbering, self._numbering.n_global
        row_of = (combined // n - numbering.first).astype(PETSc.IntType)
        self._columns: npt.NDArray[Any] = (
            whole.indices if whole is not None else (combined % n).astype(PETSc.IntType)
        )
        counts = np.bincount(row_of, minlength=numbering.n_local)
        self._indptr = np.concatenate([[0], np.cumsum(counts)]).astype(PETSc.IntType)
        self._pinned = (
            np.flatnonzero(np.isin(row_of, pinned_rows)) if pinned_rows.size else np.empty(0, np.int64)
        )
        on_diagonal = self._columns[self._pinned] == row_of[self._pinned] + numbering.first
        self._pinned_diagonal = self._pinned[on_diagonal]
        self._slave_diagonal = self._indptr[numbering.pairs.own_slaves]
        sizes, csr = (numbering.n_local, n), (self._indptr, self._columns, self._values)
        self._shares = numbering.comm.size == 1
        create = PETSc.Mat().createAIJWithArrays if self._shares else PETSc.Mat().createAIJ
        self.matrix = create((sizes, sizes), csr=csr, comm=numbering.comm)

    def assemble(self, storage_weight: float, *, pin: bool) -> PETSc.Mat:
        """K + storage_weight M, with the pinned rows replaced by the identity where ``pin``; collective."""
        values = self._entries(1.0, storage_weight, self._values)
        values[self._slave_diagonal] = 1.0
        if pin:
            values[self._pinned] = 0.0
            values[self._pinned_diagonal] = 1.0
        if not self._shares:  # on one rank PETSc's matrix has these very arrays
            self.matrix.zeroEntries()
            self.matrix.setValuesCSR(self._indptr, self._columns, values)
        self.matrix.assemble()
        self.matrix.stateIncrease()
        return self.matrix

    def split(self) -> SplitMatrix:
        """K and M apart, nothing pinned; the identity of tied rows belongs to K. Collective."""
        size = self._columns.size
        static = self._entries(1.0, 0.0, np.empty(size))
        stored = self._entries(0.0, 1.0, np.empty(size))
        static[self._slave_diagonal] = 1.0
        return SplitMatrix(self._indptr, self._columns, static, stored)

    def _entries(self, static_weight: float, storage_weight: float, total: Array) -> Array:
        """Set the entries to static_weight K + storage_weight M in the combined pattern; collective."""
        total[:] = 0.0
        for part in self._parts:
            weight = storage_weight if part.storage else static_weight
            if weight:
                part.add(weight, total)
        return total


class Pattern:
    """Increasing distinct keys of several lists, and where each list's keys stand among them.

    What `numpy.unique` of all would give. The first list is nearly all there is, and increases save where sides are
    periodic; then nothing of its size is sorted, and the places are counted instead of looked up.
    """

    def __init__(self, first: Keys, others: list[Keys]) -> None:
        self._first = first if np.all(first[1:] > first[:-1]) else np.unique(first)
        new = np.unique(np.concatenate(others))
        near = np.minimum(np.searchsorted(self._first, new), self._first.size - 1)
        new = new[self._first[near] != new]
        self._inserted = np.searchsorted(self._first, new)
        self.keys: Keys = np.insert(self._first, self._inserted, new)
        self._narrow = np.int32 if self.keys.size <= np.iinfo(np.int32).max else np.int64
        self._known: npt.NDArray[Any] | None = None

    def places(self, keys: Keys) -> npt.NDArray[Any]:
        """Where keys of one of the lists stand, in as few bytes as will do; one array for equal lists."""
        if keys.size != self._first.size or not np.array_equal(keys, self._first):
            return np.searchsorted(self.keys, keys).astype(self._narrow)
        if self._known is None:
            places: npt.NDArray[Any] = np.zeros(keys.size + 1, dtype=self._narrow)
            np.add.at(places, self._inserted, 1)  # new keys before each
            np.cumsum(places, out=places)
            np.add(places[:-1], np.arange(keys.size, dtype=self._narrow), out=places[:-1])
            self._known = places[:-1]
        return self._known
