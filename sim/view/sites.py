"""The sites along the anode: how many, how strongly they bind, their charge, and how full they are.

The number of sites counts the roughness of the surface (`area_factor`), as the capacity of the interface does.
"""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.along import draw_profile, known
from sim.view.labels import heading, number
from sim.view.reader import Run, mean_along_anode, micrometres
from sim.view.style import COLUMN_WIDTH, FAINT, STYLE, curve, new_figure
from sim.view.ticks import log_ticks

#: sites per nm² in one mol/m²
PER_NM2 = 6.02214076e23 * 1e-18
COVERAGE = "coverage"
#: Below this largest coverage, or above this least one, a linear axis from 0 to 1 shows a straight line alone.
EMPTY, FULL = 0.02, 0.98


@dataclass(frozen=True)
class _Map:
    """A column of the interface table and how its axis is named."""

    column: str
    label: str
    factor: float = 1.0


MAPS = (
    _Map("site_capacity_mol_m2", "sites\n(nm⁻²)", PER_NM2),
    _Map("adsorption_energy_eV", "adsorption\nenergy (eV)"),
    _Map("surface_charge_C_m2", "charge of the\nsites (mC m⁻²)", 1e3),
)


def has_site_maps(run: Run) -> bool:
    """Whether the run has sites and a table of them along the anode."""
    return run.has_sites and run.has_interface and known(run.interface, MAPS[0].column)


@mpl.rc_context(STYLE)
def sites_figure(run: Run) -> Figure:
    """Capacity, mean adsorption energy and charge of the sites, their coverage, and the anode's shape beneath."""
    figure = new_figure(COLUMN_WIDTH, 122)
    *tops, below = figure.subplots(5, 1, sharex=True, height_ratios=(2, 2, 2, 2.4, 1.2))
    for axes, shown in zip(tops, MAPS, strict=False):
        _draw_map(axes, run, shown)
    tops[0].set_title("roughness counted", loc="right", size=STYLE["xtick.labelsize"])
    _draw_coverage(tops[-1], run)
    draw_profile(below, run)
    figure.align_ylabels()
    figure.suptitle(heading(run))
    return figure


def _draw_map(axes: Axes, run: Run, shown: _Map) -> None:
    """One map from zero on; a constant is a straight line and not magnified rounding errors."""
    axes.set_ylabel(shown.label)
    axes.grid(True, axis="y")
    if not known(run.interface, shown.column):
        return
    values = shown.factor * run.interface[shown.column].to_numpy(dtype=float)
    axes.plot(micrometres(run.interface["x_m"]), values, **curve(1).line)
    ends = [float(np.nanmin(values)), float(np.nanmax(values)), 0.0]
    low, high = min(ends), max(ends)
    room = 0.12 * (high - low) or 1.0
    axes.axhline(0, color=FAINT, linewidth=0.6, zorder=0)
    axes.set_ylim(low - (room if low < 0 else 0.0), high + (room if high > 0 or low == high else 0.0))
    axes.ticklabel_format(axis="y", useOffset=False, scilimits=(-3, 4))


def _draw_coverage(axes: Axes, run: Run) -> None:
    """θ from 0 to 1; where the sites are all but empty or full, θ or 1 − θ on a logarithmic axis."""
    axes.grid(True, axis="y")
    axes.set_ylabel("coverage θ\n(–)")
    if not known(run.interface, COVERAGE):
        return
    theta = run.interface[COVERAGE].to_numpy(dtype=float)
    shown = theta
    if theta.min() > 0 and theta.max() < EMPTY:
        axes.set_yscale("log")
    elif theta.max() < 1 and theta.min() > FULL:
        shown = 1 - theta
        axes.set_yscale("log")
        axes.set_ylabel("free sites\n1 − θ (–)")
    else:
        axes.set_ylim(0, 1)
    axes.plot(micrometres(run.interface["x_m"]), shown, **curve(2).line)
    if axes.get_yscale() == "log":
        axes.set_ylim(float(shown.min()) / 3, float(shown.max()) * 3)
        log_ticks(axes.yaxis)
    mean = mean_along_anode(run.interface.assign(shown=shown), "shown")
    words = "⟨θ⟩" if shown is theta else "1 − ⟨θ⟩"
    axes.set_title(f"{words} = {number(mean)}", loc="right", size=STYLE["xtick.labelsize"])
