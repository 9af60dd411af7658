"""Surface diffusion along a steep electrode: the metric of the surface gradient, and the drift over a landscape.

Adsorption and plating are switched off; adsorbed lithium spreads over a landscape E(x) on a wave of ka =
1.26, where arc length is up to 1.6 times x. The reference marches the same equation on the line of arc length
(`tests/reference/surface1d.py`). Derivatives by x instead of arc length, or cells behind the facets that leak
in, would be off by tens of per cent.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import cumulative_trapezoid

from sim.verification.cells import NEUTRAL, flat_cell, lithium
from sim.verification.exact import surface1d
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE

from .cells import run_in, write_table

LENGTH, AMPLITUDE, DIFFUSIVITY = 2e-6, 0.4e-6, 1e-9
LANDSCAPE = 1.5  # amplitude of E [kT]


def steep_cell(folder, duration: float) -> dict:
    """One wave of the anode; the energy of the sites falls once along it, E = 1.5 kT cos(pi x/L)."""
    x = np.linspace(0, LENGTH, 2001)
    sites = {}
    for name, sign in (("high", 1), ("low", -1)):
        file = write_table(folder / f"{name}.csv", x, 0.5 * (1 + sign * np.cos(np.pi * x / LENGTH)))
        sites[name] = {
            "map": {"kind": "table", "file": file},
            "adsorption_energy": f"{sign * LANDSCAPE * THERMAL_VOLTAGE!r} eV",
        }
    profile = {"kind": "sinusoid", "amplitude": f"{AMPLITUDE!r} m", "wavelength": f"{LENGTH!r} m"}
    return flat_cell(
        4e-6,
        {
            "cell": {"length": f"{LENGTH!r} m", "anode_profile": profile},
            "electrolyte": NEUTRAL,
            "anode": lithium(3.3),
            "interface": {
                "sites": sites,
                "reference_energy": "0 eV",
                "adsorption_rate": "0 / s",
                "plating_rate": "0 / s",
                "surface_diffusivity": f"{DIFFUSIVITY!r} m^2/s",
                "initial_coverage": 0.3,
            },
            "operation": {"duration": f"{duration!r} s"},
            "mesh": {"columns": 40, "wall_cell": "0.2 um", "growth": 1.5},
            "solver": {"time_tolerance": 1e-4, "first_step": f"{duration / 1000!r} s"},
        },
    )


def reference(duration: float, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """x [m] and coverage after `duration` [s] on equal cells of arc length."""
    x = np.linspace(0, LENGTH, 20001)
    k = 2 * np.pi / LENGTH
    arc = cumulative_trapezoid(np.sqrt(1 + (AMPLITUDE * k * np.sin(k * x)) ** 2), x, initial=0)
    centres = np.interp((np.arange(cells) + 0.5) / cells * arc[-1], arc, x)
    landscape = LANDSCAPE * np.cos(np.pi * centres / LENGTH)
    line = surface1d.uniform_line(float(arc[-1]), landscape, DIFFUSIVITY, periodic=False)
    return centres, surface1d.march(line, np.full(cells, 0.3), duration, 200)


def test_spreading_along_arc_length(tmp_path):
    duration = 0.15 * LENGTH**2 / DIFFUSIVITY
    interface = run_in(tmp_path / "run", steep_cell(tmp_path, duration)).interface
    x, coarse = reference(duration, 200)
    fine = reference(duration, 400)[1].reshape(-1, 2).mean(axis=1)
    wanted = np.interp(interface["x_m"], x, fine + (fine - coarse) / 3)
    inside = (interface["x_m"] > x[0]) & (interface["x_m"] < x[-1])
    found = interface["coverage"]
    assert np.max(np.abs(found - wanted)[inside]) < 1e-3
    assert np.ptp(found) > 0.2
