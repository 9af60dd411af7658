"""Cells without any symmetry of their own: bumps and charged sites that vary along the anode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.verification.cells import flat_cell, lithium, potentiostatic
from sim.verification.readback import Array

LENGTH, WIDTH = 4e-6, 3e-6
#: position, height and width of the bumps [um]
BUMPS = [(0.8, 0.4, 0.4), (2.9, 0.25, 0.3)]
RATES = {
    "adsorption_rate": "1.74e4 / s",
    "plating_rate": "3.2 / s",
    "surface_diffusivity": "1e-9 m^2/s",
}
#: columns of the periodic cell; a patch of sites covers half of them, from this one on
COLUMNS, PATCH_STARTS = 16, 2

#: writes columns as a CSV file and returns its path
Table = Callable[[str, Mapping[str, Array]], str]


def patchy_cell(table: Table, *, mirrored: bool = False) -> dict[str, Any]:
    """Two unequal bumps and two site maps that vary along x, charged, at 0.3 V; or their mirror image."""
    x = np.linspace(0, LENGTH, 201)
    maps = {
        "N1": (0.75 * (1.1 + np.cos(3 * x / 1e-6) + 0.1 * x / 1e-6), -1, 0.02, "-0.55 eV"),
        "N2": (0.3 * (1 + np.sin(2 * x / 1e-6)), 1, 0.05, "-0.2 eV"),
    }
    sites = {}
    for name, (density, charge, fraction, energy) in maps.items():
        along = np.maximum(density[::-1] if mirrored else density, 0.05)
        file = table(f"{name}{'-mirrored' * mirrored}", {"x_m": x, "density_per_nm2": along})
        sites[name] = {
            "map": {"kind": "table", "file": file},
            "adsorption_energy": energy,
            "charge": charge,
            "charged_fraction": fraction,
        }
    nuclei = [
        {
            "position": f"{1e6 * LENGTH - p if mirrored else p!r} um",
            "height": f"{h!r} um",
            "width": f"{w!r} um",
        }
        for p, h, w in BUMPS
    ]
    return flat_cell(
        WIDTH,
        {
            "cell": {"length": f"{LENGTH!r} m", "anode_profile": {"kind": "nuclei", "nuclei": nuclei}},
            "anode": lithium(3.3),
            "interface": {"sites": sites, "reference_energy": "0.4175 eV", **RATES},
            "operation": potentiostatic(0.3),
            "mesh": {"columns": 24},
        },
    )


def shifted_cell(shift: int) -> dict[str, Any]:
    """A periodic cell with a wave and a patch of charged sites, moved along +x by so many of its columns, which are
    uniform."""
    stripes: dict[str, Any] = {
        "kind": "stripes",
        "density": "0.5 / nm^2",
        "pitch": f"{LENGTH!r} m",
        "fraction": 0.5,
    }
    stripes["phase"] = (PATCH_STARTS + shift) % COLUMNS / COLUMNS
    wave: dict[str, Any] = {"kind": "sinusoid", "amplitude": "0.3 um", "wavelength": f"{LENGTH!r} m"}
    wave["phase"] = -2 * np.pi * shift / COLUMNS
    patch = {"map": stripes, "adsorption_energy": "-0.05 eV", "charge": -1, "charged_fraction": 0.05}
    return flat_cell(
        2 * LENGTH,
        {
            "cell": {"length": f"{LENGTH!r} m", "sides": "periodic", "anode_profile": wave},
            "interface": {"sites": {"N2": patch}, "reference_energy": "0 eV", **RATES},
            "operation": potentiostatic(0.3),
            "mesh": {"columns": COLUMNS, "growth": 3.0},
        },
    )
