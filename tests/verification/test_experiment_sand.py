"""Sand's experiment on live cells against the exact series for a gap: any electrodes, modes, sides and porosity."""

from __future__ import annotations

import pytest
from mpi4py import MPI

from sim.experiments.live_cell import Lab
from sim.experiments.result import ExperimentError
from sim.experiments.sand import perform
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import from_measured

from .cells import config_of

WIDTH = 8e-6
PP = from_measured(0.023, 0.39, 1000.0)
REVERSIBLE = {"anode": {"kind": "reversible"}, "counter": {"kind": "reversible"}}


def sand(*updates: dict, currents: tuple[float, ...]):
    """The experiment on PP at 1 M."""
    stated = {"experiments": {"sand": {"current_density": [f"{j!r} A/m^2" for j in currents]}}}
    base = {"electrolyte": {"concentration": "1000 mol/m^3"}}
    return perform(config_of(flat_cell(WIDTH, base, *updates, stated)), Lab(MPI.COMM_WORLD))


def test_between_reversible_electrodes():
    result = sand({"electrolyte": NEUTRAL}, REVERSIBLE, currents=(200.0, 100.0))
    (time,) = result.tables["sand"]["sand_time_s"]
    assert time == pytest.approx(1.444173, rel=3e-4)
    assert result.tables["sand"]["sand_time_gap_s"] == pytest.approx(1.444173, rel=1e-6)
    assert result.tables["sand"]["sand_time_semi_infinite_s"] == pytest.approx(1.431500, rel=1e-6)
    (skipped,) = result.skipped
    assert (skipped.point, "limiting current density 115.2" in skipped.reason) == ("100 A/m^2", True)
    trace = result.tables["sand_traces"]
    assert trace["c_salt_mol_m3"][-1] <= 20 < trace["c_salt_mol_m3"][-2]


def test_stripping_depletes_the_counter_side_of_a_porous_cell():
    porous = {"separator": {"porosity": 0.4}}
    result = sand({"electrolyte": CLOSURE}, porous, currents=(-300.0,))
    (time,) = result.tables["sand"]["sand_time_s"]
    assert time == pytest.approx(0.4 * exact.depletion_time(300.0, PP, WIDTH), rel=1e-3)


def test_resolved_double_layers_delay_it_a_little():
    """They take up charge as the salt beside them thins: about C V_T ln 50 = 0.05 C/m^2 of 230 C/m^2, the last of it
    where it counts most."""
    result = sand(REVERSIBLE, {"mesh": {"growth": 3}}, currents=(250.0,))
    (time,) = result.tables["sand"]["sand_time_s"]
    assert 1.0 < time / exact.depletion_time(250.0, PP, WIDTH) < 1.003


def test_a_reservoir_is_twice_the_gap():
    """Its concentration stays, as does that in the middle between two electrodes; nothing plates out of it."""
    counter = {"counter": {"kind": "reservoir"}}
    result = sand({"electrolyte": NEUTRAL}, counter, currents=(80.0, -80.0))
    (time,) = result.tables["sand"]["sand_time_s"]
    assert time == pytest.approx(exact.depletion_time(80.0, PP, 2 * WIDTH), rel=1e-3)
    assert "reservoir" in result.skipped[0].reason


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ({"counter": {"kind": "blocking"}}, "a blocking counter"),
        ({"anode": {"kind": "reservoir"}, "counter": {"kind": "reservoir"}}, "two reservoirs"),
        ({"electrolyte": {"fixed_charge": "-1e6 C/m^3"}}, "fixed charge"),
    ],
)
def test_cells_without_a_sand_time(update, reason):
    with pytest.raises(ExperimentError, match=reason):
        sand(update, currents=(200.0,))
