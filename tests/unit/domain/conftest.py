"""Configs of small cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.config import RunConfig, build_config

ConfigMaker = Callable[..., RunConfig]


@pytest.fixture
def config() -> ConfigMaker:
    """config(profile, mesh={…}, sites={…}, sides=…, electrostatics=…, length=…) -> RunConfig."""

    def make(profile: dict[str, Any] | None = None, **sections: Any) -> RunConfig:
        rates = {"reference_energy": "0.4175 eV", "adsorption_rate": "1.74e4 / s", "plating_rate": "3.2 / s"}
        mapping = {
            "cell": {
                "length": sections.get("length", "10 um"),
                "width": "8 um",
                "sides": sections.get("sides", "symmetry"),
                "anode_profile": profile or {"kind": "flat"},
            },
            "electrolyte": {
                "concentration": "2500 mol/m^3",
                "relative_permittivity": 30,
                "electrostatics": sections.get("electrostatics", "poisson"),
            },
            "separator": {"conductivity": "0.92 mS/cm", "transference_number": 0.78},
            "anode": {"exchange_current_density": "0.33 mA/cm^2"},
            "counter": {"exchange_current_density": "0.33 mA/cm^2"},
            "operation": {"mode": "potentiostatic", "voltage": "0.5 V"},
            "mesh": sections.get("mesh", {}),
        }
        if "sites" in sections:
            mapping["interface"] = {
                "sites": sections["sites"],
                "overlap": sections.get("overlap", "mean_field"),
                "surface_diffusivity": "1e-9 m^2/s",
                **rates,
            }
        return build_config(mapping)

    return make
