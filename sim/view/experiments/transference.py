"""Figure of a Bruce-Vincent measurement: the current after the step, with what is read from it."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.view.experiments.record import ExperimentRecord
from sim.view.labels import TIME_LABEL, number
from sim.view.style import COLUMN_WIDTH, FAINT, STYLE, curve, new_figure

CURRENT = "cell_current_density_A_m2"
#: how far before the window the axes begin, and the room above and below both currents over their difference
EARLIER, ROOM = 30.0, 0.35


def figures(record: ExperimentRecord) -> dict[str, Figure]:
    """The figure by name."""
    return {"transference": transference_figure(record)}


@mpl.rc_context(STYLE)
def transference_figure(record: ExperimentRecord) -> Figure:
    """Current against log time: the window, the current extrapolated to the step, and the steady one."""
    table, summary = record.table(), record.summary
    start, end = summary["window_start_s"], summary["window_end_s"]
    first, last = summary["initial_current_density_A_m2"], summary["steady_current_density_A_m2"]
    figure = new_figure(COLUMN_WIDTH, 82)
    axes = figure.subplots()
    axes.axvspan(start, end, color=FAINT, alpha=0.18, lw=0, label="window of the extrapolation in √t")
    axes.semilogx(table["time_s"], table[CURRENT], **curve(1).line, label="cell current")
    axes.axhline(first, **curve(0).line, lw=0.9, label=f"initial, I₀ = {number(first, 5)} A m⁻²")
    axes.axhline(last, **curve(2).line, lw=0.9, label=f"steady, Iₛ = {number(last, 5)} A m⁻²")
    around = max(abs(first - last), 0.002 * abs(last)) * ROOM
    axes.set_ylim(min(first, last) - around, max(first, last) + around)
    axes.set_xlim(start / EARLIER, float(table["time_s"].iloc[-1]))
    axes.set_xlabel(TIME_LABEL)
    axes.set_ylabel("cell current density (A m⁻²)")
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.grid(True)
    figure.legend(loc="outside lower center", ncols=2)
    numbers = [f"t₊ = {number(summary['transference_number'], 4)} (Bruce–Vincent)"]
    numbers.append(f"{number(summary['transference_number_four_electrodes'], 4)} (four electrodes)")
    figure.suptitle(f"{record.settings.title}\n{'  ·  '.join(numbers)}")
    return figure
