"""Names, units and numbers as a reader sees them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from sim.view.reader import Run

#: characters that fit over a figure of one run and over a column of a panel
LONGEST_TITLE, LONGEST_SHORT_TITLE = 60, 20
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Quantity:
    """What a column holds: words, unit (empty for a pure number) and how many digits of it are worth reading."""

    words: str
    unit: str = ""
    digits: int = 3

    @property
    def label(self) -> str:
        """For an axis or a table's row."""
        return f"{self.words} ({self.unit})" if self.unit else self.words


X_LABEL = "x along the anode (µm)"
Y_LABEL = "y (µm)"
TIME_LABEL = "time (s)"
#: The anode's local current: its mean along the arc is less than the mean per projected length of tables and panels
CURRENT_LABEL = "plating current density\nper arc length of the anode (A m⁻²)"
POTENTIAL = Quantity("potential φ", "V")
CONCENTRATION = Quantity("Li⁺ concentration", "mol m⁻³")

#: metrics of summary.json, in the order of a table
METRICS: dict[str, Quantity] = {
    "current_density_mean_A_m2": Quantity("mean plating current density", "A m⁻²", 4),
    "j_over_j_lim": Quantity("j/j$_\\mathrm{lim}$", "–"),
    "cell_voltage_V": Quantity("cell voltage", "V"),
    "current_density_cv": Quantity("CV of the plating current", "–"),
    "current_density_max_over_mean": Quantity("max/⟨j⟩ of the plating current", "–", 4),
    "current_density_hot_fraction": Quantity("fraction of the anode above 1.5 ⟨j⟩", "–"),
    "ionic_current_density_cv": Quantity("CV of the ionic current", "–"),
    "normal_field_cv": Quantity("CV of the normal field", "–"),
    "outer_field_cv": Quantity("CV of the normal field outside the double layer", "–"),
    "c_li_std_mol_m3": Quantity("std of c(Li⁺) 0.2 µm above anode", "mol m⁻³"),
    "coverage_mean": Quantity("mean coverage of the sites", "–"),
    "anion_inventory_error": Quantity("budget error: anions", "–", 2),
    "lithium_balance_error": Quantity("budget error: lithium", "–", 2),
    "charge_balance_error": Quantity("budget error: charge", "–", 2),
}
MESH_ERROR = "mesh_error_"


def metric_label(name: str) -> str:
    """Words and unit of a metric; its mesh error has the same unit."""
    if name in METRICS:
        return METRICS[name].label
    if name.startswith(MESH_ERROR):
        metric = name.removeprefix(MESH_ERROR)
        return f"mesh error: {METRICS[metric].label if metric in METRICS else metric.replace('_', ' ')}"
    return name


def metric_value(name: str, value: float) -> str:
    """A metric's number to the digits that are worth reading."""
    if name.startswith(MESH_ERROR):
        return number(value, 2)
    return number(value, METRICS[name].digits if name in METRICS else 3)


def number(value: float, digits: int = 3) -> str:
    """A number to some significant digits as a reader writes it: 0.0286, 304, 2.1×10⁻¹², – for none."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    text = f"{value:.{digits - 1}e}"
    mantissa, exponent = text.split("e")
    power = int(exponent)
    if -4 <= power < 5:
        return f"{float(text):.{max(digits - 1 - power, 0)}f}".replace("-", "−")
    return f"{mantissa.replace('-', '−')}×10{str(power).translate(_SUPERSCRIPT)}"


def heading(run: Run) -> str:
    """Title of a run in one line; beneath it mode and j/j_lim, and the status unless it is done."""
    share = run.metric("j_over_j_lim")
    parts = [run.settings.drive]
    if not math.isnan(share):
        parts.append(f"j/j$_\\mathrm{{lim}}$ = {number(share, 2)}")
    if run.status != "done":
        parts.append(f"run {run.status}")
    return f"{shorten(run.settings.title, LONGEST_TITLE, placeholder=' …')}\n{'  ·  '.join(parts)}"


def drives(runs: Sequence[Run]) -> list[str]:
    """The different modes of some runs, each with its value, in their order."""
    return list(dict.fromkeys(run.settings.drive for run in runs))


def legend_title(run: Run, runs: Sequence[Run]) -> str:
    """A run's short title, with its drive where the runs beside it differ in theirs."""
    return short_title(run) if len(drives(runs)) < 2 else f"{short_title(run)}, {run.settings.driven_at}"


def short_title(run: Run) -> str:
    """A run's title without what stands in brackets, for a narrow column."""
    title = run.settings.title.split(" (")[0].strip() or run.settings.name
    return shorten(title, LONGEST_SHORT_TITLE, placeholder=" …")
