"""Marching in time: from any first step, with closed budgets, onto the steady state; what is stored never
swamps what flows."""

from __future__ import annotations

import numpy as np
import pytest

from sim.solve.march import March
from sim.solve.schedule import Schedule
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, galvanostatic, lithium, merged, potentiostatic
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE, debye_length
from sim.verification.exact.parameters import FARADAY, VACUUM_PERMITTIVITY

from .cells import run_in, solve
from .systems import compiled

MODES = {"poisson": {}, "closure": CLOSURE, "none": NEUTRAL}
SITES = {
    "sites": {
        "S": {"density": "1 / nm^2", "adsorption_energy": "-0.03 eV", "charge": -1, "charged_fraction": 0.02}
    },
    "reference_energy": "0 eV",
    "adsorption_rate": "1.74e4 / s",
    "plating_rate": "3.2 / s",
    "surface_diffusivity": "1e-9 m^2/s",
}


@pytest.mark.parametrize("first_step", ["1e-12 s", "1e-6 s"])
@pytest.mark.parametrize("name", MODES)
def test_no_step_is_too_small(name, first_step):
    """A drive switched on at once is met without a rejected step; what is stored over a tiny step does not
    drown the fluxes."""
    operation = {"electrolyte": MODES[name], "operation": potentiostatic(0.5) | {"duration": "0.1 s"}}
    model, system = compiled(flat_cell(8e-6, operation, {"solver": {"first_step": first_step}}), steady=False)
    march = March(Schedule.of(model.config), model, system)
    for step in march.steps():
        assert step.newton.converged
    # the first steps are without an estimate; one may be taken back once there is one
    assert march.state.rejected <= 2
    assert march.state.steps < 200


@pytest.mark.parametrize("operation", [potentiostatic(0.2), galvanostatic(20.0)], ids=["voltage", "current"])
@pytest.mark.parametrize("name", MODES)
def test_transient_ends_in_the_steady_state_with_closed_budgets(name, operation, tmp_path):
    """Both ways to the same state: marched from rest, and solved directly; budgets below 1e-9 on every row."""
    update = {
        "electrolyte": MODES[name],
        "operation": operation,
        "interface": SITES,
        "separator": {"porosity": 0.6},
    }
    mapping = flat_cell(4e-6, update)
    direct = solve(mapping)
    marched = run_in(tmp_path / "run", merged(mapping, {"operation": {"history": True}}))
    summary, rows = marched.summary, marched.table("metrics.csv")
    assert summary["steady"]
    assert rows["time_s"].size > 20
    for key in ("current_density_mean_A_m2", "cell_voltage_V", "coverage_mean", "c_li_min_mol_m3"):
        assert summary[key] == pytest.approx(direct[key], rel=1e-5)
    # what has passed so far, over the lithium in solution: the balance compares it with the rounding of that
    passed = np.cumsum(np.abs(rows["counter_current_density_A_m2"]) * rows["step_s"])
    rounding = 1e-14 * FARADAY * 2500 * 4e-6 / passed
    assert rounding[-1] < 1e-11
    for key in ("anion_inventory_error", "lithium_balance_error", "charge_balance_error"):
        assert direct[key] < 1e-9
        assert np.all(rows[key] < 1e-9 + rounding)


