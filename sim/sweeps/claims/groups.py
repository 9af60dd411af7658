"""Dimensionless numbers that decide what sites do to the evenness of plating (physics.md, sections 4 to 6).

A wave k of the anode drives current to its crests. With conductances G_d of the direct channel, G_a and G_p of
adsorption and plating through the sites, and the conductance S of the adsorbed layer, linear response gives

    δj/(j a k coth kH) = Y_m/(Y_e + K),   K = t₊κ k coth kH,   q = G_a + G_p + S k²,
    Y_e = G_d + G_a (G_p + S k²)/q,       Y_m = G_d + G_a G_p/q,

without sites G_d/(G_d + K). The first is smaller than the second, so that sites even the plating out, where
G_p/(G_p + S k²) < G_d/(G_d + K), that is where

    S k tanh(kH)/(t₊κ) > G_p/G_d:

the Dukhin number of the wave must exceed the ratio of what plates through the sites to what plates beside them. The
rate of adsorption is not in it; it decides how much sites can do at all. `spreading_number` is the ratio of both
sides for the longest wave (k = 2π/length, tanh kH ≈ 1), with the currents of the steady state for G_p/G_d. Shorter
waves have it larger by their k; the shipped bumps hold waves of 3 to 4 times that k, which puts the border near 0.25
where response is linear. Far from equilibrium conductances are not those of rest and the border lies lower: the report
states where it was found.
"""

from __future__ import annotations

import math

from sim.config import RunConfig
from sim.config.constants import FARADAY, GAS_CONSTANT

AVOGADRO = 6.02214076e23  #: [1/mol]


def mean_energy(config: RunConfig) -> float:
    """Adsorption energy of uniform sites that share one, Σ n E/Σ n [eV]; nan without sites or with maps of them."""
    sites = config.interface.sites.values()
    densities = [math.nan if one.density is None else one.density for one in sites]
    weighted = sum(n * one.adsorption_energy for n, one in zip(densities, sites, strict=True))
    return weighted / sum(densities) if densities else math.nan


def site_capacity(config: RunConfig) -> float:
    """Accessible sites per accessible factor 1, Σ n/N_A [mol/m²]; nan with maps of sites."""
    densities = (one.density for one in config.interface.sites.values())
    return sum(math.nan if one is None else one for one in densities) / AVOGADRO


def rest_coverage(energy: float, reference_energy: float, temperature: float) -> float:
    """θ = 1/(1 + e^{(E + G_ref)/kT}) of sites without charge in the reference electrolyte [1].

    energy, reference_energy [eV]; temperature [K].
    """
    return 1 / (1 + math.exp((energy + reference_energy) * FARADAY / (GAS_CONSTANT * temperature)))


def steady_dukhin_number(at_rest: float, rest: float, coverage: float) -> float:
    """Du_s with the coverage of the steady state: Σ_s ∝ θ(1 − θ). All arguments and the result [1]."""
    return at_rest * coverage * (1 - coverage) / (rest * (1 - rest))


def spreading_number(dukhin: float, adsorbed_fraction: float) -> float:
    """Du_s over (plated through the sites)/(plated beside them) [1]; nan where nothing is plated through them.

    dukhin: with the coverage of the steady state; adsorbed_fraction: part of the current that plates through the sites.
    """
    if not 0 < adsorbed_fraction < 1:
        return math.nan
    return dukhin * (1 - adsorbed_fraction) / adsorbed_fraction
