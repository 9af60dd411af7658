"""The flux of lithium ions at the quadratic nodes of the cell, for streamlines.

    N = -D c grad mu      superficial (per area of separator), the flux of the residual

Each cell gives its own gradient at its nodes; a node that cells share has their mean. Outside sites and charges nothing
is smoothed, and both factors are smooth across a double layer, where c alone changes a hundredfold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import la

from sim.output.point_probe import coordinate_element
from sim.output.trace import scalar_element
from sim.physics.bulk import molar_flux
from sim.solve.model import CellModel

Array = npt.NDArray[np.float64]

#: how far from a side, relative to the length, its nodes may lie; no column of cells is that narrow
_ON_SIDE = 2e-6


class FluxField:
    """Flux of Li+ [mol/(m^2 s)] at the nodes of a scalar space, on the rank that owns them."""

    def __init__(self, model: CellModel, space: Any) -> None:
        self._model, self._map = model, space.dofmap.index_map
        mesh = model.domain.mesh
        self._n_cells = mesh.topology.index_map(mesh.topology.dim).size_local
        self._dofs = np.asarray(space.dofmap.list)[: self._n_cells]
        nodes = space.ufl_element().basix_element.points
        number = 0 if len(model.bulk.names) > 1 else None
        element = scalar_element(model.bulk.function.function_space, number).basix_element
        self._slopes = element.tabulate(1, nodes)[1:3, :, :, 0]
        shape = coordinate_element(mesh).basix_element.tabulate(1, nodes)[1:3, :, :, 0]
        corners = mesh.geometry.x[np.asarray(mesh.geometry.dofmap)[: self._n_cells]][:, :, :2]
        jacobian = np.einsum("dpn,cnx->cpxd", shape, corners)
        self._inverse = np.linalg.inv(jacobian)
        self._shares = self._summed(np.ones((*self._dofs.shape, 1)))

    def _summed(self, values: Array) -> Array:
        """Sums over the cells at each owned node of values (cells, nodes of a cell, components); collective."""
        size = values.shape[-1]
        sums = la.vector(self._map, size)
        table = sums.array.reshape(-1, size)
        np.add.at(table, self._dofs.ravel(), values.reshape(-1, size))
        sums.scatter_reverse(la.InsertMode.add)
        return table[: self._map.size_local].copy()

    def owned(self, c_li: Array) -> Array:
        """The flux (nodes, 2) where the concentration over c_0 at the owned nodes is c_li; collective."""
        bulk, scales = self._model.bulk, self._model.parameters.scales
        potential = bulk.function.x.array[bulk.component_dofs("mu_li")[: self._n_cells]]
        reference = np.einsum("dpn,cn->cpd", self._slopes, potential)
        gradient = self._summed(np.einsum("cpd,cpdx->cpx", reference, self._inverse)) / self._shares
        flux: Array = molar_flux(1.0, c_li[:, None], gradient)
        return flux * (scales.diffusivity * scales.concentration / scales.length)


def tie_sides(points: Array, values: Array) -> None:
    """Give nodes on the two sides of a periodic cell, which are one, the mean of both; points (n, 3), values (n, k)."""
    x, y = points[:, 0], points[:, 1]
    near = _ON_SIDE * (x.max() - x.min())
    left, right = (np.flatnonzero(np.abs(x - side) < near) for side in (x.min(), x.max()))
    left, right = left[np.argsort(y[left])], right[np.argsort(y[right])]
    values[left] = values[right] = (values[left] + values[right]) / 2
