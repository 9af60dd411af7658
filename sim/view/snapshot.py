"""Fields of the cell at one time, from the VTK files of a run folder, as points and linear triangles.

A quadratic cell is cut at its own nodes into linear triangles: what is drawn passes through every solved value.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import meshio
import numpy as np
import numpy.typing as npt

from sim.view.errors import ViewError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: triangles of a cell, by VTK's numbering of its nodes (corners, then middles of sides, then the middle)
TRIANGLES: dict[str, tuple[tuple[int, int, int], ...]] = {
    "triangle": ((0, 1, 2),),
    "triangle6": ((0, 3, 5), (3, 1, 4), (5, 4, 2), (3, 4, 5)),
    "quad": ((0, 1, 2), (0, 2, 3)),
    "quad8": ((4, 5, 7), (5, 6, 7), (0, 4, 7), (4, 1, 5), (5, 2, 6), (6, 3, 7)),
    "quad9": ((0, 4, 8), (4, 1, 8), (1, 5, 8), (5, 2, 8), (2, 6, 8), (6, 3, 8), (3, 7, 8), (7, 0, 8)),
}


@dataclass(frozen=True)
class Snapshot:
    """Nodal fields on linear triangles at one time."""

    time: float  #: [s]; nan where no index names it
    x: Floats  #: (n,) along the anode [m]
    y: Floats  #: (n,) across the cell [m]
    triangles: Ints  #: (m, 3) nodes
    data: dict[str, Floats]  #: name with its unit -> (n,)
    vectors: dict[str, Floats] = field(default_factory=dict)  #: name with its unit -> (n, 2) along x and y

    def field(self, name: str) -> Floats:
        """Values of one field; ViewError names those there are."""
        if name not in self.data:
            raise ViewError(f"no field {name} in this run; it has {', '.join(sorted(self.data)) or 'none'}")
        return self.data[name]

    def areas(self) -> Floats:
        """(m,) areas of the triangles [m²]."""
        x, y = self.x[self.triangles], self.y[self.triangles]
        cross = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
        return 0.5 * np.abs(cross)

    def longest_sides(self) -> Floats:
        """(m,) longest side of each triangle [m]."""
        x, y = self.x[self.triangles], self.y[self.triangles]
        return np.hypot(x - np.roll(x, 1, axis=1), y - np.roll(y, 1, axis=1)).max(axis=1)


def list_snapshots(index: Path) -> list[tuple[float, Path]]:
    """(time [s], file) of each stored time in order, from a .pvd; from the .vtu beside it if that is missing."""
    if not index.is_file():
        found = sorted(index.parent.glob(f"{index.stem}_*.vtu")) if index.parent.is_dir() else []
        return [(math.nan, path) for path in found]
    try:
        entries = ET.parse(index).getroot().iter("DataSet")
        stored = [(float(entry.attrib["timestep"]), index.parent / entry.attrib["file"]) for entry in entries]
    except (ET.ParseError, KeyError, ValueError) as error:
        raise ViewError(f"{index}: not a readable ParaView index: {error}") from error
    return [(time, path) for time, path in stored if path.is_file()]


def read_snapshot(path: Path, time: float = math.nan) -> Snapshot:
    """Fields of one .vtu, whose points are in metres; ViewError where it cannot be read."""
    try:
        mesh = meshio.vtu.read(path)  # meshio.read ends the program where a file is broken
    except (OSError, meshio.ReadError, ValueError, KeyError, ET.ParseError) as error:
        raise ViewError(f"{path}: not a readable VTK file: {error}") from error
    parts = [
        block.data[:, np.array(TRIANGLES[block.type])].reshape(-1, 3)
        for block in mesh.cells
        if block.type in TRIANGLES
    ]
    if not parts:
        kinds = sorted({block.type for block in mesh.cells})
        raise ViewError(f"{path}: no cells that can be drawn (it has {', '.join(kinds) or 'none'})")
    fields = {name: np.asarray(values, dtype=float) for name, values in mesh.point_data.items()}
    return Snapshot(
        time=time,
        x=np.asarray(mesh.points[:, 0], dtype=float),
        y=np.asarray(mesh.points[:, 1], dtype=float),
        triangles=np.concatenate(parts).astype(np.int64),
        data={name: values for name, values in fields.items() if values.ndim == 1},
        vectors={name: values[:, :2] for name, values in fields.items() if values.ndim == 2},
    )