@pytest.mark.parametrize("porosity", [1.0, 0.5])
def test_a_current_charges_the_double_layers(porosity, tmp_path):
    """Without charge transfer to speak of the cell is two capacitors in series, each a Stern and a diffuse layer:
    dV/dt = 2 j/(eps_p C), 1/C = 1/C_S + lambda_D/eps. Pores hold charge per pore volume, hence eps_p."""
    slow = {"anode": lithium(1e-9), "counter": lithium(1e-9), "separator": {"transference_number": 0.5}}
    operation = galvanostatic(5.0) | {"duration": "100 us", "output_times": ["50 us", "100 us"]}
    update = {"operation": operation, "separator": {"porosity": porosity}, "solver": {"time_tolerance": 1e-4}}
    rows = run_in(tmp_path / "run", flat_cell(0.5e-6, slow, update)).table("metrics.csv")
    permittivity = VACUUM_PERMITTIVITY * 30
    layers = 3e-10 / permittivity + debye_length(permittivity, 2500.0) / permittivity
    first, last = (np.flatnonzero(np.isclose(rows["time_s"], t, rtol=1e-9))[0] for t in (5e-5, 1e-4))
    rise = (rows["cell_voltage_V"][last] - rows["cell_voltage_V"][first]) / 5e-5
    assert rows["cell_voltage_V"][last] < 0.2 * THERMAL_VOLTAGE
    assert rise == pytest.approx(2 * 5.0 * layers / porosity, rel=2e-3)


@pytest.mark.parametrize("voltage", [0.5, 2.0, -3.0])
def test_a_jump_of_the_voltage_is_met_by_a_uniform_field(voltage, tmp_path):
    """Until charge gathers at the walls (C W/kappa: 0.1 ms), a bulk of uniform conductivity carries kappa V/W."""
    width, conductivity = 8e-6, 0.023
    operation = potentiostatic(voltage) | {"duration": "40 ns"}
    rows = run_in(tmp_path / "run", flat_cell(width, {"operation": operation})).table("metrics.csv")
    wanted = conductivity * voltage / width
    assert rows["cell_current_density_A_m2"][-1] == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize("charge", [-0.12, 0.05])
def test_a_charged_wall_of_the_counter_electrode_is_met_by_its_metal(charge, tmp_path):
    """Uncharged as a whole, the electrode starts at -sigma/C_S; without a current it ends where lithium is in
    equilibrium."""
    operation = galvanostatic(0.0) | {"duration": "10 s", "output_times": ["1 ns", "10 s"]}
    update = {"operation": operation, "counter": lithium(surface_charge=f"{charge!r} C/m^2")}
    rows = run_in(tmp_path / "run", flat_cell(8e-6, update)).table("metrics.csv")
    capacitance = VACUUM_PERMITTIVITY * 30 / 3e-10  # of the Stern layer by default
    assert rows["cell_voltage_V"][rows["time_s"] == 1e-9] == pytest.approx(-charge / capacitance, rel=0.01)
    assert abs(rows["cell_voltage_V"][-1]) < 1e-4
    assert np.all(rows["charge_balance_error"] < 1e-6)


@pytest.mark.parametrize("width", [33e-6, 300e-6])
def test_a_thick_cell_starts_as_a_resistor(width):
    """There the rounding of the charge is 1e-6 to 1e-4 kT of the potential until ions have moved: neither Newton's
    method nor the choice of steps waits for less."""
    current, conductivity = 5.0, 0.023
    operation = galvanostatic(current) | {"duration": "100 ns"}
    summary = solve(flat_cell(width, {"operation": operation}))
    assert summary["cell_voltage_V"] == pytest.approx(current * width / conductivity, rel=1e-3)


@pytest.mark.parametrize("energy", [-1.4, -0.9, 0.5])
@pytest.mark.parametrize("name", ["poisson", "closure"])
def test_sites_that_bind_strongly_or_hardly_are_followed_in_time(name, energy):
    """Where theta, or 1 - theta, is 1e-24 a change of it still is what flows; the end is the steady state."""
    sites = {"S": {"density": "1 / nm^2", "adsorption_energy": f"{energy} eV", "charge": 0}}
    update = {
        "electrolyte": MODES[name],
        "operation": potentiostatic(0.2),
        "interface": SITES | {"sites": sites},
    }
    mapping = flat_cell(4e-6, update)
    direct, marched = solve(mapping), solve(merged(mapping, {"operation": {"history": True}}))
    assert marched["current_density_mean_A_m2"] == pytest.approx(
        direct["current_density_mean_A_m2"], rel=1e-5
    )
    assert marched["worst_budget_error"] < 1e-6
