"""The paper's two drives and two concentrations, solved on the shipped cells: what cannot both hold, what changes."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config import RunConfig, load_config
from sim.config.shipped import shipped_config
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.paper_data import CELL_CONCENTRATION, MODEL_CONCENTRATION
from sim.experiments.salt import SaltTransport
from sim.physics.diffusion import sand_time
from sim.solve.drive import Drive

#: shipped cells by the separator's title
CELLS = {"PP": "pp", "PIA": "pia"}
#: Sand's time is stated at this multiple of the limiting current
SAND_RATIO = 2.0


@dataclass(frozen=True)
class ModeState:
    """One steady state of a shipped cell at one of the paper's drives; names carry the units."""

    separator: str
    drive: str
    concentration_mol_m3: float
    cell_voltage_V: float
    current_density_A_m2: float
    limiting_current_density_A_m2: float
    j_over_j_lim: float
    current_density_cv: float


@dataclass(frozen=True)
class Scales:
    """What a shipped cell's concentration sets, and what it leaves alone."""

    separator: str
    concentration_mol_m3: float
    debye_length_m: float
    diffusivity_li_m2_s: float
    ambipolar_diffusivity_m2_s: float
    sand_time_s: float
    conductivity_S_m: float
    limiting_current_density_A_m2: float


def drives_and_concentrations(lab: Lab) -> tuple[list[ModeState], list[Scales]]:
    """Steady states at the shipped voltage and C-rate, and at the voltage again with the cells' concentration; the
    scales at both concentrations."""
    states: list[ModeState] = []
    scales: list[Scales] = []
    for title, name in CELLS.items():
        lab.tell(f"{title}: the paper's drives and concentrations")
        shipped = load_config(shipped_config(name))
        voltage = shipped.operation.applied_voltage
        current = shipped.operation.model_copy(update={"mode": "galvanostatic"}).applied_current_density
        for concentration in (MODEL_CONCENTRATION, CELL_CONCENTRATION):
            cell = LiveCell(_at_concentration(shipped, concentration), lab)
            scales.append(_scales(title, cell))
            states.append(_state(title, f"{voltage:g} V", cell, Drive(False, voltage)))
            if concentration == MODEL_CONCENTRATION:
                cell.to_rest()
                rate = f"{shipped.operation.c_rate:g} C"
                states.append(_state(title, rate, cell, Drive(True, current)))
    return states, scales


def _at_concentration(config: RunConfig, concentration: float) -> RunConfig:
    electrolyte = config.electrolyte.model_copy(update={"concentration": concentration})
    return config.model_copy(update={"electrolyte": electrolyte})


def _state(title: str, drive: str, cell: LiveCell, wanted: Drive) -> ModeState:
    metrics = cell.steady(wanted)
    return ModeState(
        title,
        drive,
        cell.config.electrolyte.concentration,
        metrics["cell_voltage_V"],
        metrics["current_density_mean_A_m2"],
        cell.observer.limiting_current_density,
        metrics["j_over_j_lim"],
        metrics["current_density_cv"],
    )


def _scales(title: str, cell: LiveCell) -> Scales:
    p, salt = cell.model.parameters, SaltTransport.of(cell.model)
    limit = cell.observer.limiting_current_density
    return Scales(
        title,
        p.scales.concentration,
        p.debye_length,
        p.diffusivity_li,
        salt.diffusivity,
        sand_time(
            SAND_RATIO * limit,
            salt.concentration,
            salt.transference_number,
            salt.diffusivity,
            salt.porosity,
        ),
        p.lithium_conductivity / salt.transference_number,
        limit,
    )
