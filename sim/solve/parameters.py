"""From the config (SI) to the numbers of the scaled model: what the residual and the metrics both read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.config import RunConfig
from sim.config.electrodes import Electrode
from sim.physics.constants import FARADAY, VACUUM_PERMITTIVITY
from sim.physics.interface import hopping_diffusivity
from sim.physics.scaling import Scales, limiting_current_density, nernst_einstein


@dataclass(frozen=True)
class ElectrodeParameters:
    """One electrode in SI: ``kind``, j_0 [A/m^2], alpha, Stern capacitance [F/m^2] (inf: plane at the metal potential,
    0: insulating wall), surface charge beside the sites' [C/m^2], surface energy [J/m^2], and whether a reservoir is
    free solution outside the medium."""

    kind: str
    exchange_current_density: float
    transfer_coefficient: float
    stern_capacitance: float
    surface_charge: float
    surface_energy: float
    outside: bool


@dataclass(frozen=True)
class Parameters:
    """Everything the model needs beside the mesh and the site maps, in SI, with its scales."""

    scales: Scales
    poisson: bool
    closure: bool
    porosity: float
    permittivity: float
    diffusivity_li: float
    diffusivity_anion: float
    reference_ratio: float
    fixed_charge: float
    anode: ElectrodeParameters
    counter: ElectrodeParameters
    adsorption_rate: float
    plating_rate: float
    barrier_position: float
    surface_diffusivity: float
    length: float

    @property
    def debye_length(self) -> float:
        """lambda_D of the pore liquid at c_0 [m]."""
        return math.sqrt(
            self.permittivity * self.scales.potential / (2 * FARADAY * self.scales.concentration)
        )

    def limiting_current_density(self, gap: float) -> float:
        """j_lim [A/m^2] for a mean gap H [m]."""
        reservoir = "reservoir" in (self.anode.kind, self.counter.kind)
        return limiting_current_density(
            self.diffusivity_li, self.scales.concentration, gap, against_reservoir=reservoir
        )

    @property
    def lithium_conductivity(self) -> float:
        """t_li kappa [S/m] = F^2 D_li c_0/(RT), the conductance for lithium with the anion at rest."""
        return FARADAY * self.diffusivity_li * self.scales.concentration / self.scales.potential


def _stern_capacitance(electrode: Electrode) -> float:
    """eps_0 eps_S/d_S [F/m^2]; without a Stern layer 0 for a blocking (insulating) wall, else infinite."""
    stern = electrode.stern
    if stern is None:
        return 0.0 if electrode.kind == "blocking" else math.inf
    if stern.thickness == 0:
        return math.inf
    return VACUUM_PERMITTIVITY * stern.relative_permittivity / stern.thickness


def _electrode(electrode: Electrode) -> ElectrodeParameters:
    return ElectrodeParameters(
        kind=electrode.kind,
        exchange_current_density=(electrode.exchange_current_density or 0.0)
        if electrode.kind == "lithium"
        else 0.0,
        transfer_coefficient=electrode.transfer_coefficient,
        stern_capacitance=_stern_capacitance(electrode),
        surface_charge=electrode.surface_charge,
        surface_energy=electrode.surface_energy,
        outside=electrode.is_outside,
    )


def diffusivities(config: RunConfig) -> tuple[float, float]:
    """D_li, D_anion [m^2/s], given or by Nernst-Einstein from the measured conductivity and transference number."""
    electrolyte, separator = config.electrolyte, config.separator
    if electrolyte.diffusivity_li is not None and electrolyte.diffusivity_anion is not None:
        return electrolyte.diffusivity_li, electrolyte.diffusivity_anion
    if separator.conductivity is None or separator.transference_number is None:
        raise ValueError("neither diffusivities nor conductivity and transference number are given")
    return nernst_einstein(
        separator.conductivity, separator.transference_number, electrolyte.concentration, config.temperature
    )


def _surface_diffusivity(config: RunConfig, thermal_voltage: float) -> float:
    interface = config.interface
    if interface.surface_diffusivity is not None:
        return interface.surface_diffusivity
    if interface.diffusion_barrier is not None:
        return hopping_diffusivity(interface.diffusion_barrier, thermal_voltage)
    return 0.0


def make_parameters(config: RunConfig, length_scale: float) -> Parameters:
    """Parameters of a config; ``length_scale`` [m] is the unit of the mesh's coordinates."""
    d_li, d_anion = diffusivities(config)
    electrolyte, interface = config.electrolyte, config.interface
    scales = Scales(length_scale, electrolyte.concentration, d_li, config.temperature)
    reference = electrolyte.reference_concentration or electrolyte.concentration
    metal = config.anode.kind in ("lithium", "reversible")
    return Parameters(
        scales=scales,
        poisson=electrolyte.electrostatics == "poisson",
        closure=electrolyte.electrostatics == "electroneutral" and electrolyte.double_layer != "none",
        porosity=config.separator.porosity,
        permittivity=VACUUM_PERMITTIVITY * electrolyte.relative_permittivity,
        diffusivity_li=d_li,
        diffusivity_anion=d_anion,
        reference_ratio=electrolyte.concentration / reference,
        fixed_charge=electrolyte.fixed_charge / (FARADAY * electrolyte.concentration),
        anode=_electrode(config.anode),
        counter=_electrode(config.counter),
        adsorption_rate=interface.adsorption_rate or 0.0,
        plating_rate=(interface.plating_rate or 0.0) if metal else 0.0,
        barrier_position=interface.barrier_position,
        surface_diffusivity=_surface_diffusivity(config, scales.potential),
        length=config.cell.length,
    )
