"""Curves along the anode: the current of one run by its channels, and the shape of the lithium beneath."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.labels import X_LABEL, heading, number
from sim.view.reader import CURRENT, Run, mean_along_anode, micrometres, relative_to_mean
from sim.view.style import COLUMN_WIDTH, FAINT, METAL, METAL_EDGE, STYLE, Curve, curve, new_figure

DIRECT = "direct_current_density_A_m2"
ADSORBED = "adsorbed_current_density_A_m2"
IONIC = "ionic_current_density_A_m2"


def draw_profile(axes: Axes, run: Run) -> None:
    """The shape of the anode as a filled strip on its own axes, in µm."""
    x, y = micrometres(run.interface["x_m"]), micrometres(run.interface["y_m"])
    span = max(float(np.ptp(y)), 0.1)
    axes.fill_between(x, y, float(y.min()) - 0.25 * span, color=METAL, linewidth=0)
    axes.plot(x, y, color=METAL_EDGE, linewidth=0.7)
    axes.set_xlim(float(x.min()), float(x.max()))
    axes.set_ylim(float(y.min()) - 0.25 * span, float(y.max()) + 0.15 * span)
    axes.set_xlabel(X_LABEL)
    axes.set_ylabel("h (µm)")


def known(table: pd.DataFrame, column: str) -> bool:
    """Whether a column is there with finite values."""
    return column in table.columns and bool(np.isfinite(table[column].to_numpy(dtype=float)).any())


@mpl.rc_context(STYLE)
def current_figure(run: Run) -> Figure:
    """Plating current along the anode, its two channels where there are sites, its mean, and the anode's shape."""
    figure = new_figure(COLUMN_WIDTH, 108)
    top, middle, below = figure.subplots(3, 1, sharex=True, height_ratios=(4, 1.6, 1))
    _draw_channels(top, run)
    draw_deviation(middle, run, curve(1))
    middle.set_ylabel("j/⟨j⟩ − 1 (%)")
    middle.grid(True, axis="y")
    draw_profile(below, run)
    figure.align_ylabels()
    figure.suptitle(heading(run))
    figure.legend(*top.get_legend_handles_labels(), loc="outside lower center", ncols=2, columnspacing=3.0)
    top.set_title(_unevenness(run), loc="left", size=STYLE["axes.labelsize"])
    return figure


def _draw_channels(axes: Axes, run: Run) -> None:
    """The currents in A/m², from zero where they all plate: a small variation is not drawn as a large one."""
    table = run.interface
    x = micrometres(table["x_m"])
    axes.plot(x, table[CURRENT], label="total, deposited on the metal", **curve(1).line)
    if run.has_sites and known(table, DIRECT) and known(table, ADSORBED):
        axes.plot(x, table[DIRECT], label="direct channel", **curve(0).line)
        axes.plot(x, table[ADSORBED], label="through the adsorbed state", **curve(2).line)
    if run.has_sites and known(table, IONIC):
        axes.plot(x, table[IONIC], label="ionic, leaving the electrolyte", **curve(4).line)
    mean = mean_along_anode(table)
    axes.axhline(
        mean, color=FAINT, linewidth=0.8, zorder=0, label=f"mean over the arc, ⟨j⟩ = {number(mean)} A m⁻²"
    )
    axes.set_ylabel("current density\nper arc length (A m⁻²)")
    from_zero(axes)


def from_zero(axes: Axes) -> None:
    """Limits that hold zero and all curves, with room above them."""
    low, high = min(axes.dataLim.y0, 0.0), max(axes.dataLim.y1, 0.0)
    if high > low:
        axes.set_ylim(1.08 * low, low + 1.08 * (high - low))


def draw_deviation(axes: Axes, run: Run, look: Curve, *, label: str = "") -> None:
    """Deviation of the plating current from its mean along the anode, in percent of the mean."""
    table = run.interface
    axes.plot(micrometres(table["x_m"]), 100 * (relative_to_mean(table) - 1.0), label=label, **look.line)


def _unevenness(run: Run) -> str:
    cv, peak = run.metric("current_density_cv"), run.metric("current_density_max_over_mean")
    return f"CV {number(cv)}, max/mean {number(peak, 4)}"
