"""Zoom on the anode's double layer: the fields by place along the anode and logarithm of the distance from the metal.

One axis in µm, the other from less than a nanometre to where the cell's middle begins: what is a line of a tenth of
a pixel in the whole cell is half of this picture, and shows how bumps and sites shape it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import FixedLocator, FuncFormatter
from matplotlib.tri import Triangulation

from sim.view.along import draw_profile
from sim.view.fields import line_inks
from sim.view.labels import CONCENTRATION, POTENTIAL, Quantity, heading, number
from sim.view.near_anode import distance_to_anode
from sim.view.reader import Run, micrometres
from sim.view.snapshot import Floats, Ints, Snapshot
from sim.view.style import (
    COLUMN_WIDTH,
    CONCENTRATION_MAP,
    METAL_EDGE,
    POTENTIAL_MAP,
    STYLE,
    letter,
    new_figure,
)
from sim.view.ticks import log_ticks, plain_numbers

NANOMETRE = 1e-9
#: Nodes closer than this are on the metal: what the distances of a µm-sized cell are rounded to [m]
ON_METAL = 2e-14
#: Nearer than this nothing changes: a tenth of an atom [m]
NEAREST = 1e-11
#: The zoom reaches this part of the cell's width, and must begin this much nearer to be one.
FARTHEST, LEAST_SPAN = 0.25, 100.0
#: From this ratio of the largest to the least value on, the colours are logarithmic.
LOGARITHMIC = 3.0
CONTOURS = 9


@dataclass(frozen=True)
class Zoom:
    """Nodes near the anode and the triangles between them."""

    x: Floats  #: (n,) of all nodes [µm]
    decade: Floats  #: (n,) log10 of the distance from the metal in nm, at least that of `nearest`
    triangles: Ints  #: (m, 3) those within the zoom
    nearest: float  #: where the axis begins [nm]
    farthest: float  #: where it ends [nm]


def zoom_on(run: Run, snapshot: Snapshot) -> Zoom | None:
    """The part of the cell near the anode; None where the mesh does not resolve two decades of it."""
    distance = distance_to_anode(snapshot, run.interface)
    off = distance > ON_METAL
    farthest = FARTHEST * float(np.ptp(snapshot.y))
    if not off.any() or farthest < LEAST_SPAN * (first := float(distance[off].min())):
        return None
    near = distance[snapshot.triangles].min(axis=1) < farthest
    decade = np.log10(np.maximum(distance, 0.5 * first) / NANOMETRE)
    nearest = max(first, NEAREST) / NANOMETRE
    return Zoom(micrometres(snapshot.x), decade, snapshot.triangles[near], nearest, farthest / NANOMETRE)


def has_zoom(run: Run) -> bool:
    """Whether the run resolves double layers and its anode's table says where the metal is."""
    resolved = run.settings.electrostatics == "poisson" and bool(run.snapshots) and run.has_interface
    return resolved and zoom_on(run, run.last_fields) is not None


@mpl.rc_context(STYLE)
def zoom_figure(run: Run) -> Figure:
    """Potential and Li⁺ concentration by x and distance from the lithium, above the shape of the anode."""
    snapshot = run.last_fields
    zoom = zoom_on(run, snapshot)
    figure = new_figure(COLUMN_WIDTH, 120)
    top, middle, below = figure.subplots(3, 1, sharex=True, height_ratios=(4, 4, 1))
    if zoom is not None:
        _draw(figure, top, run, snapshot, zoom, ("phi_V", POTENTIAL, POTENTIAL_MAP))
        _draw(figure, middle, run, snapshot, zoom, ("c_li_mol_m3", CONCENTRATION, CONCENTRATION_MAP))
    if (length := _debye_length(run)) > 0:
        words = f"dashed: Debye length, {number(length, 2)} nm"
        top.set_title(words, loc="right", size=STYLE["xtick.labelsize"])
    draw_profile(below, run)
    for index, axes in enumerate((top, middle)):
        letter(axes, index)
    figure.align_ylabels()
    figure.suptitle(heading(run))
    return figure


def _draw(
    figure: Figure, axes: Axes, run: Run, snapshot: Snapshot, zoom: Zoom, shown: tuple[str, Quantity, str]
) -> None:
    """One field with contour lines and its colour bar."""
    name, quantity, cmap = shown
    values = snapshot.field(name)
    norm = _norm(values[zoom.triangles], may_be_log=quantity is not POTENTIAL)
    grid = Triangulation(zoom.x, zoom.decade, zoom.triangles)
    colours = axes.tripcolor(grid, values, shading="gouraud", norm=norm, cmap=cmap, rasterized=True)
    levels = np.asarray(norm.inverse(np.linspace(0, 1, CONTOURS + 2)[1:-1]), dtype=float)
    axes.tricontour(grid, values, levels=levels, colors=line_inks(norm, levels), linewidths=0.4, alpha=0.8)
    _distance_axis(axes, zoom)
    axes.set_xlim(float(zoom.x.min()), float(zoom.x.max()))
    _mark_debye_length(axes, _debye_length(run))
    _bar(figure, axes, colours, norm, quantity)


def _distance_axis(axes: Axes, zoom: Zoom) -> None:
    """Decades as powers of ten in nm: colours between nodes are not drawn right on a logarithmic axis itself."""
    low, high = math.log10(zoom.nearest), math.log10(zoom.farthest)
    axes.set_ylim(low, high)
    decades = range(math.floor(low), math.ceil(high) + 1)
    axes.yaxis.set_major_locator(FixedLocator([d for d in decades if low - 1e-9 <= d <= high]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(10.0**value, 1)))
    minor = [d + math.log10(k) for d in decades for k in range(2, 10)]
    axes.yaxis.set_minor_locator(FixedLocator([at for at in minor if low <= at <= high]))
    axes.set_ylabel("distance from\nthe lithium (nm)")


def _norm(values: Floats, *, may_be_log: bool) -> Normalize:
    """Colours from the least to the largest value, logarithmic where that may be and spans a larger ratio."""
    low, high = float(values.min()), float(values.max())
    if may_be_log and low > 0 and high > LOGARITHMIC * low:
        return LogNorm(low, high)
    margin = 0.0 if high - low > 1e-9 * max(abs(low), abs(high)) else 0.01 * max(abs(low), 1e-3)
    return Normalize(low - margin, high + margin)


def _bar(figure: Figure, axes: Axes, colours: ScalarMappable, norm: Normalize, quantity: Quantity) -> None:
    bar = figure.colorbar(colours, ax=axes, aspect=14, pad=0.06)
    bar.set_label(f"{quantity.words}\n({quantity.unit})")
    if isinstance(norm, LogNorm):
        log_ticks(bar.ax.yaxis)
    else:
        plain_numbers(bar)


def _debye_length(run: Run) -> float:
    """Debye length [nm]; nan where the run does not say how long it is."""
    return run.metric("debye_length_over_gap") * run.settings.width / NANOMETRE


def _mark_debye_length(axes: Axes, length: float) -> None:
    """A dashed line one Debye length [nm] from the metal."""
    low, high = axes.get_ylim()
    if not length > 0 or not low < math.log10(length) < high:
        return
    at = math.log10(length)
    halo = [Stroke(linewidth=1.6, foreground=METAL_EDGE), Normal()]
    axes.axhline(at, color="white", linewidth=0.8, linestyle=(0, (4, 2)), path_effects=halo)
    where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    axes.annotate("$\\lambda_\\mathrm{D}$", (1, at), xytext=(2, 0), va="center", **where)
