"""The cases in the order of the book; each module defines one as ``CASE``."""

from __future__ import annotations

from importlib import import_module

from sim.verification.case import Case

#: modules of this package
MODULES = (
    "case01_gouy_chapman",
    "case02_debye_hueckel",
    "case03_reversible",
    "case04_butler_volmer",
    "case05_sand",
    "case06_cottrell",
    "case07_thin_cell",
    "case08_blocking_cell",
    "case09_wavy_electrode",
    "case10_interface_response",
    "case11_adsorption",
    "case12_surface_mode",
    "case13_fixed_charge",
    "case14_impedance",
    "case15_manufactured",
    "case16_closure",
    "case17_sides",
)


def all_cases() -> list[Case]:
    """Every case."""
    return [import_module(f"{__name__}.{name}").CASE for name in MODULES]
