"""Bulk transport: Nernst-Planck for both ions, with Poisson or electroneutral.

Unknowns are electrochemical potentials in units of kT, mu_i = ln(c_i/c_0) + z_i phi, with phi in units of RT/F, so that

    N_i = -D_i c_i grad mu_i ,      c_i = e^(mu_i - z_i phi) > 0 by construction          (c_i in units of c_0)
    poisson:          -div(lambda^2 grad phi) = c_li - c_anion + r
    electroneutral:   c_li - c_anion + r = 0 ,   hence phi from mu_li, mu_anion in closed form

with r = rho_fix/(F c_0). Source: J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.
"""

from __future__ import annotations

from typing import Any

from sim.physics.maths import asinh, exp, sqrt


def concentration(mu: Any, phi: Any, charge_number: int) -> Any:
    """Concentration over c_0 from the electrochemical potential [kT] and the potential [RT/F]."""
    return exp(mu - charge_number * phi)


def electroneutral_potential(mu_li: Any, mu_anion: Any, fixed_charge: Any = None) -> Any:
    """Potential [RT/F] at which c_li - c_anion + r = 0, with r = rho_fix/(F c_0) (``None``: no fixed charge).

    With s = e^((mu_li + mu_anion)/2), c_li = s e^-x and c_anion = s e^x give 2 s sinh x = r.
    """
    phi = (mu_li - mu_anion) / 2
    if fixed_charge is None:
        return phi
    return phi + asinh(fixed_charge / (2 * exp((mu_li + mu_anion) / 2)))


def molar_flux(diffusivity: Any, concentration: Any, mu_gradient: Any) -> Any:
    """Nernst-Planck flux N = -D c grad mu, in the units of D c / length."""
    return -diffusivity * concentration * mu_gradient


def space_charge(c_li: Any, c_anion: Any, fixed_charge: Any) -> Any:
    """Charge density over F c_0: c_li - c_anion + r."""
    return c_li - c_anion + fixed_charge


def electroneutral_field(
    mu_li: Any, mu_anion: Any, mu_li_gradient: Any, mu_anion_gradient: Any, fixed_charge: Any = None
) -> Any:
    """Gradient of ``electroneutral_potential`` from those of the electrochemical potentials."""
    gradient = (mu_li_gradient - mu_anion_gradient) / 2
    if fixed_charge is None:
        return gradient
    ratio = fixed_charge / (2 * exp((mu_li + mu_anion) / 2))
    return gradient - ratio / sqrt(1 + ratio**2) * (mu_li_gradient + mu_anion_gradient) / 2
