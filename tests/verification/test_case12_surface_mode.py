"""Case 12: a wave of coverage on a uniform surface spreads and fills, mode by mode.

Sites of one energy on a blocking anode, so few that the electrolyte does not notice (E and phi uniform). Then the flux
is -Gamma D_s grad theta, adsorption is linear in theta, and

    theta(x, t) = theta_eq + (m - theta_eq) e^(-st) + a cos(kx) e^(-(D_s k^2 + s)t) ,   s = k_a c/c_ref + k_d

exactly, for any amplitude (sim's own mu_s is nonlinear in theta).
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, flat_cell

from .cells import run_in

LENGTH, MEAN, AMPLITUDE = 4e-6, 0.5, 0.4


def wave(rate: float, diffusivity: float, coverage: object) -> dict:
    """A cosine of wavelength LENGTH that a coverage of its own starts from, for 1.5 time constants."""
    wavenumber = 2 * np.pi / LENGTH
    end = 1.5 / (diffusivity * wavenumber**2 + 2 * rate)
    return flat_cell(
        2e-6,
        {
            "cell": {"length": f"{LENGTH!r} m"},
            "electrolyte": NEUTRAL,
            "anode": {"kind": "blocking"},
            "counter": {"kind": "reservoir"},
            "interface": {
                "sites": {"S": {"density": "1e-6 / nm^2", "adsorption_energy": "0 eV"}},
                "reference_energy": "0 eV",
                "adsorption_rate": f"{rate!r} / s",
                "plating_rate": "0 / s",
                "surface_diffusivity": f"{diffusivity!r} m^2/s",
                "initial_coverage": coverage,
            },
            "mesh": {"columns": 64, "wall_cell": "1 um", "max_cell": "1 um", "growth": 1},
            "operation": {"duration": f"{end!r} s"},
            "solver": {"first_step": f"{end / 1e5!r} s", "time_tolerance": 2e-6},
        },
    )


@pytest.mark.parametrize("rate", [0.0, 100.0])
def test_a_mode_decays(rate, tmp_path):
    sinusoid = {"kind": "sinusoid", "mean": MEAN, "amplitude": AMPLITUDE, "wavelength": f"{LENGTH!r} m"}
    mapping = wave(rate, 1e-10, sinusoid)
    interface = run_in(tmp_path / "run", mapping).interface
    end = float(mapping["operation"]["duration"].split()[0])
    k = 2 * np.pi / LENGTH
    decay = np.exp(-(1e-10 * k**2 + 2 * rate) * end)
    settled = 0.5 + (MEAN - 0.5) * np.exp(-2 * rate * end)
    wanted = settled + AMPLITUDE * decay * np.cos(k * interface["x_m"])
    assert np.max(np.abs(interface["coverage"] - wanted)) < 1e-4 * AMPLITUDE


def test_a_table_starts_as_its_wave(tmp_path):
    """The same wave by a table, read after a moment in which nothing moves."""
    x = np.linspace(0, LENGTH, 4001)
    rows = "\n".join(f"{a!r},{0.3 + 0.2 * np.cos(2 * np.pi * a / LENGTH)!r}" for a in x.tolist())
    (tmp_path / "theta.csv").write_text("x_m,coverage\n" + rows.replace("np.float64(", "").replace(")", ""))
    mapping = wave(1.0, 1e-10, {"kind": "table", "file": str(tmp_path / "theta.csv")})
    mapping["operation"]["duration"] = "1e-9 s"
    mapping["solver"] = {"first_step": "1e-9 s"}
    interface = run_in(tmp_path / "run", mapping).interface
    wanted = 0.3 + 0.2 * np.cos(2 * np.pi * interface["x_m"] / LENGTH)
    assert np.max(np.abs(interface["coverage"] - wanted)) < 1e-6


def test_a_wave_starts_as_stated_where_energies_vary(tmp_path):
    """Two types of sites with coverages of their own: at every node their mean is the stated one."""
    stated = {"kind": "sinusoid", "mean": 0.4, "amplitude": -0.3, "wavelength": f"{LENGTH!r} m", "phase": 0.7}
    mapping = wave(1.0, 0.0, stated)
    low = {"density": "3e-6 / nm^2", "adsorption_energy": "-0.05 eV"}
    mapping["interface"] |= {"overlap": "independent", "sites": mapping["interface"]["sites"] | {"L": low}}
    mapping["operation"]["duration"] = "1e-9 s"
    mapping["solver"] = {"first_step": "1e-9 s"}
    interface = run_in(tmp_path / "run", mapping).interface
    wanted = 0.4 - 0.3 * np.cos(2 * np.pi * interface["x_m"] / LENGTH + 0.7)
    assert np.max(np.abs(interface["coverage"] - wanted)) < 1e-7
