"""Case 1: the double layer at a charged wall (Gouy 1910, Chapman 1913, Grahame 1947).

A blocking wall of given charge without contact to a metal (`stern: null`), against a reservoir 20 Debye
lengths away, where what is left of the layer is e^-20. On the default mesh of Poisson mode (first cell
lambda_D/10, growth 2) and on one of lambda_D/10 throughout.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import flat_cell
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import VACUUM_PERMITTIVITY
from sim.verification.readback import l2_error, orders, profile

from .cells import run_in

#: (relative permittivity, c [mol/m^3], charge [C/m^2]); the first three are the printed ones
WALLS = [
    (78.49, 100.0, 0.01934542),
    (78.49, 100.0, 0.13464551),
    (78.49, 100.0, -0.05),
    (30.0, 2500.0, 0.1),
    (18.5, 1000.0, -0.02),
]


def wall(permittivity: float, concentration: float, charge: float, mesh: dict) -> tuple[dict, float]:
    """The cell's mapping and its Debye length [m]."""
    debye = exact.debye_length(VACUUM_PERMITTIVITY * permittivity, concentration)
    cell = flat_cell(
        20 * debye,
        {
            "electrolyte": {
                "concentration": f"{concentration!r} mol/m^3",
                "relative_permittivity": permittivity,
            },
            "anode": {"kind": "blocking", "stern": None, "surface_charge": f"{charge!r} C/m^2"},
            "counter": {"kind": "reservoir"},
            "mesh": mesh,
        },
    )
    return cell, debye


def test_debye_length_of_the_case():
    assert wall(78.49, 100.0, 0.0, {})[1] == pytest.approx(9.61922e-10, rel=1e-6)


@pytest.mark.parametrize(("permittivity", "concentration", "charge"), WALLS)
def test_potential_and_concentrations(permittivity, concentration, charge, tmp_path):
    mapping, _ = wall(permittivity, concentration, charge, {})
    run = run_in(tmp_path / "run", mapping, fields=True)
    absolute = VACUUM_PERMITTIVITY * permittivity
    psi0 = float(exact.grahame_potential(charge, absolute, concentration))
    interface, frame = run.interface, run.last_frame()
    assert interface["phi_V"] / exact.THERMAL_VOLTAGE == pytest.approx(psi0, rel=1e-3)
    assert interface["c_li_mol_m3"] == pytest.approx(concentration * np.exp(-psi0), rel=2e-3)
    assert interface["surface_charge_C_m2"] == pytest.approx(charge, rel=1e-12)
    y, phi = profile(frame, "phi_V")
    psi, c_li, c_anion = exact.gouy_chapman(y, psi0, absolute, concentration)
    assert np.max(np.abs(phi / exact.THERMAL_VOLTAGE - psi)) < 1e-3 * abs(psi0)
    # d(ln c) = -+ d(psi): the relative error of c is the absolute one of psi
    assert profile(frame, "c_li_mol_m3")[1] == pytest.approx(c_li, rel=1e-3 * max(1.0, abs(psi0)))
    assert profile(frame, "c_anion_mol_m3")[1] == pytest.approx(c_anion, rel=1e-3 * max(1.0, abs(psi0)))


@pytest.mark.parametrize(
    ("charge", "psi0"), [(0.01934542, 1.0), (0.13464551, 4.0), (-0.05, -2.21335423), (0.0, 0.0)]
)
def test_printed_numbers_on_uniform_cells(charge, psi0, tmp_path):
    """With lambda_D/10 throughout, P2 meets the printed potentials to 3e-5 and c+/c = 9.146344."""
    debye = exact.debye_length(VACUUM_PERMITTIVITY * 78.49, 100.0)
    mesh = {"wall_cell": f"{debye / 10!r} m", "max_cell": f"{debye / 10!r} m", "growth": 1}
    run = run_in(tmp_path / "run", wall(78.49, 100.0, charge, mesh)[0])
    assert run.interface["phi_V"] / exact.THERMAL_VOLTAGE == pytest.approx(psi0, rel=3e-5, abs=1e-9)
    if charge == -0.05:
        assert run.interface["c_li_mol_m3"] / 100 == pytest.approx(9.146344, rel=5e-5)


@pytest.mark.parametrize("order", [1, 2])
def test_order_of_the_element_on_the_nonlinear_profile(order, tmp_path):
    """Case 15, bulk: the L2 error of the nonlinear double layer falls with h^2 (P1) and h^3 (P2), no faster,
    no slower."""
    charge, errors = 0.05, []
    debye = exact.debye_length(VACUUM_PERMITTIVITY * 78.49, 100.0)
    psi0 = float(exact.grahame_potential(charge, VACUUM_PERMITTIVITY * 78.49, 100.0))

    def potential(x, y):
        return exact.THERMAL_VOLTAGE * exact.gouy_chapman(y, psi0, VACUUM_PERMITTIVITY * 78.49, 100.0)[0]

    for cells in (4, 8, 16):
        size = f"{debye / cells!r} m"
        mesh = {"wall_cell": size, "max_cell": size, "growth": 1, "order": order}
        run = run_in(tmp_path / str(cells), wall(78.49, 100.0, charge, mesh)[0], fields=True)
        errors.append(l2_error(run.last_frame(), "phi_V", potential))
    assert orders(errors) == pytest.approx(order + 1, abs=0.1)
