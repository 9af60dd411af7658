"""One frame: both fields, beneath them the current along the anode and the unevenness against log time."""

from __future__ import annotations

import math
from textwrap import shorten

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.view.along import ADSORBED, DIRECT, known
from sim.view.animate.film import Picture
from sim.view.animate.frames import Frame, current_limits, field_scale, own_range
from sim.view.fields import draw_field, drawn_aspect
from sim.view.history import without_mean
from sim.view.labels import CONCENTRATION, POTENTIAL, TIME_LABEL, X_LABEL, Quantity, number
from sim.view.moments import metrics_at, say_drive, say_time
from sim.view.reader import CURRENT, Run, micrometres
from sim.view.snapshot import Floats
from sim.view.style import CONCENTRATION_MAP, FAINT, INK, POTENTIAL_MAP, STYLE, curve
from sim.view.ticks import log_ticks

#: The page [inches] and its dots per inch: 1600 × 900 pixels, both even as H.264 wants them
PAGE, DPI = (16.0, 9.0), 100
#: left edges of the two columns, their width, and the rows' bottom and height, in parts of the page
COLUMNS, WIDTH = (0.062, 0.542), 0.37
FIELD_ROW = (0.335, 0.525)
#: the curves' foot, and the gap above them to the fields; they take what a flat cell leaves
FOOT, GAP = 0.075, 0.085
BAR_GAP, BAR_WIDTH = 0.008, 0.010
#: of the 256 colours of a GIF: of each colour scale, of thin white lines over it, greys, and shades of each curve
PER_MAP, LINES, GREYS, SHADES = 64, 32, 32, 5
#: how much of a thin line is white
PALE = 0.4
#: characters that fit over a field, and beside the colour bar of a flat cell
LONGEST_TITLE, LONG_LABEL = 46, 20
#: Fields that vary by less than this part of the colour scale get no contour lines, which would be those of rounding
LEAST_RANGE = 2e-3
BIG = {
    name: 1.75 * STYLE[name] for name in ("font.size", "xtick.labelsize", "ytick.labelsize", "axes.labelsize")
}
BIG |= {"legend.fontsize": 11.5, "lines.linewidth": 2.2}
SHOWN: tuple[tuple[str, Quantity, str], ...] = (
    ("phi_V", POTENTIAL, POTENTIAL_MAP),
    ("c_li_mol_m3", CONCENTRATION, CONCENTRATION_MAP),
)
CV = "current_density_cv"
LOOK = STYLE | BIG


