"""A run folder read back as users read it, and what the cases measure in it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import meshio
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class RunFolder:
    """A finished run, read from the files that users read."""

    path: Path

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json."""
        return dict(json.loads((self.path / "summary.json").read_text()))

    def table(self, name: str) -> dict[str, Array]:
        """Columns of interface.csv or metrics.csv."""
        with (self.path / name).open(newline="") as file:
            rows = list(csv.DictReader(file))
        return {key: np.array([float(row[key] or "nan") for row in rows]) for key in rows[0]}

    @property
    def interface(self) -> dict[str, Array]:
        """interface.csv."""
        return self.table("interface.csv")

    def frames(self, name: str) -> dict[float, meshio.Mesh]:
        """time [s] -> fields of `fields/<name>.pvd`."""
        index = self.path / "fields" / f"{name}.pvd"
        entries = ElementTree.parse(index).getroot().iter("DataSet")
        return {float(e.attrib["timestep"]): meshio.read(index.parent / e.attrib["file"]) for e in entries}

    def last_frame(self, name: str = "bulk") -> meshio.Mesh:
        """Fields at the last time."""
        return list(self.frames(name).values())[-1]


def profile(mesh: meshio.Mesh, name: str) -> tuple[Array, Array]:
    """(y [m], values) of a field along the left side of a flat cell, at the quadratic nodes."""
    x, y = mesh.points[:, 0], mesh.points[:, 1]
    here = np.flatnonzero(x < x.min() + 1e-9 * np.ptp(x))
    here = here[np.argsort(y[here])]
    return y[here], np.asarray(mesh.point_data[name])[here]


def harmonic(x: Array, values: Array, wavenumber: float) -> float:
    """First cosine harmonic over x relative to the mean, 2 <v cos kx>/<v>, by Simpson's rule on the nodes of
    facets."""
    weight = np.zeros_like(x)
    widths = x[2::2] - x[:-2:2]
    weight[:-2:2] += widths / 6
    weight[1::2] += 4 * widths / 6
    weight[2::2] += widths / 6
    return float(2 * weight @ (values * np.cos(wavenumber * x)) / (weight @ values))


def l2_error(mesh: meshio.Mesh, name: str, exact: Callable[[Array, Array], Array]) -> float:
    """||field - exact|| / ||exact|| over the cell of a flat anode, by 4 x 4 Gauss points in every biquadratic
    cell."""
    cells = mesh.cells[0].data
    corner, opposite = mesh.points[cells[:, 0]], mesh.points[cells[:, 2]]
    values = np.asarray(mesh.point_data[name])[cells]
    nodes, shares = np.polynomial.legendre.leggauss(4)
    points, weights = (1 + nodes) / 2, shares / 2
    line = np.stack([(1 - points) * (1 - 2 * points), points * (2 * points - 1), 4 * points * (1 - points)])
    # VTK's biquadratic nodes as products of (start, end, middle)
    along = [(0, 0), (1, 0), (1, 1), (0, 1), (2, 0), (1, 2), (2, 1), (0, 2), (2, 2)]
    difference, norm = 0.0, 0.0
    size = opposite - corner
    area = np.abs(size[:, 0] * size[:, 1])
    for i, s in enumerate(points):
        for j, t in enumerate(points):
            shape = np.array([line[a, i] * line[b, j] for a, b in along])
            wanted = exact(corner[:, 0] + s * size[:, 0], corner[:, 1] + t * size[:, 1])
            weight = weights[i] * weights[j] * area
            difference += float(weight @ (values @ shape - wanted) ** 2)
            norm += float(weight @ wanted**2)
    return float(np.sqrt(difference / norm))


def orders(errors: list[float]) -> Array:
    """Observed orders from errors on meshes that are each twice as fine as the last."""
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
