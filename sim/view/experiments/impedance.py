"""Figures of an impedance spectrum: Nyquist (equal axes, capacitive upwards) and Bode, in ohm cm^2."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.experiments.record import ExperimentRecord
from sim.view.labels import number
from sim.view.style import COLUMN_WIDTH, STYLE, curve, new_figure

#: [ohm cm^2] of one [ohm m^2]
OHM_CM2 = 1e4
FREQUENCY_LABEL = "frequency (Hz)"
#: parts of the larger side that the smaller one and the margins of the Nyquist plot have at least
LEAST_SIDE, MARGIN = 0.3, 0.06
#: width of the Nyquist plot's axes and room for labels and title [mm]
NYQUIST_WIDTH, AROUND = 105.0, 35.0


def figures(record: ExperimentRecord) -> dict[str, Figure]:
    """Both figures by name; none without a spectrum."""
    table = record.table()
    if table.empty:
        return {}
    table = table.sort_values("frequency_Hz")
    return {"nyquist": nyquist_figure(table, record), "bode": bode_figure(table, record)}


@mpl.rc_context(STYLE)
def nyquist_figure(table: pd.DataFrame, record: ExperimentRecord) -> Figure:
    """-Im Z against Re Z with the frequencies of whole decades and what the summary reads from it."""
    real = table["impedance_real_ohm_m2"].to_numpy(dtype=float) * OHM_CM2
    minus_imaginary = -table["impedance_imag_ohm_m2"].to_numpy(dtype=float) * OHM_CM2
    height = NYQUIST_WIDTH * max(np.ptp(minus_imaginary) / (np.ptp(real) or 1.0), LEAST_SIDE)
    figure = new_figure(COLUMN_WIDTH, min(height, NYQUIST_WIDTH) + AROUND)
    axes = figure.subplots()
    axes.plot(real, minus_imaginary, marker=".", markersize=3, **curve(1).line)
    _limits(axes, real, minus_imaginary)
    resistance = record.summary.get("dc_resistance_ohm_m2")
    marked = [] if resistance is None else [(resistance * OHM_CM2, 0.0)]
    _decades(axes, table["frequency_Hz"].to_numpy(dtype=float), real, minus_imaginary, marked)
    if resistance is not None:
        axes.plot(
            resistance * OHM_CM2,
            0,
            "v",
            markersize=5,
            color=curve(0).color,
            clip_on=False,
            label=f"direct current: {number(resistance * OHM_CM2, 4)} Ω cm²",
        )
        axes.legend(loc="upper right")
    axes.set_xlabel("Re Z (Ω cm²)")
    axes.set_ylabel("−Im Z (Ω cm²)")
    axes.grid(True)
    figure.suptitle(record.settings.title)
    return figure


def _limits(axes: Axes, real: np.ndarray, minus_imaginary: np.ndarray) -> None:
    """The same scale on both axes around all that is drawn, from the real axis upwards where nothing lies below."""
    axes.set_aspect("equal", adjustable="box")
    low, high = min(float(real.min()), 0.0) if real.min() < 0.5 * real.max() else real.min(), real.max()
    bottom, top = min(float(minus_imaginary.min()), 0.0), max(float(minus_imaginary.max()), 0.0)
    larger = max(high - low, top - bottom) or 1.0
    width, height = max(high - low, LEAST_SIDE * larger), max(top - bottom, LEAST_SIDE * larger)
    middle = (low + high) / 2
    margin = MARGIN * larger
    axes.set_xlim(middle - width / 2 - margin, middle + width / 2 + margin)
    axes.set_ylim(bottom - (margin if bottom < 0 else 0.0), bottom + height + 2 * margin)


def _decades(
    axes: Axes,
    frequencies: np.ndarray,
    real: np.ndarray,
    minus_imaginary: np.ndarray,
    marked: list[tuple[float, float]],
) -> None:
    """Names the whole decades, as far as their points stand apart and from those marked already."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    apart = 0.07 * max(right - left, top - bottom)
    shown = list(marked)
    for index, frequency in enumerate(frequencies):
        if abs(np.log10(frequency) - round(np.log10(frequency))) > 1e-6:
            continue
        here = (float(real[index]), float(minus_imaginary[index]))
        if all(np.hypot(here[0] - x, here[1] - y) > apart for x, y in shown):
            axes.plot(*here, "o", markersize=3.5, color=curve(1).color)
            # inside an arc: to the right of its left half, to the left of its right one
            on_left = here[0] < (left + right) / 2
            near_axis = here[1] < bottom + 0.15 * (top - bottom)
            axes.annotate(
                f"{number(float(frequency), 1)} Hz",
                here,
                xytext=(5 if on_left else -5, 2 if near_axis else -2),
                textcoords="offset points",
                ha="left" if on_left else "right",
                va="bottom" if near_axis else "top",
                size=STYLE["legend.fontsize"],
            )
            shown.append(here)


@mpl.rc_context(STYLE)
def bode_figure(table: pd.DataFrame, record: ExperimentRecord) -> Figure:
    """|Z| and phase against frequency."""
    frequency = table["frequency_Hz"]
    figure = new_figure(COLUMN_WIDTH, 95)
    upper, lower = figure.subplots(2, 1, sharex=True)
    upper.loglog(frequency, table["impedance_magnitude_ohm_m2"] * OHM_CM2, **curve(1).line)
    upper.set_ylabel("|Z| (Ω cm²)")
    lower.semilogx(frequency, -table["phase_deg"], **curve(0).line)
    lower.set_ylabel("−phase (°)")
    lower.set_xlabel(FREQUENCY_LABEL)
    least, most = float((-table["phase_deg"]).min()), float((-table["phase_deg"]).max())
    lower.set_ylim(min(0.0, 1.05 * least), max(1.05 * most, 1.0))
    for axes in (upper, lower):
        axes.grid(True)
    figure.align_ylabels()
    figure.suptitle(record.settings.title)
    return figure
