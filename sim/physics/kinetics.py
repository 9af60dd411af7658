"""Charge transfer at lithium, and what the double layer does to it. Currents are positive for plating.

Potentials are in units of RT/F; ``c_ratio`` is c_li/c_ref at the reaction plane. To add a kinetic law write
its rate here and call it from ``sim.physics.interface.rates``, which the residual and the metrics share.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.physics.maths import exp, sinh


def butler_volmer(
    exchange_current_density: Any, c_ratio: Any, overpotential: Any, transfer_coefficient: Any
) -> Any:
    """Direct channel j = j_0 [(c/c_ref) e^(-alpha eta) - e^((1-alpha) eta)], in the unit of j_0.

    eta = phi_metal - phi_plane - U. With the values of the reaction plane this is the Frumkin-corrected law
    (M. Z. Bazant, K. T. Chu, B. J. Bayly, SIAM J. Appl. Math. 65 (2005) 1463, doi:10.1137/040609938).
    """
    return exchange_current_density * (
        c_ratio * exp(-transfer_coefficient * overpotential) - exp((1 - transfer_coefficient) * overpotential)
    )


def stern_charge(capacitance: Any, phi_metal: Any, phi_plane: Any, surface_charge: Any) -> Any:
    """Surface charge that the electrolyte sees: eps d(phi)/dn = C_S (phi_metal - phi_plane) + sigma, in the
    unit of sigma."""
    return capacitance * (phi_metal - phi_plane) + surface_charge


def diffuse_charge(c_outer: Any, psi_diffuse: Any, scaled_debye_length: Any) -> Any:
    """Charge of a thin diffuse layer, 4 F c lambda_D(c) sinh(psi/2), over F c_0 times the unit of length.

    ``scaled_debye_length`` is lambda_D at c_0 over the unit of length, ``c_outer`` is c/c_0, psi [RT/F] the
    potential of the plane against the electrolyte outside. Source: Gouy-Chapman; R. J. Hunter, Foundations
    of Colloid Science, 2nd ed.
    """
    return 4 * scaled_debye_length * c_outer**0.5 * sinh(psi_diffuse / 2)


def diffuse_tail_field(psi_diffuse: Any, distance: float, debye_length: Any) -> Any:
    """Gradient d(phi)/d(distance) of a flat diffuse layer [RT/F per unit of ``debye_length``] at a distance
    from the plane, phi = 4 artanh(tanh(psi/4) e^(-distance/lambda)): Gouy-Chapman. NumPy only."""
    decayed = np.tanh(psi_diffuse / 4) * np.exp(-distance / debye_length)
    return -4 / debye_length * decayed / (1 - decayed**2)


def curvature_potential(surface_energy: Any, molar_volume: float, curvature: Any, faraday: float) -> Any:
    """Gibbs-Thomson shift of the equilibrium potential [V], U = -gamma V_m kappa/F, kappa > 0 on convex metal."""
    return -surface_energy * molar_volume * curvature / faraday
