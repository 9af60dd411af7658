"""Case 10: linear response of the whole interface, direct + adsorption + plating + surface diffusion
(physics.md, section 6).

A = dj_m/(j k a coth kH) = Y_m/(Y_e + t+ kappa k coth kH). The given conductances become sites and rates, a
wave of ka = 0.0125 and a bias of 2 uV keep the response linear. The first cosine harmonic over x of the
metal's current per true area comes from `interface.csv`. It moves with Sigma_s k^2, so a wrong surface
gradient, mobility or e phi in mu_s shows; the metric of the gradient is of second order in ka and is tested
on a steep wave in `test_surface_diffusion.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, flat_cell, lithium, merged, potentiostatic
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms_interface import Conductances
from sim.verification.exact.parameters import FARADAY, from_measured
from sim.verification.readback import harmonic

from .cells import run_in

HEIGHT = 8e-6
CAPACITY = 2e-5
VOLTAGE = from_measured(0.0717 / 0.78, 0.78).thermal_voltage


@dataclass(frozen=True)
class Case:
    """Conductances to be met, site energy G [kT], alpha and chi, wavelength [m] and t+ kappa [S/m]."""

    conductances: Conductances
    energy: float
    alpha: float
    chi: float
    wavelength: float
    conductivity: float


CASES = {
    "printed": Case(Conductances(3e3, 5e4, 2e4, 2.7e-8), 0.0, 0.5, 0.5, 5e-6, 0.0717),
    "surface transport": Case(Conductances(500.0, 8e4, 3e3, 6e-8), -1.5, 0.35, 0.7, 3e-6, 0.0717),
    "little transport": Case(Conductances(1e3, 4e4, 3e4, 1e-9), 2.0, 0.5, 0.4, 5e-6, 0.009),
}


def cell(case: Case, amplitude: float) -> dict:
    """The conductances as j0, k_a, k_p and D_s on sites of one energy."""
    theta, empty = 1 / (1 + np.exp(case.energy)), 1 / (1 + np.exp(-case.energy))
    per_rate, want = FARADAY * CAPACITY / VOLTAGE, case.conductances
    adsorption = float(want.adsorption / (per_rate * empty * np.exp(-case.chi * case.energy)))
    plating = float(want.plating / (per_rate * theta ** (1 - case.alpha) * empty**case.alpha))
    mobile = float(want.surface / (per_rate * theta * empty))
    profile = {"kind": "sinusoid", "amplitude": f"{amplitude!r} m", "wavelength": f"{case.wavelength!r} m"}
    return flat_cell(
        HEIGHT,
        {
            "cell": {"length": f"{case.wavelength!r} m", "anode_profile": profile},
            "electrolyte": NEUTRAL,
            "separator": {"conductivity": f"{case.conductivity / 0.78!r} S/m", "transference_number": 0.78},
            "anode": lithium(want.direct * VOLTAGE, transfer_coefficient=case.alpha),
            "counter": {"kind": "reservoir"},
            "interface": {
                "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": f"{case.energy * VOLTAGE!r} eV"}},
                "area_factor": CAPACITY * 6.02214076e5,
                "reference_energy": "0 eV",
                "adsorption_rate": f"{adsorption!r} / s",
                "plating_rate": f"{plating!r} / s",
                "barrier_position": case.chi,
                "surface_diffusivity": f"{mobile!r} m^2/s",
            },
            "operation": potentiostatic(2e-6),
            "mesh": {"columns": 24, "wall_cell": "0.1 um", "growth": 1.4},
        },
    )


def response(folder, case: Case, amplitude: float, *updates: dict) -> float:
    """A, from the run's interface.csv."""
    interface = run_in(folder, merged(cell(case, amplitude), *updates)).interface
    k = 2 * np.pi / case.wavelength
    found = harmonic(interface["x_m"], interface["current_density_A_m2"], k)
    return found / (k * amplitude / np.tanh(k * HEIGHT))


def test_printed_number_of_the_formula():
    case = CASES["printed"]
    assert exact.interface_response(case.conductances, 5e-6, HEIGHT, 0.0717) == pytest.approx(
        0.098244, rel=5e-5
    )


@pytest.mark.parametrize("name", CASES)
def test_response(name, tmp_path):
    case = CASES[name]
    wanted = exact.interface_response(case.conductances, case.wavelength, HEIGHT, case.conductivity)
    assert response(tmp_path / "run", case, case.wavelength / 500) == pytest.approx(wanted, rel=3e-4)


@pytest.mark.parametrize("name", ["printed", "surface transport"])
def test_response_with_resolved_double_layers(name, tmp_path):
    """Poisson mode: at rest the layers are uncharged (sigma = 0), and the formula holds as lambda_D k -> 0 (1.5e-4)."""
    case = CASES[name]
    wanted = exact.interface_response(case.conductances, case.wavelength, HEIGHT, case.conductivity)
    poisson = {
        "electrolyte": {"electrostatics": "poisson", "double_layer": None},
        "mesh": {"wall_cell": None, "growth": 2.0},
    }
    assert response(tmp_path / "run", case, case.wavelength / 500, poisson) == pytest.approx(wanted, rel=1e-3)
