"""Words and numbers on the axes of a sweep's figures."""

from __future__ import annotations

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from sim.view.labels import number
from sim.view.ticks import log_ticks

#: characters of a label along the side of a panel
LABEL_WIDTH = 34
#: steps between ticks, times a power of ten
STEPS = (1, 2, 2.5, 5, 10)
_EXPONENTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_BREAK = "\u00a0"


def with_unit(words: str, unit: str) -> str:
    """A label with its unit: m^2/s → m² s⁻¹; nothing for a pure number."""
    if unit in ("", "1"):
        return words
    top, *below = unit.split("/")
    factors = [_factor(one, 1) for one in top.split("*") if one != "1"]
    factors += [_factor(one, -1) for part in below for one in part.split("*")]
    return f"{words} ({_NO_BREAK.join(factors)})"


def _factor(text: str, sign: int) -> str:
    name, _, power = text.partition("^")
    exponent = sign * int(power or 1)
    name = {"ohm": "Ω", "degC": "°C"}.get(name, name)
    return name if exponent == 1 else f"{name}{str(exponent).translate(_EXPONENTS)}"


def wrapped(label: str, width: int = LABEL_WIDTH) -> str:
    """A label in lines of about so many characters; a unit is not broken."""
    lines = [""]
    for word in label.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def brief(value: float, digits: int = 3) -> str:
    """A number as a reader writes it, without zeros at its end: 0.02, 10⁻⁷."""
    mantissa, times, power = number(value, digits).partition("×")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return power if times and mantissa == "1" else f"{mantissa}{times}{power}"


def logarithmic_ticks(axis: Axis, *, sparse: bool = False) -> None:
    """Numbers on a logarithmic axis, few of them on a small one; call when its limits are set."""
    low, high = axis.get_view_interval()
    if 0 < low < high < 10 * low:
        axis.set_major_locator(MaxNLocator(3 if sparse else 6, steps=STEPS))
        axis.set_major_formatter(FuncFormatter(lambda value, _: brief(value)))
    elif sparse:
        axis.set_major_locator(LogLocator(numticks=4))
    else:
        log_ticks(axis)
    axis.set_minor_formatter(NullFormatter())


def words_of(key: str) -> str:
    """A config key as a reader says it: interface.sites.N1.density → N1 density."""
    parts = [part for part in key.split(".")[1:] if part != "sites"] or [key]
    return " ".join(parts).replace("_", " ")


def short(text: str, longest: int = 24) -> str:
    """A long word with dots in its middle."""
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[-longest // 2 + 1 :]}"
