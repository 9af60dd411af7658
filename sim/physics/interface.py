"""The lithium surface with its adsorption sites: coverage, adsorption, plating from the adsorbed state,
surface transport.

Energies in kT, potentials in RT/F. For one class of sites with capacity Gamma and energy G = (E + G_ref)/kT

    coverage      theta = 1/(1 + e^(G + phi - mu_s))                     mu_s = G + phi + ln(theta/(1-theta))
    free sites    1 - theta = 1/(1 + e^(mu_s - G - phi))                 by itself: a difference loses it at G < -15
    adsorption    r   = Gamma k_a [(c/c_ref)(1-theta) e^(-chi G) - theta e^((1-chi) G)]
    plating       j_p = F Gamma k_p [theta e^(-alpha eta_2) - (1-theta) e^((1-alpha) eta_2)],   eta_2 = eta - G
    transport     J_s = -Gamma D_s theta (1-theta) grad_s mu_s

Detailed balance: at eta = 0, c = c_ref and mu_s = phi_metal - U all three vanish for any Gamma, G, chi, k_a, k_p.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.physics.kinetics import butler_volmer
from sim.physics.maths import exp, logistic, where_negative


@dataclass(frozen=True)
class SiteClass:
    """One class of adsorption sites: ``capacity`` Gamma in the model's unit of surface amount, ``energy`` G in kT."""

    capacity: Any
    energy: Any


@dataclass(frozen=True)
class SurfaceKinetics:
    """Rate constants of the interface; the unit of the currents is that of ``exchange_current_density``.

    ``adsorption`` and ``plating`` are F k_a and F k_p per unit of ``SiteClass.capacity``.
    """

    exchange_current_density: Any
    transfer_coefficient: Any
    adsorption: Any
    plating: Any
    barrier_position: Any


@dataclass(frozen=True)
class Occupancy:
    """Parts of a class of sites: ``covered`` theta and ``free`` 1 - theta, each to its last digit however small."""

    covered: Any
    free: Any


@dataclass(frozen=True)
class Rates:
    """Current densities along the metal, positive for plating: direct, adsorption (F r) and plating from the sites."""

    direct: Any
    adsorption: Any
    plating: Any

    @property
    def metal(self) -> Any:
        """Current that becomes metal, j_m = j_d + j_p."""
        return self.direct + self.plating

    @property
    def ionic(self) -> Any:
        """Current that leaves the electrolyte, j_d + F r."""
        return self.direct + self.adsorption


def coverage(mu_surface: Any, phi: Any, energy: Any) -> Any:
    """Coverage 0 < theta < 1 from mu_s [kT], the potential of the plane [RT/F] and the energy G [kT]."""
    return logistic(mu_surface - energy - phi)


def occupancy(mu_surface: Any, phi: Any, energy: Any) -> Occupancy:
    """Covered and free sites from mu_s [kT], the potential of the plane [RT/F] and the energy G [kT]."""
    return Occupancy(coverage(mu_surface, phi, energy), coverage(-mu_surface, -phi, -energy))


def adsorption_current(kinetics: SurfaceKinetics, site: SiteClass, c_ratio: Any, sites: Occupancy) -> Any:
    """F r of one class of sites, positive from the electrolyte to the surface."""
    chi, energy = kinetics.barrier_position, site.energy
    forward = c_ratio * sites.free * exp(-chi * energy)
    return kinetics.adsorption * site.capacity * (forward - sites.covered * exp((1 - chi) * energy))


def plating_current(kinetics: SurfaceKinetics, site: SiteClass, overpotential: Any, sites: Occupancy) -> Any:
    """j_p of one class of sites, with eta_2 = eta - G."""
    alpha, eta2 = kinetics.transfer_coefficient, overpotential - site.energy
    forward = sites.covered * exp(-alpha * eta2)
    return kinetics.plating * site.capacity * (forward - sites.free * exp((1 - alpha) * eta2))


def rates(
    kinetics: SurfaceKinetics,
    sites: tuple[SiteClass, ...],
    c_ratio: Any,
    phi: Any,
    mu_surface: Any,
    overpotential: Any,
) -> Rates:
    """All currents of the interface, summed over the classes of sites."""
    direct = butler_volmer(
        kinetics.exchange_current_density, c_ratio, overpotential, kinetics.transfer_coefficient
    )
    adsorbed: Any = 0.0
    plated: Any = 0.0
    for site in sites:
        parts = occupancy(mu_surface, phi, site.energy)
        adsorbed = adsorbed + adsorption_current(kinetics, site, c_ratio, parts)
        plated = plated + plating_current(kinetics, site, overpotential, parts)
    return Rates(direct, adsorbed, plated)


def adsorbed_amount(sites: tuple[SiteClass, ...], phi: Any, mu_surface: Any) -> Any:
    """Amount adsorbed per area, sum of Gamma theta, in the unit of the capacities."""
    total: Any = 0.0
    for site in sites:
        total = total + site.capacity * coverage(mu_surface, phi, site.energy)
    return total


def amount_stored(sites: tuple[SiteClass, ...], phi: Any, mu_surface: Any) -> Any:
    """What the adsorbed amount changes by in time: ``adsorbed_amount``, counted from full sites where these bind
    (G < 0) and are nearly full; a change of theta would there be lost in its rounding."""
    total: Any = 0.0
    for site in sites:
        parts = occupancy(mu_surface, phi, site.energy)
        total = total + site.capacity * where_negative(site.energy, -parts.free, parts.covered)
    return total


def surface_mobility(sites: tuple[SiteClass, ...], phi: Any, mu_surface: Any) -> Any:
    """Sum of Gamma theta (1 - theta): J_s = -D_s times this times grad_s mu_s."""
    total: Any = 0.0
    for site in sites:
        parts = occupancy(mu_surface, phi, site.energy)
        total = total + site.capacity * parts.covered * parts.free
    return total


def hopping_diffusivity(
    barrier: float, thermal_energy: float, hop: float = 0.34e-9, attempt: float = 1e13
) -> float:
    """Surface diffusivity [m^2/s] D_s = a^2 nu e^(-E_m/kT)/4 from the barrier and kT in one unit, a [m], nu [1/s]."""
    return float(0.25 * hop**2 * attempt * exp(-barrier / thermal_energy))
