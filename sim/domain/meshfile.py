"""Reading mesh files through meshio: cells of one shape and the named parts of the boundary."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.domain.aliases import Floats, Ints
from sim.domain.arrays import BOUNDARY_NAMES, CELL_SHAPES, Boundary, CellShape, MeshArrays
from sim.domain.boundaries import complete_boundary
from sim.domain.errors import DomainError

if TYPE_CHECKING:
    import meshio  # imported when a file is read: most cells have none

#: Integer cell data that may number the boundary's parts in a file (gmsh's own, and common names).
TAG_ARRAYS = ("gmsh:physical", "boundary", "facet_tags", "tags", "medit:ref", "name_to_read")


def read_mesh(path: Path) -> MeshArrays:
    """The mesh in a .msh, .vtu, .xdmf or any other file that meshio knows, coordinates in metres.

    Raises DomainError, naming the file, where it cannot be read, mixes kinds of cells, is not planar (z
    varies) or misses an electrode.
    """
    mesh = _load(path)
    shape, cells = _cells(mesh, path)
    points = _planar(np.asarray(mesh.points, dtype=float), path)
    used, compact = np.unique(cells, return_inverse=True)
    number = np.full(points.shape[0], -1, dtype=np.int64)
    number[used] = np.arange(used.size)
    facets, tags = _named_facets(mesh, path)
    arrays = MeshArrays(points[used], shape, compact.reshape(cells.shape), number[facets], tags)
    return complete_boundary(arrays, path)


def _load(path: Path) -> meshio.Mesh:
    """meshio's mesh; its complaints become a DomainError and its remarks stay off the terminal."""
    import meshio

    if not path.is_file():
        raise DomainError(f"{path}: there is no such mesh file")
    remarks = io.StringIO()
    try:
        with contextlib.redirect_stdout(remarks), contextlib.redirect_stderr(remarks):
            return meshio.read(path)
    except (SystemExit, Exception) as error:  # readers of foreign files raise anything
        said = " ".join(remarks.getvalue().split()) or f"{type(error).__name__}: {error}"
        raise DomainError(
            f"{path}: meshio cannot read this mesh, use .msh, .vtu or .xdmf ({said})"
        ) from error


def _cells(mesh: meshio.Mesh, path: Path) -> tuple[CellShape, Ints]:
    """The cells that fill the plane, all of one supported shape, in gmsh's node order."""
    planar = {block.type for block in mesh.cells if block.type.startswith(("triangle", "quad"))}
    supported = ", ".join(CELL_SHAPES)
    if len(planar) != 1:
        found = " and ".join(sorted(planar)) or "none"
        raise DomainError(f"{path}: needs cells of one kind among {supported}; found {found}")
    name = planar.pop()
    if name not in CELL_SHAPES:
        raise DomainError(f"{path}: cells of kind {name} are not supported; use {supported}")
    cells = np.concatenate([block.data for block in mesh.cells if block.type == name]).astype(np.int64)
    return CELL_SHAPES[name], cells


def _planar(points: Floats, path: Path) -> Floats:
    """x and y of the points [m]."""
    if not np.all(np.isfinite(points)):
        raise DomainError(f"{path}: a node's coordinates are not finite")
    extent = float(np.ptp(points[:, :2]))
    if points.shape[1] > 2 and float(np.ptp(points[:, 2])) > 1e-9 * extent:
        raise DomainError(f"{path}: the mesh must lie in the x-y plane, but z varies")
    return np.ascontiguousarray(points[:, :2])


def _named_facets(mesh: meshio.Mesh, path: Path) -> tuple[Ints, Ints]:
    """Line cells whose name or number belongs to a part of the boundary: vertex pairs, `Boundary` values."""
    lines = [k for k, block in enumerate(mesh.cells) if block.type.startswith("line")]
    name = next((key for key in TAG_ARRAYS if key in mesh.cell_data), None)
    if name is None or not lines:
        numbers: Ints = np.empty(0, dtype=np.int64)
        facets: Ints = np.empty((0, 2), dtype=np.int64)
    else:
        numbers = np.concatenate([np.ravel(mesh.cell_data[name][k]) for k in lines]).astype(np.int64)
        facets = np.concatenate([mesh.cells[k].data[:, :2] for k in lines]).astype(np.int64)
    part_of = _parts_by_number(mesh, numbers, path)
    tags = np.zeros(numbers.size, dtype=np.int64)
    for number, part in part_of.items():
        tags[numbers == number] = part
    return facets[tags > 0], tags[tags > 0]


def _parts_by_number(mesh: meshio.Mesh, numbers: Ints, path: Path) -> dict[int, int]:
    """The part of the boundary that each number of a line cell stands for in this file.

    By gmsh's physical names, which a .msh file must have; elsewhere the numbers are those of `Boundary`, and
    lines that do not have both electrodes' numbers count for nothing.
    """
    names = {name.lower(): int(data[0]) for name, data in mesh.field_data.items() if int(data[1]) == 1}
    if not names and path.suffix != ".msh":
        electrodes = {int(Boundary.ANODE), int(Boundary.COUNTER)}
        tagged = electrodes.issubset(np.unique(numbers).flat)
        return {int(part): int(part) for part in Boundary} if tagged else {}
    missing = [
        BOUNDARY_NAMES[part]
        for part in (Boundary.ANODE, Boundary.COUNTER)
        if BOUNDARY_NAMES[part] not in names
    ]
    if missing:
        found = f"its named lines are {', '.join(sorted(names))}" if names else "it names no lines"
        raise DomainError(f"{path}: no boundary (physical curve) named {' or '.join(missing)}; {found}")
    return {names[name]: int(part) for part, name in BOUNDARY_NAMES.items() if name in names}
