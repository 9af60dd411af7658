"""What is rendered, as points and faces in µm: the field as a plane behind, the anode in depth, the current before it.

The model is two-dimensional: the anode is drawn as deep as reads well, and nothing varies in depth. On the front of the
metal stands a chart of the current, from its zero upwards, beneath the place where it plates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.view.fields import SLENDER, THIN
from sim.view.reader import CURRENT, micrometres
from sim.view.snapshot import Floats, Ints, Snapshot

#: Depth of the anode as a part of its length
DEPTH = 0.42
#: Height of the chart, and of the metal between it and the anode's lowest point, as parts of the cell's larger side
CHART, ABOVE_CHART = 0.17, 0.05
#: The counter electrode behind the plane's upper edge, as a part of the cell's width
STRIP = 0.04
#: Points drawn for each quadratic edge of the anode
PARTS = 8


@dataclass(frozen=True)
class Mesh:
    """Points (n, 3) [µm], faces (m, 3 or 4) and, where it is coloured, a value per point."""

    points: Floats
    faces: Ints
    values: Floats | None = None


@dataclass(frozen=True)
class Stage:
    """Where things stand [µm], and the scale of the chart."""

    x: Floats  #: along the anode
    height: Floats  #: of the anode
    current: Floats  #: [A/m²]
    length: float
    width: float  #: of the cell, from y = 0 to the counter electrode
    depth: float
    base: float  #: z of the lower end of the metal
    per_current: float  #: height of 1 A/m² in the chart [µm]
    zero: float  #: z of the chart's zero

    def chart(self, current: Floats | float) -> Floats:
        """Z of a current [A/m²] in the chart."""
        return np.asarray(self.zero + self.per_current * np.asarray(current, dtype=float))

    def corners(self) -> Floats:
        """(n, 3) the scene's outermost places."""
        top = self.width * (1 + STRIP)
        left, right = float(self.x[0]), float(self.x[-1])
        front = [(x, 0.0, self.base) for x in (left, right)]
        back = [(x, self.depth, z) for x in (left, right) for z in (self.base, top)]
        return np.array([*front, *back])


def build_stage(snapshot: Snapshot, anode: pd.DataFrame) -> Stage:
    """The scene of a cell; the chart spans zero and all of the current."""
    x, height = (refined(micrometres(anode[name])) for name in ("x_m", "y_m"))
    current = refined(anode[CURRENT].to_numpy(dtype=float))
    length, width = float(np.ptp(x)), float(snapshot.y.max() * 1e6)
    size = max(length, width)
    low, high = min(float(current.min()), 0.0), max(float(current.max()), 0.0)
    span = high - low or 1.0
    room = CHART * size
    base = float(height.min()) - ABOVE_CHART * size - room
    per_current = room / span
    return Stage(
        x, height, current, length, width, DEPTH * length, base, per_current, base - per_current * low
    )


def refined(values: Floats) -> Floats:
    """Values at PARTS points of each quadratic edge, from those at its ends and its middle; else as they are."""
    n = values.size
    if n < 3 or n % 2 == 0:
        return values
    s = np.arange(PARTS) / PARTS
    shapes = np.stack([(1 - s) * (1 - 2 * s), 4 * s * (1 - s), s * (2 * s - 1)])
    edges = np.column_stack([values[:-2:2], values[1:-1:2], values[2::2]])
    return np.append((edges @ shapes).ravel(), values[-1])


def between(one: Floats, other: Floats, values: Floats | None = None) -> Mesh:
    """The surface between two lines (n, 3) of as many points; a value per point of a line."""
    n = len(one)
    i = np.arange(n - 1)
    faces = np.column_stack([i, i + 1, i + 1 + n, i + n])
    return Mesh(np.vstack([one, other]), faces, None if values is None else np.tile(values, 2))


def line(stage: Stage, depth: float, z: Floats | float) -> Floats:
    """(n, 3) a line along the anode at a depth and of a height [µm]."""
    return np.column_stack([stage.x, np.full_like(stage.x, depth), np.broadcast_to(z, stage.x.shape)])


def field_plane(snapshot: Snapshot, stage: Stage, name: str) -> Mesh:
    """The cell's field at the far end of the anode, without the wall layers that are thinner than a pixel."""
    points = np.column_stack(
        [micrometres(snapshot.x), np.full(snapshot.x.size, stage.depth), micrometres(snapshot.y)]
    )
    longest = snapshot.longest_sides()
    lowest = 2.0 * snapshot.areas() / np.maximum(longest, np.finfo(float).tiny)
    layers = (lowest < THIN * np.ptp(snapshot.y)) & (longest > SLENDER * lowest)
    return Mesh(points, snapshot.triangles[~layers], snapshot.field(name))


def counter(stage: Stage) -> Mesh:
    """The counter electrode, above the field."""
    low, high = stage.width, stage.width * (1 + STRIP)
    return between(line(stage, stage.depth, low), line(stage, stage.depth, high))


def anode_surface(stage: Stage) -> Mesh:
    """The anode from front to back, with its current."""
    front, back = (line(stage, depth, stage.height) for depth in (0.0, stage.depth))
    return between(front, back, stage.current)


def metal_front(stage: Stage) -> Mesh:
    """The cut through the metal at the front."""
    return between(line(stage, 0.0, stage.base), line(stage, 0.0, stage.height))


def metal_side(stage: Stage) -> Mesh:
    """The cut through the metal at the left, where the viewer stands."""
    x, height = float(stage.x[0]), float(stage.height[0])
    corners = [(0.0, stage.base), (stage.depth, stage.base), (stage.depth, height), (0.0, height)]
    return Mesh(np.array([(x, depth, z) for depth, z in corners]), np.array([[0, 1, 2, 3]]))


def chart_area(stage: Stage, before: float) -> Mesh:
    """The chart of the current on the front of the metal, so far [µm] before it that nothing shines through."""
    return between(
        line(stage, -before, stage.zero), line(stage, -before, stage.chart(stage.current)), stage.current
    )
