"""Gibbs-Thomson: at no bias lithium dissolves from crests and plates in troughs of a wavy surface.

U = -gamma V_m kappa/F with kappa = a k^2 cos kx on y = a cos kx (convex metal positive). To first order in ka
the current at an electrode of charge-transfer conductance G = j0/V_T (infinite: at equilibrium) against a
reservoir is

    j = G' U_k cos kx ,  1/G' = 1/G + 1/(t+ kappa k coth kH) ,  U_k = -gamma V_m a k^2/F
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, flat_cell, lithium
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.exact.parameters import FARADAY

from .cells import run_in

HEIGHT, WAVELENGTH, AMPLITUDE, SURFACE_ENERGY, MOLAR_VOLUME = 4e-6, 2e-6, 2e-9, 0.5, 1.30e-5
CONDUCTIVITY = 0.023 * 0.39


@pytest.mark.parametrize("conductance", [math.inf, 5e3])
def test_crests_dissolve(conductance, tmp_path):
    anode = {"kind": "reversible"} if math.isinf(conductance) else lithium(conductance * THERMAL_VOLTAGE)
    profile = {"kind": "sinusoid", "amplitude": f"{AMPLITUDE} m", "wavelength": f"{WAVELENGTH} m"}
    cell = flat_cell(
        HEIGHT,
        {
            "cell": {"length": f"{WAVELENGTH} m", "anode_profile": profile},
            "electrolyte": NEUTRAL,
            "anode": anode | {"surface_energy": f"{SURFACE_ENERGY} J/m^2"},
            "counter": {"kind": "reservoir"},
            "mesh": {"columns": 24, "wall_cell": "0.05 um", "growth": 1.4},
        },
    )
    interface = run_in(tmp_path / "run", cell).interface
    k = 2 * np.pi / WAVELENGTH
    shift = -SURFACE_ENERGY * MOLAR_VOLUME * AMPLITUDE * k**2 / FARADAY
    series = 1 / conductance + np.tanh(k * HEIGHT) / (CONDUCTIVITY * k)
    wanted = shift / series * np.cos(k * interface["x_m"])
    assert interface["current_density_A_m2"][0] < 0
    assert np.max(np.abs(interface["current_density_A_m2"] - wanted)) < 0.01 * np.max(np.abs(wanted))
