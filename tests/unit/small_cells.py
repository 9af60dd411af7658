"""Cells that are solved at once, and what the solver makes of them."""

from __future__ import annotations

from typing import Any

from mpi4py import MPI

from sim.config import RunConfig, build_config
from sim.domain.domain import Domain, make_domain
from sim.solve.drive import apply_drive, drive_of, is_galvanostatic
from sim.solve.initial import set_rest
from sim.solve.march import March
from sim.solve.model import CellModel
from sim.solve.schedule import Schedule
from sim.solve.system import CellSystem

NUCLEI = {
    "kind": "nuclei",
    "nuclei": [
        {"position": "2 um", "height": "0.6 um", "width": "0.6 um"},
        {"position": "5.5 um", "height": "1 um", "width": "0.8 um"},
    ],
}
#: sites on the anode that lithium may pass and move along
SITES = {
    "adsorption_rate": "1e3 / s",
    "plating_rate": "3.2 / s",
    "reference_energy": "0.4175 eV",
    "surface_diffusivity": "1e-9 m^2/s",
    "sites": {
        "N1": {
            "density": "0.75 / nm^2",
            "adsorption_energy": "-0.65 eV",
            "charge": -1,
            "charged_fraction": 0.05,
        },
        "N2": {
            "density": "0.25 / nm^2",
            "adsorption_energy": "0.28 eV",
            "charge": 1,
            "charged_fraction": 0.05,
        },
    },
}


def small_config(**sections: Any) -> RunConfig:
    """A flat cell of PP between two lithium electrodes; sections are laid over it key by key."""
    lithium = {"kind": "lithium", "exchange_current_density": "3.3 A/m^2"}
    stern = {"stern": {"thickness": "0.3 nm", "relative_permittivity": 30}}
    mapping: dict[str, Any] = {
        "name": "small",
        "cell": {"length": "10 um", "width": "8 um"},
        "electrolyte": {"concentration": "2500 mol/m^3", "relative_permittivity": 30},
        "separator": {"conductivity": "0.23 mS/cm", "transference_number": 0.39, "porosity": 0.5},
        "anode": lithium | stern,
        "counter": lithium | stern,
        "operation": {"mode": "potentiostatic", "voltage": "0.2 V"},
        "mesh": {"columns": 4},
        "output": {"figures": False},
    }
    for name, section in sections.items():
        mapping[name] = mapping.get(name, {}) | section if isinstance(section, dict) else section
    return build_config(mapping)


def small_domain(**sections: Any) -> Domain:
    """Its mesh."""
    return make_domain(small_config(**sections), MPI.COMM_SELF)


def small_march(config: RunConfig) -> tuple[CellModel, CellSystem, March]:
    """A cell at rest that is about to march."""
    model = CellModel(config, make_domain(config, MPI.COMM_SELF))
    system = CellSystem(model, galvanostatic=is_galvanostatic(config), steady=False)
    set_rest(model)
    apply_drive(drive_of(config), model, system)
    return model, system, March(Schedule.of(config), model, system)
