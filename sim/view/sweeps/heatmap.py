"""A metric of a sweep over two keys as colours, panels for the rest."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.view.errors import ViewError
from sim.view.style import FAINT, STYLE
from sim.view.sweeps.colours import MAP, norm_of
from sim.view.sweeps.columns import RANDOM, Column, Table
from sim.view.sweeps.panels import Panel, lay_out, panels_of

Floats = NDArray[np.float64]


@mpl.rc_context(STYLE)
def heatmap_figure(table: Table, x: Column, y: Column, metrics: Sequence[Column]) -> Figure:
    """Colours of every metric over x and y, one scale for a metric, hatched where no point is done.

    What x and y do not change, such as a base without these keys, is left out. Raises ViewError where there is no grid.
    """
    if RANDOM in (x.axis, y.axis):
        raise ViewError(
            "a heat map needs two axes of a crossed grid; choose --kind scatter for a random design"
        )
    if x.axis == y.axis:
        raise ViewError(f"{x.name} and {y.name} change together, which is a line; choose --kind lines")
    level = table.unchanged(x) & table.unchanged(y)
    panels = [panel for panel in panels_of(table, metrics, (x, y)) if not level[panel.rows].all()]
    if not panels:
        raise ViewError(f"{x.name} and {y.name} do not change among the points that are done")
    figure, grid = lay_out(table, panels)
    for axes, panel in zip(grid, panels, strict=True):
        _draw(figure, axes, x, y, panel)
    return figure


def _draw(figure: Figure, axes: Axes, x: Column, y: Column, panel: Panel) -> None:
    axes.patch.set(hatch="////", edgecolor=FAINT, facecolor="white", linewidth=0)
    mesh = axes.pcolormesh(
        _edges(x),
        _edges(y),
        np.ma.masked_invalid(_matrix(x, y, panel)),
        norm=norm_of(panel.metric),
        cmap=MAP,
    )
    x.set_up(axes.xaxis)
    y.set_up(axes.yaxis)
    panel.metric.dress(figure.colorbar(mesh, ax=axes).ax.yaxis)


def _matrix(x: Column, y: Column, panel: Panel) -> Floats:
    """The metric at each y (rows) and x (columns), nan where there is none."""
    across, up = ({place: i for i, place in enumerate(_places(column))} for column in (x, y))
    found = np.full((len(up), len(across)), np.nan)
    for row in panel.rows:
        i, j = up.get(y.positions[row]), across.get(x.positions[row])
        if i is not None and j is not None:
            found[i, j] = panel.metric.values[row]
    return found


def _places(column: Column) -> list[float]:
    return [float(i) for i in range(len(column.levels))] if column.is_words else column.levels


def _edges(column: Column) -> Floats:
    """The borders of the cells, midway between the values on the column's scale."""
    logarithmic = column.scale == "logarithmic"
    places = np.log(_places(column)) if logarithmic else np.array(_places(column))
    if places.size == 1:
        edges = np.array([places[0] - 0.5, places[0] + 0.5])
    else:
        inner = (places[1:] + places[:-1]) / 2
        edges = np.concatenate([[2 * places[0] - inner[0]], inner, [2 * places[-1] - inner[-1]]])
    return np.exp(edges) if logarithmic else edges
