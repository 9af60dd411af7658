"""Closed forms of the verification cases: double layers and steady or transient cells. SI arguments.

V_T = RT/F, lambda_D = sqrt(eps V_T / (2 F c)). The interface's linear response and Langmuir cases are in
`closed_forms_interface.py`. Sources: Gouy 1910, Chapman 1913, Grahame 1947 (double layer); Newman & Balsara,
Electrochemical Systems, ch. 11 and 18 (Sand, Cottrell, impedance); Bazant, Chu & Bayly 2005,
doi:10.1137/040609938 (cells); Bazant, Thornton & Ajdari 2004, doi:10.1103/PhysRevE.70.021506 (blocking cell);
Dydek & Bazant 2013, doi:10.1002/aic.14200 (leaky membrane).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from .parameters import FARADAY, GAS, Electrolyte

TEMPERATURE = 298.15
THERMAL_VOLTAGE = GAS * TEMPERATURE / FARADAY


def debye_length(permittivity: float, concentration: float) -> float:
    """lambda_D [m] from the absolute permittivity [F/m] and the salt concentration [mol/m^3]."""
    return float(np.sqrt(permittivity * THERMAL_VOLTAGE / (2 * FARADAY * concentration)))


def grahame_charge(psi0: Any, permittivity: float, concentration: float) -> Any:
    """Case 1: wall charge sigma = 4 F c lambda_D sinh(psi0/2) [C/m^2] at wall potential psi0 [V_T]."""
    return (
        4
        * FARADAY
        * concentration
        * debye_length(permittivity, concentration)
        * np.sinh(np.asarray(psi0) / 2)
    )


def grahame_potential(charge: Any, permittivity: float, concentration: float) -> Any:
    """Case 1: wall potential psi0 [V_T] at wall charge [C/m^2]; the inverse of `grahame_charge`."""
    scale = 4 * FARADAY * concentration * debye_length(permittivity, concentration)
    return 2 * np.arcsinh(np.asarray(charge) / scale)


def gouy_chapman(x: Any, psi0: float, permittivity: float, concentration: float) -> Any:
    """Case 1: (psi [V_T], c+, c- [mol/m^3]) at x [m]: tanh(psi/4) = tanh(psi0/4) exp(-x/lambda_D)."""
    decay = np.exp(-np.asarray(x) / debye_length(permittivity, concentration))
    psi = 4 * np.arctanh(np.tanh(psi0 / 4) * decay)
    return psi, concentration * np.exp(-psi), concentration * np.exp(psi)


def debye_hueckel(
    x: Any, y: Any, amplitude: float, wavenumber: float, permittivity: float, length: float, height: float
) -> Any:
    """Case 2: phi(x, y) [V] beside the wall y = 0 with charge `amplitude` cos kx [C/m^2]; phi(H) = 0.

    phi = sigma_k cos kx sinh(q(H-y)) / (eps q cosh qH), q^2 = k^2 + 1/length^2, `length` = lambda_D [m].
    """
    q = np.hypot(wavenumber, 1 / length)
    # sinh(q(H-y))/cosh(qH) without overflow
    shape = (np.exp(-q * y) - np.exp(-q * (2 * height - y))) / (1 + np.exp(-2 * q * height))
    return amplitude * np.cos(wavenumber * x) * shape / (permittivity * q)


def reversible_voltage(ratio: Any) -> Any:
    """Case 3: V = 4 V_T artanh J [V] of Li|Li with reversible electrodes at J = j/j_lim."""
    return 4 * THERMAL_VOLTAGE * np.arctanh(ratio)


def butler_volmer_voltage(
    current: Any, electrolyte: Electrolyte, width: float, exchange_current: float
) -> Any:
    """Case 4: V [V] of Li|Li at j [A/m^2], alpha = 1/2, c_ref = c0, no double layer, j0 [A/m^2] twice.

    V/V_T = h_a - h_c + ln((1+J)/(1-J)), h_a = 2 ln[(q + sqrt(q^2+4(1+J)))/2],
    h_c = 2 ln[(-q + sqrt(q^2+4(1-J)))/2], q = j/j0; electrode at x = L dissolves, that at x = 0 plates.
    """
    ratio = np.asarray(current) / electrolyte.limiting_current(width)
    q = np.asarray(current) / exchange_current
    dissolving = 2 * np.log((q + np.sqrt(q**2 + 4 * (1 + ratio))) / 2)
    # the same as 2 ln[(-q + sqrt(q^2 + 4(1-J)))/2], without the cancellation at large q
    plating = 2 * np.log(2 * (1 - ratio) / (q + np.sqrt(q**2 + 4 * (1 - ratio))))
    return electrolyte.thermal_voltage * (dissolving - plating + np.log((1 + ratio) / (1 - ratio)))


def ambipolar_diffusivity(electrolyte: Electrolyte) -> float:
    """D_amb = 2 D+ D- / (D+ + D-) [m^2/s]."""
    d_li, d_anion = electrolyte.diffusivity_li, electrolyte.diffusivity_anion
    return 2 * d_li * d_anion / (d_li + d_anion)


def sand_time(current: float, electrolyte: Electrolyte) -> float:
    """Case 5: tau = pi D_amb (F c0 / (2 j t-))^2 [s] in a semi-infinite electrolyte at j [A/m^2]."""
    t_anion = electrolyte.diffusivity_anion / (electrolyte.diffusivity_li + electrolyte.diffusivity_anion)
    wall = FARADAY * electrolyte.concentration / (2 * current * t_anion)
    return float(np.pi * ambipolar_diffusivity(electrolyte) * wall**2)


def depletion_time(current: float, electrolyte: Electrolyte, width: float, terms: int = 4000) -> float:
    """Case 5 in a gap of `width` [m]: time [s] at which c = 0 at the plating electrode.

    c(0,t)/c0 = 1 - J [1 - (8/pi^2) sum_odd exp(-n^2 pi^2 D_amb t / L^2)/n^2], J = j/j_lim > 1.
    """
    odd = 2 * np.arange(terms) + 1
    ratio = current / electrolyte.limiting_current(width)
    rate = (odd * np.pi / width) ** 2 * ambipolar_diffusivity(electrolyte)

    def wall(time: float) -> float:
        return 1 - ratio * (1 - 8 / np.pi**2 * float(np.sum(np.exp(-rate * time) / odd**2)))

    return float(
        brentq(
            wall,
            1e-3 * width**2 / ambipolar_diffusivity(electrolyte) / ratio**2,
            10 * width**2 / ambipolar_diffusivity(electrolyte),
            xtol=1e-12,
        )
    )


def cottrell_current(time: Any, electrolyte: Electrolyte) -> Any:
    """Case 6: j = F c0 sqrt(D_amb/(pi t)) / t- [A/m^2] at time t [s] after c drops to 0 at the electrode."""
    t_anion = electrolyte.diffusivity_anion / (electrolyte.diffusivity_li + electrolyte.diffusivity_anion)
    spread = np.sqrt(ambipolar_diffusivity(electrolyte) / (np.pi * np.asarray(time)))
    return FARADAY * electrolyte.concentration * spread / t_anion


def blocking_decay_rate(epsilon: float, delta: float) -> float:
    """Case 8: slowest rate s [D/(lambda_D L)] of a blocking cell, L half the gap, epsilon = lambda_D/L.

    tanh k + k eps s + delta eps k (1 + eps s) = 0, k^2 = (1 + eps s)/eps^2, delta = Stern/Debye thickness.
    """

    def dispersion(s: float) -> float:
        k = np.sqrt(1 + epsilon * s) / epsilon
        return float(np.tanh(k) + k * epsilon * s + delta * epsilon * k * (1 + epsilon * s))

    return float(brentq(dispersion, -3.0, -0.5, xtol=1e-14))


def leaky_membrane_current(voltage: Any, fixed_charge_ratio: float) -> Any:
    """Case 13: j L / (F D+ c0) = 2 (1 - exp(-V)) + s V, V in V_T, s = -rho_fix/(F c0), c-(inside) = c0."""
    return 2 * (1 - np.exp(-np.asarray(voltage))) + fixed_charge_ratio * np.asarray(voltage)


def donnan_potential(ratio: Any) -> Any:
    """Case 13: phi_D = V_T asinh(r/2) [V] inside a medium of fixed charge, r = rho_fix/(F c0)."""
    return THERMAL_VOLTAGE * np.arcsinh(np.asarray(ratio) / 2)


def membrane_current_from_solution(voltage: float, ratio: float) -> float:
    """Case 13: j L / (F D+ c0) from free solution of c0 to a reversible electrode, V in V_T, r = rho_fix/(F c0).

    The anion rests at mu- = 0, so that c+ (c+ + r) = exp(mu+) in units of c0, and j is the integral of c+ over mu+
    from -V to 0.
    """
    return float(quad(lambda mu: (-ratio + np.sqrt(ratio**2 + 4 * np.exp(mu))) / 2, -voltage, 0)[0])


def symmetric_impedance(
    frequency: Any, electrolyte: Electrolyte, width: float, exchange_current: float
) -> Any:
    """Case 14: Z [Ohm m^2] of electroneutral Li|Li at f [Hz], without double-layer capacitance.

    Z = L/kappa + 2 V_T/j0 + (L/kappa)(t-/t+) tanh(u)/u, u = sqrt(i omega L^2 / (4 D_amb)).
    """
    d_li, d_anion = electrolyte.diffusivity_li, electrolyte.diffusivity_anion
    voltage = electrolyte.thermal_voltage
    conductivity = FARADAY * electrolyte.concentration * (d_li + d_anion) / voltage
    u = np.sqrt(2j * np.pi * np.asarray(frequency) * width**2 / (4 * ambipolar_diffusivity(electrolyte)))
    warburg = width / conductivity * d_anion / d_li * np.tanh(u) / u
    return width / conductivity + 2 * voltage / exchange_current + warburg


def blocking_impedance(
    frequency: Any,
    permittivity: float,
    stern_length: float,
    debye: float,
    diffusivity: float,
    half_gap: float,
) -> Any:
    """Case 14: Z [Ohm m^2] at f [Hz] between two blocking electrodes, both ions of one D [m^2/s], L half the gap [m].

    Z = 2/(i w eps) [lambda_S + (tanh qL + qL i w lambda^2/D)/(q^3 lambda^2)], q^2 = 1/lambda^2 + i w/D; eps [F/m],
    lambda_S = eps/C_S and lambda the Debye length [m].
    """
    rate = 2j * np.pi * np.asarray(frequency)
    q = np.sqrt(1 / debye**2 + rate / diffusivity)
    layer = np.tanh(q * half_gap) + q * half_gap * rate * debye**2 / diffusivity
    return 2 / (rate * permittivity) * (stern_length + layer / (q**3 * debye**2))
