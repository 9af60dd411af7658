"""Every point of a sweep as a line across its keys to a metric (parallel coordinates)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import AutoLocator, Locator, LogLocator
from numpy.typing import NDArray

from sim.view.style import INK, PAGE_WIDTH, STYLE, new_figure
from sim.view.sweeps.colours import Colours, norm_of
from sim.view.sweeps.columns import Column, Table
from sim.view.sweeps.words import brief, wrapped

Floats = NDArray[np.float64]
#: more lines are drawn fainter
_FULL = 60
_TICKS = 6
#: characters beside one another across the page
_PAGE = 96


@mpl.rc_context(STYLE)
def parallel_figure(
    table: Table, columns: Sequence[Column], metrics: Sequence[Column], colour: Column
) -> Figure:
    """An upright axis for every column and metric; lines coloured by `colour`, the largest on top."""
    axes_of = [*columns, *metrics]
    figure = new_figure(PAGE_WIDTH, 85)
    axes = figure.subplots()
    heights = np.stack([_height(column) for column in axes_of], axis=1)
    known = np.isfinite(heights).all(axis=1)
    colours = Colours(colour)
    order = np.argsort(colour.positions[known], kind="stable")
    shown, values = heights[known][order], colour.values[known][order]
    steps = np.arange(len(axes_of))
    opacity = max(0.15, min(0.9, _FULL / max(len(shown), 1)))
    lines = [np.column_stack([steps, line]) for line in shown]
    axes.add_collection(
        LineCollection(lines, colors=[colours.look(v).color for v in values], alpha=opacity, linewidths=0.9)
    )
    for level in colours.levels if colours.norm is None else []:
        axes.plot([], [], color=colours.look(level).color, label=colours.label(level))
    for step, column in enumerate(axes_of):
        _upright(axes, step, column)
    axes.set_xlim(-0.3, len(axes_of) - 0.5)
    axes.set_ylim(-0.04, 1.04)
    axes.set_xticks(steps, [wrapped(column.label, _PAGE // len(axes_of)) for column in axes_of])
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_visible(False)
    axes.spines[["left", "bottom"]].set_visible(False)
    figure.suptitle(table.heading)
    colours.explain(figure, [axes])
    return figure


def _height(column: Column) -> Floats:
    """0 at the least and 1 at the largest value, on the column's scale; nan where there is none."""
    norm = norm_of(column)
    return np.ma.filled(norm(np.ma.masked_invalid(column.positions)), np.nan)


def _upright(axes: Axes, step: int, column: Column) -> None:
    """An axis with its numbers or words at the left."""
    axes.plot([step, step], [0, 1], color=INK, lw=0.8, zorder=3)
    for place, text in _ticks(column):
        axes.plot([step - 0.02, step], [place, place], color=INK, lw=0.6, zorder=3)
        axes.annotate(
            text,
            (step - 0.03, place),
            ha="right",
            va="center",
            size=6,
            zorder=4,
            bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )


def _ticks(column: Column) -> list[tuple[float, str]]:
    """Heights and texts of some values."""
    norm = norm_of(column)
    if column.is_words:
        return [(float(norm(i)), column.text(word)) for i, word in enumerate(column.levels)]
    if len(column.levels) <= _TICKS:
        return [(float(norm(value)), brief(value)) for value in column.levels]
    low, high = column.levels[0], column.levels[-1]
    locator: Locator = AutoLocator()
    if column.scale == "logarithmic":
        locator = LogLocator(subs=(1, 2, 5) if high < 300 * low else (1,), numticks=9)
    between = [value for value in locator.tick_values(low, high) if low <= value <= high]
    return [(float(norm(value)), brief(float(value))) for value in between]
