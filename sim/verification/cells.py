"""What the cases have in common: a small cell as a mapping in the keys and units of a user's YAML.

Nothing of the model is repeated here; the exact solutions are in `sim.verification.exact`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.verification.exact.parameters import Cell, Electrode

CONFIGS = Path(__file__).parents[2] / "configs"
#: measured bulk transport of the two separators (paper, Fig. 3A)
PP = {"conductivity": "0.23 mS/cm", "transference_number": 0.39}
PIA = {"conductivity": "0.92 mS/cm", "transference_number": 0.78}
#: no double layer at all: the classical electroneutral model
NEUTRAL = {"electrostatics": "electroneutral", "double_layer": "none"}
CLOSURE = {"electrostatics": "electroneutral", "double_layer": "closure"}
#: sites alone on a blocking wall, where neither energy nor reaction is: cases add what they need; a coarse cell behind
SURFACE_ALONE: dict[str, Any] = {
    "electrolyte": NEUTRAL,
    "anode": {"kind": "blocking"},
    "counter": {"kind": "reservoir"},
    "interface": {"reference_energy": "0 eV", "adsorption_rate": "0 / s", "plating_rate": "0 / s"},
    "mesh": {"wall_cell": "1 um", "max_cell": "1 um", "growth": 1},
}


def merged(base: Mapping[str, Any], *updates: Mapping[str, Any]) -> dict[str, Any]:
    """Mapping with the updates laid over it, section by section; one whose kind changes starts afresh."""
    result = dict(base)
    for update in updates:
        for key, value in update.items():
            old = result.get(key)
            if isinstance(value, Mapping) and isinstance(old, Mapping):
                same = value.get("kind", old.get("kind")) == old.get("kind")
                result[key] = merged(old, value) if same else value
            else:
                result[key] = value
    return result


def lithium(current: float = 3.3, **keys: Any) -> dict[str, Any]:
    """Lithium electrode of j0 [A/m^2]."""
    return {"kind": "lithium", "exchange_current_density": f"{current!r} A/m^2", **keys}


def potentiostatic(voltage: float) -> dict[str, str]:
    """Operation at a voltage [V]."""
    return {"mode": "potentiostatic", "voltage": f"{float(voltage)!r} V"}


def galvanostatic(current: float) -> dict[str, str]:
    """Operation at a current density [A/m^2]."""
    return {"mode": "galvanostatic", "current_density": f"{float(current)!r} A/m^2"}


def flat_cell(width: float, *updates: Mapping[str, Any]) -> dict[str, Any]:
    """A flat cell `width` [m] across and half as long, two columns, PP's bulk, two lithium electrodes, at rest."""
    base = {
        "cell": {"length": f"{width / 2!r} m", "width": f"{width!r} m"},
        "electrolyte": {"concentration": "2500 mol/m^3", "relative_permittivity": 30},
        "separator": PP,
        "anode": lithium(),
        "counter": lithium(),
        "operation": potentiostatic(0.0),
        "mesh": {"columns": 2},
        "output": {"fields": False, "figures": False},
    }
    return merged(base, *updates)


def as_mapping(cell: Cell) -> dict[str, Any]:
    """The sections of a reference cell: electrolyte, both electrodes and, if it has some, uniform sites."""
    salt = cell.electrolyte
    electrolyte = {
        "concentration": f"{salt.concentration!r} mol/m^3",
        "relative_permittivity": float(salt.relative_permittivity),
        "diffusivity_li": f"{salt.diffusivity_li!r} m^2/s",
        "diffusivity_anion": f"{salt.diffusivity_anion!r} m^2/s",
    }
    if salt.reference_concentration is not None:
        electrolyte["reference_concentration"] = f"{salt.reference_concentration!r} mol/m^3"
    mapping = flat_cell(
        cell.width,
        {"electrolyte": electrolyte, "separator": {"conductivity": None, "transference_number": None}},
        {"anode": _electrode(cell.anode), "counter": _electrode(cell.counter)},
        {"temperature": f"{salt.temperature!r} K"},
    )
    if cell.sites is not None:
        mapping["interface"] = {
            "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": f"{cell.sites.free_energy!r} eV"}},
            "area_factor": cell.sites.capacity * 6.02214076e23 / 1e18,
            "reference_energy": "0 eV",
            "adsorption_rate": f"{cell.sites.adsorption_rate!r} / s",
            "plating_rate": f"{cell.sites.plating_rate!r} / s",
            "barrier_position": cell.sites.barrier_position,
            "surface_diffusivity": f"{cell.sites.surface_diffusivity!r} m^2/s",
        }
    return mapping


def _electrode(electrode: Electrode) -> dict[str, Any]:
    return lithium(
        electrode.exchange_current_density,
        transfer_coefficient=electrode.transfer_coefficient,
        stern={
            "thickness": f"{electrode.stern_thickness!r} m",
            "relative_permittivity": electrode.stern_permittivity,
        },
        surface_charge=f"{electrode.surface_charge!r} C/m^2",
    )
