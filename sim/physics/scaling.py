"""Characteristic scales and dimensionless groups. The model is solved in these units; files are SI."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from sim.physics.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY


def thermal_voltage(temperature: float) -> float:
    """RT/F [V] at a temperature [K]."""
    return GAS_CONSTANT * temperature / FARADAY


def debye_length(concentration: float, relative_permittivity: float, temperature: float) -> float:
    """Debye length [m] of a 1:1 electrolyte, sqrt(eps RT/(2 F^2 c)), c [mol/m^3], T [K]."""
    permittivity = VACUUM_PERMITTIVITY * relative_permittivity
    return sqrt(permittivity * GAS_CONSTANT * temperature / (2 * FARADAY**2 * concentration))


def nernst_einstein(
    conductivity: float, transference_number: float, concentration: float, temperature: float
) -> tuple[float, float]:
    """Diffusivities D_li, D_anion [m^2/s] from kappa [S/m], t_li, c_0 [mol/m^3], T [K]: D_i = t_i kappa
    RT/(F^2 c_0)."""
    total = conductivity * GAS_CONSTANT * temperature / (FARADAY**2 * concentration)
    return transference_number * total, (1 - transference_number) * total


def limiting_current_density(
    diffusivity_li: float, concentration: float, gap: float, *, against_reservoir: bool = False
) -> float:
    """Limiting current density [A/m^2]: 4 F D_li c_0/H between two electrodes, half of it against a reservoir."""
    factor = 2 if against_reservoir else 4
    return factor * FARADAY * diffusivity_li * concentration / gap


@dataclass(frozen=True)
class Scales:
    """Units of the scaled model (SI values of 1)."""

    length: float
    concentration: float
    diffusivity: float
    temperature: float

    @property
    def potential(self) -> float:
        """RT/F [V]."""
        return thermal_voltage(self.temperature)

    @property
    def time(self) -> float:
        """L^2/D [s]."""
        return self.length**2 / self.diffusivity

    @property
    def current_density(self) -> float:
        """F D c_0/L [A/m^2]."""
        return FARADAY * self.diffusivity * self.concentration / self.length

    @property
    def surface_amount(self) -> float:
        """c_0 L [mol/m^2]."""
        return self.concentration * self.length

    @property
    def surface_charge(self) -> float:
        """F c_0 L [C/m^2]."""
        return FARADAY * self.surface_amount
