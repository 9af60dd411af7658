"""The panel of a comparison: rows potential, Li⁺ concentration and current, columns separators.

Laid out in millimetres, so that the cells keep their proportions; a panel of few runs is narrower than a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.view.drop import DROP, with_drop
from sim.view.fields import common_norm, contour_levels, draw_field, drawn_aspect, line_inks
from sim.view.labels import CONCENTRATION, J_OVER_J_LIM, POTENTIAL_DROP, Quantity, drives, number, short_title
from sim.view.reader import Run, micrometres, relative_to_mean
from sim.view.snapshot import Snapshot
from sim.view.streamlines import draw_streamlines
from sim.view.style import (
    CONCENTRATION_MAP,
    FAINT,
    INK,
    PAGE_WIDTH,
    POTENTIAL_MAP,
    STYLE,
    curve,
    new_figure,
    texts_beside,
)
from sim.view.ticks import plain_numbers

#: Streamlines in a cell, and their width [points]
STREAMS, STREAM_WIDTH = 8, 0.5


@dataclass(frozen=True)
class _Row:
    """One field of the panel."""

    name: str
    quantity: Quantity
    cmap: str
    contours: int  #: on the shared scale: so many that a run that fills a fraction of it still has some
    streams: int = 0


FIELDS = (
    _Row(DROP, POTENTIAL_DROP, POTENTIAL_MAP, 20),
    _Row("c_li_mol_m3", CONCENTRATION, CONCENTRATION_MAP, 12, STREAMS),
)
#: margins, gaps and the colour bar [mm]; the right margin grows with the numbers of the colour bar
LEFT, RIGHT, TOP, BOTTOM = 13.5, 21.0, 19.5, 10.0
COLUMN_GAP, ROW_GAP, BAR_GAP, BAR_WIDTH = 4.5, 3.5, 2.0, 2.5
EDGE = 1.0
CURRENT_HEIGHT = 24.0
WIDEST_COLUMN = 50.0
#: The rule beneath the mode, from the top [mm]
RULE = 6.0


@dataclass(frozen=True)
class _Page:
    """Where the axes go; rows are numbered from the top."""

    columns: int
    aspect: float  #: height over length of what is drawn of a cell
    right: float = RIGHT  #: for the colour bars with their texts [mm]

    @property
    def column_width(self) -> float:
        free = PAGE_WIDTH - LEFT - self.right - COLUMN_GAP * (self.columns - 1)
        return min(free / self.columns, WIDEST_COLUMN)

    @property
    def width(self) -> float:
        return LEFT + self.columns * (self.column_width + COLUMN_GAP) - COLUMN_GAP + self.right

    @property
    def field_height(self) -> float:
        return self.aspect * self.column_width

    @property
    def height(self) -> float:
        return TOP + 2 * (self.field_height + ROW_GAP) + CURRENT_HEIGHT + BOTTOM

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of one pair of axes as shares of the figure."""
        tall = self.field_height if row < 2 else CURRENT_HEIGHT
        top = TOP + row * (self.field_height + ROW_GAP)
        left = LEFT + column * (self.column_width + COLUMN_GAP)
        return self._shares(left, top, self.column_width, tall)

    def bar(self, row: int) -> tuple[float, float, float, float]:
        """The colour bar at the right of a row."""
        left = LEFT + self.columns * (self.column_width + COLUMN_GAP) - COLUMN_GAP + BAR_GAP
        return self._shares(left, TOP + row * (self.field_height + ROW_GAP), BAR_WIDTH, self.field_height)

    def _shares(
        self, left: float, top: float, width: float, tall: float
    ) -> tuple[float, float, float, float]:
        return left / self.width, 1 - (top + tall) / self.height, width / self.width, tall / self.height


@mpl.rc_context(STYLE)
def panel_figure(runs: Sequence[Run]) -> Figure:
    """Fields of every run side by side, one colour scale per row, and the relative current under each."""
    snapshots = [with_drop(run.last_fields) for run in runs]
    page = _Page(len(runs), max(drawn_aspect(snapshot) for snapshot in snapshots))
    figure, needed = _draw_fields(page, runs, snapshots)
    if needed > page.right:
        page = replace(page, right=needed)
        figure, _ = _draw_fields(page, runs, snapshots)
    for column, axes in enumerate(figure.axes[: len(runs)]):
        _write_head(axes, runs[column], column)
    lowest = [figure.add_axes(page.box(2, column)) for column in range(len(runs))]
    for column, axes in enumerate(lowest):
        _draw_current(axes, runs, column, tell_drive=len(drives(runs)) > 1)
    _share_limits(lowest)
    _write_mode(figure, page, " / ".join(drives(runs)))
    return figure


def _write_mode(figure: Figure, page: _Page, words: str) -> None:
    """The mode of all columns, over a rule that spans them."""
    left, right = LEFT / page.width, 1 - page.right / page.width
    level = 1 - RULE / page.height
    figure.text(0.5 * (left + right), level + 0.8 / page.height, words, ha="center", va="bottom", size=8.5)
    figure.add_artist(Line2D([left, right], [level, level], color=INK, linewidth=0.6))


