"""Figure of a relaxation: the voltage under the drive and after it, at once and in the end, and the concentrations."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.experiments.record import ExperimentRecord
from sim.view.style import FAINT, PAGE_WIDTH, STYLE, curve, letter, new_figure

MILLIVOLT = 1e3


@mpl.rc_context(STYLE)
def figures(record: ExperimentRecord) -> dict[str, Figure]:
    """``relaxation``."""
    table = record.table()
    if table.empty:
        return {}
    before, after = table[table["time_s"] <= 0], table[table["time_s"] > 0]
    figure = new_figure(PAGE_WIDTH, 125)
    panels = figure.subplots(2, 2).ravel()
    _draw_whole(panels[0], table)
    _draw_first(panels[1], before, after, record.summary)
    _draw_last(panels[2], after, record.summary)
    _draw_concentrations(panels[3], table)
    for index, axes in enumerate(panels):
        axes.grid(True)
        letter(axes, index)
    figure.suptitle(record.settings.title)
    return {"relaxation": figure}


def _window(table: pd.DataFrame) -> tuple[float, float]:
    """Of both parts no more than the length of the part at open circuit is shown."""
    end = float(table["time_s"].max())
    return max(float(table["time_s"].min()), -end), end


def _draw_whole(axes: Axes, table: pd.DataFrame) -> None:
    """Voltage against time, on both sides of the interruption."""
    axes.plot(table["time_s"], MILLIVOLT * table["cell_voltage_V"], **curve(1).line)
    axes.axvline(0.0, color=FAINT, lw=0.7)
    axes.set_xlim(*_window(table))
    axes.set_xlabel("time since the interruption (s)")
    axes.set_ylabel("cell voltage (mV)")


def _draw_first(
    axes: Axes, before: pd.DataFrame, after: pd.DataFrame, summary: dict[str, float | None]
) -> None:
    """Voltage against the logarithm of time: current, double layers and salt let go one after another."""
    axes.plot(after["time_s"], MILLIVOLT * after["cell_voltage_V"], label="open circuit", **curve(1).line)
    initial, left = summary["initial_overpotential_V"], summary["voltage_after_interruption_V"]
    ohmic = summary["ohmic_drop_V"]
    if initial is not None:
        axes.axhline(MILLIVOLT * initial, label="before", **(curve(4).line | {"lw": 1.0}))
    if left is not None:
        axes.axhline(MILLIVOLT * left, label="double layers discharged", **(curve(2).line | {"lw": 1.0}))
    if (
        initial is not None
        and ohmic is not None
        and (left is None or abs(initial - ohmic - left) > 1e-3 * abs(ohmic))
    ):
        axes.axhline(MILLIVOLT * (initial - ohmic), label="ohmic drop gone", **(curve(3).line | {"lw": 1.0}))
    axes.set_xscale("log")
    axes.set_xlabel("time since the interruption (s)")
    axes.set_ylabel("cell voltage (mV)")
    axes.legend()


def _draw_last(axes: Axes, after: pd.DataFrame, summary: dict[str, float | None]) -> None:
    """The decay on a logarithmic scale, with the fit."""
    size = MILLIVOLT * after["cell_voltage_V"].abs()
    axes.plot(after["time_s"], size, label="model", **curve(1).line)
    rate, start, end = (
        summary[k] for k in ("decay_rate_per_s", "decay_window_start_s", "decay_window_end_s")
    )
    if rate is not None and start is not None and end is not None:
        level = float(np.interp(start, after["time_s"], size))
        times = np.array([start, end])
        diffusivity = summary["salt_diffusivity_m2_s"]
        label = f"slowest mode: {rate:.4g} s⁻¹, D = {diffusivity:.4g} m² s⁻¹"
        axes.plot(
            times,
            level * np.exp(-rate * (times - start)),
            label=label,
            lw=2.5,
            alpha=0.6,
            color=curve(0).color,
        )
    axes.set_yscale("log")
    axes.set_xlim(left=0)
    axes.set_xlabel("time since the interruption (s)")
    axes.set_ylabel("size of the cell voltage (mV)")
    axes.legend()


def _draw_concentrations(axes: Axes, table: pd.DataFrame) -> None:
    """Range of c_Li in the cell."""
    for index, (column, words) in enumerate(
        (("c_li_max_mol_m3", "largest"), ("c_li_min_mol_m3", "smallest"))
    ):
        axes.plot(table["time_s"], table[column], label=words, **curve(index).line)
    axes.axvline(0.0, color=FAINT, lw=0.7)
    axes.set_xlim(*_window(table))
    axes.set_xlabel("time since the interruption (s)")
    axes.set_ylabel("Li⁺ in the cell (mol m⁻³)")
    axes.legend()
