"""A run against time, from the first moment to steady state: unevenness, mean current and cell voltage."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.labels import TIME_LABEL, heading
from sim.view.reader import Run
from sim.view.style import COLUMN_WIDTH, STYLE, curve, new_figure

#: Fewer steps are no history: a direct steady run has one.
FEWEST_ROWS = 4
#: Below it a current is even; a flat cell has only rounding errors.
LEAST_CV = 1e-7


def history(run: Run) -> pd.DataFrame:
    """Rows of metrics.csv that a logarithmic axis can show: after time zero, and not the steady state at infinity."""
    table = run.metrics
    if "time_s" not in table.columns:
        return pd.DataFrame()
    time = table["time_s"].to_numpy(dtype=float)
    return table[(time > 0) & np.isfinite(time)].reset_index(drop=True)


def has_history(run: Run) -> bool:
    """Whether the run has enough steps to be drawn against time."""
    return len(history(run)) >= FEWEST_ROWS


def draw_history(axes: Axes, table: pd.DataFrame, column: str, label: str, index: int) -> None:
    """One metric against the logarithm of time; nothing where the metric is not known."""
    if column not in table.columns:
        return
    axes.plot(table["time_s"], table[column], label=label, **curve(index).line)


def unevenness_axis(axes: Axes) -> None:
    """Logarithmic axes of an unevenness against time."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    low, high = np.maximum(axes.get_ylim(), (LEAST_CV, 2 * LEAST_CV))
    axes.set_ylim(10.0 ** np.floor(np.log10(low)), 10.0 ** np.ceil(np.log10(high)))
    axes.grid(True, which="major")


@mpl.rc_context(STYLE)
def history_figure(run: Run) -> Figure:
    """CV of the plating and of the ionic current, mean currents, and cell voltage against log time."""
    table = history(run)
    figure = new_figure(COLUMN_WIDTH, 115)
    top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=(2, 1.5, 1))
    draw_history(top, table, "current_density_cv", "plating current", 1)
    draw_history(top, table, "ionic_current_density_cv", "ionic current", 0)
    unevenness_axis(top)
    top.set_ylabel("CV of the current (–)")
    draw_history(middle, table, "current_density_mean_A_m2", "plated on the anode", 1)
    draw_history(middle, table, "counter_current_density_A_m2", "at the counter electrode", 0)
    middle.set_ylabel("mean current\ndensity (A m⁻²)")
    draw_history(bottom, table, "cell_voltage_V", "cell voltage", 4)
    bottom.set_ylabel("cell voltage (V)")
    bottom.set_xlabel(TIME_LABEL)
    for axes in (top, middle):
        if axes.lines:
            axes.legend(loc="best")
    for axes in (middle, bottom):
        axes.grid(True)
        _calm(axes)
    figure.align_ylabels()
    figure.suptitle(heading(run))
    return figure


def _calm(axes: Axes) -> None:
    """A constant is drawn as a constant, without an offset and without magnified rounding errors."""
    axes.ticklabel_format(axis="y", useOffset=False)
    low, high = axes.get_ylim()
    centre = 0.5 * (low + high)
    if high - low < 0.05 * abs(centre):
        low, high = centre - 0.05 * abs(centre), centre + 0.05 * abs(centre)
    axes.set_ylim(min(low, 0.0) if np.isfinite(low) and low < 0.3 * high else low, high)
