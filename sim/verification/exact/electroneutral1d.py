"""Steady one-dimensional electroneutral cell between two lithium electrodes with a thin-double-layer closure.

With the anion at rest c- = c+ = c gives c(x) = c0 [1 + J (2x/L - 1)] and phi = V_T ln c + const, J = j/j_lim,
j_lim = 4 F D+ c0/L. What is left is algebra at each wall for dphi = phi_m - phi (outer) and psi:

    C_S (dphi - psi V_T) + sigma_s = 4 F c lambda_D(c) sinh(psi/2)     ("closure"; psi = 0 with "none")
    j_d + F r at the plane's c exp(-psi) and phi + psi V_T = j at the anode, j_d = -j at the counter
    V / V_T = dphi_counter + ln[(1+J)/(1-J)] - dphi_anode

solved by bracketing, wall by wall. Source: Bazant, Chu & Bayly 2005, doi:10.1137/040609938, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from .kinetics import closure_residual, direct_current, steady_coverage, steady_site_current
from .parameters import Cell, Electrode, Electrolyte


@dataclass(frozen=True)
class State:
    """j [A/m^2], V [V], diffuse-layer potentials [V_T] at both walls, coverage [-] (NaN without sites)."""

    current: float
    voltage: float
    psi_anode: float
    psi_counter: float
    coverage: float


def _root(function: Callable[[float], float], span: float = 1.0) -> float:
    """Root of a monotone function, searched in growing brackets around 0."""
    while function(-span) * function(span) > 0:
        span *= 2
        if span > 1e4:
            raise ValueError("no root: the current cannot pass")
    return float(brentq(function, -span, span, xtol=1e-14, rtol=1e-14))


def diffuse_potential(electrolyte: Electrolyte, electrode: Electrode, c: float, drop: float) -> float:
    """psi [V_T] from the closure at outer concentration c/c0 and drop = phi_m - phi [V_T]."""
    return _root(lambda psi: float(closure_residual(electrolyte, electrode, c, drop, psi)))


def _wall(cell: Cell, electrode: Electrode, c: float, current: float, closure: bool) -> tuple[float, float]:
    """(dphi, psi) [V_T] at which the wall takes `current` [A/m^2] from an electrolyte of c/c0."""
    salt = cell.electrolyte

    def psi(drop: float) -> float:
        return diffuse_potential(salt, electrode, c, drop) if closure else 0.0

    def excess(drop: float) -> float:
        layer = psi(drop)
        activity = c * salt.activity_scale * np.exp(-layer)
        rate = direct_current(electrode, activity, drop - layer)
        if cell.sites is not None and electrode is cell.anode:
            alpha, vt = electrode.transfer_coefficient, salt.thermal_voltage
            rate += steady_site_current(cell.sites, alpha, vt, activity, drop - layer)
        return float(rate - current)

    drop = _root(excess)
    return drop, psi(drop)


def at_current(cell: Cell, current: float, closure: bool = True) -> State:
    """Galvanostatic steady state at `current` [A/m^2], |current| < j_lim."""
    ratio = current / cell.electrolyte.limiting_current(cell.width)
    if abs(ratio) >= 1:
        raise ValueError("no steady state at or above the limiting current")
    drop_anode, psi_anode = _wall(cell, cell.anode, 1 - ratio, current, closure)
    drop_counter, psi_counter = _wall(cell, cell.counter, 1 + ratio, -current, closure)
    voltage = drop_counter + np.log((1 + ratio) / (1 - ratio)) - drop_anode
    coverage = np.nan
    if cell.sites is not None:
        salt = cell.electrolyte
        activity = (1 - ratio) * salt.activity_scale * np.exp(-psi_anode)
        alpha, vt = cell.anode.transfer_coefficient, salt.thermal_voltage
        coverage = steady_coverage(cell.sites, alpha, vt, activity, drop_anode - psi_anode)
    return State(current, cell.electrolyte.thermal_voltage * voltage, psi_anode, psi_counter, float(coverage))


def at_voltage(cell: Cell, voltage: float, closure: bool = True) -> State:
    """Potentiostatic steady state at `voltage` [V], by bracketing the current."""
    limit = cell.electrolyte.limiting_current(cell.width) * (1 - 1e-9)
    current = brentq(
        lambda j: at_current(cell, j, closure).voltage - voltage,
        -limit,
        limit,
        xtol=1e-11 * limit,
        rtol=1e-13,
    )
    return at_current(cell, float(current), closure)
