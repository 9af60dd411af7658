"""The few settings that figures name, from the resolved config of a run folder.

Read as plain YAML and not through the schema: a resolved config is in SI with its unit written out, a figure needs a
dozen of its keys, and a folder from another version, or moved away from the files it was made with, still opens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sim.view.errors import ViewError

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Settings:
    """What a run was asked to do; nan where its config does not say."""

    name: str
    title: str
    mode: str  #: potentiostatic or galvanostatic
    voltage: float  #: [V]
    applied_current_density: float  #: [A/m²]
    c_rate: float  #: [1/h]
    length: float  #: along the anode [m]
    width: float  #: between the electrodes [m]
    concentration: float  #: [mol/m³]
    electrostatics: str  #: poisson or electroneutral
    anode_profile: str  #: as configured, to tell whether two runs share it
    sites: tuple[str, ...]  #: names of the site types; empty without sites
    bulk: tuple[
        float, ...
    ]  #: κ [S/m], t₊ [-], porosity [-], D₊ and D₋ [m²/s]: equal where two runs share a bulk
    reference_energy: float  #: G_ref [eV]
    plating_rate: float  #: k_p [1/s]

    @property
    def drive(self) -> str:
        """The mode with its value, as figures show it."""
        rate = "" if self.mode != "galvanostatic" or math.isnan(self.c_rate) else f" ({self.c_rate:g} C)"
        return f"{self.mode} {self.driven_at}{rate}"

    @property
    def driven_at(self) -> str:
        """The value of the drive alone, for a narrow place."""
        if self.mode == "galvanostatic":
            return f"{self.applied_current_density:g} A m⁻²"
        return f"{self.voltage:g} V"


def read_settings(path: Path) -> Settings:
    """Settings of the run whose resolved config is this file; ViewError where it cannot be read."""
    try:
        tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ViewError(f"{path}: not a readable config: {error}") from error
    if not isinstance(tree, dict):
        raise ViewError(f"{path}: not a config, which is a mapping of keys to values")
    name = str(tree.get("name") or path.parent.name)
    interface, operation = _section(tree, "interface"), _section(tree, "operation")
    cell, electrolyte = _section(tree, "cell"), _section(tree, "electrolyte")
    return Settings(
        name=name,
        title=str(tree.get("title") or name),
        mode=str(operation.get("mode", "")),
        voltage=_si(operation, "voltage"),
        applied_current_density=_applied(operation),
        c_rate=math.nan if operation.get("current_density") is not None else _si(operation, "c_rate"),
        length=_si(cell, "length"),
        width=_si(cell, "width"),
        concentration=_si(electrolyte, "concentration"),
        electrostatics=str(electrolyte.get("electrostatics", "poisson")),
        anode_profile=repr(cell.get("anode_profile")),
        sites=tuple(str(site) for site in _section(interface, "sites")),
        bulk=_bulk(_section(tree, "separator"), electrolyte),
        reference_energy=_si(interface, "reference_energy"),
        plating_rate=_si(interface, "plating_rate"),
    )


def _section(tree: dict[str, Any], key: str) -> dict[str, Any]:
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def _si(section: dict[str, Any], key: str) -> float:
    """The number of a resolved value such as "1e-05 m"; nan where there is none."""
    words = str(section.get(key, "")).split()
    try:
        return float(words[0])
    except (IndexError, ValueError):
        return math.nan


def _bulk(separator: dict[str, Any], electrolyte: dict[str, Any]) -> tuple[float, ...]:
    """Keys of the bulk's transport; -1 for a key that is not given, so that two bulks compare equal."""
    values = [_si(separator, key) for key in ("conductivity", "transference_number", "porosity")]
    values += [_si(electrolyte, key) for key in ("diffusivity_li", "diffusivity_anion")]
    return tuple(-1.0 if math.isnan(value) else value for value in values)


def _applied(operation: dict[str, Any]) -> float:
    """Current density [A/m²] as given, or the C-rate [1/h] times the areal capacity [C/m²]."""
    given = _si(operation, "current_density")
    if not math.isnan(given):
        return given
    return _si(operation, "c_rate") * _si(operation, "areal_capacity") / SECONDS_PER_HOUR
