"""Case 9: current along a wavy electrode with linear kinetics (Barton and Bockris 1962,
doi:10.1098/rspa.1962.0154).

A bias of 2 uV against a reservoir keeps the salt at rest, so that the cell is an ohmic one of conductivity t+
kappa. The number is the first cosine harmonic over x of the current per true area, here from `interface.csv`.
To first order in the amplitude it is ka coth kH/(1 + t+ kappa R k coth kH); the exact reference solves
Laplace's equation above the wave.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, flat_cell, lithium, potentiostatic
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.readback import harmonic

from .cells import run_in

HEIGHT = 8e-6
#: t+ kappa [S/m]
LITHIUM_CONDUCTIVITY = 0.023


def wavy_cell(amplitude: float, wavelength: float, resistance: float) -> dict:
    """Anode y = a cos kx with charge-transfer resistance R [Ohm m^2]; R = 0 is an electrode at equilibrium."""
    profile = {"kind": "sinusoid", "amplitude": f"{amplitude!r} m", "wavelength": f"{wavelength!r} m"}
    return flat_cell(
        HEIGHT,
        {
            "cell": {"length": f"{wavelength!r} m", "anode_profile": profile},
            "electrolyte": NEUTRAL,
            "separator": {"conductivity": f"{LITHIUM_CONDUCTIVITY / 0.5!r} S/m", "transference_number": 0.5},
            "anode": lithium(THERMAL_VOLTAGE / resistance) if resistance else {"kind": "reversible"},
            "counter": {"kind": "reservoir"},
            "operation": potentiostatic(2e-6),
            "mesh": {"columns": 24, "wall_cell": "0.1 um", "growth": 1.4},
        },
    )


def found_harmonic(folder, amplitude: float, wavelength: float, resistance: float) -> float:
    """The harmonic from the run's interface.csv."""
    interface = run_in(folder, wavy_cell(amplitude, wavelength, resistance)).interface
    return harmonic(interface["x_m"], interface["current_density_A_m2"], 2 * np.pi / wavelength)


@pytest.mark.parametrize(("resistance", "printed"), [(0.0, 0.0314148), (1e-4, 0.0128500)])
def test_printed_numbers(resistance, printed, tmp_path):
    found = found_harmonic(tmp_path / "run", 0.05e-6, 10e-6, resistance)
    assert found == pytest.approx(printed, rel=1e-3)
    reference = exact.wavy_harmonic(0.05e-6, 10e-6, HEIGHT, LITHIUM_CONDUCTIVITY, resistance)
    assert found == pytest.approx(reference, rel=2e-4)


@pytest.mark.parametrize("resistance", [0.0, 3e-5])
def test_steep_wave(resistance, tmp_path):
    """ka = 0.39: the exact harmonic of Laplace's equation, 1 to 2 % off the linear one (Rayleigh's series
    holds up to 0.448)."""
    found = found_harmonic(tmp_path / "run", 0.25e-6, 4e-6, resistance)
    reference = exact.wavy_harmonic(0.25e-6, 4e-6, HEIGHT, LITHIUM_CONDUCTIVITY, resistance, modes=12)
    assert found == pytest.approx(reference, rel=1e-3)
    linear = exact.wavy_response(0.25e-6, 4e-6, HEIGHT, LITHIUM_CONDUCTIVITY, resistance)
    assert abs(found / linear - 1) > 0.005
