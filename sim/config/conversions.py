"""Conversions that configs use all the time, so that reading one need not wait half a second for pint.

pint is what is right: a test compares every entry with it, and asks that the shipped configs need no other.
"""

from __future__ import annotations

#: (unit as it is written, unit of the key) -> factor, as decimals
KNOWN: dict[tuple[str, str], str] = {
    ("nm", "m"): "1e-9",
    ("um", "m"): "1e-6",
    ("mm", "m"): "1e-3",
    ("cm", "m"): "1e-2",
    ("ns", "s"): "1e-9",
    ("us", "s"): "1e-6",
    ("ms", "s"): "1e-3",
    ("min", "s"): "60",
    ("h", "s"): "3600",
    ("/ s", "1/s"): "1",
    ("/s", "1/s"): "1",
    ("mV", "V"): "1e-3",
    ("mS/cm", "S/m"): "0.1",
    ("S/cm", "S/m"): "100",
    ("mA/cm^2", "A/m^2"): "10",
    ("uA/cm^2", "A/m^2"): "1e-2",
    ("mAh/cm^2", "C/m^2"): "36000",
    ("cm^2/s", "m^2/s"): "1e-4",
    ("mol/L", "mol/m^3"): "1000",
    ("/ nm^2", "1/m^2"): "1e18",
    ("/nm^2", "1/m^2"): "1e18",
    ("1/nm^2", "1/m^2"): "1e18",
    ("meV", "eV"): "1e-3",
}
