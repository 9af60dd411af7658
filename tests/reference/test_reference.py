"""The reference solutions against printed numbers and against each other (no dolfinx needed)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.exact import closed_forms as exact
from sim.verification.exact import closed_forms_interface as interface
from sim.verification.exact import electroneutral1d, pnp1d, surface1d
from sim.verification.exact.parameters import (
    FARADAY,
    SHIPPED,
    VACUUM_PERMITTIVITY,
    Cell,
    Electrode,
    Electrolyte,
    from_measured,
    shipped_cell,
)

PP, PIA = from_measured(0.023, 0.39), from_measured(0.092, 0.78)
PP_1M = from_measured(0.023, 0.39, 1000.0)
WATER = 78.49 * VACUUM_PERMITTIVITY
FLAT = Cell(Electrolyte(1e-10 * 0.39 / 0.61, 1e-10), Electrode(6.4), Electrode(6.4), 8e-6)


def test_gouy_chapman():
    assert exact.debye_length(WATER, 100.0) == pytest.approx(9.61922e-10, rel=1e-6)
    assert exact.grahame_charge([1.0, 4.0], WATER, 100.0) == pytest.approx([0.01934542, 0.13464551], rel=1e-6)
    psi0 = float(exact.grahame_potential(-0.05, WATER, 100.0))
    assert psi0 == pytest.approx(-2.21335423, rel=1e-8)
    assert exact.gouy_chapman(0.0, psi0, WATER, 100.0)[1] == pytest.approx(914.6344, rel=1e-6)
    x = np.array([0.0, 1e-12])
    psi = exact.gouy_chapman(x, psi0, WATER, 100.0)[0]
    field = -np.diff(psi)[0] * PP.thermal_voltage / 1e-12
    assert WATER * field == pytest.approx(-0.05, rel=2e-3)


def test_debye_hueckel_satisfies_its_equation():
    height, k, length, eps, d = 20e-9, 2 * np.pi / 10e-9, 1e-9, 3e-10, 1e-12

    def phi(x, y):
        return exact.debye_hueckel(x, y, 0.01, k, eps, length, height)

    x, y = 2e-9, 0.5e-9
    laplacian = (phi(x + d, y) + phi(x - d, y) + phi(x, y + d) + phi(x, y - d) - 4 * phi(x, y)) / d**2
    assert laplacian == pytest.approx(phi(x, y) / length**2, rel=1e-4)
    assert -eps * (phi(x, d) - phi(x, 0.0)) / d == pytest.approx(0.01 * np.cos(k * x), rel=2e-3)
    assert phi(x, height) == pytest.approx(0.0, abs=1e-15)


def test_cells_without_double_layer():
    reversible = exact.reversible_voltage(np.array([0.1, 0.5, 0.9])) * 1e3
    assert reversible == pytest.approx([10.311495, 56.452366, 151.300463], rel=1e-7)
    kinetic = exact.butler_volmer_voltage([1, 5, 10, 20, 30], PP, 25e-6, 3.3) * 1e3
    assert kinetic == pytest.approx([18.304, 86.258, 154.122, 259.222, 372.817], abs=6e-4)
    paper = exact.butler_volmer_voltage([10, 20, 30, 50], PIA, 50e-6, 6.4) * 1e3
    assert paper == pytest.approx([81, 141, 185, 252], abs=0.5)
    fast = exact.butler_volmer_voltage(10.0, PP, 25e-6, 1e9)
    assert fast == pytest.approx(exact.reversible_voltage(10 / PP.limiting_current(25e-6)), rel=1e-6)


def test_transients_and_impedance():
    assert exact.sand_time(200.0, PP_1M) == pytest.approx(1.431500, rel=1e-6)
    assert exact.depletion_time(200.0, PP_1M, 8e-6) == pytest.approx(1.444173, rel=1e-6)
    assert exact.depletion_time(2000.0, PP_1M, 8e-6) == pytest.approx(
        exact.sand_time(2000.0, PP_1M), rel=1e-6
    )
    assert exact.blocking_decay_rate(0.05, 0.0) == pytest.approx(-1.0267000, rel=1e-7)
    assert exact.blocking_decay_rate(0.05, 0.1) == pytest.approx(-1.1237164, rel=1e-7)
    impedance = exact.symmetric_impedance([0.1, 1.0], PP_1M, 8e-6, 3.3) * 1e4
    assert impedance == pytest.approx([161.701605 - 2.175264j, 159.846249 - 0.654806j], rel=1e-8)
    # a step of flux and one of concentration obey one law: tau_Sand j^2 = (pi/2)^2 t j_Cottrell^2
    assert exact.sand_time(100.0, PP_1M) * 100.0**2 == pytest.approx(
        (np.pi / 2) ** 2 * 0.3 * exact.cottrell_current(0.3, PP_1M) ** 2
    )


def test_leaky_membrane_and_donnan():
    assert exact.leaky_membrane_current(1.0, 1.0) == pytest.approx(2.2642411, rel=1e-7)
    assert exact.donnan_potential(-1.0) * 1e3 == pytest.approx(-12.3635729, rel=1e-8)


def test_wavy_electrode():
    wave = (0.05e-6, 10e-6, 8e-6, 0.023)
    assert interface.wavy_harmonic(*wave, 0.0) == pytest.approx(0.0314148, abs=6e-8)
    assert interface.wavy_harmonic(*wave, 1e-4) == pytest.approx(0.0128500, abs=6e-8)
    assert interface.wavy_response(*wave, 1e-4) == pytest.approx(0.0128500, rel=1e-3)


def test_interface_response():
    given = interface.Conductances(3e3, 5e4, 2e4, 2.7e-8)
    assert interface.interface_response(given, 5e-6, 8e-6, 0.0717) == pytest.approx(0.098244, rel=2e-5)
    pia = shipped_cell("pia")
    found = interface.conductances(pia.electrolyte, pia.anode, pia.sites)
    # direct and adsorbed channels in parallel give PIA its measured exchange current density
    series = found.adsorption * found.plating / (found.adsorption + found.plating)
    assert (found.direct + series) * PIA.thermal_voltage == pytest.approx(6.4, rel=0.01)


def test_langmuir_and_landscape():
    assert interface.landscape_potential(0.3, 2.0) == pytest.approx(-1.22882173, rel=1e-8)
    assert interface.landscape_coverage([0.0, 0.5], 0.3, 2.0) == pytest.approx(
        [0.03809540, 0.68377572], rel=1e-6
    )
    assert [interface.lifson_jackson(b) for b in (1.0, 5.0)] == pytest.approx(
        [0.62386036, 0.00134769], rel=5e-6
    )
    assert interface.langmuir_relaxation([0.0, 50.0], 2.0, 3.0, 0.9) == pytest.approx([0.9, 0.4])


@pytest.mark.parametrize(("voltage", "current"), [(0.5, 638.722492), (0.01, 1.24398134)])
def test_flat_poisson_cell(voltage, current):
    state = pnp1d.solve(FLAT, voltage=voltage)
    assert state.current == pytest.approx(current, rel=5e-9)
    assert pnp1d.solve(FLAT, current=current).voltage == pytest.approx(voltage, rel=1e-8)
    assert pnp1d.solve(FLAT, voltage=-voltage).current == pytest.approx(-current, rel=5e-9)


def test_first_integral_of_poisson_nernst_planck():
    """c+ + c- - eps E^2/(2 F V_T) is linear in x: the sum of the two fluxes with Poisson, integrated once."""
    state, salt = pnp1d.solve(FLAT, voltage=0.5), FLAT.electrolyte
    maxwell = salt.permittivity * state.field**2 / (2 * FARADAY * salt.thermal_voltage)
    slope = state.current / (FARADAY * salt.diffusivity_li)
    invariant = state.c_li + state.c_anion - maxwell - slope * state.x
    assert np.ptp(invariant) < 1e-6 * salt.concentration


@pytest.mark.parametrize(
    ("epsilon", "current", "voltage"),
    [(0.1, 0.3, 1.2719131), (0.1, 0.9, 4.0612094), (0.01, 0.5, 2.2741846), (0.01, 1.25, 12.5979958)],
)
def test_thin_cell_of_bazant(epsilon, current, voltage):
    assert pnp1d.dimensionless_voltage(epsilon, 0.1, current) == pytest.approx(voltage, rel=2e-8)


@pytest.mark.parametrize("name", ["pia", "control-2", "control-3"])
def test_no_current_at_rest_with_sites_and_charge(name):
    state = pnp1d.solve(shipped_cell(name), voltage=0.0)
    assert abs(state.current) < 1e-7
    boltzmann = state.c_li[0] / 2500 * np.exp(-shipped_cell(name).sites.free_energy / PIA.thermal_voltage)
    assert state.coverage == pytest.approx(boltzmann / (1 + boltzmann), rel=1e-9)


def test_collocation_error_is_negligible():
    cell = shipped_cell("control-2")
    assert pnp1d.solve(cell, voltage=0.5).current == pytest.approx(
        pnp1d.solve(cell, voltage=0.5, degree=14, refine=1).current, rel=1e-9
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_closure_is_the_limit_of_poisson(name):
    """Case 16: the difference is of the order lambda_D/H = 1.5e-5 at 0.5 C and below 1e-4 at 0.5 V."""
    cell = shipped_cell(name)
    thin = electroneutral1d.at_current(cell, 5.0)
    assert thin.voltage == pytest.approx(pnp1d.solve(cell, current=5.0).voltage, rel=5e-6)
    thin = electroneutral1d.at_voltage(cell, 0.5)
    assert thin.current == pytest.approx(pnp1d.solve(cell, voltage=0.5).current, rel=1e-4)


def test_closure_general_parameters():
    anode = Electrode(5.0, transfer_coefficient=0.3, stern_thickness=2e-10, surface_charge=-0.05)
    counter = Electrode(9.0, transfer_coefficient=0.6, stern_permittivity=10.0, surface_charge=0.02)
    salt = Electrolyte(0.6e-10, 1e-10, 1500.0, 1000.0, relative_permittivity=60.0)
    cell = Cell(salt, anode, counter, 8e-6, shipped_cell("pia").sites)
    for voltage in (-0.3, 0.05, 0.4):
        poisson = pnp1d.solve(cell, voltage=voltage)
        assert electroneutral1d.at_voltage(cell, voltage).current == pytest.approx(poisson.current, rel=3e-4)


def test_without_double_layer_is_the_closed_form():
    cell = Cell(PP, Electrode(3.3), Electrode(3.3), 25e-6)
    state = electroneutral1d.at_current(cell, 20.0, closure=False)
    assert state.voltage == pytest.approx(float(exact.butler_volmer_voltage(20.0, PP, 25e-6, 3.3)), rel=1e-12)


def test_surface_line_in_equilibrium_and_effective_diffusivity():
    s = np.arange(100) / 100
    line = surface1d.uniform_line(1e-6, 2 * np.cos(2 * np.pi * s), 1e-9)
    theta = surface1d.equilibrium(line, 0.3)
    assert theta[[0, 50]] == pytest.approx(interface.landscape_coverage([0.0, 0.5], 0.3, 2.0), rel=1e-9)
    for b in (1.0, 5.0):
        coarse, fine = (
            surface1d.effective_diffusivity(b * np.cos(2 * np.pi * np.arange(n) / n)) for n in (100, 200)
        )
        assert fine + (fine - coarse) / 3 == pytest.approx(interface.lifson_jackson(b), rel=2e-6)
        assert fine == pytest.approx(interface.lifson_jackson(b), rel=1e-3)


def test_surface_line_in_time():
    """Langmuir relaxation and the decay of one Fourier mode, second order in step and cell."""
    errors = []
    for n in (40, 80):
        wave = np.cos(2 * np.pi * np.arange(n) / n)
        line = surface1d.uniform_line(1e-6, np.zeros(n), 1e-12, 2.0, 3.0)
        theta = surface1d.march(line, 0.9 + 0.05 * wave, 0.02, n // 2)
        assert theta.mean() == pytest.approx(interface.langmuir_relaxation(0.02, 2.0, 3.0, 0.9), rel=1e-5)
        decay = interface.surface_mode_decay(0.02, 2 * np.pi / 1e-6, 1e-12, 2.0, 3.0)
        errors.append(abs(2 * np.mean(theta * wave) / 0.05 - decay))
    assert errors[1] < 1e-3
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.1)
    assert surface1d.steady(line, theta) == pytest.approx(0.4)
