"""Names of files' columns as words and units: current_density_mean_A_m2 → current density mean, A m⁻²."""

from __future__ import annotations

import re

from sim.view.labels import METRICS

#: ends of names and the units they stand for, the longer first
UNITS = {
    "ohm_m2": "Ω m²",
    "mol_m3": "mol m⁻³",
    "mol_m2": "mol m⁻²",
    "A_m2": "A m⁻²",
    "C_m2": "C m⁻²",
    "C_m3": "C m⁻³",
    "F_m2": "F m⁻²",
    "J_m2": "J m⁻²",
    "m2_s": "m² s⁻¹",
    "per_nm2": "nm⁻²",
    "per_m2": "m⁻²",
    "per_s": "s⁻¹",
    "S_m": "S m⁻¹",
    "V_m": "V m⁻¹",
    "eV": "eV",
    "Hz": "Hz",
    "V": "V",
    "K": "K",
    "m": "m",
    "s": "s",
}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def words_and_unit(name: str) -> tuple[str, str]:
    """Words and unit of a column or metric; the unit of a pure number is empty."""
    if name in METRICS:
        return METRICS[name].words, METRICS[name].unit.replace("–", "")
    end = next((end for end in UNITS if name.endswith(f"_{end}")), "")
    words = name.removesuffix(f"_{end}") if end else name
    return words.replace("_", " "), UNITS.get(end, "")


def with_unit(name: str) -> str:
    """Words with the unit in brackets."""
    words, unit = words_and_unit(name)
    return f"{words} ({unit})" if unit else words


def readable(value: str) -> str:
    """A resolved value as a reader writes it: 1e-05 m → 10⁻⁵ m, 1/m^2 → 1/m²; number and unit stay on one line."""
    number, space, unit = value.partition(" ")
    match = re.fullmatch(r"(-?[\d.]+)e([+-]?\d+)", number)
    if match:
        power = str(int(match[2])).translate(_SUPERSCRIPT)
        number = f"10{power}" if match[1] == "1" else f"{match[1]}×10{power}"
    elif re.fullmatch(r"-?\d+\.0", number):
        number = number[:-2]
    if not re.fullmatch(r"[\w/^*]+", unit):
        return f"{number}{space}{unit}"
    return f"{number}\u00a0{raised(unit)}"


def raised(unit: str) -> str:
    """A unit with its powers above: 1/m^2 → 1/m²."""
    return re.sub(r"\^(-?\d+)", lambda power: power[1].translate(_SUPERSCRIPT), unit)
