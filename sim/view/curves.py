"""Curves of a comparison: the current along the anode, and the unevenness against time."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.view.along import draw_deviation, draw_profile, from_zero
from sim.view.history import CVS, draw_history, has_history, history, unevenness_axes
from sim.view.labels import CURRENT_LABEL, TIME_LABEL, drives, legend_title
from sim.view.reader import CURRENT, Run, micrometres
from sim.view.style import PAGE_WIDTH, STYLE, curve, letter, new_figure


@mpl.rc_context(STYLE)
def along_figure(runs: Sequence[Run]) -> Figure:
    """Plating current of all runs along the anode: absolute, and as deviation from each one's mean."""
    figure = new_figure(PAGE_WIDTH, 88)
    grid = figure.subplots(2, 2, sharex=True, height_ratios=(4, 1))
    absolute, relative = grid[0]
    for index, run in enumerate(runs):
        table = run.interface
        absolute.plot(
            micrometres(table["x_m"]), table[CURRENT], label=legend_title(run, runs), **curve(index).line
        )
        draw_deviation(relative, run, curve(index))
    absolute.set_ylabel(CURRENT_LABEL)
    from_zero(absolute)
    relative.set_ylabel("deviation j/⟨j⟩ − 1 (%)")
    for index, axes in enumerate((absolute, relative)):
        axes.grid(True, axis="y")
        letter(axes, index)
    for axes in grid[1]:
        draw_profile(axes, runs[0])
    figure.suptitle(" / ".join(drives(runs)))
    figure.legend(*absolute.get_legend_handles_labels(), loc="outside lower center", ncols=len(runs))
    return figure


def with_history(runs: Sequence[Run]) -> list[tuple[int, Run]]:
    """(index, run) of the runs that were marched in time."""
    return [(index, run) for index, run in enumerate(runs) if has_history(run)]


@mpl.rc_context(STYLE)
def unevenness_figure(runs: Sequence[Run]) -> Figure:
    """CV of the plating and of the ionic current from the first moments to steady state, both axes logarithmic."""
    figure = new_figure(PAGE_WIDTH, 80)
    grid = figure.subplots(1, 2, sharey=True)
    labels = ("CV of the plating current (–)", "CV of the ionic current (–)")
    for place, (axes, column, label) in enumerate(zip(grid, CVS, labels, strict=True)):
        for index, run in with_history(runs):
            draw_history(axes, history(run), column, legend_title(run, runs), curve(index))
        axes.set_xlabel(TIME_LABEL)
        axes.set_ylabel(label)
        letter(axes, place)
    unevenness_axes(*grid)
    grid[1].tick_params(labelleft=True)
    figure.suptitle(" / ".join(drives(runs)))
    handles = grid[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=max(len(handles[0]), 1))
    return figure
