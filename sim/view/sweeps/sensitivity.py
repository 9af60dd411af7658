"""Sobol indices as bars with their intervals: how much of a metric's variance each variable explains."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.labels import METRICS
from sim.view.style import PAGE_WIDTH, STYLE, curve, letter, new_figure
from sim.view.sweeps.words import words_of, wrapped

_BAR = 0.38
_ROW = 6.5  #: height of a variable [mm]
_KINDS = (("total", "total, with interactions", curve(1)), ("first_order", "first order, alone", curve(3)))


@mpl.rc_context(STYLE)
def sensitivity_figure(table: pd.DataFrame, title: str) -> Figure:
    """A panel for each metric (columns) and group (rows).

    table: columns group, metric, key, first_order, total and the ends of their intervals (``_low``, ``_high``).
    The variables stand in the order of their largest total index, the same in all panels.
    """
    metrics, groups = list(dict.fromkeys(table["metric"])), list(dict.fromkeys(table["group"]))
    keys = list(table.groupby("key")["total"].max().sort_values(ascending=False, na_position="last").index)
    beside = min(len(metrics), 3)
    lines = -(-len(metrics) // beside)
    figure = new_figure(PAGE_WIDTH, 24 + len(groups) * lines * (18 + _ROW * len(keys)))
    grid = figure.subplots(len(groups) * lines, beside, squeeze=False, sharey=True)
    for axes in grid.ravel():
        axes.set_axis_off()
    for g, group in enumerate(groups):
        for m, metric in enumerate(metrics):
            axes = grid[g * lines + m // beside, m % beside]
            axes.set_axis_on()
            own = table[(table["group"] == group) & (table["metric"] == metric)].set_index("key").loc[keys]
            _draw(axes, own)
            axes.set_title("\n".join(filter(None, (wrapped(_words(metric)), group))))
            if len(groups) * len(metrics) > 1:
                letter(axes, g * len(metrics) + m)
    figure.suptitle(title)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def _draw(axes: Axes, indices: pd.DataFrame) -> None:
    places = np.arange(len(indices))
    for shift, (kind, words, look) in zip((-0.5, 0.5), _KINDS, strict=True):
        value, low, high = (indices[f"{kind}{end}"].to_numpy() for end in ("", "_low", "_high"))
        # an interval from resamples need not hold the estimate of a tiny index
        errors = np.clip(np.stack([value - low, high - value]), 0, None)
        axes.barh(
            places + shift * _BAR,
            value,
            _BAR,
            xerr=np.nan_to_num(errors),
            color=look.color,
            label=words,
            error_kw={"elinewidth": 0.7, "capsize": 1.5},
        )
    axes.axvline(0, color="black", lw=0.6)
    axes.set_yticks(places, [words_of(str(key)) for key in indices.index])
    axes.set_ylim(len(indices) - 0.4, -0.6)
    axes.set_xlim(min(0.0, axes.get_xlim()[0]), max(1.0, axes.get_xlim()[1]))
    axes.set_xlabel("part of the variance (–)")
    axes.grid(True, axis="x")
    axes.set_axisbelow(True)


def _words(metric: str) -> str:
    start = "logarithm of the " if metric.startswith("ln ") else ""
    name = metric.removeprefix("ln ")
    return start + (METRICS[name].words if name in METRICS else name.replace("_", " "))
