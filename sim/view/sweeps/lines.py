"""Metrics of a sweep against one key, a curve for each value of another, panels for the rest."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.view.style import STYLE
from sim.view.sweeps.colours import Colours
from sim.view.sweeps.columns import RANDOM, Column, Table
from sim.view.sweeps.panels import Panel, lay_out, panels_of


@mpl.rc_context(STYLE)
def lines_figure(table: Table, x: Column, metrics: Sequence[Column], colour: Column | None) -> Figure:
    """Every metric against x, a curve for each value of `colour`; raises ViewError for too many panels.

    What x does not change is a level dotted line; points of a random design are not joined.
    """
    panels = panels_of(table, metrics, (x, colour))
    figure, grid = lay_out(table, panels)
    colours, unchanged = Colours(colour), table.unchanged(x)
    for axes, panel in zip(grid, panels, strict=True):
        errors = table.metrics.get(f"mesh_error_{panel.metric.name}")
        _draw(axes, x, panel, colours, unchanged, errors)
        x.set_up(axes.xaxis)
        panel.metric.set_up(axes.yaxis)
        axes.grid(True)
    _align(grid, x)
    colours.explain(figure, grid)
    return figure


def _draw(
    axes: Axes, x: Column, panel: Panel, colours: Colours, unchanged: NDArray[np.bool_], errors: Column | None
) -> None:
    """The curves of a panel; errors: of the mesh, as bars."""
    for level in colours.levels:
        own = panel.rows
        if colours.column is not None:
            own = own[colours.column.values[own] == level]
        look, label = colours.look(level), colours.label(level)
        for height in panel.metric.values[own[unchanged[own]]]:
            axes.axhline(height, color=look.color, linestyle=":", label=label)
        own = own[~unchanged[own] & np.isfinite(panel.metric.values[own]) & np.isfinite(x.positions[own])]
        if not own.size:
            continue
        own = own[np.argsort(x.positions[own], kind="stable")]
        places, heights = x.positions[own], panel.metric.values[own]
        joined = np.unique(places).size == own.size and not x.is_words and x.axis != RANDOM
        line = {**look.line, "linestyle": look.dashes if joined else "none"}
        bars = None if errors is None else np.nan_to_num(errors.values[own])
        axes.errorbar(
            places, heights, bars, marker=look.marker, ms=3, label=label, elinewidth=0.7, capsize=1.5, **line
        )


def _align(grid: Sequence[Axes], x: Column) -> None:
    """The whole of x in every panel, also where a metric is not known everywhere."""
    if x.is_words:
        limits = (-0.5, len(x.levels) - 0.5)
    else:
        limits = (
            min(axes.get_xlim()[0] for axes in grid),
            max(axes.get_xlim()[1] for axes in grid),
        )
    for axes in grid:
        axes.set_xlim(*limits)
