"""The bulk's part of the Jacobian on one rank, in as few bytes as will do.

Nearly all entries of a cell's matrix come from one form over all its cells. PETSc assembles it straight into the arrays
of the combined matrix, without a matrix of its own. Unknowns that no term couples have no entry in it: with Poisson
neither ion's balance knows the other's electrochemical potential, which leaves out two of nine.
Kernels compute all pairs of a cell's unknowns; PETSc drops what has no place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from petsc4py import PETSc

from sim.solve.compat import assemble_into
from sim.solve.numbering import Numbering
from sim.solve.spaces import Block

Integers = npt.NDArray[Any]


def is_direct(numbering: Numbering, form: Any) -> bool:
    """Whether PETSc can assemble a form of the first block: one rank, no tied sides, and it is one over all cells, so
    that its pattern is that of all such forms."""
    alone = numbering.comm.size == 1 and not numbering.pairs.slaves.size
    return bool(alone and form.integrals_by_type("cell"))


def bulk_pattern(
    form: fem.Form, block: Block, uncoupled: Iterable[tuple[str, str]]
) -> tuple[Integers, Integers]:
    """Rows and columns of a form's entries, without those of uncoupled (row, column) components; row by row."""
    whole = fem.create_matrix(form)
    columns = np.asarray(whole.indices)
    rows = np.repeat(np.arange(whole.indptr.size - 1, dtype=columns.dtype), np.diff(whole.indptr))
    component = np.empty(whole.indptr.size - 1, dtype=np.int8)
    for number, name in enumerate(block.names):
        component[block.component_dofs(name)] = number
    coupled = np.ones((len(block.names), len(block.names)), dtype=bool)
    for row, column in uncoupled:
        coupled[block.names.index(row), block.names.index(column)] = False
    kept = coupled[component[rows], component[columns]]
    return rows[kept], columns[kept]


class BulkForms:
    """Forms of the first block: the leading ``n_block`` rows and columns of a matrix with places for their entries."""

    def __init__(self, forms: list[fem.Form], n_block: int, matrix: PETSc.Mat) -> None:
        self._forms, self._matrix = forms, matrix
        matrix.setOption(PETSc.Mat.Option.NEW_NONZERO_LOCATIONS, False)
        numbers = PETSc.LGMap().create(np.arange(n_block, dtype=PETSc.IntType), comm=PETSc.COMM_SELF)
        matrix.setLGMap(numbers, numbers)

    def add(self) -> None:
        """Assemble, and add to the entries of the matrix."""
        for form in self._forms:
            assemble_into(self._matrix, form)
        self._matrix.assemble()
