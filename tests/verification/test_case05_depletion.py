"""Case 5: depletion at a given current, Sand's time in a gap (Newman and Balsara, Electrochemical Systems,
ch. 11).

Between two electrodes a current J = j/j_lim lowers the concentration at the plating one as

    c(0, t)/c0 = 1 - J [1 - (8/pi^2) sum_odd e^(-n^2 pi^2 D_amb t/L^2)/n^2] ,  D_amb = 2 D+ D-/(D+ + D-)

with D_amb/porosity where salt is stored in the pores alone. It is the anion's diffusivity that no steady
state shows.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import NEUTRAL, flat_cell, galvanostatic
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import Electrolyte, from_measured

from .cells import run_in

WIDTH = 8e-6
SALTS = {"pp": from_measured(0.023, 0.39, 1000.0), "pia": from_measured(0.092, 0.78, 1000.0)}


def wall_concentration(ratio: float, time: np.ndarray, salt: Electrolyte, porosity: float) -> np.ndarray:
    """The series, c(0, t)/c0."""
    odd = 2 * np.arange(2000) + 1
    rate = (odd * np.pi / WIDTH) ** 2 * exact.ambipolar_diffusivity(salt) / porosity
    return 1 - ratio * (1 - 8 / np.pi**2 * np.sum(np.exp(-np.outer(time, rate)) / odd**2, axis=1))


def depleting_cell(name: str, current: float, duration: float, porosity: float) -> dict:
    """A cell at 1 M between reversible electrodes."""
    conductivity, transference = (0.023, 0.39) if name == "pp" else (0.092, 0.78)
    return flat_cell(
        WIDTH,
        {
            "electrolyte": NEUTRAL | {"concentration": "1000 mol/m^3"},
            "separator": {
                "conductivity": f"{conductivity} S/m",
                "transference_number": transference,
                "porosity": porosity,
            },
            "anode": {"kind": "reversible"},
            "counter": {"kind": "reversible"},
            "operation": galvanostatic(current) | {"duration": f"{duration!r} s"},
            "solver": {"first_step": "1e-5 s", "time_tolerance": 1e-4},
        },
    )


@pytest.mark.parametrize(("name", "porosity"), [("pp", 1.0), ("pia", 0.4)])
def test_concentration_at_the_wall(name, porosity, tmp_path):
    salt = SALTS[name]
    duration = porosity * WIDTH**2 / exact.ambipolar_diffusivity(salt)
    current = 0.6 * salt.limiting_current(WIDTH)
    rows = run_in(tmp_path / "run", depleting_cell(name, current, duration, porosity)).table("metrics.csv")
    wanted = wall_concentration(0.6, rows["time_s"], salt, porosity)
    # the first steps, from a jump of the current, see less than a wall cell
    later = rows["time_s"] > 1e-3 * duration
    assert np.max(np.abs(rows["c_li_min_mol_m3"] / 1000 - wanted)[later]) < 1e-3
    assert wanted[-1] < 0.41


def test_time_of_depletion(tmp_path):
    """PP at 200 A/m^2, 1.7 j_lim: c(0) falls to zero after 1.444 s (1.4315 s in a semi-infinite electrolyte)."""
    salt = SALTS["pp"]
    assert exact.sand_time(200.0, salt) == pytest.approx(1.431500, rel=1e-5)
    assert exact.depletion_time(200.0, salt, WIDTH) == pytest.approx(1.444173, rel=1e-5)
    rows = run_in(tmp_path / "run", depleting_cell("pp", 200.0, 1.40, 1.0)).table("metrics.csv")
    time, least = rows["time_s"], rows["c_li_min_mol_m3"]
    assert least[-1] < 30
    # from the last two rows on a straight line to zero
    slope = (least[-1] - least[-2]) / (time[-1] - time[-2])
    assert time[-1] - least[-1] / slope == pytest.approx(1.444173, rel=5e-3)
