"""One combined matrix from the bilinear forms of all pairs of blocks.

Every form is assembled into its own CSR matrix by dolfinx; the places of their entries in the combined matrix are found
once. Rows and columns of periodic unknowns on the right are merged into those on the left. On one rank the bulk's
forms, nearly all there is, have no matrix of their own (``sim.solve.bulk_matrix``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem, la
from petsc4py import PETSc

from sim.solve.assembly import Weights
from sim.solve.bulk_matrix import BulkForms, bulk_pattern, is_direct
from sim.solve.compat import Submesh, compile_form
from sim.solve.numbering import Numbering
from sim.solve.periodic import Exchange

Array = npt.NDArray[np.float64]
Keys = npt.NDArray[np.int64]


@dataclass
class _Part:
    """One bilinear form and its matrix; where its entries go, and whether no two go to one place."""

    form: fem.Form
    matrix: la.MatrixCSR
    data: Array
    n_owned: int
    exchange: Exchange
    places: npt.NDArray[Any]
    is_injective: bool

    def add(self, total: Array) -> None:
        """Assemble, and add the entries to those of the combined matrix; collective."""
        self.data[:] = 0.0
        fem.assemble_matrix(self.matrix, self.form)
        self.matrix.scatter_reverse()
        entries = self.exchange(self.data[: self.n_owned])
        if self.is_injective:
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
    """Bilinear forms, combined into one PETSc matrix K + weight * M with the weights that stand in the forms.

    Steady cells have no ``weights`` and no M.
    """

    def __init__(
        self,
        numbering: Numbering,
        forms: list[tuple[int, int, Any]],
        weights: Weights | None,
        submeshes: tuple[Submesh, ...],
        pinned_rows: npt.NDArray[np.int64],
        uncoupled: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._numbering, self._weights = numbering, weights
        direct: list[fem.Form] = []
        others: list[tuple[int, int, fem.Form]] = []
        for row, column, form in forms:
            compiled = compile_form(form, submeshes)
            if row == column == 0 and is_direct(numbering, form):
                direct.append(compiled)
            else:
                others.append((row, column, compiled))
        matrices = [fem.create_matrix(form) for _, _, form in others]
        exchanges, keys = [], []
        for (row, column, _), matrix in zip(others, matrices, strict=True):
            exchange, found = self._keys(matrix, row, column)
            exchanges.append(exchange)
            keys.append(found)
        diagonal = (np.arange(numbering.n_local, dtype=np.int64) + numbering.first) * (numbering.n_global + 1)
        if direct:
            rows, columns = bulk_pattern(direct[0], numbering.blocks[0], uncoupled)
            pattern = Pattern(rows.astype(np.int64) * numbering.n_global + columns, [*keys, diagonal])
        else:
            longest = max(keys, key=len)
            pattern = Pattern(longest, [*(found for found in keys if found is not longest), diagonal])
        is_injective = not numbering.pairs.slaves.size  # merged rows may add two entries of one form
        self._parts: list[_Part] = []
        for (row, _, form), matrix, exchange in zip(others, matrices, exchanges, strict=True):
            n_owned = int(matrix.indptr[numbering.maps[row].size_local])
            places = pattern.places(keys.pop(0))
            self._parts.append(_Part(form, matrix, matrix.data, n_owned, exchange, places, is_injective))
        self._lay_out(pattern.keys, pinned_rows, direct)

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

    def _lay_out(self, combined: Keys, pinned_rows: npt.NDArray[np.int64], direct: list[fem.Form]) -> None:
        """The pattern; rows of pinned dofs and of slaves hold the identity."""
        numbering, n = self._numbering, self._numbering.n_global
        row_of = (combined // n - numbering.first).astype(PETSc.IntType)
        self._columns: npt.NDArray[Any] = (combined % n).astype(PETSc.IntType)
        counts = np.bincount(row_of, minlength=numbering.n_local)
        self._indptr = np.concatenate([[0], np.cumsum(counts)]).astype(PETSc.IntType)
        self._pinned = (
            np.flatnonzero(np.isin(row_of, pinned_rows)) if pinned_rows.size else np.empty(0, np.int64)
        )
        on_diagonal = self._columns[self._pinned] == row_of[self._pinned] + numbering.first
        self._pinned_diagonal = self._pinned[on_diagonal]
        self._slave_diagonal = self._indptr[numbering.pairs.own_slaves]
        self._shares = numbering.comm.size == 1
        self._values = np.zeros(combined.size)
        sizes, csr = (numbering.n_local, n), (self._indptr, self._columns, self._values)
        create = PETSc.Mat().createAIJWithArrays if self._shares else PETSc.Mat().createAIJ
        self.matrix = create((sizes, sizes), csr=csr, comm=numbering.comm)
        self._bulk = BulkForms(direct, numbering.maps[0].size_local, self.matrix) if direct else None

    def assemble(self, storage_weight: float, *, pin: bool) -> PETSc.Mat:
        """K + storage_weight M, with the pinned rows replaced by the identity where ``pin``; collective."""
        values = self._entries(1.0, storage_weight)
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
        stored = self._entries(0.0, 1.0).copy()
        static = self._entries(1.0, 0.0).copy()
        static[self._slave_diagonal] = 1.0
        return SplitMatrix(self._indptr, self._columns, static, stored)

    def _entries(self, static_weight: float, storage_weight: float) -> Array:
        """Set the entries to static_weight K + storage_weight M in the combined pattern; collective."""
        if self._weights is not None:
            self._weights.set(static_weight, storage_weight)
        self._values[:] = 0.0
        if self._bulk is not None:
            self._bulk.add()
        for part in self._parts:
            part.add(self._values)
        return self._values


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
