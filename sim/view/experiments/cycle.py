"""Figure of a cycle: voltage, current and charge against time, how even the deposit is, and what is left where."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.experiments.record import ExperimentRecord
from sim.view.style import PAGE_WIDTH, STYLE, curve, letter, new_figure

MICROMETRE, MILLIVOLT = 1e6, 1e3
TIME = "time (s)"


@mpl.rc_context(STYLE)
def figures(record: ExperimentRecord) -> dict[str, Figure]:
    """``cycle``; nothing where no pulse was possible."""
    table, pulses, plated = record.table(), record.table("cycle_pulses"), record.table("cycle_plated")
    if table.empty:
        return {}
    figure = new_figure(PAGE_WIDTH, 125)
    panels = figure.subplots(2, 2, gridspec_kw={"wspace": 0.12}).ravel()
    _draw_voltage(panels[0], table)
    _draw_current(panels[1], table)
    _draw_charge(panels[2], table, pulses)
    _draw_plated(panels[3], plated)
    for index, axes in enumerate(panels):
        axes.grid(True)
        letter(axes, index)
    figure.suptitle(record.settings.title)
    return {"cycle": figure}


def _draw_voltage(axes: Axes, table: pd.DataFrame) -> None:
    axes.plot(table["time_s"], MILLIVOLT * table["cell_voltage_V"], **curve(1).line)
    axes.set_xlabel(TIME)
    axes.set_ylabel("cell voltage (mV)")


def _draw_current(axes: Axes, table: pd.DataFrame) -> None:
    """The plating current; the charging of the double layers, which can be far above it for a moment, is left out."""
    axes.plot(table["time_s"], table["current_density_mean_A_m2"], **curve(0).line)
    axes.set_xlabel(TIME)
    axes.set_ylabel("plating current (A m⁻²)")


def _draw_charge(axes: Axes, table: pd.DataFrame, pulses: pd.DataFrame) -> None:
    """Net charge plated, and the CV of the deposit at the end of each pulse."""
    axes.plot(table["time_s"], table["plated_charge_C_m2"], label="net charge plated", **curve(1).line)
    axes.set_xlabel(TIME)
    axes.set_ylabel("net charge plated (C m⁻²)")
    beside = axes.twinx()
    ends = pulses["start_s"] + pulses["duration_s"]
    look = curve(0)
    beside.plot(ends, pulses["plated_cv"], ls="", marker=look.marker, ms=4, color=look.color)
    beside.set_ylabel("CV of the deposit after each pulse", color=look.color)
    beside.tick_params(axis="y", colors=look.color)
    beside.spines["right"].set_visible(True)
    beside.set_ylim(bottom=0)


def _draw_plated(axes: Axes, plated: pd.DataFrame) -> None:
    """What is left along the anode in the end."""
    axes.plot(MICROMETRE * plated["x_m"], plated["plated_charge_C_m2"], **curve(1).line)
    axes.set_xlabel("x (µm)")
    axes.set_ylabel("net charge plated in the end (C m⁻²)")