class Page:
    """Draws the frames of one run, all on the same page with the same scales."""

    @mpl.rc_context(LOOK)
    def __init__(self, run: Run, frames: list[Frame]) -> None:
        """frames: all that will be drawn; ViewError where one lacks a field."""
        self._run = run
        self._norms = {name: field_scale(frames, name) for name, _, _ in SHOWN}
        self._limits = current_limits(frames)
        self._figure = Figure(figsize=PAGE, dpi=DPI)
        self._canvas = FigureCanvasAgg(self._figure)
        places = [self._place(column, frames[0]) for column in COLUMNS]
        self._fields = [self._figure.add_axes(place) for place in places]
        for place, (name, quantity, cmap) in zip(places, SHOWN, strict=True):
            label = (
                quantity.label if len(quantity.label) < LONG_LABEL else quantity.label.replace(" (", "\n(")
            )
            self._bar(place, self._norms[name], cmap, label)
        left, lowest, wide, _ = places[0]
        height = lowest - GAP - FOOT
        self._current = self._figure.add_axes((left, FOOT, wide, height))
        self._history = self._figure.add_axes((COLUMNS[1], FOOT, WIDTH, height))
        self._cursor = _draw_history(self._history, run, [frame.time for frame in frames])
        title = shorten(run.settings.title, LONGEST_TITLE, placeholder=" …")
        self._figure.text(0.02, 0.975, title, size=18, weight="bold", va="top")
        self._drive = self._figure.text(0.02, 0.928, "", size=14, va="top")
        self._words = self._figure.text(COLUMNS[1], 0.975, "", size=18, weight="bold", va="top")
        self._numbers = self._figure.text(COLUMNS[1], 0.928, "", size=14, va="top")

    @mpl.rc_context(LOOK)
    def draw(self, frame: Frame) -> Picture:
        """(900, 1600, 3) the page at one time."""
        for axes, (name, quantity, cmap) in zip(self._fields, SHOWN, strict=True):
            self._draw_field(axes, frame, name, quantity, cmap)
        self._draw_current(frame)
        row = metrics_at(self._run, frame.time)
        self._drive.set_text(say_drive(self._run, row))
        self._words.set_text(f"t = {say_time(frame.time)}")
        self._numbers.set_text(_numbers(row))
        _move(self._cursor, self._history, frame.time, row.get(CV, math.nan))
        self._canvas.draw()
        return np.asarray(self._canvas.buffer_rgba())[..., :3].copy()

    @property
    def colours(self) -> list[tuple[int, int, int]]:
        """What a picture of few colours should have: those of both scales, of the curves, and greys."""
        maps = [_colours(cmap, PER_MAP) for _, _, cmap in SHOWN]
        lines = [PALE + (1 - PALE) * _colours(cmap, LINES) for _, _, cmap in SHOWN]
        curves = [_shades(curve(index).color) for index in range(3)]
        greys = np.repeat(np.linspace(0, 1, GREYS)[:, None], 3, axis=1)
        parts = [*maps, *lines, *curves, greys]
        return [(int(r), int(g), int(b)) for r, g, b in np.round(255 * np.concatenate(parts))]

    def _place(self, left: float, frame: Frame) -> tuple[float, float, float, float]:
        """Where a field of the cell's shape stands, at the top of its room."""
        bottom, height = FIELD_ROW
        aspect = drawn_aspect(frame.snapshot) * PAGE[0] / PAGE[1]
        wide = min(WIDTH, height / aspect)
        return left, bottom + height - wide * aspect, wide, wide * aspect

    def _bar(self, place: tuple[float, float, float, float], norm: Normalize, cmap: str, label: str) -> None:
        left, bottom, width, height = place
        beside = self._figure.add_axes((left + width + BAR_GAP, bottom, BAR_WIDTH, height))
        ticks = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10])
        self._figure.colorbar(ScalarMappable(norm, cmap), cax=beside, ticks=ticks).set_label(label)

    def _draw_field(self, axes: Axes, frame: Frame, name: str, quantity: Quantity, cmap: str) -> None:
        """The field with contour lines at equal steps of its range at this time, which stands above it."""
        norm = self._norms[name]
        low, high = own_range(frame, name)
        varies = high - low > LEAST_RANGE * (float(norm.vmax or 0.0) - float(norm.vmin or 0.0))
        axes.clear()
        draw_field(
            axes,
            self._run,
            frame.snapshot,
            name,
            norm,
            cmap,
            lines=Normalize(low, high if varies else low),
        )
        said = f"now {number(low)} to {number(high)} {quantity.unit}, lines at tenths"
        even = f"now {number(high)} {quantity.unit}"
        axes.set_title(said if varies else even, loc="left", size=13, pad=5)
        axes.set_xlabel("")

    def _draw_current(self, frame: Frame) -> None:
        """The plating current along the anode, and its channels where there are sites."""
        axes, table = self._current, frame.anode
        axes.clear()
        x = micrometres(table["x_m"])
        drawn = [(CURRENT, "plating current", curve(1))]
        if self._run.has_sites and known(table, DIRECT) and known(table, ADSORBED):
            drawn += [(DIRECT, "direct", curve(0)), (ADSORBED, "through the sites", curve(2))]
        for column, label, look in drawn:
            axes.plot(x, table[column], label=label, **look.line)
        low, high = self._limits
        axes.set_xlim(float(x.min()), float(x.max()))
        axes.set_ylim(low - 0.04 * (high - low), high + 0.38 * (high - low))
        axes.set_xlabel(X_LABEL)
        axes.set_ylabel("j per arc length\n(A m⁻²)")
        axes.legend(loc="upper left", ncols=3, borderpad=0.1, borderaxespad=0.1)
        axes.grid(True, axis="y")


def _draw_history(axes: Axes, run: Run, times: list[float]) -> tuple[Line2D, Line2D]:
    """The unevenness over all of the run, the stored times as ticks above, and a cursor that `_move` moves."""
    table = run.metrics
    time = table["time_s"].to_numpy(dtype=float)
    cv = table[CV].mask(without_mean(table)).to_numpy(dtype=float)
    marched = np.isfinite(time) & (time > 0)
    axes.plot(time[marched], cv[marched], color=curve(1).color, linewidth=1.6)
    later = [one for one in times if one > 0]
    axes.set_xscale("log")
    axes.set_xlim(min(later) / 1.6, max(later) * 1.6)
    if (cv[marched] > 0).any():
        axes.set_yscale("log")
        log_ticks(axes.yaxis)
    axes.set_xlabel(TIME_LABEL)
    axes.set_ylabel("CV of the\nplating current (–)")
    axes.grid(True, axis="both")
    axes.plot(
        later, np.full(len(later), 1.0), "|", color=FAINT, transform=axes.get_xaxis_transform(), clip_on=False
    )
    line = axes.axvline(axes.get_xlim()[0], color=INK, linewidth=1.5)
    (dot,) = axes.plot([], [], "o", color=INK, markersize=7)
    return line, dot


def _move(cursor: tuple[Line2D, Line2D], axes: Axes, time: float, cv: float) -> None:
    """The cursor to a time [s]; before all others where time is zero, which has no logarithm."""
    line, dot = cursor
    at = time if time > 0 else axes.get_xlim()[0]
    line.set_xdata([at, at])
    dot.set_data([at], [cv])


def _colours(cmap: str, number: int) -> Floats:
    """(number, 3) colours of a scale from its one end to the other."""
    return np.asarray(mpl.colormaps[cmap](np.linspace(0, 1, number))[:, :3])


def _shades(colour: str) -> Floats:
    """(SHADES, 3) a colour and its mixtures with white, as at the edges of a line."""
    weights = np.linspace(1.0, 0.25, SHADES)[:, None]
    return np.asarray(weights * np.array(to_rgb(colour)) + 1 - weights)


def _numbers(row: dict[str, float]) -> str:
    """Mean current and unevenness at one time; at rest there is none."""
    mean = row.get("current_density_mean_A_m2", math.nan)
    if math.isnan(mean):
        return "at rest"
    return f"mean plating current {number(mean)} A m⁻²  ·  CV {number(row.get(CV, math.nan))}"
