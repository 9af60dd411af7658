"""Cycles: lithium that is plated is accounted for at every point and in every mode; pulses that cannot be finished."""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from sim.experiments.cycle import perform
from sim.experiments.live_cell import Lab
from sim.verification.cells import NEUTRAL, flat_cell
from sim.verification.exact.closed_forms import depletion_time
from sim.verification.exact.parameters import from_measured

from .cells import config_of

SINUSOID = {"kind": "sinusoid", "amplitude": "0.4 um", "wavelength": "4 um"}
ROUGH = {"cell": {"length": "4 um", "anode_profile": SINUSOID}, "mesh": {"columns": 4}}


def cycle(*updates: dict, pulses: list[dict], repeats: int = 1, **keys: str):
    """The experiment on an 8 um cell of PP."""
    stated = {"experiments": {"cycle": {"pulses": pulses, "repeats": repeats, **keys}}}
    return perform(
        config_of(flat_cell(8e-6, {"electrolyte": NEUTRAL}, *updates, stated)), Lab(MPI.COMM_WORLD)
    )


def current(value: float, seconds: float) -> dict:
    return {"current_density": f"{value!r} A/m^2", "duration": f"{seconds!r} s"}


def test_a_flat_anode_plates_what_passes():
    result = cycle(pulses=[current(20.0, 1.0), {"duration": "0.1 s"}, current(-15.0, 1.0)], repeats=2)
    pulses = result.tables["cycle_pulses"]
    assert pulses["pulse_charge_passed_C_m2"] == pytest.approx([20, 0, -15] * 2, abs=1e-7)
    assert pulses["pulse_plated_charge_C_m2"] == pytest.approx([20, 0, -15] * 2, abs=1e-7)
    assert pulses["start_s"] == pytest.approx([0, 1, 1.1, 2.1, 3.1, 3.2])
    assert result.tables["cycle_plated"]["plated_charge_C_m2"] == pytest.approx(10, rel=1e-8)
    assert result.summary["net_plated_charge_C_m2"] == pytest.approx(10, rel=1e-8)
    assert result.summary["net_plated_cv"] < 1e-8
    assert pulses["mean_cell_voltage_V"][0] > 0 > pulses["mean_cell_voltage_V"][2]


def test_modes_follow_one_another_on_a_rough_anode():
    """Poisson, sites' absence apart the whole model: budgets close in every pulse, and the points add up to the
    electrode."""
    poisson = {"electrolyte": {"electrostatics": "poisson", "double_layer": None}, "mesh": {"growth": 3}}
    stated = [{"voltage": "0.15 V", "duration": "0.3 s"}, {"duration": "10 ms"}, current(-10.0, 0.2)]
    result = cycle(ROUGH, poisson, pulses=stated)
    summary, table = result.summary, result.tables["cycle_plated"]
    assert summary["worst_lithium_balance_error"] < 1e-6
    assert summary["worst_charge_balance_error"] < 1e-6
    assert summary["worst_anion_inventory_error"] < 1e-10
    arc, plated = table["arc_length_m"], table["plated_charge_C_m2"]
    mean = np.trapezoid(plated, arc) / 4e-6
    assert mean == pytest.approx(summary["net_plated_charge_C_m2"], rel=5e-3)
    spread = np.sqrt(np.trapezoid((plated - plated.mean()) ** 2, arc) / arc[-1])
    assert summary["net_plated_cv"] == pytest.approx(spread / plated.mean(), rel=5e-2)
    # double layers take some of the charge that passes, and give it back
    first = result.tables["cycle_pulses"]["pulse_charge_passed_C_m2"][0]
    assert 1e-3 < first - result.tables["cycle_pulses"]["pulse_plated_charge_C_m2"][0] < 0.2


def test_a_voltage_limit_ends_a_pulse():
    result = cycle(pulses=[current(300.0, 1e3), current(-10.0, 0.1)], voltage_limit="0.8 V")
    pulses = result.tables["cycle_pulses"]
    assert pulses["ended_at_voltage_limit"].tolist() == [1.0, 0.0]
    assert 0.8 <= pulses["last_cell_voltage_V"][0] < 0.9
    assert pulses["duration_s"][1] == pytest.approx(0.1)
    assert not result.skipped


def test_a_pulse_past_depletion_is_left_and_the_next_goes_on():
    result = cycle(pulses=[current(300.0, 1e3), current(-50.0, 0.1)])
    pulses = result.tables["cycle_pulses"]
    (skipped,) = result.skipped
    assert skipped.point == "pulse 1 (300 A/m^2)"
    assert skipped.reason.startswith("left at ") and skipped.reason.endswith(
        "the salt beside the anode was used up"
    )
    wanted = depletion_time(300.0, from_measured(0.023, 0.39), 8e-6)
    assert pulses["duration_s"][0] == pytest.approx(wanted, rel=5e-3)
    assert pulses["finished"].tolist() == [0.0, 1.0]
    assert pulses["pulse_plated_charge_C_m2"][1] == pytest.approx(-5.0, rel=1e-6)
    assert result.summary["worst_lithium_balance_error"] < 1e-6
