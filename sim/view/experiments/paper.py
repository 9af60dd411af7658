"""Figure of the comparison with the paper: bulk and kinetics, the symmetric cell's polarisation, fixed charge."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.experiments.record import ExperimentRecord
from sim.view.style import FAINT, INK, PAGE_WIDTH, STYLE, Curve, curve, letter, new_figure

#: quantity -> axis label and factor from SI to its unit
BULK = {
    "conductivity": ("conductivity (mS cm⁻¹)", 10.0),
    "transference number": ("Li⁺ transference number (–)", 1.0),
    "exchange current density": ("exchange current\ndensity (mA cm⁻²)", 0.1),
}
#: how a model value was read, by its first words -> label
READINGS = {
    "virtual impedance": "model: impedance",
    "virtual Bruce-Vincent": "model: Bruce–Vincent",
    "virtual voltage step": "model: voltage step, four electrodes",
    "Tafel fit at the reaction plane": "model: Tafel fit at the reaction plane",
    "slope at rest": "model: slope at rest",
    "Tafel fit beyond the double layer": "model: Tafel fit beyond the double layer",
}
#: columns of the polarisation -> words, in the order of the legend
POLARISATION = {
    "tafel_j0_V": "Tafel j₀",
    "fitted_j0_V": "fitted j₀",
    "fitted_j0_and_resistance_at_once_V": "fitted j₀ and resistance",
}
SEPARATORS = ("PP", "PIA")


@mpl.rc_context(STYLE)
def figures(record: ExperimentRecord) -> dict[str, Figure]:
    """``paper``."""
    figure = new_figure(PAGE_WIDTH, 130)
    top, bottom = figure.subfigures(2, 1, height_ratios=(1, 1.15))
    table = record.table()
    bulk = top.subplots(1, 3)
    for axes, (quantity, (label, factor)) in zip(bulk, BULK.items(), strict=True):
        measurements = (table["quantity"] == quantity) & ~table["how"].str.startswith("fit ")
        _draw_quantity(axes, table[measurements], factor)
        axes.set_ylabel(label)
    handles: dict[str, object] = {}
    for axes in bulk:
        handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    top.legend(list(handles.values()), list(handles), loc="outside lower center", ncols=3)
    polarisation, charge = bottom.subplots(1, 2)
    _draw_polarisation(polarisation, record.table("paper_polarisation"), record.summary)
    _draw_charge(charge, record.table("paper_fixed_charge"))
    for index, axes in enumerate((*bulk, polarisation, charge)):
        axes.grid(True, axis="y")
        letter(axes, index)
    return {"paper": figure}


def _draw_quantity(axes: Axes, rows: pd.DataFrame, factor: float) -> None:
    """Measured and model values of both separators, side by side; nothing where the model has no such number."""
    for place, separator in enumerate(SEPARATORS):
        mine = rows[rows["separator"] == separator]
        axes.plot(
            place - 0.15,
            factor * mine["measured"].iloc[0],
            ls="",
            marker="_",
            ms=16,
            mew=2,
            color=INK,
            label="measured",
        )
        for beside, (_, row) in enumerate(mine.iterrows()):
            words, look = _reading(str(row["how"]))
            where = place + 0.05 + 0.12 * beside
            axes.plot(
                where, factor * row["model"], ls="", marker=look.marker, ms=5, color=look.color, label=words
            )
        missing = mine["model"].isna()
        if missing.any() and not missing.all():
            low = axes.get_xaxis_transform()
            axes.text(place, 0.04, "two channels:\nno single j₀", transform=low, ha="center", va="bottom")
    axes.set_xticks(range(len(SEPARATORS)), SEPARATORS)
    axes.set_xlim(-0.5, len(SEPARATORS) - 0.5)
    axes.set_ylim(0, 1.15 * factor * max(rows["measured"].max(), rows["model"].max()))


def _reading(how: str) -> tuple[str, Curve]:
    """Label and look of a model value."""
    index, words = next(
        (index, words) for index, (start, words) in enumerate(READINGS.items()) if how.startswith(start)
    )
    return words, curve(index)


def _draw_polarisation(axes: Axes, table: pd.DataFrame, summary: dict[str, float]) -> None:
    """Measured and computed voltages of the symmetric cell."""
    current = 0.1 * table["current_density_A_m2"]
    axes.plot(current, 1e3 * table["measured_V"], ls="", marker="o", color=INK, label="measured")
    exchange = {
        "tafel_j0_V": summary["tafel_exchange_current_density_A_m2"],
        "fitted_j0_V": summary["fitted_exchange_current_density_A_m2"],
        "fitted_j0_and_resistance_at_once_V": summary["fitted_at_once_exchange_current_density_A_m2"],
    }
    for index, (column, words) in enumerate(POLARISATION.items()):
        label = f"{words}: {0.1 * exchange[column]:.2f} mA cm⁻²"
        if column.endswith("at_once_V"):
            label += f", {1e4 * summary['fitted_at_once_series_resistance_ohm_m2']:.2f} Ω cm²"
        axes.plot(np.append(0, current), np.append(0, 1e3 * table[column]), label=label, **curve(index).line)
    axes.set_xlabel("current density (mA cm⁻²)")
    axes.set_ylabel("polarisation of Li | PIA | Li (mV)")
    axes.set_ylim(0, 1e3 * table["tafel_j0_V"].max() * 1.55)
    axes.legend(loc="upper left")


def _draw_charge(axes: Axes, table: pd.DataFrame) -> None:
    """Transference number against fixed charge: Donnan equilibrium between and at the model's points."""
    table = table.sort_values("fixed_charge_ratio")
    ratio = table["fixed_charge_ratio"]
    neutral = table.loc[ratio.abs().idxmin(), "transference_number_donnan"]
    odds = (1 - neutral) / neutral
    fine = np.linspace(ratio.min(), ratio.max(), 200)
    axes.plot(
        fine,
        1 / (1 + odds * np.exp(2 * np.arcsinh(fine / 2))),
        label="Donnan equilibrium",
        **curve(1).line,
    )
    axes.plot(
        ratio,
        table["transference_number_model"],
        ls="",
        marker="o",
        ms=5,
        color=curve(0).color,
        label="model",
    )
    for level, words in (
        (neutral, "PP's liquid"),
        (table["transference_number_donnan"].max(), "measured for PIA"),
    ):
        axes.axhline(level, color=FAINT, lw=0.8, ls=(0, (4, 2.5)))
        axes.annotate(
            words,
            (fine[-1], level),
            xytext=(0, 2),
            textcoords="offset points",
            ha="right",
            va="bottom",
            color=INK,
        )
    axes.axvline(0.0, color=FAINT, lw=0.8)
    axes.set_xlabel("fixed charge ρ/(F c₀) (–)")
    axes.set_ylabel("Li⁺ transference number (–)")
    axes.set_ylim(0, 1)
    axes.legend(loc="lower left")
