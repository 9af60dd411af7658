"""Case 2: linear screening beside a wall whose charge varies as cos kx (Debye and Hueckel 1923).

The charge comes as a user's would: two kinds of sites of opposite charge on table maps n(1 +- cos kx)/2. It
is weak, 1e-3 of RT/F in the potential, so that the nonlinear model is linear to 2e-7. The error in L2 falls
with the order of the element.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import flat_cell
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import CHARGE, VACUUM_PERMITTIVITY
from sim.verification.readback import l2_error, orders

from .cells import run_in, write_table

PERMITTIVITY = VACUUM_PERMITTIVITY * 30
DEBYE = exact.debye_length(PERMITTIVITY, 2500.0)
#: k lambda_D = 1; half a wave along the wall, four Debye lengths across
WAVENUMBER = 1 / DEBYE
LENGTH, HEIGHT = np.pi * DEBYE, 4 * DEBYE
AMPLITUDE = 1e-3 * PERMITTIVITY * exact.THERMAL_VOLTAGE / DEBYE


def cell(folder, cells: int, order: int) -> dict:
    """The cell with `cells` per Debye length."""
    x = np.linspace(0, LENGTH, 4001)
    density = 0.5  # of both kinds together [1/nm^2]
    sites = {}
    for name, sign in (("plus", 1), ("minus", -1)):
        file = write_table(folder / f"{name}.csv", x, density * (1 + sign * np.cos(WAVENUMBER * x)) / 2)
        sites[name] = {
            "map": {"kind": "table", "file": file},
            "adsorption_energy": "0 eV",
            "charge": sign,
            "charged_fraction": AMPLITUDE / (CHARGE * density * 1e18),
        }
    size = f"{DEBYE / cells!r} m"
    return flat_cell(
        HEIGHT,
        {
            "cell": {"length": f"{LENGTH!r} m"},
            "anode": {"kind": "blocking", "stern": None},
            "counter": {"kind": "reservoir"},
            "interface": {
                "sites": sites,
                "reference_energy": "0 eV",
                "adsorption_rate": "1 / s",
                "plating_rate": "0 / s",
                "surface_diffusivity": "0 m^2/s",
            },
            "mesh": {"wall_cell": size, "max_cell": size, "growth": 1, "columns": 3 * cells, "order": order},
        },
    )


def potential(x, y):
    """The exact potential [V]."""
    return exact.debye_hueckel(x, y, AMPLITUDE, WAVENUMBER, PERMITTIVITY, DEBYE, HEIGHT)


@pytest.mark.parametrize("order", [1, 2])
def test_order_of_the_element(order, tmp_path):
    errors = []
    for cells in (2, 4, 8):
        run = run_in(tmp_path / str(cells), cell(tmp_path, cells, order), fields=True)
        errors.append(l2_error(run.last_frame(), "phi_V", potential))
    assert orders(errors) == pytest.approx(order + 1, abs=0.1)
    assert errors[-1] < (1e-2 if order == 1 else 1e-4)


def test_potential_along_the_wall(tmp_path):
    interface = run_in(tmp_path / "run", cell(tmp_path, 10, 2)).interface
    wanted = potential(interface["x_m"], 0.0)
    assert np.max(np.abs(interface["phi_V"] - wanted)) < 1e-5 * np.max(np.abs(wanted))
    wave = AMPLITUDE * np.cos(WAVENUMBER * interface["x_m"])
    assert np.max(np.abs(interface["surface_charge_C_m2"] - wave)) < 1e-3 * AMPLITUDE
