"""A two-dimensional mesh as plain arrays, in metres, with its named boundary.

Node order within a cell is that of gmsh and VTK (which agree in two dimensions): the vertices
counterclockwise, then the edges' midpoints in the order of the edges, then the centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.domain.aliases import Floats, Ints


class Boundary(IntEnum):
    """The parts of the cell's boundary; the values are those of the facet tags."""

    ANODE = 1
    COUNTER = 2
    SIDE_LEFT = 3
    SIDE_RIGHT = 4


#: Name of each part in mesh files.
BOUNDARY_NAMES = {
    Boundary.ANODE: "anode",
    Boundary.COUNTER: "counter",
    Boundary.SIDE_LEFT: "left",
    Boundary.SIDE_RIGHT: "right",
}


@dataclass(frozen=True)
class CellShape:
    """One kind of cell: its name in meshio, its vertices, and how dolfinx (basix) numbers its nodes."""

    meshio_name: str
    basix_name: str
    degree: int
    vertices: int
    to_basix: tuple[int, ...]  #: basix node i is node to_basix[i] of gmsh and VTK


CELL_SHAPES = {
    shape.meshio_name: shape
    for shape in (
        CellShape("triangle", "triangle", 1, 3, (0, 1, 2)),
        CellShape("triangle6", "triangle", 2, 3, (0, 1, 2, 4, 5, 3)),
        CellShape("quad", "quadrilateral", 1, 4, (0, 1, 3, 2)),
        CellShape("quad9", "quadrilateral", 2, 4, (0, 1, 3, 2, 4, 7, 5, 6, 8)),
    )
}


@dataclass(frozen=True)
class MeshArrays:
    """Nodes, cells and boundary facets of a mesh."""

    points: Floats  #: (n, 2) [m]
    shape: CellShape
    cells: Ints  #: (m, nodes per cell), gmsh's node order
    facets: Ints  #: (k, 2) vertices of the tagged boundary facets
    facet_tags: Ints  #: (k,) values of `Boundary`

    def cell_edges(self) -> Ints:
        """The edges of every cell as vertex pairs, counterclockwise, shape (cells, edges, 2)."""
        corners = self.cells[:, : self.shape.vertices]
        return np.stack([corners, np.roll(corners, -1, axis=1)], axis=-1)

    def boundary_edges(self) -> tuple[Ints, Ints]:
        """(edges, cells): the edges that belong to one cell only, shape (b, 2), and that cell of each."""
        edges = self.cell_edges()
        flat = np.sort(edges.reshape(-1, 2), axis=1)
        _, first, counts = np.unique(flat, axis=0, return_index=True, return_counts=True)
        single = np.sort(first[counts == 1])
        return edges.reshape(-1, 2)[single], single // edges.shape[1]

    def nodes_on(self, part: Boundary) -> Ints:
        """The nodes of the facets of one part of the boundary, the middle ones of second-order facets too."""
        facets = self.facets[self.facet_tags == part]
        if self.shape.degree == 1:
            return np.unique(facets)
        edges = self.cell_edges().reshape(-1, 2)
        middles = self.cells[:, self.shape.vertices : 2 * self.shape.vertices].ravel()
        return np.union1d(facets, middles[find_edges(edges, facets)])


def find_edges(known: Ints, wanted: Ints) -> Ints:
    """The row of `known` (n, 2) for each edge of `wanted` (m, 2), whichever way round; -1 for none."""
    if known.shape[0] == 0:
        return np.full(wanted.shape[0], -1)
    keys, sought = _edge_keys(known), _edge_keys(wanted)
    order = np.argsort(keys)
    place = order[np.minimum(np.searchsorted(keys[order], sought), keys.size - 1)]
    return np.where(keys[place] == sought, place, -1)


def _edge_keys(edges: Ints) -> Ints:
    """One number for each unordered pair of vertices."""
    low, high = np.sort(edges.astype(np.int64), axis=1).T
    return np.asarray((low << 32) | high)
