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


#: in letters and not as a formula, which breaks the text around it into single letters in an SVG
J_OVER_J_LIM = "j/jₗᵢₘ"
X_LABEL = "x along the anode (µm)"
Y_LABEL = "y (µm)"
TIME_LABEL = "time (s)"
#: The anode's local current: its mean along the arc is less than the mean per projected length of tables and panels
CURRENT_LABEL = "plating current density\nper arc length of the anode (A m⁻²)"
POTENTIAL = Quantity("potential φ", "V")
POTENTIAL_DROP = Quantity("potential φ − φ₀", "mV")
CONCENTRATION = Quantity("Li⁺ concentration", "mol m⁻³")

#: metrics of summary.json, in the order of a table
METRICS: dict[str, Quantity] = {
    "current_density_mean_A_m2": Quantity("mean plating current density", "A m⁻²", 4),
    "j_over_j_lim": Quantity(J_OVER_J_LIM, "–"),
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
#: digits of a value up to which its error is shown
MOST_DIGITS = 5


def metric_label(name: str) -> str:
    """Words and unit of a metric."""
    return METRICS[name].label if name in METRICS else name


def metric_value(name: str, value: float, error: float = math.nan) -> str:
    """A metric's number to the digits that are worth reading, with its error where that reaches them.

    The error is rounded up to one digit and the value to the same place: 0.0286 ± 0.0003. An error beyond the fifth
    digit of the value is not shown.
    """
    digits = METRICS[name].digits if name in METRICS else 3
    if not (math.isfinite(value) and math.isfinite(error) and value and error > 0):
        return number(value, digits)
    place = math.floor(math.log10(error) + 1e-12)
    if math.ceil(error / 10.0**place - 1e-9) > 9:
        place += 1
    power = max(math.floor(math.log10(abs(value))), place)
    if power - place + 1 > MOST_DIGITS:
        return number(value, digits)
    shift = 0 if -2 <= power < 5 else power  # beside an error, zeros after the point are hard to count
    decimals = max(shift - place, 0)
    rounded_up = math.ceil(error / 10.0**place - 1e-9) * 10.0 ** (place - shift)
    text = f"{value / 10.0**shift:.{decimals}f} ± {rounded_up:.{decimals}f}".replace("-", "−")
    return f"({text})×10{str(shift).translate(_SUPERSCRIPT)}" if shift else text


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
        parts.append(f"{J_OVER_J_LIM} = {number(share, 2)}")
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
