"""The page around a render: title with mode, colour bars with units, and numbers where they stand in space."""

from __future__ import annotations

import math
from pathlib import Path
from textwrap import shorten

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.output.atomic import write_whole
from sim.view.anode_series import anode_at
from sim.view.errors import ViewError
from sim.view.fields import common_norm
from sim.view.labels import CONCENTRATION, LONGEST_TITLE, POTENTIAL, X_LABEL, Quantity, number
from sim.view.moments import metrics_at, nearest, say_drive, say_time
from sim.view.reader import CURRENT, Run, mean_along_anode
from sim.view.render.axonometry import View, project
from sim.view.render.geometry import STRIP, Stage, build_stage
from sim.view.render.scene import render_scene
from sim.view.render.screen import screen
from sim.view.snapshot import Floats, Snapshot
from sim.view.style import CONCENTRATION_MAP, INK, POTENTIAL_MAP, STYLE
from sim.view.sweeps.words import brief

#: what can stand behind the anode: name of the field, words, colours, and colours of the current beside them
FIELDS: dict[str, tuple[str, Quantity, str, str]] = {
    "c_li": ("c_li_mol_m3", CONCENTRATION, CONCENTRATION_MAP, "YlOrRd"),
    "phi": ("phi_V", POTENTIAL, POTENTIAL_MAP, "cividis"),
}
#: The page [inches] and its dots per inch: 1600 × 900 pixels
PAGE, DPI = (16.0, 9.0), 100
#: Where the scene may stand, in parts of the page: left, bottom, width, height
ROOM = (0.06, 0.075, 0.70, 0.815)
#: pixels rendered for each of the page
FINER = 2
#: A colour scale of the current spans at least this part of its mean: an even current is drawn as an even one
LEAST_SPAN = 0.02
Place = tuple[float, float, float]
#: directions of words in space
ALONG: Place = (1.0, 0.0, 0.0)
UPWARDS: Place = (0.0, 0.0, 1.0)
BIG = {
    name: 1.9 * STYLE[name] for name in ("font.size", "xtick.labelsize", "ytick.labelsize", "axes.labelsize")
}


def draw_render(folder: Path | str, out: Path, *, field: str = "c_li", time: float | None = None) -> Path:
    """Write the picture of a run at a stored time [s], the nearest to the one asked for, by default the last.

    field: a key of FIELDS; out: .png. ViewError where the folder has no fields, or nothing can be rendered here.
    """
    if out.suffix.lower() != ".png":
        raise ViewError(f"{out}: a render is written as .png")
    run = Run.from_folder(folder)
    snapshot = run.fields(nearest(run.snapshots, time))
    with screen():
        figure = render_figure(run, snapshot, anode_at(run, snapshot.time), field)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, lambda path: figure.savefig(path, dpi=DPI))
    return out


@mpl.rc_context(STYLE | BIG)
def render_figure(run: Run, snapshot: Snapshot, anode: pd.DataFrame, field: str) -> Figure:
    """The page with the scene of one time; needs a screen."""
    name, quantity, field_map, current_map = FIELDS[field]
    stage = build_stage(snapshot, anode)
    norms = common_norm([snapshot], name), current_norm(stage.current)
    view = View.around(stage.corners())
    figure = Figure(figsize=PAGE)
    axes = figure.add_axes(_fitted(view.aspect))
    box = axes.get_position()
    size = (round(FINER * DPI * PAGE[0] * box.width), round(FINER * DPI * PAGE[1] * box.height))
    picture = render_scene(snapshot, stage, view, name, norms, (field_map, current_map), size)
    axes.imshow(picture, extent=(0, 1, 0, 1), aspect="auto", interpolation="antialiased")
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    _lengths(axes, view, stage)
    _chart_numbers(axes, view, stage, mean_along_anode(anode, CURRENT))
    _bar(figure, 0.55, norms[0], field_map, quantity.label)
    _bar(figure, 0.10, norms[1], current_map, "plating current density\nper arc length (A m⁻²)")
    _words(figure, run, snapshot)
    return figure


def current_norm(current: Floats) -> Normalize:
    """The colour scale of a current: all of it, and at least a few percent around an even one."""
    low, high = float(current.min()), float(current.max())
    least = LEAST_SPAN * max(abs(low), abs(high)) or 1.0
    if high - low < least:
        middle = 0.5 * (low + high)
        low, high = middle - 0.5 * least, middle + 0.5 * least
    return Normalize(low, high)


def _fitted(aspect: float) -> tuple[float, float, float, float]:
    """The largest rectangle of an aspect in the scene's room, in parts of the page."""
    left, bottom, width, height = ROOM
    page = PAGE[0] / PAGE[1]
    tall = min(height, width * page / aspect)
    wide = tall * aspect / page
    return left + 0.5 * (width - wide), bottom + 0.5 * (height - tall), wide, tall


