"""One field of the cell on one pair of axes: colours, contour lines, and the lithium on both sides in grey."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.ticker import MaxNLocator
from matplotlib.tri import Triangulation

from sim.view.errors import ViewError
from sim.view.labels import X_LABEL, Y_LABEL
from sim.view.reader import Run, micrometres
from sim.view.snapshot import Floats, Snapshot
from sim.view.streamlines import draw_streamlines
from sim.view.style import METAL, METAL_EDGE

#: Share of the cell's area that a colour scale leaves out at either end: the double layers, which are thinner than a
#: pixel at this size yet hold the largest and the least values.
LEFT_OUT = 2e-3
CONTOURS = 12
#: Triangles lower than this part of the cell's width, and this many times longer, are those of the wall layers: all
#: of them together are thinner than a pixel, which they would fill with the double layer's colour.
THIN, SLENDER = 5e-4, 5.0
#: From this share of a colour scale on, the maps are too bright for white lines.
BRIGHT = 0.7
#: Lithium shown behind each electrode, as a share of the cell's width
METAL_STRIP = 0.05


def bulk_limits(snapshot: Snapshot, name: str) -> tuple[float, float]:
    """Least and largest value of a field outside the double layers, in the field's unit."""
    values = snapshot.field(name)[snapshot.triangles].mean(axis=1)
    areas = snapshot.areas()
    known = np.isfinite(values)
    if not known.any():
        raise ViewError(f"the field {name} has no finite value")
    order = np.argsort(values[known])
    share = np.cumsum(areas[known][order]) / areas[known].sum()
    low, high = np.interp([LEFT_OUT, 1.0 - LEFT_OUT], share, values[known][order])
    return float(low), float(high)


def common_norm(snapshots: Iterable[Snapshot], name: str) -> Normalize:
    """One colour scale over several runs; a field that does not vary gets a scale around its value."""
    limits = [bulk_limits(snapshot, name) for snapshot in snapshots]
    low, high = min(low for low, _ in limits), max(high for _, high in limits)
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-30):
        margin = 0.01 * max(abs(low), 1e-3)
        low, high = low - margin, high + margin
    return Normalize(low, high)


def drawn_aspect(snapshot: Snapshot) -> float:
    """Height over length of what is drawn: the cell and a strip of lithium behind each electrode."""
    return float((1 + 2 * METAL_STRIP) * np.ptp(snapshot.y) / np.ptp(snapshot.x))


def contour_levels(norm: Normalize, most: int = CONTOURS) -> Floats:
    """Values of the contour lines of a colour scale: round ones at equal steps, between its ends."""
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 0.0)
    levels = np.asarray(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high), dtype=float)
    margin = 1e-6 * (high - low)
    return levels[(levels > low + margin) & (levels < high - margin)]


def line_inks(norm: Normalize, levels: Floats) -> list[str]:
    """Colours of contour lines that show on the colours beneath."""
    return ["white" if norm(level) < BRIGHT else METAL_EDGE for level in levels]


def draw_field(
    axes: Axes,
    run: Run,
    snapshot: Snapshot,
    name: str,
    norm: Normalize,
    cmap: str,
    *,
    lines: Normalize | None = None,
    contours: int = CONTOURS,
    streams: int = 0,
) -> ScalarMappable:
    """Draws one field over the whole cell in µm and returns what its colour bar belongs to.

    At most so many contour lines stand at equal, round steps of `lines`, by default of the colour scale. So many
    streamlines of Li⁺ cross them, where its flux is stored.
    """
    steps = norm if lines is None else lines
    x, y = micrometres(snapshot.x), micrometres(snapshot.y)
    values = snapshot.field(name)
    layers = _wall_layers(snapshot)
    grid = Triangulation(x, y, snapshot.triangles, mask=layers)
    colours = axes.tripcolor(grid, values, shading="gouraud", norm=norm, cmap=cmap, rasterized=True, zorder=1)
    levels = contour_levels(steps, contours)
    inside = ~layers & _within(steps, values[snapshot.triangles])
    if inside.any() and levels.size:
        middle = Triangulation(x, y, snapshot.triangles, mask=~inside)
        inks = line_inks(norm, levels)
        axes.tricontour(middle, values, levels=levels, colors=inks, linewidths=0.35, alpha=0.8, zorder=2)
    draw_streamlines(axes, snapshot, count=streams)
    _frame(axes, x, y)
    if run.has_interface:
        anode = run.interface
        axes.plot(
            micrometres(anode["x_m"]), micrometres(anode["y_m"]), color=METAL_EDGE, linewidth=0.6, zorder=3
        )
    return colours


def _wall_layers(snapshot: Snapshot) -> npt.NDArray[np.bool_]:
    """(m,) which triangles are those of the thinnest wall layers."""
    longest = snapshot.longest_sides()
    lowest = 2.0 * snapshot.areas() / np.maximum(longest, np.finfo(float).tiny)
    return np.asarray((lowest < THIN * np.ptp(snapshot.y)) & (longest > SLENDER * lowest))


def _within(norm: Normalize, corners: Floats) -> npt.NDArray[np.bool_]:
    """(m,) which triangles lie within a colour scale: in a double layer contour lines would be one band."""
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 0.0)
    margin = 0.02 * (high - low)
    return np.asarray((corners.min(axis=1) > low - margin) & (corners.max(axis=1) < high + margin))


def _frame(axes: Axes, x: Floats, y: Floats) -> None:
    """Equal scales, the whole cell, and lithium wherever there is no electrolyte."""
    strip = METAL_STRIP * float(np.ptp(y))
    axes.set_facecolor(METAL)
    axes.set_xlim(float(x.min()), float(x.max()))
    axes.set_ylim(float(y.min()) - strip, float(y.max()) + strip)
    axes.set_aspect("equal")
    axes.axhline(float(y.max()), color=METAL_EDGE, linewidth=0.6, zorder=3)
    axes.set_xlabel(X_LABEL)
    axes.set_ylabel(Y_LABEL)
    for side in axes.spines.values():
        side.set_visible(True)
