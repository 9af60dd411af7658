"""Closed forms of the verification cases of a wavy electrode and of adsorbed lithium. SI arguments.

Linear response of the interface: the model's equations linearised about a uniform state (anion at rest, hence
conductivity kappa_s = t+ kappa). Wavy electrode and Wagner number: Barton & Bockris 1962,
doi:10.1098/rspa.1962.0154. Landscape mobility: Lifson & Jackson 1962, doi:10.1063/1.1732899.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from .parameters import FARADAY, Electrode, Electrolyte, SiteLayer


def wavy_response(
    amplitude: float, wavelength: float, height: float, conductivity: float, resistance: float
) -> float:
    """Case 9, first order: dj/j = k a coth kH / (1 + kappa R k coth kH), a [m], lambda [m], R [Ohm m^2]."""
    k = 2 * np.pi / wavelength
    coth = 1 / np.tanh(k * height)
    return k * amplitude * coth / (1 + conductivity * resistance * k * coth)


def wavy_harmonic(
    amplitude: float,
    wavelength: float,
    height: float,
    conductivity: float,
    resistance: float,
    modes: int = 24,
) -> float:
    """Case 9, exact: first cosine harmonic over x of j per true area, relative to its mean over x."""
    x = wavelength * (np.arange(4 * modes) + 0.5) / (8 * modes)
    current = wavy_current(x, amplitude, wavelength, height, conductivity, resistance, modes)
    return float(2 * np.mean(current * np.cos(2 * np.pi * x / wavelength)) / np.mean(current))


def wavy_current(
    at: Any,
    amplitude: float,
    wavelength: float,
    height: float,
    conductivity: float,
    resistance: float,
    modes: int = 24,
) -> Any:
    """Case 9, exact: j per true area at `at` [m] along x, relative to its mean over x.

    Laplace's equation above y = a cos kx with phi = 1 at y = H and kappa d(phi)/dn = phi/R (phi = 0 if R = 0)
    on the wave (n into the electrolyte), by collocation of
    phi = 1 - b0 (H - y) - sum b_n cos(nkx) sinh(nk(H - y))/sinh(nkH).
    """
    wave = (amplitude, 2 * np.pi / wavelength, height, modes)
    x = wavelength * (np.arange(4 * modes) + 0.5) / (8 * modes)
    value, normal = _wave_modes(x, *wave)
    # phi - R kappa dphi/dn = 0 with phi = 1 - value @ b
    b = np.linalg.lstsq(value - conductivity * resistance * normal, np.ones_like(x), rcond=None)[0]
    return _wave_modes(np.asarray(at), *wave)[1] @ b / np.mean(normal @ b)


def _wave_modes(
    x: np.ndarray, amplitude: float, k: float, height: float, modes: int
) -> tuple[np.ndarray, np.ndarray]:
    """The modes of `wavy_current` on the wave and their derivatives along its normal, shape (x, modes)."""
    y, slope = amplitude * np.cos(k * x), -amplitude * k * np.sin(k * x)
    n = np.arange(1, modes)
    up, down = np.exp(-np.outer(y, n * k)), np.exp(np.outer(y - 2 * height, n * k))
    shape = (up - down) / (1 - np.exp(-2 * n * k * height))
    deriv = -(n * k) * (up + down) / (1 - np.exp(-2 * n * k * height))
    cos, sin = np.cos(np.outer(x, n * k)), np.sin(np.outer(x, n * k))
    value = np.column_stack([height - y, cos * shape])
    # derivative along the normal into the electrolyte, (-slope, 1)/sqrt(1 + slope^2)
    normal = np.column_stack([-np.ones_like(x), slope[:, None] * (n * k) * sin * shape + cos * deriv])
    return value, normal / np.sqrt(1 + slope**2)[:, None]


@dataclass(frozen=True)
class Conductances:
    """Linearised interface: G_d, G_a, G_p [S/m^2] and the surface conductance Sigma_s [S]."""

    direct: float
    adsorption: float
    plating: float
    surface: float


def conductances(electrolyte: Electrolyte, anode: Electrode, sites: SiteLayer) -> Conductances:
    """Case 10: conductances at equilibrium with the electrolyte at rest (c = c_ref, phi = phi_m).

    G_d = j0/V_T, G_a = F Gamma k_a (1-theta) exp(-chi G/kT)/V_T, Sigma_s = F Gamma D_s theta (1-theta)/V_T,
    G_p = F Gamma k_p theta^(1-alpha) (1-theta)^alpha / V_T, theta = 1/(1 + exp(G/kT)).
    """
    voltage, alpha = electrolyte.thermal_voltage, anode.transfer_coefficient
    g = sites.free_energy / voltage
    theta, empty = 1 / (1 + np.exp(g)), 1 / (1 + np.exp(-g))
    per_rate = FARADAY * sites.capacity / voltage
    return Conductances(
        anode.exchange_current_density / voltage,
        per_rate * sites.adsorption_rate * empty * np.exp(-sites.barrier_position * g),
        per_rate * sites.plating_rate * theta ** (1 - alpha) * empty**alpha,
        per_rate * sites.surface_diffusivity * theta * empty,
    )


def interface_response(
    response: Conductances, wavelength: float, height: float, conductivity: float
) -> float:
    """Case 10: A = dj_m / (j k a coth kH) = Y_m / (Y_e + kappa_s k coth kH), kappa_s = t+ kappa [S/m].

    Y_e = G_d + G_a (G_p + S k^2)/(G_a + G_p + S k^2), Y_m = G_d + G_a G_p/(G_a + G_p + S k^2).
    """
    k = 2 * np.pi / wavelength
    spread = response.surface * k**2
    total = response.adsorption + response.plating + spread
    ionic = response.direct + response.adsorption * (response.plating + spread) / total
    metal = response.direct + response.adsorption * response.plating / total
    return metal / (ionic + conductivity * k / np.tanh(k * height))


def langmuir_relaxation(time: Any, adsorption: float, desorption: float, initial: float = 0.0) -> Any:
    """Case 11: theta = theta_eq + (theta_0 - theta_eq) exp(-(a + d) t), theta_eq = a/(a + d), rates [1/s]."""
    rate = adsorption + desorption
    return adsorption / rate + (initial - adsorption / rate) * np.exp(-rate * np.asarray(time))


def landscape_potential(mean_coverage: float, amplitude: float) -> float:
    """Case 11: mu/kT at mean coverage <theta> on E/kT = amplitude cos 2 pi s, theta = 1/(1 + exp(E - mu))."""

    def excess(mu: float) -> float:
        def coverage(s: float) -> float:
            return 1 / (1 + np.exp(amplitude * np.cos(2 * np.pi * s) - mu))

        return 2 * quad(coverage, 0, 0.5, epsabs=1e-13)[0] - mean_coverage

    return float(brentq(excess, -amplitude - 40, amplitude + 40, xtol=1e-13))


def landscape_coverage(s: Any, mean_coverage: float, amplitude: float) -> Any:
    """Case 11: theta at s (in periods) of the landscape of `landscape_potential`."""
    mu = landscape_potential(mean_coverage, amplitude)
    return 1 / (1 + np.exp(amplitude * np.cos(2 * np.pi * np.asarray(s)) - mu))


def lifson_jackson(amplitude: float) -> float:
    """Case 11: D_eff/D = 1/(<exp(b cos)><exp(-b cos)>) = 1/I_0(b)^2, amplitude b [kT]."""
    return float(1 / np.i0(amplitude) ** 2)


def surface_mode_decay(
    time: Any, wavenumber: float, diffusivity: float, adsorption: float = 0.0, desorption: float = 0.0
) -> Any:
    """Case 12: amplitude of a Fourier mode of theta: exp(-(D_s k^2 + k_a c + k_d) t)."""
    return np.exp(-(diffusivity * wavenumber**2 + adsorption + desorption) * np.asarray(time))
