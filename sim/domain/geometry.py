"""The cell's mesh: a tensor layout of nine-node quadrilaterals whose rows follow the anode.

Node (i, j) lies at x_i, y = Y_j + h(x_i)(1 − Y_j/H), with Y_j the graded rows of a flat cell (`spacing`) and h the
profile. Every row, including the first of 0.01 nm, is a curve like the anode's, so no cell tangles however thin.
Mid-side nodes lie alike: the geometry is quadratic in x and a cell's middle row is exactly in its middle.

A run takes the mesh from `tensor_mesh`, milliseconds of NumPy. A file is written by gmsh, which meshes a transfinite
rectangle with equal rows and columns whose nodes then move; it works in units of the width, the file is in metres
(Mesh.ScalingFactor).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.domain.aliases import Floats, Ints
from sim.domain.arrays import BOUNDARY_NAMES, CELL_SHAPES, Boundary, MeshArrays

#: raise it when the same layout gives another mesh
MESH_VERSION = 3


@dataclass(frozen=True)
class TensorLayout:
    """Nodes of the tensor mesh, all in metres; with_midpoints(columns) and (rows) give the node lines."""

    columns: Floats  #: x of the cells' sides, shape (nx+1,)
    rows: Floats  #: Y of the cells' sides in the flat cell, shape (ny+1,)
    heights: Floats  #: h at the node lines in x, shape (2 nx + 1,)

    @property
    def width(self) -> float:
        """Distance from the profile's reference level to the counter electrode [m]."""
        return float(self.rows[-1])

    def nodes(self, i: Ints, j: Ints) -> Floats:
        """Positions (n, 2) [m] of the nodes in half-column i (0 … 2nx) and half-row j (0 … 2ny)."""
        x, level, height = with_midpoints(self.columns)[i], with_midpoints(self.rows)[j], self.heights[i]
        # At the counter electrode 1 − Y/H is exactly zero: the top row is exactly straight.
        return np.column_stack([x, level + height * (1.0 - level / self.width)])


def with_midpoints(positions: Floats) -> Floats:
    """The positions and the middles between neighbours, in order."""
    result = np.empty(2 * positions.size - 1)
    result[::2] = positions
    result[1::2] = 0.5 * (positions[:-1] + positions[1:])
    return result


def layout_hash(layout: TensorLayout) -> str:
    """sha256 (hex) of the node lines, hence of everything that the mesh depends on, and of what is made of them."""
    digest = hashlib.sha256(f"tensor mesh {MESH_VERSION}".encode())
    for positions in (layout.columns, layout.rows, layout.heights):
        digest.update(f" {positions.size} ".encode() + np.ascontiguousarray(positions, dtype="<f8").tobytes())
    return digest.hexdigest()


def tensor_mesh(layout: TensorLayout) -> MeshArrays:
    """The layout's mesh; cells column by column from the left, in each from the anode up."""
    nx, ny = layout.columns.size - 1, layout.rows.size - 1
    height = 2 * ny + 1
    i, j = np.divmod(np.arange((2 * nx + 1) * height), height)
    column, row = (2 * part.astype(np.int64) for part in np.divmod(np.arange(nx * ny), ny))
    places = ((0, 0), (2, 0), (2, 2), (0, 2), (1, 0), (2, 1), (1, 2), (0, 1), (1, 1))
    cells = np.column_stack([(column + across) * height + row + up for across, up in places])
    vertices = (2 * np.arange(nx + 1)[:, None] * height + 2 * np.arange(ny + 1)).astype(np.int64)
    sides = {
        Boundary.ANODE: vertices[:, 0],
        Boundary.COUNTER: vertices[:, -1],
        Boundary.SIDE_LEFT: vertices[0],
        Boundary.SIDE_RIGHT: vertices[-1],
    }
    facets = np.concatenate([np.column_stack([side[:-1], side[1:]]) for side in sides.values()])
    tags = np.repeat([int(part) for part in sides], [side.size - 1 for side in sides.values()])
    return MeshArrays(layout.nodes(i, j), CELL_SHAPES["quad9"], cells, facets, tags)


def write_tensor_mesh(layout: TensorLayout, path: Path) -> None:
    """Build the mesh with gmsh and write it as a binary .msh 4.1 file in metres with named boundaries."""
    import gmsh  # a third of a second and a shared library: only where a file is written

    mine = not gmsh.isInitialized()
    if mine:
        gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.model.add("cell")
        _transfinite_rectangle(gmsh, layout)
        _move_nodes(gmsh, layout)
        gmsh.option.setNumber("Mesh.MshFileVersion", 4.1)
        gmsh.option.setNumber("Mesh.Binary", 1)
        gmsh.option.setNumber("Mesh.ScalingFactor", layout.width)
        gmsh.write(str(path))
    finally:
        gmsh.model.remove()
        if mine:
            gmsh.finalize()


def _transfinite_rectangle(gmsh, layout: TensorLayout) -> None:  # type: ignore[no-untyped-def]
    """Equal columns and rows of second-order quadrilaterals on (0, L/H) × (0, 1), with physical names."""
    geo, mesh = gmsh.model.geo, gmsh.model.mesh
    nx, ny = layout.columns.size - 1, layout.rows.size - 1
    aspect = layout.columns[-1] / layout.width
    corners = [geo.addPoint(x, y, 0.0) for x, y in ((0, 0), (aspect, 0), (aspect, 1), (0, 1))]
    sides = [geo.addLine(corners[k], corners[(k + 1) % 4]) for k in range(4)]
    surface = geo.addPlaneSurface([geo.addCurveLoop(sides)])
    geo.synchronize()
    parts = (Boundary.ANODE, Boundary.SIDE_RIGHT, Boundary.COUNTER, Boundary.SIDE_LEFT)
    for side, part, count in zip(sides, parts, (nx, ny, nx, ny), strict=True):
        mesh.setTransfiniteCurve(side, count + 1)
        # The number is that of the facet tags, so that formats without names tell the parts apart too.
        gmsh.model.addPhysicalGroup(1, [side], tag=int(part), name=BOUNDARY_NAMES[part])
    mesh.setTransfiniteSurface(surface)
    mesh.setRecombine(2, surface)
    gmsh.model.addPhysicalGroup(2, [surface], name="electrolyte")
    gmsh.option.setNumber("Mesh.ElementOrder", 2)
    gmsh.option.setNumber("Mesh.SecondOrderIncomplete", 0)
    mesh.generate(2)


def _move_nodes(gmsh, layout: TensorLayout) -> None:  # type: ignore[no-untyped-def]
    """Each node from its place in the rectangle to its place in the cell."""
    mesh = gmsh.model.mesh
    nx, ny = layout.columns.size - 1, layout.rows.size - 1
    tags, coordinates, _ = mesh.getNodes()
    x, y, _ = coordinates.reshape(-1, 3).T
    i = np.rint(x * (2 * nx * layout.width / layout.columns[-1])).astype(np.int64)
    j = np.rint(y * (2 * ny)).astype(np.int64)
    places = np.zeros((tags.size, 3))
    places[:, :2] = layout.nodes(i, j) / layout.width
    for tag, place in zip(tags.tolist(), places.tolist(), strict=True):
        mesh.setNode(tag, place, [])
