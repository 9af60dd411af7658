"""The cell of the manufactured solutions, in SI: a double layer as thick as a third of the cell, fast kinetics."""

from __future__ import annotations

from typing import Any

from sim.verification.cells import NEUTRAL, flat_cell, lithium, merged, potentiostatic
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.exact.parameters import AVOGADRO, VACUUM_PERMITTIVITY

#: across [m], concentration [mol/m^3], diffusivities [m^2/s]; lambda_D/width is 0.3
WIDTH, CONCENTRATION, D_LI, D_ANION = 0.4e-9, 2500.0, 1e-10, 2.5e-10
#: cell voltage [V], exchange current densities [A/m^2], charge of the anode [C/m^2], c_ref [mol/m^3]
VOLTAGE, ANODE_CURRENT, COUNTER_CURRENT = 0.8 * THERMAL_VOLTAGE, 2e9, 5e9
CHARGE, REFERENCE = 0.05, 1250.0
#: alpha, chi, G [kT], Gamma [mol/m^2], D_s [m^2/s], k_a and k_p [1/s]
ALPHA, CHI, ENERGY, CAPACITY, DIFFUSIVITY = 0.4, 0.3, 0.5, 2e-6, 3e-10
ADSORPTION, PLATING = 4e8, 2e8
#: of the default electrodes [F/m^2]
STERN = VACUUM_PERMITTIVITY * 30 / 3e-10


def cell(cells: int, order: int, *, poisson: bool, sites: bool) -> dict[str, Any]:
    """The cell on a mesh of so many squares along each side, with elements of this order."""
    size = f"{WIDTH / cells!r} m"
    electrolyte = {
        "diffusivity_li": f"{D_LI!r} m^2/s",
        "diffusivity_anion": f"{D_ANION!r} m^2/s",
        "reference_concentration": f"{REFERENCE!r} mol/m^3",
    }
    anode = lithium(ANODE_CURRENT, transfer_coefficient=ALPHA, surface_charge=f"{CHARGE!r} C/m^2")
    mapping = flat_cell(
        WIDTH,
        {
            "cell": {"length": f"{WIDTH!r} m"},
            "electrolyte": electrolyte | ({} if poisson else NEUTRAL),
            "separator": {"conductivity": None, "transference_number": None},
            "anode": anode,
            "counter": lithium(COUNTER_CURRENT),
            "operation": potentiostatic(VOLTAGE),
            "mesh": {"wall_cell": size, "max_cell": size, "growth": 1, "columns": cells, "order": order},
        },
    )
    interface = {
        "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": f"{ENERGY * THERMAL_VOLTAGE!r} eV"}},
        "area_factor": CAPACITY * AVOGADRO * 1e-18,
        "reference_energy": "0 eV",
        "adsorption_rate": f"{ADSORPTION!r} / s",
        "plating_rate": f"{PLATING!r} / s",
        "barrier_position": CHI,
        "surface_diffusivity": f"{DIFFUSIVITY!r} m^2/s",
    }
    return merged(mapping, {"interface": interface}) if sites else mapping
