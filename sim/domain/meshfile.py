"""Reading mesh files through meshio: cells of one shape and the named parts of the boundary, as plain arrays."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import meshio
import numpy as np

from sim.domain.arrays import BOUNDARY_NAMES, CELL_SHAPES, Boundary, CellShape, Floats, Ints, MeshArrays
from sim.domain.boundaries import complete_boundary
from sim.domain.errors import DomainError

#: Integer cell data that may number the boundary's parts where a file has no names (gmsh's own, and common ones).
TAG_ARRAYS = ("gmsh:physical", "boundary", "facet_tags", "tags", "medit:ref", "name_to_read", "CellEntityIds")


def read_mesh(path: Path) -> MeshArrays:
    """The mesh in a .msh, .vtu, .xdmf or any other file that meshio knows, coordinates in metres.

    Raises DomainError, naming the file, where it cannot be read, mixes kinds of cells, is not planar (z varies) or
    misses an electrode.
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
    if not path.is_file():
        raise DomainError(f"{path}: there is no such mesh file")
    remarks = io.StringIO()
    try:
        with contextlib.redirect_stdout(remarks), contextlib.redirect_stderr(remarks):
            return meshio.read(path)
    except SystemExit as error:  # meshio's way to say that no reader knows the suffix
        raise DomainError(
            f"{path}: meshio does not know this kind of file; use .msh, .vtu or .xdmf"
        ) from error
    except Exception as error:  # noqa: BLE001 - readers of damaged files raise anything
        raise DomainError(
            f"{path}: meshio cannot read this mesh ({type(error).__name__}: {error})"
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
    """Line cells whose name or number belongs to a part of the boundary: vertex pairs and `Boundary` values."""
    values_of = _boundary_numbers(mesh, path)
    facets: list[Ints] = [np.empty((0, 2), dtype=np.int64)]
    tags: list[Ints] = [np.empty(0, dtype=np.int64)]
    name = next((key for key in TAG_ARRAYS if key in mesh.cell_data), None)
    if name is None:
        return facets[0], tags[0]
    for block, numbers in zip(mesh.cells, mesh.cell_data[name], strict=True):
        if not block.type.startswith("line"):
            continue
        for part, number in values_of.items():
            chosen = np.asarray(numbers).ravel() == number
            facets.append(block.data[chosen][:, :2].astype(np.int64))
            tags.append(np.full(int(chosen.sum()), int(part), dtype=np.int64))
    return np.concatenate(facets), np.concatenate(tags)


def _boundary_numbers(mesh: meshio.Mesh, path: Path) -> dict[Boundary, int]:
    """The number each part has in this file: by gmsh's physical names, else those of `Boundary` itself."""
    names = {name.lower(): int(data[0]) for name, data in mesh.field_data.items() if int(data[1]) == 1}
    if not names:
        return {part: int(part) for part in Boundary}
    missing = [
        name for part, name in BOUNDARY_NAMES.items() if part <= Boundary.COUNTER and name not in names
    ]
    if missing:
        raise DomainError(
            f"{path}: no boundary named {' or '.join(missing)}; its named lines are {', '.join(sorted(names))}"
        )
    return {part: names[name] for part, name in BOUNDARY_NAMES.items() if name in names}