def _lengths(axes: Axes, view: View, stage: Stage) -> None:
    """Ticks in µm along the foot of the metal, and across the cell at the far left edge of the field."""
    left, right = float(stage.x[0]), float(stage.x[-1])
    for x in _ticks(left, right, 6):
        _tick(axes, view, (x, 0.0, stage.base), (0, -1), f"{x:g}")
    middle = 0.5 * (left + right)
    _name(axes, view, (middle, 0.0, stage.base), (0, -34), X_LABEL, along=ALONG)
    for z in _ticks(0.0, stage.width, 5):
        _tick(axes, view, (left, stage.depth, z), (-1, 0), f"{z:g}")
    _name(axes, view, (left, stage.depth, 0.5 * stage.width), (-44, 0), "y (µm)", along=UPWARDS)
    behind = (middle, stage.depth, stage.width * (1 + 0.5 * STRIP))
    _name(axes, view, behind, (0, 0), "counter electrode", along=ALONG, size=9)


def _chart_numbers(axes: Axes, view: View, stage: Stage, mean: float) -> None:
    """Numbers of the current at the right of its chart, and its mean as a dashed line."""
    low, high = min(float(stage.current.min()), 0.0), max(float(stage.current.max()), 0.0)
    right = float(stage.x[-1])
    for value in _ticks(low, high, 3):
        _tick(axes, view, (right, 0.0, float(stage.chart(value))), (1, 0), brief(value))
    middle = (right, 0.0, float(stage.chart(0.5 * (low + high))))
    _name(axes, view, middle, (58, 0), "j (A m⁻²)", along=UPWARDS)
    if math.isfinite(mean):
        ends = view.fractions(np.array([(x, 0.0, float(stage.chart(mean))) for x in (stage.x[0], right)]))
        axes.plot(ends[:, 0], ends[:, 1], color=INK, linewidth=1.0, linestyle=(0, (4, 3)))


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between two."""
    span = high - low
    found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(value) + 0.0 for value in found if low - 1e-6 * span <= value <= high + 1e-6 * span]


def _tick(axes: Axes, view: View, place: Place, way: tuple[int, int], text: str) -> None:
    """A short line outwards from a place in space, and its number."""
    at = tuple(view.fractions(np.array([place]))[0])
    axes.annotate(
        text,
        at,
        xytext=(9 * way[0], 9 * way[1]),
        textcoords="offset points",
        ha={-1: "right", 0: "center", 1: "left"}[way[0]],
        va={-1: "top", 0: "center"}[way[1]],
        arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.8, "shrinkA": 0, "shrinkB": 0},
        annotation_clip=False,
    )


def _name(
    axes: Axes,
    view: View,
    place: Place,
    offset: tuple[float, float],
    text: str,
    *,
    along: Place,
    size: float | None = None,
) -> None:
    """Words beside a place in space, written along a direction there."""
    at = tuple(view.fractions(np.array([place]))[0])
    across, up = project(np.array([along]))[0]
    angle = math.degrees(math.atan2(up, across))
    axes.annotate(
        text,
        at,
        xytext=offset,
        textcoords="offset points",
        rotation=angle,
        ha="center",
        va="center",
        size=size,
        annotation_clip=False,
    )


def _bar(figure: Figure, bottom: float, norm: Normalize, cmap: str, label: str) -> None:
    """A colour bar at the right of the page."""
    beside = figure.add_axes((0.80, bottom, 0.016, 0.33))
    bar = figure.colorbar(
        ScalarMappable(norm, cmap), cax=beside, ticks=MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
    )
    bar.ax.ticklabel_format(useOffset=False)
    bar.set_label(label)


def _words(figure: Figure, run: Run, snapshot: Snapshot) -> None:
    """Title, mode, time and unevenness above; what depth means below."""
    row = metrics_at(run, snapshot.time)
    title = shorten(run.settings.title, LONGEST_TITLE, placeholder=" …")
    figure.text(0.02, 0.965, title, size=19, weight="bold", va="top")
    said = say_drive(run, row)
    if not math.isnan(snapshot.time) and len(run.snapshots) > 1:
        said = f"{said}  ·  t = {say_time(snapshot.time)}"
    figure.text(0.02, 0.915, said, size=15, va="top")
    cv, peak = (row.get(f"current_density_{name}", math.nan) for name in ("cv", "max_over_mean"))
    uneven = f"plating current: CV {number(cv)}, max/⟨j⟩ {number(peak, 4)}"
    figure.text(0.02, 0.865, uneven, size=15, va="top")
    note = "The model is two-dimensional: nothing varies in depth, which is drawn for the eye."
    figure.text(0.02, 0.02, note, size=10.5, color="#55585c")
