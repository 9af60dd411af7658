"""Electrode rates at the reaction plane; potentials in V_T, c relative to the kinetic reference.

    direct      j_d = j0 [c exp(-alpha eta) - exp((1 - alpha) eta)],  eta = phi_m - phi
    adsorption  r   = Gamma k_a [c (1 - theta) exp(-chi G) - theta exp((1 - chi) G)]
    plating     j_p = F Gamma k_p [theta exp(-alpha eta_2) - (1 - theta) exp((1 - alpha) eta_2)]
                eta_2 = eta - G
    closure     C_S (dphi - psi V_T) + sigma_s = 4 F c lambda_D(c) sinh(psi / 2)   (Gouy-Chapman-Stern)

Cathodic currents (Li+ leaving the electrolyte, plating) are positive. All functions accept arrays and complex
numbers, so that callers can differentiate by a complex step. Source: Frumkin-corrected Butler-Volmer
(Bazant, Chu & Bayly 2005, doi:10.1137/040609938); Grahame 1947.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .parameters import FARADAY, Electrode, Electrolyte, SiteLayer


def direct_current(electrode: Electrode, activity: Any, eta: Any) -> Any:
    """j_d [A/m^2] at activity c/c_ref and overpotential eta [V_T]."""
    alpha = electrode.transfer_coefficient
    return electrode.exchange_current_density * (activity * np.exp(-alpha * eta) - np.exp((1 - alpha) * eta))


def site_rates(sites: SiteLayer, alpha: float, thermal_voltage: float, activity: Any, eta: Any) -> Any:
    """(a, d, p, q) [1/s]: adsorption a(1-theta) - d theta, plating p theta - q (1-theta), per site."""
    g = sites.free_energy / thermal_voltage
    chi = sites.barrier_position
    return (
        sites.adsorption_rate * activity * np.exp(-chi * g),
        sites.adsorption_rate * np.exp((1 - chi) * g),
        sites.plating_rate * np.exp(-alpha * (eta - g)),
        sites.plating_rate * np.exp((1 - alpha) * (eta - g)),
    )


def steady_coverage(sites: SiteLayer, alpha: float, thermal_voltage: float, activity: Any, eta: Any) -> Any:
    """theta [-] where adsorption feeds plating alone: (a + q) / (a + d + p + q)."""
    a, d, p, q = site_rates(sites, alpha, thermal_voltage, activity, eta)
    return (a + q) / (a + d + p + q)


def steady_site_current(
    sites: SiteLayer, alpha: float, thermal_voltage: float, activity: Any, eta: Any
) -> Any:
    """F r = j_p [A/m^2] of the adsorbed channel on uniform sites: F Gamma (a p - d q) / (a + d + p + q)."""
    a, d, p, q = site_rates(sites, alpha, thermal_voltage, activity, eta)
    return FARADAY * sites.capacity * (a * p - d * q) / (a + d + p + q)


def closure_residual(electrolyte: Electrolyte, electrode: Electrode, c: Any, drop: Any, psi: Any) -> Any:
    """Gouy-Chapman-Stern charge balance [-], divided by 4 F c0 lambda_D.

    c: local outer concentration / c0; drop = phi_m - phi [V_T]; psi: diffuse-layer potential [V_T].
    """
    scale = 4 * FARADAY * electrolyte.concentration * electrolyte.debye_length
    stern = (
        electrode.stern_capacitance * electrolyte.thermal_voltage * (drop - psi) + electrode.surface_charge
    )
    return stern / scale - np.sqrt(c) * np.sinh(psi / 2)
