"""Linear response of the cell to a small alternating potential of the counter electrode.

With the static residual F and the stored quantities S of ``sim.solve.system``, K = dF/du, M = dS/du, k, m their
derivatives by the counter's potential V, and likewise the row r + i w s of the galvanostatic constraint (the cell
current, Faradaic plus displacement) with its corner c + i w d,

    (K + i w M) du + (k + i w m) dV = 0,        dI = (r + i w s) . du + (c + i w d) dV

about a steady state. PETSc is real here: du = a + i b solves [[K, -w M], [w M, K]] (a, b), with a and b of each unknown
side by side, so that the graph to be ordered stays that of K. The residual's time unit is L^2/D_li.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from petsc4py import PETSc

from sim.solve.errors import Interrupted
from sim.solve.linear import DirectSolver
from sim.solve.model import CellModel
from sim.solve.parallel import total
from sim.solve.system import STEADY, CellSystem

Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True)
class Response:
    """Answer to a unit change of the counter's potential: frequency [Hz] (0: steady states beside this one), change of
    the owned unknowns [model units per RT/F], and the admittance per cell length [S/m^2]."""

    frequency: float
    blocks: ComplexArray
    admittance: complex

    @property
    def impedance(self) -> complex:
        """Z = dV/dI times the cell length [Ohm m^2]; capacitive where its imaginary part is negative."""
        return 1 / self.admittance


class FrequencyResponse:
    """Linearised cell about the state that the model is in when this is made, which must be steady. Collective.

    ``system`` is galvanostatic and transient: its border holds the cell current with its displacement.
    """

    def __init__(self, system: CellSystem) -> None:
        if len(system.borders) != 1 or system.steady:
            raise ValueError("the frequency response needs a transient galvanostatic system")
        border = system.borders[0]
        self._system, self._model = system, system.model
        self._split = system.split()
        self._column, self._row = border.split_column(), border.split_row()
        static, stored = border.split_corner()
        self._corner = float(static[0]), float(stored[0])
        self._matrix, self._positions = self._doubled()
        self._linear = DirectSolver(system.numbering.comm)

    def _doubled(self) -> tuple[PETSc.Mat, npt.NDArray[np.int64]]:
        """The real matrix of twice the size, and where the entries of its 2 x 2 blocks stand in its CSR."""
        split, numbering = self._split, self._system.numbering
        order = np.arange(4 * split.static.size).reshape(-1, 2, 2) + 1
        shape = (2 * numbering.n_local, 2 * numbering.n_global)
        doubled = scipy.sparse.bsr_matrix((order, split.columns, split.starts), shape=shape).tocsr()
        doubled.sort_indices()
        # a storage that couples nothing would only fill the factors
        entries = self._entries(1.0).ravel()[doubled.data - 1]
        doubled.data = np.where(entries != 0, doubled.data, 0)
        doubled.eliminate_zeros()
        sizes = (shape[0], shape[1])
        starts, columns = doubled.indptr.astype(PETSc.IntType), doubled.indices.astype(PETSc.IntType)
        csr = (starts, columns, np.zeros(doubled.nnz))
        matrix = PETSc.Mat().createAIJ((sizes, sizes), csr=csr, comm=numbering.comm)
        return matrix, np.asarray(doubled.data - 1, dtype=np.int64)

    def _entries(self, omega: float) -> Array:
        """2 x 2 blocks [[K, -w M], [w M, K]], one for each entry of the pattern."""
        static, stored = self._split.static, omega * self._split.stored
        return np.stack([static, -stored, stored, static], axis=1).reshape(-1, 2, 2)

    def _fill(self, omega: float) -> PETSc.Mat:
        starts, columns, _ = self._matrix.getValuesCSR()
        self._matrix.zeroEntries()
        self._matrix.setValuesCSR(starts, columns, self._entries(omega).ravel()[self._positions])
        self._matrix.assemble()
        return self._matrix

    def at(self, frequency: float) -> Response:
        """The response at a frequency above 0 [Hz]. Raises SolverFailure for a singular system, Interrupted."""
        if self._system.stop():
            raise Interrupted
        scales = self._model.parameters.scales
        omega = 2 * pi * frequency * scales.time
        self._linear.factorise(self._fill(omega))
        column = self._column[0] + 1j * omega * self._column[1]
        found = self._solve(-np.stack([column.real, column.imag], axis=1).ravel()).reshape(-1, 2)
        blocks = found[:, 0] + 1j * found[:, 1]
        row = self._row[0] + 1j * omega * self._row[1]
        current = total(self._system.numbering.comm, row @ blocks)
        current += self._corner[0] + 1j * omega * self._corner[1]
        return Response(
            frequency, tied(self._system, blocks), complex(current * admittance_unit(self._model))
        )

    def _solve(self, load: Array) -> Array:
        """Solution with one step of refinement: at low frequencies the level of locked-in salt is all but free."""
        found = self._linear.solve(load)
        product, guess = self._matrix.createVecs()
        guess.array[:] = found
        self._matrix.mult(guess, product)
        return found + self._linear.solve(load - product.array)


def tied(system: CellSystem, blocks: ComplexArray) -> ComplexArray:
    """Values with those on the right of periodic sides copied from the left. Collective."""
    parts = [blocks.real.copy(), blocks.imag.copy()]
    for part in parts:
        system.numbering.pairs.copy(part)
    return np.asarray(parts[0] + 1j * parts[1])


def admittance_unit(model: CellModel) -> float:
    """SI value [S/m^2] of one unit of the model's current over its potential, per cell length."""
    scales, domain = model.parameters.scales, model.domain
    return scales.current_density / scales.potential / (domain.length / domain.length_scale)


def steady_response(system: CellSystem) -> Response:
    """The limit of low frequencies: how the steady state changes with the drive, inventories held.

    ``system`` is galvanostatic and steady. Collective. Raises LinAlgError or SolverFailure where no direct current can
    flow, Interrupted.
    """
    model, numbering = system.model, system.numbering
    border = system.factorise(STEADY)
    push = np.array(
        [-1.0 if b.constraint.unknown is model.counter_potential else 0.0 for b in system.borders]
    )
    update, levels = system.solve(border, np.zeros(numbering.n_local), push)
    for one, level in zip(system.borders, levels, strict=True):
        pinned: Any = one.constraint.pinned
        if pinned is not None:  # the species' level is a part of its potential
            block, name = pinned
            update[block.owned_dofs(name) + numbering.offsets[numbering.blocks.index(block)]] += level
    voltage = levels[0]
    blocks = tied(system, (update / voltage).astype(np.complex128))
    return Response(0.0, blocks, complex(admittance_unit(model) / voltage))
