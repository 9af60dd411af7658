"""Fields of a graded mesh on regular grids, for a view in which a reader zooms and picks values.

Two grids: the whole cell in equal steps, and the distance from the lithium in equal steps of its logarithm. On a mesh
whose nodes stand in columns the stored values are interpolated as the solver's own quadratic elements do: with
N₀ = (1-ξ)(1-2ξ), N₁ = 4ξ(1-ξ), N₂ = ξ(2ξ-1) along x and then along y. On any other mesh they are interpolated
linearly between neighbouring nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from matplotlib.tri import LinearTriInterpolator, Triangulation

from sim.view.reader import Run
from sim.view.snapshot import Floats, Snapshot

#: steps of the whole cell along x, and of the distance from the lithium in a factor of ten
STEPS, PER_DECADE = 200, 24
#: shortest distance from the lithium [m]
NEAREST = 1e-10
#: nodes of a column share their x, and stand midway between their neighbours', up to this part of the cell's length
_SAME = 1e-6


class Sampler(Protocol):
    """Values of fields at chosen points."""

    @property
    def surface(self) -> Floats | None:
        """(nx,) height of the lithium below each x [m]; None where it is not known."""

    def at(self, values: Floats, y: Floats) -> Floats:
        """(ny, nx) of a field (n,) at heights (ny, nx) [m] above each x; nan outside the electrolyte."""


@dataclass(frozen=True)
class ColumnSampler:
    """Quadratic interpolation on nodes in columns.

    nodes: (nc, nr) numbers, column by column from the anode up; weights: (3, nx) and element: (nx,) along x.
    """

    nodes: np.ndarray
    element: np.ndarray
    weights: Floats
    heights: Floats  #: (nx, nr) of the rows above each x [m]

    @classmethod
    def of(cls, snapshot: Snapshot, x: Floats) -> ColumnSampler | None:
        """For some x [m]; None where the nodes do not stand in columns."""
        tolerance = _SAME * float(np.ptp(snapshot.x))
        order = np.lexsort((snapshot.y, np.round(snapshot.x / tolerance)))
        steps = np.flatnonzero(np.diff(snapshot.x[order]) > tolerance) + 1
        sizes = np.diff([0, *steps, order.size])
        if sizes.size < 3 or sizes.size % 2 == 0 or np.ptp(sizes) or sizes[0] % 2 == 0:
            return None
        nodes = order.reshape(sizes.size, -1)
        nodes = np.take_along_axis(nodes, np.argsort(snapshot.y[nodes], axis=1), axis=1)
        places = snapshot.x[nodes[:, 0]]
        if np.abs(places[1::2] - 0.5 * (places[:-2:2] + places[2::2])).max() > tolerance:
            return None
        corners = places[::2]
        element = np.clip(np.searchsorted(corners, x, side="right") - 1, 0, corners.size - 2)
        xi = (x - corners[element]) / (corners[element + 1] - corners[element])
        weights = np.stack([(1 - xi) * (1 - 2 * xi), 4 * xi * (1 - xi), xi * (2 * xi - 1)])
        return cls(nodes, element, weights, _across(snapshot.y[nodes], element, weights))

    @property
    def surface(self) -> Floats:
        """(nx,) height of the lithium [m]."""
        return self.heights[:, 0]

    def at(self, values: Floats, y: Floats) -> Floats:
        """(ny, nx) of a field at heights (ny, nx) [m]."""
        rows = _across(values[self.nodes], self.element, self.weights)
        found = [_up(self.heights[i], rows[i], y[:, i]) for i in range(y.shape[1])]
        return np.stack(found, axis=1)


def _across(values: Floats, element: np.ndarray, weights: Floats) -> Floats:
    """(nx, nr): nodal values (nc, nr) at each x."""
    return np.asarray(sum(weights[i, :, None] * values[2 * element + i] for i in range(3)))


def _up(heights: Floats, values: Floats, y: Floats) -> Floats:
    """(ny,) of quadratic elements along one vertical line, whose nodes are (nr,); nan beyond its ends."""
    corners = heights[::2]
    k = np.clip(np.searchsorted(corners, y, side="right") - 1, 0, corners.size - 2)
    low, middle, high = (heights[2 * k + i] for i in range(3))
    slope, bend = 4 * middle - 3 * low - high, 2 * (low - 2 * middle + high)
    root = np.sqrt(np.maximum(slope**2 + 4 * bend * (y - low), 0.0))
    eta = 2 * (y - low) / np.maximum(slope + root, np.finfo(float).tiny)
    found = values[2 * k] * (1 - eta) * (1 - 2 * eta) + values[2 * k + 1] * 4 * eta * (1 - eta)
    found += values[2 * k + 2] * eta * (2 * eta - 1)
    return np.where((y >= corners[0]) & (y <= corners[-1]), found, np.nan)


@dataclass(frozen=True)
class TriangleSampler:
    """Linear interpolation on triangles, for meshes without columns."""

    grid: Triangulation
    x: Floats
    surface: Floats | None

    @classmethod
    def of(cls, snapshot: Snapshot, run: Run, x: Floats) -> TriangleSampler:
        """For some x [m]; the lithium's height is that of interface.csv where it is one height for each x."""
        surface = None
        if run.has_interface:
            table = run.interface.sort_values("x_m")
            places = table["x_m"].to_numpy(dtype=float)
            if len(table) > 1 and (np.diff(places) > 0).all() and (np.diff(run.interface["x_m"]) > 0).all():
                surface = np.interp(x, places, table["y_m"].to_numpy(dtype=float))
        return cls(Triangulation(1e6 * snapshot.x, 1e6 * snapshot.y, snapshot.triangles), x, surface)

    def at(self, values: Floats, y: Floats) -> Floats:
        """(ny, nx) of a field at heights (ny, nx) [m]."""
        found = LinearTriInterpolator(self.grid, values)(np.broadcast_to(1e6 * self.x, y.shape), 1e6 * y)
        return np.asarray(found.filled(np.nan), dtype=float)


