"""The free energy of a cell without sites: what is put in slowly is stored, and at open circuit it only falls.

A cell through which no steady current flows (one electrode blocks) is in equilibrium at every voltage. Between two such
states the work of the source is stored, dG = V dQ with Q the counter electrode's charge per total volume: an exact
relation that holds every term of G and its factor against the others. Away from equilibrium, at open circuit, G falls
at every step of a march.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.output.metrics import Observer
from sim.output.warnings import FREE_ENERGY
from sim.solve.drive import Drive, apply_drive
from sim.solve.march import March
from sim.solve.schedule import Schedule
from sim.solve.system import CellSystem
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, lithium, merged, potentiostatic

from .cells import config_of, solve
from .systems import compiled

STERN = {"stern": {"thickness": "0.4 nm", "relative_permittivity": 12}}
BLOCKING = {"kind": "blocking", "exchange_current_density": None, "surface_charge": "-0.02 C/m^2", **STERN}
PLATING = lithium(30.0, surface_charge="0.03 C/m^2", **STERN)
#: a dilute electrolyte, so that its double layers are a tenth of the cell
DILUTE = {"concentration": "10 mol/m^3", "reference_concentration": "25 mol/m^3"}
ROUGH = {
    "anode_profile": {"kind": "sinusoid", "amplitude": "4 nm", "wavelength": "20 nm", "phase": 0.0},
}
SHAPES = {"flat": ({}, 2), "rough": (ROUGH, 8)}


def thin_cell(shape: str, *updates: dict) -> dict:
    """A cell of 40 nm by 20 nm with a porous filling."""
    cell, columns = SHAPES[shape]
    return flat_cell(
        40e-9,
        {"cell": cell, "electrolyte": DILUTE, "separator": {"porosity": 0.4}},
        {"mesh": {"columns": columns, "max_cell": "2 nm", "wall_cell": "0.1 nm", "growth": 1.5}},
        *updates,
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("anode", ["blocking", "lithium", "reversible", "no Stern layer"])
def test_slow_work_is_stored(anode: str, shape: str) -> None:
    """G(V2) - G(V1) = int V dQ, by Simpson's rule in V after integration by parts: [V Q] - int Q dV."""
    kinds = {
        "blocking": BLOCKING,
        "lithium": PLATING,
        "reversible": {"kind": "reversible", "exchange_current_density": None, **STERN},
        "no Stern layer": lithium(30.0),
    }
    mapping = thin_cell(shape, {"anode": kinds[anode], "counter": BLOCKING})
    voltages = np.array([0.06, 0.07, 0.08])
    states = [solve(merged(mapping, {"operation": potentiostatic(v)})) for v in voltages]
    energy = np.array([state[FREE_ENERGY] for state in states])
    charge = 0.4 * np.array([state["counter_charge_density_C_m2"] for state in states])
    width = voltages[2] - voltages[0]
    work = voltages[2] * charge[2] - voltages[0] * charge[0] - width * (charge @ [1, 4, 1]) / 6
    assert abs(work) > 1e-5
    assert energy[2] - energy[0] == pytest.approx(work, rel=1e-6)


def wide_cell(shape: str, salt: dict) -> dict:
    """A cell of 8 um by 4 um, whose salt takes a second to relax."""
    waves = {"anode_profile": {"kind": "sinusoid", "amplitude": "1 um", "wavelength": "4 um", "phase": 0.0}}
    cell, columns = {"flat": ({}, 2), "rough": (waves, 8)}[shape]
    return flat_cell(8e-6, {"cell": cell, "electrolyte": salt, "mesh": {"columns": columns}})


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["poisson", "closure", "none"])
def test_at_open_circuit_it_only_falls(mode: str, shape: str) -> None:
    """Polarised for a while, then cut off from the source."""
    electrodes = {"anode": PLATING, "counter": lithium(3.0, surface_charge="-0.01 C/m^2", **STERN)}
    if mode == "poisson":
        cell, polarised, first = thin_cell(shape), 3e-5, "1e-12 s"
    else:
        cell, polarised, first = wide_cell(shape, CLOSURE if mode == "closure" else NEUTRAL), 0.1, "1e-7 s"
    steps = {"solver": {"first_step": first, "time_tolerance": 1e-4}}
    mapping = merged(cell, electrodes, steps, {"operation": potentiostatic(0.2)})
    settings = config_of(mapping).solver
    model, driven = compiled(mapping, steady=False)
    list(March(Schedule.until(polarised, settings), model, driven).steps())
    free = CellSystem(model, galvanostatic=True, steady=False)
    apply_drive(Drive(True, 0.0), model, free)
    observer = Observer(model)
    energy = [observer.measure()[0][FREE_ENERGY]]
    for _ in March(Schedule.until(math.inf, settings), model, free).steps():
        energy.append(observer.measure()[0][FREE_ENERGY])
    fallen, rises = energy[0] - min(energy), np.diff(energy)
    assert len(energy) > 20
    assert fallen > 1e-5 * abs(energy[0])
    assert rises.max() < 1e-6 * fallen + 1e-13 * abs(energy[0])


def test_where_it_is_not_stated() -> None:
    """Sites store what is not counted, a reservoir is open, curved lithium of a surface energy stores that."""
    sites = {
        "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": "0 eV"}},
        "reference_energy": "0 eV",
        "adsorption_rate": "10 / s",
        "plating_rate": "10 / s",
        "surface_diffusivity": "0 m^2/s",
    }
    closed = solve(thin_cell("rough", {"anode": PLATING, "counter": PLATING}))
    assert math.isfinite(closed[FREE_ENERGY])
    for update in (
        {"interface": sites},
        {"counter": {"kind": "reservoir", "exchange_current_density": None}},
        {"anode": PLATING | {"surface_energy": "0.5 J/m^2"}},
    ):
        counter = {} if "counter" in update else {"counter": PLATING}
        base = {} if "anode" in update else {"anode": PLATING}
        assert FREE_ENERGY not in solve(thin_cell("rough", base, counter, update))
