"""Closed forms of impedances [Ohm m^2] beside case 14: blocking cell, and lithium with an adsorbed state. SI arguments.

Blocking cell: the linearised Poisson-Nernst-Planck equations of equal diffusivities between two Stern layers (Bazant,
Thornton & Ajdari 2004, doi:10.1103/PhysRevE.70.021506). Adsorbed state: the model's rates linearised at rest about
uniform salt, where the adsorption step feels c and theta alone and the plating step the potential.
"""

from __future__ import annotations

import numpy as np

from sim.verification.exact.closed_forms import THERMAL_VOLTAGE, ambipolar_diffusivity
from sim.verification.exact.closed_forms_interface import Conductances
from sim.verification.exact.parameters import FARADAY, Electrolyte, SiteLayer


def blocking_impedance(frequency, electrolyte: Electrolyte, gap: float, stern_capacitance: float):
    """Z = 2/(i w eps) [lambda_S + (tanh qL + qL i w lambda^2/D)/(q^3 lambda^2)], q^2 = 1/lambda^2 + i w/D, L = gap/2,
    lambda_S = eps/C_S [m], C_S [F/m^2]."""
    omega, half = 2 * np.pi * np.asarray(frequency), gap / 2
    debye, eps, diffusivity = electrolyte.debye_length, electrolyte.permittivity, electrolyte.diffusivity_li
    q = np.sqrt(debye**-2 + 1j * omega / diffusivity)
    layer = (np.tanh(q * half) + q * half * 1j * omega * debye**2 / diffusivity) / (q**3 * debye**2)
    return 2 / (1j * omega * eps) * (eps / stern_capacitance + layer)


def adsorption_capacitance(sites: SiteLayer) -> float:
    """C_ads = F^2 Gamma theta (1 - theta)/(RT) [F/m^2] at rest, theta = 1/(1 + exp(G/kT))."""
    theta = 1 / (1 + np.exp(sites.free_energy / THERMAL_VOLTAGE))
    return float(FARADAY * sites.capacity * theta * (1 - theta) / THERMAL_VOLTAGE)


def adsorbing_impedance(
    frequency, electrolyte: Electrolyte, gap: float, anode: Conductances, capacitance: float, counter: float
):
    """Electroneutral cell without double layers, anode with sites, counter of resistance ``counter`` [Ohm m^2].

    At the anode: i = G_d (l + phi) + G_a (l - x), i w C x = G_a (l - x) - G_p (x + phi), x = mu_s - phi, phi the
    electrolyte's potential against the metal, l = ln(c/c_0) = -A i with A = L tanh(u)/(4 t+ kappa u). Then
    Z = phi/i - A + L/kappa + 4 t- A + R_counter; without storage the first two are 1/(G_d + G_a G_p/(G_a + G_p)).
    """
    d_li, d_anion = electrolyte.diffusivity_li, electrolyte.diffusivity_anion
    conductivity = FARADAY * electrolyte.concentration * (d_li + d_anion) / electrolyte.thermal_voltage
    t_li = d_li / (d_li + d_anion)
    omega = 2 * np.pi * np.asarray(frequency)
    u = np.sqrt(1j * omega * gap**2 / (4 * ambipolar_diffusivity(electrolyte)))
    salt = gap * np.tanh(u) / (4 * t_li * conductivity * u)
    total = anode.adsorption + anode.plating + 1j * omega * capacitance
    feels_salt = anode.direct + anode.adsorption - anode.adsorption**2 / total
    feels_potential = anode.direct + anode.adsorption * anode.plating / total
    potential = (1 + salt * feels_salt) / feels_potential
    return potential - salt + gap / conductivity + 4 * (1 - t_li) * salt + counter