def _draw_fields(page: _Page, runs: Sequence[Run], snapshots: Sequence[Snapshot]) -> tuple[Figure, float]:
    """The rows of fields on a new figure, and the right margin that their colour bars need [mm]."""
    figure = new_figure(page.width, page.height)
    figure.set_layout_engine("none")
    bars = [_draw_row(figure, page, row, runs, snapshots, field) for row, field in enumerate(FIELDS)]
    texts = max(texts_beside(figure, bar) for bar in bars)
    return figure, BAR_GAP + BAR_WIDTH + texts + EDGE


def _draw_row(
    figure: Figure,
    page: _Page,
    row: int,
    runs: Sequence[Run],
    snapshots: Sequence[Snapshot],
    shown: _Row,
) -> Axes:
    """One field of every run on one colour scale; returns the axes of its colour bar."""
    norm = common_norm(snapshots, shown.name)
    for column, (run, snapshot) in enumerate(zip(runs, snapshots, strict=True)):
        axes = figure.add_axes(page.box(row, column))
        colours = draw_field(axes, run, snapshot, shown.name, norm, shown.cmap, contours=shown.contours)
        draw_streamlines(axes, snapshot, count=shown.streams, width=STREAM_WIDTH)
        axes.set_anchor("N")
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_xlabel("")
        axes.tick_params(labelbottom=False, labelleft=column == 0)
        if column:
            axes.set_ylabel("")
    bar = figure.colorbar(
        colours, cax=figure.add_axes(page.bar(row)), ticks=MaxNLocator(5, steps=[1, 2, 5, 10])
    )
    bar.set_label(f"{shown.quantity.words}\n({shown.quantity.unit})")
    plain_numbers(bar)
    levels = contour_levels(norm, shown.contours)
    bar.ax.hlines(levels, 0, 1, colors=line_inks(norm, levels), linewidths=0.35, alpha=0.8)
    return bar.ax


def _write_head(axes: Axes, run: Run, column: int) -> None:
    """Letter, title and unevenness above a column."""
    _write_above(axes, "abcdefghijklmnopqrstuvwxyz"[column % 26], (0, 24), 9, "bold")
    _write_above(axes, short_title(run), (10, 24), 8)
    _write_above(axes, f"CV {number(run.metric('current_density_cv'))}", (0, 13), 7.5)
    peak = number(run.metric("current_density_max_over_mean"), 4)
    _write_above(axes, f"max/⟨j⟩ {peak}", (0, 4), 7.5)


def _write_above(
    axes: Axes, text: str, offset: tuple[float, float], size: float, weight: str = "normal"
) -> None:
    """A text that begins this many points right of and above the upper left corner."""
    axes.annotate(
        text, (0, 1), offset, xycoords="axes fraction", textcoords="offset points", size=size, weight=weight
    )


def _draw_current(axes: Axes, runs: Sequence[Run], column: int, *, tell_drive: bool) -> None:
    """Plating current over its mean, the first run's in grey, the mean in A/m² and how near it is to the limit."""
    run = runs[column]
    table = run.interface
    axes.axhline(1.0, color=INK, linewidth=0.4, zorder=0)
    if column:
        first = runs[0].interface
        x, relative = micrometres(first["x_m"]), relative_to_mean(first)
        axes.plot(x, relative, color=FAINT, linewidth=0.6, zorder=1)
        if np.isfinite(relative).all():
            top = int(np.argmax(relative))
            _write_beside(axes, "a", (float(x[top]), float(relative[top])))
    axes.plot(micrometres(table["x_m"]), relative_to_mean(table), color=curve(column).color)
    mean, share = run.metric("current_density_mean_A_m2"), run.metric("j_over_j_lim")
    drive = f"{run.settings.driven_at}: " if tell_drive else ""
    axes.annotate(
        f"{drive}mean {number(mean)} A m⁻²\n{J_OVER_J_LIM} = {number(share, 2)}",
        (0.98, 0.97),
        xycoords="axes fraction",
        ha="right",
        va="top",
        size=STYLE["xtick.labelsize"],
    )
    axes.set_xlim(float(micrometres(table["x_m"]).min()), float(micrometres(table["x_m"]).max()))
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 5, 10], integer=True))
    axes.set_xlabel("x (µm)")
    if column == 0:
        axes.set_ylabel("j/⟨j⟩ (–)")
    axes.tick_params(labelleft=column == 0)


def _write_beside(axes: Axes, text: str, at: tuple[float, float]) -> None:
    """A faint text right of a point."""
    axes.annotate(
        text, at, (5, 2), textcoords="offset points", ha="left", va="top", color=FAINT, weight="bold"
    )


def _share_limits(row: Sequence[Axes]) -> None:
    """One scale for the relative currents, with room above them for the numbers."""
    ends = [end for axes in row for end in axes.dataLim.intervaly if np.isfinite(end)]
    low, high = min(ends, default=1.0), max(ends, default=1.0)
    span = max(high - low, 0.02)
    for axes in row:
        axes.set_ylim(low - 0.1 * span, high + 0.7 * span)
