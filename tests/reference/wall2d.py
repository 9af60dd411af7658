"""Reactions, double layer and surface transport on the anode line of a two-dimensional cell (finite volumes).

Local unknowns per node: outer (or plane) c/c0, phi/V_T, diffuse-layer potential psi, u = ln(theta/(1 -
theta)). Surface transport hops between neighbours, in detailed balance with theta/(1-theta) exp(G +
phi_plane):

    J = Gamma D_s / ds [theta_i (1 - theta_j) exp(-dW/2) - theta_j (1 - theta_i) exp(dW/2)],  j = i + 1,
    W = G/kT + phi_plane/V_T,

which tends to -Gamma D_s theta (1 - theta) d(mu_s/kT)/ds as ds -> 0. Rates: `kinetics.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.verification.exact.kinetics import closure_residual, direct_current, site_rates
from sim.verification.exact.parameters import FARADAY, Cell, Electrode

from .mapped_grid import Field


@dataclass(frozen=True)
class SiteFields:
    """Maps along the anode as functions of x [m]: Gamma [mol/m^2], G [eV], sigma_s [C/m^2]."""

    capacity: Field
    free_energy: Field
    surface_charge: Field


class AnodeWall:
    """Currents [A/m^2] at the nodes `x` [m] of the anode; `step` [m] are the arc lengths between
    neighbours.
    """

    def __init__(self, cell: Cell, x: np.ndarray, step: np.ndarray, arc: np.ndarray, closure: bool,
                 maps: SiteFields | None = None) -> None:  # fmt: skip
        self.cell, self.step, self.arc, self.closure = cell, step, arc, closure
        self.electrode, self.sites = cell.anode, cell.sites
        if maps is not None and cell.sites is not None:
            self.sites = replace(cell.sites, capacity=maps.capacity(x), free_energy=maps.free_energy(x))
            self.electrode = replace(cell.anode, surface_charge=maps.surface_charge(x))
        if self.sites is not None:
            capacity = np.broadcast_to(self.sites.capacity, x.shape).astype(float)
            energy = np.broadcast_to(self.sites.free_energy, x.shape) / cell.electrolyte.thermal_voltage
            total = capacity[1:] + capacity[:-1]
            # series (harmonic) mean: no flux across the end of a patch
            mean = np.divide(
                2 * capacity[1:] * capacity[:-1], total, out=np.zeros_like(step), where=total > 0
            )
            self._mobility = FARADAY * mean * self.sites.surface_diffusivity / step
            self.capacity, self.energy = capacity, energy

    def plane(self, c, phi, psi):
        """(c/c_ref, phi) at the reaction plane."""
        return c * self.cell.electrolyte.activity_scale * np.exp(-psi), phi + psi

    def local(self, c, phi, psi, u):
        """(j_d + F r, j_d + j_p, closure residual, per-site balance of theta [1/s]) at every node."""
        activity, phi_plane = self.plane(c, phi, psi)
        direct = direct_current(self.electrode, activity, -phi_plane)
        layer = closure_residual(self.cell.electrolyte, self.electrode, c, -phi, psi) if self.closure else psi
        if self.sites is None:
            return direct, direct, layer, u
        alpha, vt = self.electrode.transfer_coefficient, self.cell.electrolyte.thermal_voltage
        a, d, p, q = site_rates(self.sites, alpha, vt, activity, -phi_plane)
        theta, empty = 1 / (1 + np.exp(-u)), 1 / (1 + np.exp(u))
        adsorbed, plated = a * empty - d * theta, p * theta - q * empty
        per_site = FARADAY * self.capacity
        return direct + per_site * adsorbed, direct + per_site * plated, layer, adsorbed - plated

    def surface_current(self, phi_left, u_left, phi_right, u_right):
        """F J_s [A/m] from each node to the next; phi at the plane."""
        barrier = (phi_right + self.energy[1:] - phi_left - self.energy[:-1]) / 2
        right = np.exp(-barrier) / ((1 + np.exp(-u_left)) * (1 + np.exp(u_right)))
        left = np.exp(barrier) / ((1 + np.exp(-u_right)) * (1 + np.exp(u_left)))
        return self._mobility * (right - left)

    def per_site_divergence(self) -> np.ndarray:
        """1 / (F Gamma arc) [m/C] per node, zero where there are no sites."""
        amount = FARADAY * self.capacity * self.arc
        return np.divide(1.0, amount, out=np.zeros_like(amount), where=amount > 0)


def counter_local(cell: Cell, electrode: Electrode, closure: bool, c, phi, psi, voltage):
    """(j_d, closure residual) at the counter electrode's nodes, its metal at `voltage` [V_T]."""
    layer = closure_residual(cell.electrolyte, electrode, c, voltage - phi, psi) if closure else psi
    activity = c * cell.electrolyte.activity_scale * np.exp(-psi)
    return direct_current(electrode, activity, voltage - phi - psi), layer


def partials(function, arguments: tuple[np.ndarray, ...]) -> list[list[np.ndarray]]:
    """d output_k / d argument_m node by node, by a complex step; result[m][k]."""
    rows = []
    for m, value in enumerate(arguments):
        shifted = list(arguments)
        shifted[m] = value + 1e-30j
        out = function(*shifted)
        out = out if isinstance(out, tuple) else (out,)
        rows.append([np.broadcast_to(np.imag(part) / 1e-30, np.shape(value)) for part in out])
    return rows
