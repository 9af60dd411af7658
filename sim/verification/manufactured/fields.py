"""Smooth fields on the unit square (x, y over the cell's width) and what they leave of the textbook equations:

    div N_i = f_i ,  N_i = -D_i (grad c_i + z_i c_i grad phi)        -lambda^2 lap phi - (c_li - c_anion) = f_phi
    N_li.n = j_d + F r + g ,  N_anion.n = g ,  lambda^2 d(phi)/dn = C (phi_m - phi) + sigma + g    at both electrodes
    -(F r - j_p) - d/dx (Gamma D_s theta (1 - theta) d(mu_s)/dx) = f_s                                 on the anode

All of it is written here anew in sympy, in concentrations, with scaled constants from SI values: none of the
simulator's own expressions.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.exact.parameters import FARADAY, VACUUM_PERMITTIVITY
from sim.verification.manufactured.cell import (
    ADSORPTION,
    ALPHA,
    ANODE_CURRENT,
    CAPACITY,
    CHARGE,
    CHI,
    CONCENTRATION,
    COUNTER_CURRENT,
    D_LI,
    DIFFUSIVITY,
    ENERGY,
    PLATING,
    REFERENCE,
    STERN,
    VOLTAGE,
    WIDTH,
)

x, y = sp.symbols("x y", real=True)
#: D_anion/D_li, a rational for exact proofs
RATIO = sp.Rational(5, 2)


class ChosenFields:
    """Chosen fields and what they leave, in units of width, c0, D_li, RT/F; side walls see no flux (cos pi x)."""

    def __init__(self, *, poisson: bool) -> None:
        wave = sp.cos(sp.pi * x)
        ln_li = wave * y**2 / 5 + y / 10
        ln_anion = -3 * wave * (y - sp.Rational(1, 2)) / 10 + sp.Rational(1, 20) if poisson else ln_li
        self.poisson = poisson
        self.phi = 2 * wave * (1 + sp.sin(y)) / 5 - y / 5
        self.c_li, self.c_anion = sp.exp(ln_li), sp.exp(ln_anion)
        self.mu_li, self.mu_anion = ln_li + self.phi, ln_anion - self.phi
        self.mu_s = wave / 2 + sp.Rational(1, 10)
        self.flux_unit = FARADAY * D_LI * CONCENTRATION / WIDTH
        self.lambda_squared = (
            VACUUM_PERMITTIVITY * 30 * THERMAL_VOLTAGE / (FARADAY * CONCENTRATION * WIDTH**2)
            if poisson
            else 0
        )

    def flux(self, ion: str) -> tuple[Any, Any]:
        """Nernst-Planck flux (along x, along y) in concentrations."""
        c, z, d = (self.c_li, 1, 1) if ion == "li" else (self.c_anion, -1, RATIO)
        return tuple(-d * (sp.diff(c, s) + z * c * sp.diff(self.phi, s)) for s in (x, y))

    def source(self, ion: str) -> Any:
        """div N."""
        along, across = self.flux(ion)
        return sp.diff(along, x) + sp.diff(across, y)

    def charge_source(self) -> Any:
        """-lambda^2 lap phi - (c_li - c_anion)."""
        laplacian = sp.diff(self.phi, x, 2) + sp.diff(self.phi, y, 2)
        return -self.lambda_squared * laplacian - (self.c_li - self.c_anion)

    def _direct(self, current: float, alpha: float, eta: Any) -> Any:
        ratio = self.c_li * CONCENTRATION / REFERENCE
        return current / self.flux_unit * (ratio * sp.exp(-alpha * eta) - sp.exp((1 - alpha) * eta))

    def currents(self, *, sites: bool) -> tuple[Any, Any, Any, Any]:
        """(anode's direct, F r, j_p, counter's direct) at y = 0, 0, 0, 1."""
        anode = self._direct(ANODE_CURRENT, ALPHA, -self.phi)
        counter = self._direct(COUNTER_CURRENT, 0.5, VOLTAGE / THERMAL_VOLTAGE - self.phi).subs(y, 1)
        theta = self.coverage()
        per_rate = FARADAY * CAPACITY / self.flux_unit
        ratio = self.c_li * CONCENTRATION / REFERENCE
        back = sp.exp((1 - CHI) * ENERGY)
        adsorbed = per_rate * ADSORPTION * (ratio * (1 - theta) * sp.exp(-CHI * ENERGY) - theta * back)
        eta = -self.phi - ENERGY
        plated = per_rate * PLATING * (theta * sp.exp(-ALPHA * eta) - (1 - theta) * sp.exp((1 - ALPHA) * eta))
        at_anode = [term.subs(y, 0) if sites else 0 for term in (adsorbed, plated)]
        return anode.subs(y, 0), at_anode[0], at_anode[1], counter

    def coverage(self) -> Any:
        """theta from mu_s, phi at the plane and G."""
        return 1 / (1 + sp.exp(ENERGY + self.phi - self.mu_s))

    def surface_source(self) -> Any:
        """-(F r - j_p) - d/dx(Gamma D_s theta (1 - theta) d(mu_s)/dx) at y = 0."""
        _, adsorbed, plated, _ = self.currents(sites=True)
        theta = self.coverage().subs(y, 0)
        mobility = CAPACITY / (CONCENTRATION * WIDTH) * DIFFUSIVITY / D_LI * theta * (1 - theta)
        return -(adsorbed - plated) - sp.diff(mobility * sp.diff(self.mu_s, x), x)

    def wall_charges(self) -> tuple[Any, Any]:
        """Charge at the anode and at the counter over F c0 width."""
        unit = FARADAY * CONCENTRATION * WIDTH
        drops = (-self.phi.subs(y, 0), VOLTAGE / THERMAL_VOLTAGE - self.phi.subs(y, 1))
        anode, counter = (STERN * THERMAL_VOLTAGE * drop / unit for drop in drops)
        return anode + CHARGE / unit, counter
