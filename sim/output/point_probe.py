"""Values and gradients of the bulk at given points of the cell.

Cells are found from their bounding boxes and the inverse of their own (curved) geometry, which holds for cells of
1e-11 m beside cells of 1e-6 m. Located once, evaluated at every step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.output.trace import coordinate_element, scalar_element
from sim.solve.parallel import smallest, total
from sim.solve.spaces import Block

Array = npt.NDArray[np.float64]

_NEWTON_STEPS = 25
_INSIDE = 1e-7


class PointProbe:
    """Evaluation at points (n, 2) in units of the mesh; each point belongs to one rank, results are the same on all."""

    def __init__(self, cell_mesh: Any, points: Array) -> None:
        self._comm = cell_mesh.comm
        self._element = coordinate_element(cell_mesh)
        geometry = cell_mesh.geometry
        n_cells = cell_mesh.topology.index_map(cell_mesh.topology.dim).size_local
        nodes = geometry.x[np.asarray(geometry.dofmap)[:n_cells]][:, :, :2]
        self._n = len(points)
        cells, reference = self._locate(nodes, points)
        owner = smallest(self._comm, np.where(cells >= 0, self._comm.rank, self._comm.size))
        self.found = owner < self._comm.size
        self._mine = np.flatnonzero(owner == self._comm.rank)
        self._cells, self._reference = cells[self._mine], reference[self._mine]
        table = self._tabulate(self._element.basix_element)[1:]
        jacobian = np.einsum("kpn,pnd->pdk", table, nodes[self._cells])
        self._inverse = np.linalg.inv(jacobian)
        #: basis values and slopes at the points, of the bulk's (Lagrange) elements by degree and number of dofs
        self._tables: dict[tuple[int, int], Array] = {}

    def _locate(self, nodes: Array, points: Array) -> tuple[npt.NDArray[np.int64], Array]:
        """Local cell (-1: none) and reference coordinates of every point."""
        numbers, candidates = _candidates(nodes, points)
        there, distance = self._invert(nodes[candidates], points[numbers])
        # the best candidate of every point: the first of its own when they are ordered by distance
        order = np.lexsort((distance, numbers))
        found, first = np.unique(numbers[order], return_index=True)
        best = order[first]
        inside = distance[best] < _INSIDE
        cells, reference = np.full(len(points), -1), np.zeros((len(points), 2))
        cells[found[inside]] = candidates[best[inside]]
        reference[found[inside]] = there[best[inside]]
        return cells, reference

    def _invert(self, nodes: Array, points: Array) -> tuple[Array, Array]:
        """Reference coordinates of points in one cell each, and how far outside the reference cell they lie."""
        basix_element = self._element.basix_element
        quadrilateral = "quadrilateral" in basix_element.cell_type.name
        where = np.full((len(nodes), 2), 0.5 if quadrilateral else 1 / 3)
        for _ in range(_NEWTON_STEPS if len(nodes) else 0):
            table = basix_element.tabulate(1, where)[:, :, :, 0]
            position = np.einsum("pn,pnd->pd", table[0], nodes)
            jacobian = np.einsum("kpn,pnd->pdk", table[1:], nodes)
            step = np.linalg.solve(jacobian, (points - position)[..., None])[..., 0]
            where = np.clip(where + np.clip(step, -0.5, 0.5), -1.0, 2.0)
            if np.all(np.abs(step) < 1e-13):
                break
        outside = np.maximum(-where, 0).max(axis=1, initial=0.0)
        beyond = (
            np.maximum(where - 1, 0).max(axis=1, initial=0.0)
            if quadrilateral
            else np.maximum(where.sum(axis=1) - 1, 0)
        )
        return where, np.maximum(outside, beyond)

    def _tabulate(self, basix_element: Any) -> Array:
        """Values and slopes at this rank's points, shape (3, points, dofs); basix refuses to tabulate at no points."""
        if not len(self._reference):
            return np.zeros((3, 0, basix_element.dim))
        return np.asarray(basix_element.tabulate(1, self._reference)[:, :, :, 0])

    def evaluate(self, block: Block, name: str) -> tuple[Array, Array]:
        """Values (n,) and gradients (n, 2) of one component, in units of the model; NaN where a point lies
        in no cell."""
        number = block.names.index(name) if len(block.names) > 1 else None
        element = scalar_element(block.function.function_space, number).basix_element
        kind = (element.degree, element.dim)
        if kind not in self._tables:  # a history asks at every step
            self._tables[kind] = self._tabulate(element)
        table = self._tables[kind]
        coefficients = block.function.x.array[block.component_dofs(name)[self._cells]]
        values = np.einsum("pn,pn->p", table[0], coefficients)
        slopes = np.einsum("kpn,pn->pk", table[1:], coefficients)
        gradients = np.einsum("pk,pkd->pd", slopes, self._inverse)
        result = np.zeros((self._n, 3))
        result[self._mine] = np.column_stack([values, gradients])
        result = total(self._comm, result)
        result[~self.found] = np.nan
        return result[:, 0], result[:, 1:]


def _candidates(nodes: Array, points: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs (number of the point, cell) where a point lies in the widened bounding box of a cell."""
    low, high = nodes.min(axis=1), nodes.max(axis=1)
    margin = 0.1 * (high - low)
    low, high = low - margin, high + margin
    order = np.argsort(low[:, 0])
    starts = low[order, 0]
    widest = float((high[:, 0] - low[:, 0]).max(initial=0.0))
    numbers: list[npt.NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    cells: list[npt.NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    for number in range(len(points)):
        x, y = float(points[number, 0]), float(points[number, 1])
        first, last = np.searchsorted(starts, x - widest), np.searchsorted(starts, x, side="right")
        near = order[first:last]
        near = near[(x <= high[near, 0]) & (low[near, 1] <= y) & (y <= high[near, 1])]
        numbers.append(np.full(near.size, number, dtype=np.int64))
        cells.append(near.astype(np.int64))
    return np.concatenate(numbers), np.concatenate(cells)
