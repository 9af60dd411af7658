"""A stated coverage is the one that a run starts from: read after a moment in which nothing moves."""

from __future__ import annotations

import numpy as np

from sim.verification.cases.case12_surface_mode import LENGTH, Wave, cell

from .cells import run_in

AT_ONCE = {"first_step": "1e-9 s"}


def test_a_table_starts_as_its_wave(tmp_path):
    """The same wave by a table, read after a moment in which nothing moves."""
    x = np.linspace(0, LENGTH, 4001)
    rows = "\n".join(f"{a!r},{0.3 + 0.2 * np.cos(2 * np.pi * a / LENGTH)!r}" for a in x.tolist())
    (tmp_path / "theta.csv").write_text("x_m,coverage\n" + rows.replace("np.float64(", "").replace(")", ""))
    mapping = cell(
        Wave(1, 1e-10, 1.0, 0.0, "none"), {"kind": "table", "file": str(tmp_path / "theta.csv")}, AT_ONCE
    )
    mapping["operation"]["duration"] = "1e-9 s"
    interface = run_in(tmp_path / "run", mapping).interface
    wanted = 0.3 + 0.2 * np.cos(2 * np.pi * interface["x_m"] / LENGTH)
    assert np.max(np.abs(interface["coverage"] - wanted)) < 1e-6


def test_a_wave_starts_as_stated_where_energies_vary(tmp_path):
    """Two types of sites with coverages of their own: at every node their mean is the stated one."""
    stated = {"kind": "sinusoid", "mean": 0.4, "amplitude": -0.3, "wavelength": f"{LENGTH!r} m", "phase": 0.7}
    mapping = cell(Wave(1, 0.0, 1.0, 0.0, "none"), stated, AT_ONCE)
    low = {"density": "3e-6 / nm^2", "adsorption_energy": "-0.05 eV"}
    mapping["interface"] |= {"overlap": "independent", "sites": mapping["interface"]["sites"] | {"L": low}}
    mapping["operation"]["duration"] = "1e-9 s"
    interface = run_in(tmp_path / "run", mapping).interface
    wanted = 0.4 - 0.3 * np.cos(2 * np.pi * interface["x_m"] / LENGTH + 0.7)
    assert np.max(np.abs(interface["coverage"] - wanted)) < 1e-7
