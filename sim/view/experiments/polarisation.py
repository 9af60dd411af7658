"""Figure of a polarisation experiment: the voltage and its parts against current, and the Tafel plot of the anode."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.experiments.record import ExperimentRecord
from sim.view.style import FAINT, PAGE_WIDTH, STYLE, curve, letter, new_figure

CURRENT = "current_density_A_m2"
MILLIVOLT = 1e3
#: parts of the voltage as they add up: column, sign in the sum, words
PARTS = (
    ("electrolyte_voltage_V", 1, "electrolyte"),
    ("anode_overpotential_V", -1, "anode"),
    ("counter_overpotential_V", 1, "counter electrode"),
    ("series_resistance_voltage_V", 1, "outside resistance"),
)
#: the two ways to read the half cell: prefix of the columns, prefix of the fit in the summary, words
READINGS = (("plane", "", "at the reaction plane"), ("outer", "apparent_", "beyond the double layer"))


@mpl.rc_context(STYLE)
def figures(record: ExperimentRecord) -> dict[str, Figure]:
    """``polarisation``; nothing where no point was solved."""
    table = record.table()
    if table.empty:
        return {}
    figure = new_figure(PAGE_WIDTH, 88)
    voltage, tafel = figure.subplots(1, 2)
    _draw_voltage(voltage, table)
    _draw_tafel(tafel, table, record.summary)
    for index, axes in enumerate((voltage, tafel)):
        axes.grid(True)
        letter(axes, index)
    figure.suptitle(record.settings.title)
    return {"polarisation": figure}


def _draw_voltage(axes: Axes, table: pd.DataFrame) -> None:
    """Cell voltage and its parts, by current."""
    ordered = table.sort_values(CURRENT)
    current = ordered[CURRENT]
    axes.plot(current, MILLIVOLT * ordered["cell_voltage_V"], marker="o", ms=3, label="cell", **curve(4).line)
    for index, (column, sign, words) in enumerate(PARTS):
        if ordered[column].abs().max() > 0:
            axes.plot(current, sign * MILLIVOLT * ordered[column], label=words, **curve(index).line)
    axes.set_xlabel("current density, plating positive (A m⁻²)")
    axes.set_ylabel("voltage (mV)")
    axes.legend(title="voltage across")


def _draw_tafel(axes: Axes, table: pd.DataFrame, summary: dict[str, float | None]) -> None:
    """Allen-Hickling form: a straight line for one reaction, on both branches; open points lie outside the window."""
    low, high = summary["tafel_window_low_V"] or 0.0, summary["tafel_window_high_V"] or 0.0
    size = table["anode_overpotential_V"].abs()
    inside = (size >= low) & (size <= high)
    for index, (reading, prefix, words) in enumerate(READINGS):
        look = curve(1 - index)
        eta, driving = table[f"{reading}_overpotential_V"], table[f"{reading}_driving_current_density_A_m2"]
        marks: dict[str, Any] = {"ls": "", "marker": look.marker, "ms": 4, "color": look.color}
        axes.plot(MILLIVOLT * eta[inside], driving[inside], label=words, **marks)
        axes.plot(MILLIVOLT * eta[~inside], driving[~inside], **(marks | {"mfc": "none"}))
        _draw_fit(axes, eta[inside], summary, prefix, look.line)
    axes.set_yscale("log")
    if not (table["plane_driving_current_density_A_m2"] > 0).any():
        axes.text(0.5, 0.5, "no kinetics at the anode", transform=axes.transAxes, ha="center", color=FAINT)
    else:
        axes.legend(title=f"fit where |overpotential| is {1e3 * low:g} to {1e3 * high:g} mV")
    axes.set_xlabel("η = φ(metal) − φ(electrolyte) (mV)")
    axes.set_ylabel("j / (c/c° − exp(Fη/RT))  (A m⁻²)")


def _draw_fit(
    axes: Axes, eta: pd.Series, summary: dict[str, float | None], prefix: str, look: dict[str, Any]
) -> None:
    """The line of a fit over its points, with j₀ and α beside it."""
    current = summary[f"{prefix}exchange_current_density_A_m2"]
    alpha = summary[f"{prefix}transfer_coefficient"]
    unit = summary["thermal_voltage_V"]
    if current is None or alpha is None or not unit:
        return
    ends = np.array([min(eta.min(), 0.0), max(eta.max(), 0.0)])
    label = f"j₀ = {current:.3g} A m⁻², α = {alpha:.3f}"
    axes.plot(MILLIVOLT * ends, current * np.exp(-alpha * ends / unit), label=label, **look)
