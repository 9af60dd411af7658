"""Figure of Sand's experiment: depletion after each current step, and its time against current."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from sim.view.experiments.record import ExperimentRecord
from sim.view.style import PAGE_WIDTH, STYLE, curve, letter, new_figure

CURRENT = "current_density_A_m2"
#: ticks of a decade that carry a number
LABELLED = (1.0, 2.0, 3.0, 5.0)


@mpl.rc_context(STYLE)
def figures(record: ExperimentRecord) -> dict[str, Figure]:
    """``sand``; nothing where no current was applied."""
    table, traces = record.table(), record.table("sand_traces")
    if traces.empty:
        return {}
    figure = new_figure(PAGE_WIDTH, 80)
    depletion, times = figure.subplots(1, 2)
    _draw_depletion(depletion, table, traces)
    if table.empty:
        times.set_axis_off()
    else:
        _draw_times(times, table)
    for index, axes in enumerate((depletion, times)):
        letter(axes, index)
    figure.suptitle(record.settings.title)
    return {"sand": figure}


def _draw_depletion(axes: Axes, table: pd.DataFrame, traces: pd.DataFrame) -> None:
    """Concentration against sqrt(t): straight until the other electrode is felt; extrapolations dashed to zero."""
    for index, (current, trace) in enumerate(traces.groupby(CURRENT, sort=False)):
        look = curve(index)
        axes.plot(np.sqrt(trace["time_s"]), trace["c_salt_mol_m3"], label=f"{current:.4g}", **look.line)
        found = table[table[CURRENT] == current] if not table.empty else table
        if not found.empty:
            end, last = np.sqrt(found["sand_time_s"].iloc[0]), trace.iloc[-1]
            ends = [np.sqrt(last["time_s"]), end], [last["c_salt_mol_m3"], 0.0]
            axes.plot(*ends, color=look.color, ls=":", marker="none")
            axes.plot(end, 0.0, color=look.color, marker=look.marker, ms=4, clip_on=False, zorder=3)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("square root of time (s$^{1/2}$)")
    axes.set_ylabel("salt beside the plating electrode (mol m⁻³)")
    axes.legend(title="current (A m⁻²)")
    axes.grid(True)


def _draw_times(axes: Axes, table: pd.DataFrame) -> None:
    """Time to depletion against the size of the current, with the closed forms of a flat cell."""
    ordered = table.assign(size=table[CURRENT].abs()).sort_values("size")
    lines = (
        ("sand_time_gap_s", "flat gap", curve(1)),
        ("sand_time_semi_infinite_s", "semi-infinite (Sand)", curve(4)),
    )
    for column, words, look in lines:
        axes.plot(ordered["size"], ordered[column], label=words, zorder=1, **look.line)
    axes.plot(
        ordered["size"], ordered["sand_time_s"], ls="", marker="o", ms=4, color=curve(5).color, label="model"
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=LABELLED))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter("")
    axes.set_xlabel("current density (A m⁻²)")
    axes.set_ylabel("time to depletion (s)")
    axes.legend()
    axes.grid(True, which="both")
