"""Sites whose energy varies along the anode, at one capacity, and how fast a long wave of mu_s decays on them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.cells import SURFACE_ALONE, flat_cell, merged
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE

DIFFUSIVITY = 1e-9
#: length [m] of the cell of the long wave, its own amplitude [kT], and a coverage so small that hops are independent
LENGTH, SEED, DILUTE = 4e-6, 1e-3, 1e-6
#: equal steps, each a tenth of the long wave's decay time: the shorter waves are gone after them
STEPS, STEP = 20, 0.1


def landscape(
    bench: Bench, length: float, amplitudes: dict[int, float], coverage: float, columns: int
) -> dict[str, Any]:
    """Sites with E/kT = sum of a cos(m pi x/L) over {m: a} on an anode of this length [m].

    Two kinds of sites on tables n(1 +- E/E_max)/2 with energies +-E_max have that mean energy and a uniform capacity.
    """
    x = np.linspace(0, length, 1000 * max(amplitudes) + 1)
    energy = np.sum([a * np.cos(m * np.pi * x / length) for m, a in amplitudes.items()], axis=0)
    most = sum(amplitudes.values())
    sites = {}
    for name, sign in (("high", 1), ("low", -1)):
        columns_of_table = {"x_m": x, "density_per_nm2": 0.5e-3 * (1 + sign * energy / most)}
        sites[name] = {
            "map": {"kind": "table", "file": bench.table(f"{name}-{max(amplitudes)}", columns_of_table)},
            "adsorption_energy": f"{sign * most * THERMAL_VOLTAGE!r} eV",
        }
    interface = {
        "sites": sites,
        "initial_coverage": coverage,
        "surface_diffusivity": f"{DIFFUSIVITY!r} m^2/s",
    }
    updates = {"cell": {"length": f"{length!r} m"}, "interface": interface, "mesh": {"columns": columns}}
    return flat_cell(2e-6, SURFACE_ALONE, updates)


def decay_rate(bench: Bench, amplitude: float, periods: int, columns: int) -> float:
    """Decay rate of the long wave cos(pi x/L) of mu_s over so many periods of a landscape of this amplitude [kT], each
    of so many mesh columns, over that of a flat one, D (pi/L)^2.

    With equal steps h BDF2 multiplies a mode of rate s by r per step, 3/2 - 2/r + 1/(2 r^2) = -s h: solved for s, the
    rate is free of the error in time.
    """
    natural = DIFFUSIVITY * (np.pi / LENGTH) ** 2
    size = float(STEP / (exact.lifson_jackson(amplitude) * natural))
    times = [(STEPS - 1) * size, STEPS * size]
    long_wave = {1: SEED, 2 * periods: amplitude}
    mapping = merged(
        landscape(bench, LENGTH, long_wave, DILUTE, columns * periods),
        {
            "operation": {"duration": f"{times[1]!r} s", "output_times": [f"{time!r} s" for time in times]},
            "solver": {"time_tolerance": 0.99, "first_step": f"{size!r} s", "max_step": f"{size!r} s"},
        },
    )
    frames = bench.run(mapping, fields=True).frames("interface")
    waves = []
    for time in times:
        frame = next(frame for at, frame in frames.items() if abs(at / time - 1) < 1e-9)
        theta, energy = frame.point_data["coverage"], frame.point_data["adsorption_energy_eV"]
        mu = energy / THERMAL_VOLTAGE + np.log(theta / (1 - theta))
        x, once = np.unique(np.round(frame.points[:, 0] / LENGTH, 12), return_index=True)
        waves.append(np.trapezoid((mu - np.mean(mu[once]))[once] * np.cos(np.pi * x), x))
    r = waves[1] / waves[0]
    return float(-(1.5 - 2 / r + 0.5 / r**2) / size / natural)


def effective_diffusivity(bench: Bench, amplitude: float, first: int, columns: int) -> float:
    """D_eff/D: the decay rate in the limit of many periods, from one, two and four times ``first`` of them.

    What is left after n periods is a series in 1/n^2, whose first two terms are removed (Richardson).
    """
    rates = [decay_rate(bench, amplitude, n * first, columns) for n in (1, 2, 4)]
    better = [fine + (fine - coarse) / 3 for coarse, fine in pairwise(rates)]
    return better[1] + (better[1] - better[0]) / 15