@dataclass(frozen=True)
class Grids:
    """The grids of one mesh, whose points are the middles of equal steps.

    x: (nx,) and y: (ny,) of the whole cell [m]; distance: (nd,) from the lithium [m], empty where that is unknown.
    """

    sampler: Sampler
    x: Floats
    y: Floats
    distance: Floats
    exact: bool  #: interpolated as the solver's elements do

    @classmethod
    def of(cls, run: Run, snapshot: Snapshot) -> Grids:
        """The grids that cover a snapshot."""
        rows = max(round(STEPS * float(np.ptp(snapshot.y) / np.ptp(snapshot.x))), 10)
        x, y = _middles(snapshot.x, STEPS), _middles(snapshot.y, rows)
        columns = ColumnSampler.of(snapshot, x)
        sampler: Sampler = columns or TriangleSampler.of(snapshot, run, x)
        return cls(sampler, x, y, _distances(sampler.surface, float(snapshot.y.max())), columns is not None)

    def cell(self, values: Floats) -> Floats:
        """(ny, nx) of a field over the whole cell, nan where there is lithium."""
        return self.sampler.at(values, np.repeat(self.y[:, None], self.x.size, axis=1))

    def wall(self, values: Floats) -> Floats:
        """(nd, nx) of a field against the distance from the lithium, along y."""
        surface = self.sampler.surface
        if surface is None:
            raise ValueError("the height of the lithium is not known")
        return self.sampler.at(values, surface[None, :] + self.distance[:, None])


def _middles(places: Floats, steps: int) -> Floats:
    """(steps,) middles of equal steps over a range: none of them lies in the double layer of a flat electrode."""
    low, high = float(places.min()), float(places.max())
    return low + (high - low) * (np.arange(steps) + 0.5) / steps


def _distances(surface: Floats | None, top: float) -> Floats:
    """Distances [m] up to half the narrowest gap, in equal steps of the logarithm."""
    if surface is None:
        return np.empty(0)
    decades = np.log10(0.5 * (top - float(surface.max())) / NEAREST)
    return np.asarray(NEAREST * 10 ** (np.arange(int(PER_DECADE * decades) + 1) / PER_DECADE))
