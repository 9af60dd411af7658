"""The unit at the end of a column's name."""

from __future__ import annotations

#: ends of names and the units they stand for, the longer first
UNITS = {
    "A_m2": "A/m^2",
    "C_m2": "C/m^2",
    "J_m2": "J/m^2",
    "mol_m3": "mol/m^3",
    "mol_m2": "mol/m^2",
    "V_m": "V/m",
    "S_m": "S/m",
    "m2_s": "m^2/s",
    "eV": "eV",
    "V": "V",
    "K": "K",
    "m": "m",
    "s": "s",
}


def unit_ending(name: str) -> str:
    """The end of a name that says its unit, without the underscore before it; empty for a pure number."""
    return next((end for end in UNITS if name.endswith(f"_{end}")), "")


def unit_of(name: str) -> str:
    """The unit of a column such as ``current_density_A_m2``: A/m^2; 1 for a pure number."""
    return UNITS.get(unit_ending(name), "1")
