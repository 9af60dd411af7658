"""Colours for the values of a column: a look of its own for each of a few, else a scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, LogNorm, Normalize, to_hex
from matplotlib.figure import Figure

from sim.view.style import CONCENTRATION_MAP, Curve, curve
from sim.view.sweeps.columns import Column

#: more values than this take their colour from a scale
_MOST_NAMED = 7
#: the lightest colours of the map are hard to see on white
_LIGHTEST = 0.93
LEGEND_COLUMNS = 5
MAP = mpl.colormaps[CONCENTRATION_MAP].resampled(256)


class Colours:
    """The look of each value of a column; of everything the same without one."""

    def __init__(self, column: Column | None) -> None:
        self.column = column
        self.norm = None if column is None or _named(column) else norm_of(column)

    @property
    def levels(self) -> list[Any]:
        """The values; a single None without a column."""
        return [None] if self.column is None else self.column.levels

    def look(self, level: Any) -> Curve:
        """Of a value."""
        if self.column is None:
            return curve(1)
        if self.norm is None:
            return curve(self.column.levels.index(level))
        return Curve(to_hex(MAP(_LIGHTEST * float(self.norm(level)))), "-", "o")

    def label(self, level: Any) -> str | None:
        """Of a value, for a legend."""
        return None if self.column is None else self.column.text(level)

    def explain(self, figure: Figure, grid: Sequence[Axes]) -> None:
        """Adds a legend below the figure, or a scale beside it; call when all is drawn."""
        if self.column is None:
            return
        if self.norm is not None:
            shades = ListedColormap(MAP(np.linspace(0, _LIGHTEST, 256)))
            bar = figure.colorbar(ScalarMappable(self.norm, shades), ax=list(grid), aspect=30)
            self.column.dress(bar.ax.yaxis)
            return
        found: dict[str, Any] = {}
        for axes in grid:
            for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
                found.setdefault(label, handle)
        labels = [label for level in self.levels if (label := self.column.text(level)) in found]
        figure.legend(
            [found[label] for label in labels],
            labels,
            title=self.column.label,
            loc="outside lower center",
            ncols=min(len(labels), LEGEND_COLUMNS),
        )


def norm_of(column: Column) -> Normalize:
    """From the values of a column to 0 … 1 on its scale."""
    values = column.positions[np.isfinite(column.positions)]
    low, high = (values.min(), values.max()) if values.size else (0.0, 1.0)
    if low == high:
        low, high = (low / 2, 2 * high) if column.scale == "logarithmic" else (low - 0.5, high + 0.5)
    return LogNorm(low, high) if column.scale == "logarithmic" else Normalize(low, high)


def _named(column: Column) -> bool:
    return column.is_words or len(column.levels) <= _MOST_NAMED
