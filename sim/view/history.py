"""A run against time, from the first moment to steady state: unevenness, mean current and cell voltage."""

from __future__ import annotations

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.labels import TIME_LABEL, heading
from sim.view.reader import Run
from sim.view.style import COLUMN_WIDTH, STYLE, Curve, curve, new_figure
from sim.view.ticks import log_ticks

#: Fewer steps are no history: a direct steady run has one.
FEWEST_ROWS = 4
#: Below it a current is even; a flat cell has only rounding errors.
LEAST_CV = 1e-7
#: Before it the double layers still charge and the current is no measure of plating [s]
FIRST_TIME = 1e-6
MEAN = "current_density_mean_A_m2"
#: Room below and above the curves on a logarithmic axis
ROOM = 1.3
DASHED = (0, (4, 2.5))
#: where there is no CV, in words
NO_CV = "changes its sign"
CVS = ("current_density_cv", "ionic_current_density_cv")


def history(run: Run) -> pd.DataFrame:
    """Rows of metrics.csv that a logarithmic axis can show: not time zero, and not the steady state at infinity.

    From FIRST_TIME on, unless the run ends before. A CV is nan where there is no mean current to compare with.
    """
    table = run.metrics
    if "time_s" not in table.columns:
        return pd.DataFrame()
    time = table["time_s"].to_numpy(dtype=float)
    shown = table.assign(**{cv: table[cv].mask(without_mean(table)) for cv in CVS if cv in table.columns})
    marched = (time > 0) & np.isfinite(time)
    settled = marched & (time >= FIRST_TIME)
    return shown[settled if settled.sum() >= FEWEST_ROWS else marched].reset_index(drop=True)


def without_mean(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows stand next to where the mean current changes its sign: a CV divides by almost nothing there."""
    if MEAN not in table.columns or table.empty:
        return np.zeros(len(table), dtype=bool)
    mean = table[MEAN].to_numpy(dtype=float)
    turned = mean[1:] * mean[:-1] < 0
    beside = np.zeros(len(table), dtype=bool)
    beside[1:] |= turned
    beside[:-1] |= turned
    return beside


def has_history(run: Run) -> bool:
    """Whether the run has enough steps to be drawn against time."""
    return len(history(run)) >= FEWEST_ROWS


def draw_history(axes: Axes, table: pd.DataFrame, column: str, label: str, look: Curve) -> None:
    """One metric against the logarithm of time; nothing where the metric is not known."""
    if column not in table.columns:
        return
    axes.plot(table["time_s"], table[column], label=label, **look.line)


def unevenness_axes(*all_axes: Axes) -> None:
    """Logarithmic axes of an unevenness against time, with the same limits around all that is drawn."""
    drawn = [np.asarray(line.get_ydata(), dtype=float) for axes in all_axes for line in axes.lines]
    values = np.concatenate([*drawn, np.empty(0)])
    values = values[np.isfinite(values) & (values > LEAST_CV)]
    low, high = (values.min(), values.max()) if values.size else (LEAST_CV, 1.0)
    for axes in all_axes:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(low / ROOM, high * ROOM)
        log_ticks(axes.yaxis)
        axes.grid(True, which="major")


@mpl.rc_context(STYLE)
def history_figure(run: Run) -> Figure:
    """CV of the plating and of the ionic current, mean currents, and cell voltage against log time."""
    table = history(run)
    figure = new_figure(COLUMN_WIDTH, 115)
    top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=(2, 1.5, 1))
    first, second = curve(1), replace(curve(0), dashes=DASHED)  # shows both where they coincide
    draw_history(top, table, CVS[0], "plating current", first)
    draw_history(top, table, CVS[1], "ionic current", second)
    unevenness_axes(top)
    top.set_ylabel("CV of the current (–)")
    if any(table[cv].isna().any() for cv in CVS if cv in table.columns):
        top.set_title(f"no CV where the mean current {NO_CV}", loc="left", size=STYLE["legend.fontsize"])
    draw_history(middle, table, MEAN, "plated on the anode", first)
    draw_history(middle, table, "counter_current_density_A_m2", "at the counter electrode", second)
    middle.set_ylabel("mean current\ndensity (A m⁻²)")
    draw_history(bottom, table, "cell_voltage_V", "cell voltage", curve(4))
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
