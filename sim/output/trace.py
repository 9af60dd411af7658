"""Values of the unknowns on an electrode's facets at chosen reference points, as NumPy arrays.

The same points serve as quadrature (Gauss-Legendre, those of the residual) and as output nodes; currents
follow from the same physics functions as in the weak form, so that what is reported is what was solved.
"""

from __future__ import annotations

from typing import Any

import basix
import numpy as np
import numpy.typing as npt

from sim.solve.compat import Submesh
from sim.solve.facets import FACET_QUADRATURE_DEGREE
from sim.solve.spaces import Block

Array = npt.NDArray[np.float64]


def gauss_points() -> tuple[Array, Array]:
    """Reference points and weights on (0, 1) of the facet integrals."""
    points, weights = basix.make_quadrature(basix.CellType.interval, FACET_QUADRATURE_DEGREE)
    return points.ravel(), weights


def scalar_element(space: Any, component: int | None) -> Any:
    """Basix element of a space or of one component of a mixed space."""
    element = space.ufl_element()
    return element if component is None else element.sub_elements[component]


def coordinate_element(domain: Any) -> Any:
    """Scalar basix element of a mesh's geometry."""
    element = domain.ufl_domain().ufl_coordinate_element()
    return element.sub_elements[0] if element.block_size > 1 else element


class FacetTrace:
    """Evaluation on the owned facets of one electrode at fixed points of (0, 1), in the facet mesh's direction.

    Arrays are shaped (facets, points). ``x``, ``y`` [units of the mesh], ``normal`` (…, 2) out of the electrolyte,
    ``stretch`` = ds/dX.
    """

    def __init__(self, cell_mesh: Any, submesh: Submesh, points: Array) -> None:
        self._points = points
        self._mesh = cell_mesh
        #: basis values at the points, of the bulk's (Lagrange) elements by degree and number of dofs
        self._tables: dict[tuple[int, int], Array] = {}
        facet_map = submesh.mesh.topology.index_map(submesh.mesh.topology.dim)
        self.n_facets = int(facet_map.size_local)
        self._facet_cells = np.arange(self.n_facets, dtype=np.int32)
        self._parents = submesh.parent_facets[: self.n_facets]
        self._locate_cells()
        self._match_direction(submesh)
        self._measure()

    def _locate_cells(self) -> None:
        """Cell behind each facet and the facet's number in it."""
        topology = self._mesh.topology
        dim = topology.dim
        topology.create_connectivity(dim - 1, dim)
        topology.create_connectivity(dim, dim - 1)
        to_cells, to_facets = topology.connectivity(dim - 1, dim), topology.connectivity(dim, dim - 1)
        self.cells = np.array([to_cells.links(f)[0] for f in self._parents], dtype=np.int32)
        numbers = [
            int(np.flatnonzero(to_facets.links(c) == f)[0])
            for c, f in zip(self.cells, self._parents, strict=True)
        ]
        self._local = np.array(numbers, dtype=np.int32)

    def _reference_points(self, local: int, *, flip: bool) -> Array:
        """Points of facet ``local`` in the reference cell, shape (points, 2)."""
        cell_type = coordinate_element(self._mesh).basix_element.cell_type
        corners = basix.geometry(cell_type)[basix.topology(cell_type)[1][local]]
        along = 1 - self._points if flip else self._points
        return np.asarray(corners[0] + along[:, None] * (corners[1] - corners[0]))

    def _match_direction(self, submesh: Submesh) -> None:
        """Whether the cell runs along a facet against the facet mesh's own direction."""
        geometry = self._mesh.geometry
        starts = submesh.mesh.geometry.x[np.asarray(submesh.mesh.geometry.dofmap)[: self.n_facets, 0]]
        cell_type = coordinate_element(self._mesh).basix_element.cell_type
        corner = np.array([facet[0] for facet in basix.topology(cell_type)[1]])[self._local]
        first = geometry.x[np.asarray(geometry.dofmap)[self.cells, corner]]
        other_corner = np.array([facet[1] for facet in basix.topology(cell_type)[1]])[self._local]
        other = geometry.x[np.asarray(geometry.dofmap)[self.cells, other_corner]]
        near_first = np.sum((first - starts) ** 2, axis=-1)
        near_other = np.sum((other - starts) ** 2, axis=-1)
        self._flip = near_other < near_first

    def tabulate(self, element: Any) -> Array:
        """Basis values (0) and reference gradients (1, 2): shape (3, facets, points, dofs)."""
        basix_element = element.basix_element
        shape = (3, self.n_facets, self._points.size, basix_element.dim)
        table = np.empty(shape)
        for local in np.unique(self._local):
            for flip in (False, True):
                chosen = np.flatnonzero((self._local == local) & (self._flip == flip))
                values = basix_element.tabulate(1, self._reference_points(int(local), flip=flip))[:, :, :, 0]
                table[:, chosen] = values[:, None]
        return table

    def _measure(self) -> None:
        """Positions, normals and stretch from the cell's geometry."""
        geometry = self._mesh.geometry
        nodes = geometry.x[np.asarray(geometry.dofmap)[self.cells]][:, :, :2]
        table = self.tabulate(coordinate_element(self._mesh))
        position = np.einsum("fpn,fnd->fpd", table[0], nodes)
        self.x, self.y = position[..., 0], position[..., 1]
        # J[f, p, d, k] = d x_d / d X_k
        jacobian = np.einsum("kfpn,fnd->fpdk", table[1:], nodes)
        cell_type = coordinate_element(self._mesh).basix_element.cell_type
        corners = basix.geometry(cell_type)
        ends = np.array([corners[f[1]] - corners[f[0]] for f in basix.topology(cell_type)[1]])[self._local]
        tangent = np.einsum("fpdk,fk->fpd", jacobian, ends)
        self.stretch = np.linalg.norm(tangent, axis=-1)
        outward = np.asarray(basix.cell.facet_outward_normals(cell_type))[self._local]
        covariant = np.einsum("fpkd,fk->fpd", np.linalg.inv(jacobian), outward)
        self.normal = covariant / np.linalg.norm(covariant, axis=-1, keepdims=True)

    def cell_values(self, block: Block, name: str) -> Array:
        """A component of the bulk on the facets."""
        space = block.function.function_space
        element = scalar_element(space, block.names.index(name) if len(block.names) > 1 else None)
        dofs = block.component_dofs(name)[self.cells]
        kind = (element.basix_element.degree, element.basix_element.dim)
        if kind not in self._tables:  # a history asks at every step
            self._tables[kind] = self.tabulate(element)[0]
        return np.einsum("fpn,fn->fp", self._tables[kind], block.function.x.array[dofs])

    def facet_values(self, function: Any, dofs: Any = None, element: Any = None) -> Array:
        """A function of the facet mesh (or one component: its dofs and element) at the points."""
        element = scalar_element(function.function_space, None) if element is None else element
        dofs = np.asarray(function.function_space.dofmap.list) if dofs is None else dofs
        table = element.basix_element.tabulate(0, self._points[:, None])[0, :, :, 0]
        return np.asarray(function.x.array[dofs[: self.n_facets]] @ table.T)

    def block_values(self, block: Block, name: str) -> Array:
        """A component of a block of this facet mesh."""
        number = block.names.index(name) if len(block.names) > 1 else None
        element = scalar_element(block.function.function_space, number)
        return self.facet_values(block.function, block.component_dofs(name), element)
