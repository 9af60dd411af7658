"""Panels of a sweep's figure: one for every metric and every combination of keys that the axes do not show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.view.errors import ViewError
from sim.view.style import PAGE_WIDTH, letter, new_figure
from sim.view.sweeps.columns import RANDOM, Column, Table, grouped

#: panels of a page that can still be read
MOST_PANELS = 12
_BESIDE = 2
_HEIGHT = 62.0  #: of a panel with its labels [mm]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Panel:
    """A metric, the rows of the table that are drawn, and what they have in common."""

    metric: Column
    rows: Rows
    title: str


def panels_of(table: Table, metrics: Sequence[Column], shown: Sequence[Column | None]) -> list[Panel]:
    """The panels where `shown` are the keys on axes and in colours."""
    used = {column.axis for column in shown if column is not None and column.axis != RANDOM}
    rest = [column for column in leading(table.varied) if column.axis not in used and column.axis != RANDOM]
    found = []
    for metric in metrics:
        for values, rows in grouped(rest, table.done).items():
            title = ", ".join(_said(column, value) for column, value in zip(rest, values, strict=True))
            found.append(Panel(metric, rows, title))
    return found


def lay_out(table: Table, panels: Sequence[Panel]) -> tuple[Figure, list[Axes]]:
    """A figure with its heading and axes for every panel; raises ViewError where they are too many."""
    if len(panels) > MOST_PANELS:
        raise ViewError(f"{len(panels)} panels are too many to read; choose --kind parallel, or fewer --y")
    beside = min(_BESIDE, len(panels))
    lines = -(-len(panels) // beside)
    figure = new_figure(PAGE_WIDTH if beside > 1 else 0.65 * PAGE_WIDTH, 14 + _HEIGHT * lines)
    grid = list(figure.subplots(lines, beside, squeeze=False).ravel())
    for index, (axes, panel) in enumerate(zip(grid, panels, strict=False)):
        axes.set_title(panel.title)
        if len(panels) > 1:
            letter(axes, index)
    for axes in grid[len(panels) :]:
        axes.set_axis_off()
    figure.suptitle(table.heading)
    return figure, grid[: len(panels)]


def leading(columns: Sequence[Column]) -> list[Column]:
    """The first column of each axis: keys that change together tell nothing more."""
    found: dict[str, Column] = {}
    for column in columns:
        found.setdefault(column.name if column.axis == RANDOM else column.axis, column)
    return list(found.values())


def _said(column: Column, value: object) -> str:
    """A key and its value over a panel; words, such as of a base or a mode, speak for themselves."""
    return column.text(value) if column.is_words else f"{column.label}: {column.text(value)}"
