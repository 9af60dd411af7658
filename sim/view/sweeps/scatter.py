"""Keys and metrics of a sweep against each other (scatter matrix)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.errors import ViewError
from sim.view.style import FAINT, PAGE_WIDTH, STYLE, new_figure
from sim.view.sweeps.colours import Colours
from sim.view.sweeps.columns import Column, Table
from sim.view.sweeps.words import wrapped

#: columns of a matrix that can still be read on a page
MOST = 8
_BINS = 16
#: characters beside one another across the page
_PAGE = 90


@mpl.rc_context(STYLE)
def scatter_figure(table: Table, columns: Sequence[Column], colour: Column | None) -> Figure:
    """The lower triangle of all pairs of columns, histograms on the diagonal; raises ViewError for more than `MOST`."""
    count = len(columns)
    if not 2 <= count <= MOST:
        raise ViewError(
            f"a scatter matrix shows 2 to {MOST} columns, not {count}; choose --x, --y or --kind parallel"
        )
    figure = new_figure(PAGE_WIDTH, PAGE_WIDTH * 0.92)
    grid = figure.subplots(count, count, sharex="col", squeeze=False)
    colours = Colours(colour)
    for i, vertical in enumerate(columns):
        for j, horizontal in enumerate(columns):
            axes = grid[i, j]
            if j > i:
                axes.set_axis_off()
            elif i == j:
                _histogram(axes, horizontal)
            else:
                _pairs(axes, horizontal, vertical, colours)
            if j <= i:
                _label(axes, horizontal, vertical, _PAGE // count, bottom=i == count - 1, left=j == 0)
    figure.align_labels()
    figure.suptitle(table.heading)
    colours.explain(figure, list(grid.ravel()))
    return figure


def _pairs(axes: Axes, x: Column, y: Column, colours: Colours) -> None:
    size = max(2.0, min(14.0, 3000.0 / len(x.values)))
    for level in colours.levels:
        own = np.full(len(x.values), True) if colours.column is None else colours.column.values == level
        look = colours.look(level)
        label = colours.label(level) if colours.norm is None else None
        axes.scatter(
            x.positions[own],
            y.positions[own],
            s=size,
            color=[look.color],
            marker=look.marker,
            label=label,
            lw=0,
            alpha=0.7,
        )


def _histogram(axes: Axes, column: Column) -> None:
    values = column.positions[np.isfinite(column.positions)]
    low, high = (values.min(), values.max()) if values.size else (0.0, 1.0)
    if low == high:
        return
    edges = np.geomspace if column.scale == "logarithmic" else np.linspace
    axes.hist(values, bins=edges(low, high, _BINS + 1).tolist(), color=FAINT)


def _label(axes: Axes, x: Column, y: Column, width: int, *, bottom: bool, left: bool) -> None:
    """Scales on all, numbers and words (so many characters wide) on the outermost."""
    x.set_up(axes.xaxis, sparse=True, width=width)
    if x is y:
        axes.set_yticks([])
    else:
        y.set_up(axes.yaxis, sparse=True, width=width)
        axes.tick_params(axis="y", labelleft=left)
    axes.set_ylabel(wrapped(y.label, width) if left else "")
    axes.set_xlabel(wrapped(x.label, width) if bottom else "")
    axes.tick_params(axis="x", labelbottom=bottom)
