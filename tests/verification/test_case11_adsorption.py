"""Case 11: Langmuir kinetics in time, equilibrium on an energy landscape, and the mobility on it (Lifson and
Jackson 1962).

All by public configs. Langmuir: few sites on a blocking anode, so that the electrolyte stays at rest, filled
from a coverage of 1e-6. Landscape: two kinds of sites on table maps n(1 +- cos)/2 with energies +-E_a give E
= E_a cos 2 pi s and a uniform capacity; adsorption and plating are switched off. Lifson-Jackson: lithium so
dilute that it hops independently; the landscape repeats n times along the cell on top of a weak long wave,
and what decays slowly is the long wave of mu_s: at the rate D_eff (pi/L)^2 up to O(1/n^2), which two values
of n remove (Richardson).
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import simpson

from sim.verification.cells import NEUTRAL, flat_cell, merged
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE

from .cells import run_in, write_table

#: the surface alone: nothing reacts, a coarse cell behind it
SURFACE = {
    "electrolyte": NEUTRAL,
    "anode": {"kind": "blocking"},
    "counter": {"kind": "reservoir"},
    "interface": {"reference_energy": "0 eV", "adsorption_rate": "0 / s", "plating_rate": "0 / s"},
    "mesh": {"wall_cell": "1 um", "max_cell": "1 um", "growth": 1},
}


def langmuir(energy: float, chi: float) -> dict:
    """Uniform sites of energy G [kT] that fill from 1e-6; k_a = 100/s."""
    site = {"density": "1e-6 / nm^2", "adsorption_energy": f"{energy * THERMAL_VOLTAGE!r} eV"}
    rates = {"adsorption_rate": "100 / s", "barrier_position": chi, "surface_diffusivity": "0 m^2/s"}
    scale = 100 * math.exp(-chi * energy) * (1 + math.exp(energy))
    times = [f"{t / scale!r} s" for t in (0.1, 0.5, 1, 2)]
    return flat_cell(
        2e-6,
        SURFACE,
        {
            "interface": {"sites": {"S": site}, "initial_coverage": 1e-6, **rates},
            "operation": {"duration": f"{3 / scale!r} s", "output_times": times},
            "solver": {"first_step": f"{1e-8 / scale!r} s", "time_tolerance": 1e-5},
        },
    )


@pytest.mark.parametrize(("energy", "chi"), [(0.0, 0.5), (-1.0, 0.3), (1.5, 0.5)])
def test_langmuir_kinetics(energy, chi, tmp_path):
    """theta = theta_eq (1 - e^-(k_a c + k_d)t) at every accepted step; r has e^-chi G forth and e^(1 - chi)G
    back."""
    metrics = run_in(tmp_path / "run", langmuir(energy, chi)).table("metrics.csv")
    forth, back = 100 * math.exp(-chi * energy), 100 * math.exp((1 - chi) * energy)
    wanted = exact.langmuir_relaxation(metrics["time_s"], forth, back, 1e-6)
    settled = forth / (forth + back)
    assert np.max(np.abs(metrics["coverage_mean"] - wanted)) < 1e-4 * settled
    assert metrics["coverage_mean"][0] < 1e-3 * settled


def test_time_order_on_langmuir_kinetics(tmp_path):
    """Case 15, time: with constant steps the error of variable-step BDF2 falls with their square."""
    errors = []
    for steps in (32, 64, 128):
        mapping = langmuir(0.0, 0.5)
        size = f"{0.01 / steps!r} s"
        mapping["interface"]["initial_coverage"] = 0.1
        mapping["operation"] = merged(mapping["operation"], {"duration": "0.01 s", "output_times": []})
        mapping["solver"] = {"first_step": size, "max_step": size, "time_tolerance": 0.99}
        metrics = run_in(tmp_path / str(steps), mapping).table("metrics.csv")
        assert metrics["time_s"].size == steps
        wanted = exact.langmuir_relaxation(0.01, 100.0, 100.0, 0.1)
        errors.append(abs(metrics["coverage_mean"][-1] - wanted))
    assert [math.log2(a / b) for a, b in pairwise(errors)] == pytest.approx([2, 2], abs=0.1)


def landscape(folder, length: float, amplitudes: dict[int, float], coverage: float) -> dict:
    """Sites with E/kT = sum of a cos(m pi x/L) over {m: a}, everywhere of one capacity."""
    x = np.linspace(0, length, 8001)
    energy = sum(a * np.cos(m * np.pi * x / length) for m, a in amplitudes.items())
    most = sum(amplitudes.values())
    sites = {}
    for name, sign in (("high", 1), ("low", -1)):
        file = write_table(folder / f"{name}{max(amplitudes)}.csv", x, 0.5e-3 * (1 + sign * energy / most))
        sites[name] = {
            "map": {"kind": "table", "file": file},
            "adsorption_energy": f"{sign * most * THERMAL_VOLTAGE!r} eV",
        }
    interface = {"sites": sites, "initial_coverage": coverage, "surface_diffusivity": "1e-9 m^2/s"}
    return flat_cell(2e-6, SURFACE, {"cell": {"length": f"{length!r} m"}, "interface": interface})


@pytest.mark.parametrize(("amplitude", "mean"), [(2.0, 0.3), (3.0, 0.9), (1.0, 1e-3)])
def test_landscape_equilibrium(amplitude, mean, tmp_path):
    """One period relaxed for ten diffusion times at fixed mean coverage."""
    mapping = landscape(tmp_path, 1e-6, {2: amplitude}, mean)
    mapping["operation"]["duration"] = f"{10 * 1e-12 / 1e-9!r} s"
    mapping["mesh"]["columns"] = 40
    run = run_in(tmp_path / "run", mapping)
    interface = run.interface
    s, theta = interface["x_m"] / 1e-6, interface["coverage"]
    mu = interface["adsorption_energy_eV"] / THERMAL_VOLTAGE + np.log(theta / (1 - theta))
    assert mu == pytest.approx(exact.landscape_potential(mean, amplitude), abs=1e-4)
    assert theta == pytest.approx(exact.landscape_coverage(s, mean, amplitude), rel=1e-4)
    assert run.summary["coverage_mean"] == pytest.approx(mean, rel=1e-6)
    if (amplitude, mean) == (2.0, 0.3):
        assert np.mean(mu) == pytest.approx(-1.22882173, abs=1e-4)
        assert theta[0] == pytest.approx(0.03809540, rel=1e-4)
        assert theta[len(theta) // 2] == pytest.approx(0.68377572, rel=1e-4)


def decay_rate(folder, amplitude: float, periods: int) -> float:
    """Decay rate of the long wave of mu_s over `periods` periods of a landscape of `amplitude` kT, times
    L^2/(pi^2 D).

    With constant steps h BDF2 multiplies a mode of rate s by r per step, 3/2 - 2/r + 1/(2 r^2) = -s h: solved
    for s, the rate is free of the error in time.
    """
    length, diffusivity, steps = 4e-6, 1e-9, 40
    natural = diffusivity * (np.pi / length) ** 2
    size = 0.05 / (exact.lifson_jackson(amplitude) * natural)
    mapping = landscape(folder, length, {1: 1e-3, 2 * periods: amplitude}, 1e-5)
    times = [(steps - 1) * size, steps * size]
    mapping["operation"] |= {"duration": f"{times[1]!r} s", "output_times": [f"{t!r} s" for t in times]}
    mapping["mesh"]["columns"] = 16 * periods
    mapping["solver"] = {"time_tolerance": 0.99, "first_step": f"{size!r} s", "max_step": f"{size!r} s"}
    run = run_in(folder / f"{amplitude}-{periods}", mapping, fields=True)
    frames = run.frames("interface")
    assert run.table("metrics.csv")["step_s"] == pytest.approx(size, rel=1e-6)
    waves = []
    for time in times:
        frame = next(f for t, f in frames.items() if abs(t / time - 1) < 1e-9)
        theta, energy = frame.point_data["coverage"], frame.point_data["adsorption_energy_eV"]
        mu = energy / THERMAL_VOLTAGE + np.log(theta / (1 - theta))
        x = frame.points[:, 0]
        waves.append(simpson((mu - np.mean(mu)) * np.cos(np.pi * x / length), x=x))
    r = waves[1] / waves[0]
    return float(-(1.5 - 2 / r + 0.5 / r**2) / size / natural)


@pytest.mark.parametrize(("amplitude", "printed"), [(1.0, 0.62386036), (5.0, 0.00134769)])
def test_lifson_jackson(amplitude, printed, tmp_path):
    coarse, fine = (decay_rate(tmp_path, amplitude, periods) for periods in (4, 8))
    assert exact.lifson_jackson(amplitude) == pytest.approx(printed, rel=1e-5)
    assert fine + (fine - coarse) / 3 == pytest.approx(printed, rel=1e-3)
