"""Parameters of a lithium | electrolyte | lithium cell in SI, and the separators shipped with the simulator.

Constants: CODATA 2018. Energies per site are in eV, so energy / V_T is energy / kT.
Nernst-Einstein: D+ = t+ kappa R T / (F^2 c0), D- = (1 - t+) kappa R T / (F^2 c0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FARADAY = 96485.33212  # C/mol
GAS = 8.314462618  # J/(mol K)
VACUUM_PERMITTIVITY = 8.8541878128e-12  # F/m
AVOGADRO = 6.02214076e23  # 1/mol
CHARGE = 1.602176634e-19  # C


@dataclass(frozen=True)
class Electrolyte:
    """Binary 1:1 electrolyte: diffusivities [m^2/s], concentrations [mol/m^3], temperature [K]."""

    diffusivity_li: float
    diffusivity_anion: float
    concentration: float = 2500.0
    reference_concentration: float | None = None  # c of the kinetics; None means `concentration`
    relative_permittivity: float = 30.0
    temperature: float = 298.15

    @property
    def thermal_voltage(self) -> float:
        """R T / F [V]."""
        return GAS * self.temperature / FARADAY

    @property
    def permittivity(self) -> float:
        """Absolute permittivity [F/m]."""
        return VACUUM_PERMITTIVITY * self.relative_permittivity

    @property
    def debye_length(self) -> float:
        """sqrt(eps R T / (2 F^2 c0)) [m]."""
        return float(np.sqrt(self.permittivity * self.thermal_voltage / (2 * FARADAY * self.concentration)))

    @property
    def activity_scale(self) -> float:
        """c0 / c_ref, by which c / c0 is multiplied in the kinetics [-]."""
        return (
            1.0 if self.reference_concentration is None else self.concentration / self.reference_concentration
        )

    def limiting_current(self, width: float) -> float:
        """4 F D+ c0 / width [A/m^2] between two lithium electrodes `width` [m] apart."""
        return 4 * FARADAY * self.diffusivity_li * self.concentration / width


def from_measured(
    conductivity: float,
    transference: float,
    concentration: float = 2500.0,
    relative_permittivity: float = 30.0,
) -> Electrolyte:
    """Electrolyte from kappa [S/m], t+ [-], c0 [mol/m^3] by Nernst-Einstein."""
    total = conductivity * GAS * 298.15 / (FARADAY**2 * concentration)
    return Electrolyte(
        transference * total,
        (1 - transference) * total,
        concentration,
        relative_permittivity=relative_permittivity,
    )


@dataclass(frozen=True)
class Electrode:
    """Lithium electrode: j0 [A/m^2], cathodic alpha [-], Stern layer [m, -], surface charge [C/m^2]."""

    exchange_current_density: float
    transfer_coefficient: float = 0.5
    stern_thickness: float = 3e-10
    stern_permittivity: float = 30.0
    surface_charge: float = 0.0

    @property
    def stern_capacitance(self) -> float:
        """eps0 eps_S / d_S [F/m^2]."""
        return VACUUM_PERMITTIVITY * self.stern_permittivity / self.stern_thickness


@dataclass(frozen=True)
class SiteLayer:
    """Sites of the anode: Gamma [mol/m^2], G = E + G_ref [eV], k_a, k_p [1/s], chi [-], D_s [m^2/s]."""

    capacity: float
    free_energy: float
    adsorption_rate: float = 1.74e4
    plating_rate: float = 3.2
    barrier_position: float = 0.5
    surface_diffusivity: float = 1e-9


@dataclass(frozen=True)
class Cell:
    """Two electrodes `width` [m] apart, with or without sites on the anode."""

    electrolyte: Electrolyte
    anode: Electrode
    counter: Electrode
    width: float
    sites: SiteLayer | None = None


# (kappa [S/m], t+, N1 and N2 densities [1/nm^2]) of the shipped configs
_SEPARATORS = {
    "pp": (0.023, 0.39, 0.0, 0.0),
    "pia": (0.092, 0.78, 0.75, 0.25),
    "control-2": (0.092, 0.78, 0.75, 0.0),
    "control-3": (0.092, 0.78, 0.0, 0.25),
    "pia-bulk": (0.092, 0.78, 0.0, 0.0),
}
SHIPPED = tuple(_SEPARATORS)


def shipped_cell(name: str, charged: bool = True) -> Cell:
    """One of the shipped separators; `charged` gives the sites their shipped partial charges.

    Mean-field site energy, G_ref 0.4175 eV, f_a 12, N1 (-0.65 eV, z -1, f 0.05), N2 (0.28 eV, z +1, f 0.15),
    direct channel 3.3 A/m^2 at both electrodes, Stern layers of 0.3 nm with permittivity 30, gap 8 um.
    """
    conductivity, transference, n1, n2 = _SEPARATORS[name]
    charge = CHARGE * (0.15 * n2 - 0.05 * n1) * 1e18 if charged else 0.0
    sites = None
    if n1 + n2 > 0:
        energy = (-0.65 * n1 + 0.28 * n2) / (n1 + n2)
        sites = SiteLayer(12 * (n1 + n2) * 1e18 / AVOGADRO, energy + 0.4175)
    return Cell(
        from_measured(conductivity, transference),
        Electrode(3.3, surface_charge=charge),
        Electrode(3.3),
        8e-6,
        sites,
    )
