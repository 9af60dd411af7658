"""Uniform sites that fill from the electrolyte: Langmuir kinetics with an exact course in time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sim.verification.cells import CLOSURE, NEUTRAL, SURFACE_ALONE, flat_cell
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE

#: k_a [1/s]
ADSORPTION = 100.0
MODES: dict[str, dict[str, Any]] = {
    "none": {"electrolyte": NEUTRAL},
    "closure": {"electrolyte": CLOSURE},
    "Poisson": {"mesh": {"wall_cell": None, "max_cell": None, "growth": 2.0}},
}


@dataclass(frozen=True)
class Sites:
    """Energy G [kT], barrier position chi, c/c_ref, mode, and the coverage to begin with."""

    energy: float
    chi: float
    activity: float
    mode: str
    start: float

    @property
    def rates(self) -> tuple[float, float]:
        """k_a c and k_d [1/s]: e^(-chi G) c/c_ref forth and e^((1 - chi) G) back."""
        forth = ADSORPTION * self.activity * math.exp(-self.chi * self.energy)
        return forth, ADSORPTION * math.exp((1 - self.chi) * self.energy)


def filling(sites: Sites) -> dict[str, Any]:
    """Uniform sites that fill from an empty state, for three time constants."""
    site = {"density": "1e-6 / nm^2", "adsorption_energy": f"{sites.energy * THERMAL_VOLTAGE!r} eV"}
    interface = {
        "sites": {"S": site},
        "initial_coverage": sites.start,
        "adsorption_rate": f"{ADSORPTION!r} / s",
        "barrier_position": sites.chi,
        "surface_diffusivity": "0 m^2/s",
    }
    end = 3 / sum(sites.rates)
    updates = {
        "electrolyte": {"reference_concentration": f"{2500 / sites.activity!r} mol/m^3"},
        "interface": interface,
        "operation": {"duration": f"{end!r} s"},
        "solver": {"first_step": f"{1e-3 * sites.start * end!r} s", "time_tolerance": 1e-5},
    }
    base = SURFACE_ALONE | {"electrolyte": {}}
    return flat_cell(2e-6, base, MODES[sites.mode], updates)
