"""The first guess of a steady state: close in flat cells, without influence on what is found, and never in the way."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from sim.config import RunConfig
from sim.domain.domain import make_domain
from sim.solve.drive import apply_drive, drive_of, hold_inventories, is_galvanostatic
from sim.solve.estimate import set_estimate
from sim.solve.initial import set_rest
from sim.solve.model import CellModel
from sim.solve.newton import NewtonOptions, NewtonReport
from sim.solve.steady import from_here, solve_steady
from sim.solve.system import CellSystem
from tests.unit.small_cells import NUCLEI, SITES, small_config

VOLTAGE = {"operation": {"mode": "potentiostatic", "voltage": "0.5 V"}}
CURRENT = {"operation": {"mode": "galvanostatic", "current_density": "60 A/m^2"}}
CLOSURE = {"electrolyte": {"electrostatics": "electroneutral"}}
NONE = {"electrolyte": {"electrostatics": "electroneutral", "double_layer": "none"}}
NO_STERN = {side: {"stern": None} for side in ("anode", "counter")}


def cell(config: RunConfig) -> tuple[CellModel, CellSystem]:
    model = CellModel(config, make_domain(config, MPI.COMM_SELF))
    system = CellSystem(model, galvanostatic=is_galvanostatic(config), steady=True)
    set_rest(model)
    hold_inventories(system)
    return model, system


def solved(config: RunConfig, estimate: Any = None) -> tuple[np.ndarray, list[NewtonReport]]:
    """The solution and the attempts it took; from the module's estimate where none is given."""
    model, system = cell(config)
    drive, attempts = drive_of(config), []
    guess = partial(set_estimate, drive, model) if estimate is None else partial(estimate, model)
    solve_steady(
        drive, model, system, NewtonOptions(), lambda part, report: attempts.append(report), estimate=guess
    )
    return system.numbering.pack(), attempts


@pytest.mark.parametrize("mode", [VOLTAGE, CURRENT], ids=["voltage", "current"])
@pytest.mark.parametrize(
    "kind",
    [{}, CLOSURE, NONE, {"interface": SITES}],
    ids=["poisson", "closure", "none", "sites"],
)
def test_the_guess_is_close_and_the_solution_that_from_rest(
    mode: dict[str, Any], kind: dict[str, Any]
) -> None:
    config = small_config(**mode, **kind)
    values, (report,) = solved(config)
    assert report.converged and report.norms[0] < 0.6 and report.iterations <= 7
    reference, _ = solved(config, lambda model: from_here())
    assert values == pytest.approx(reference, abs=1e-8)


def test_without_a_stern_layer_the_current_hardly_fixes_the_drop() -> None:
    """The counter electrode gives no more than its exchange current: the guess is poor, the solution is not."""
    config = small_config(**VOLTAGE, **NO_STERN)
    values, (report,) = solved(config)
    assert report.converged
    assert values == pytest.approx(solved(config, lambda model: from_here())[0], abs=1e-8)


def test_a_rough_cell_takes_half_the_iterations() -> None:
    config = small_config(cell={"anode_profile": NUCLEI}, mesh={"columns": 20}, interface=SITES, **VOLTAGE)
    values, (report,) = solved(config)
    reference, (slow,) = solved(config, lambda model: from_here())
    assert report.iterations <= 7 < 10 <= slow.iterations
    assert values == pytest.approx(reference, abs=1e-8)


def test_a_wild_guess_costs_an_attempt_and_nothing_else() -> None:
    def wild(model: CellModel) -> bool:
        model.bulk.function.x.array[:] = np.nan
        model.counter_potential.value = 1e3
        return True

    config = small_config(**VOLTAGE)
    values, attempts = solved(config, wild)
    assert [report.converged for report in attempts] == [False, True]
    assert values == pytest.approx(solved(config, lambda model: from_here())[0], abs=1e-8)


def test_other_cells_start_from_rest() -> None:
    config = small_config(counter={"kind": "reservoir"}, operation={"voltage": "0.05 V"})
    model, system = cell(config)
    before = system.numbering.pack()
    assert not set_estimate(drive_of(config), model)
    assert np.array_equal(system.numbering.pack(), before)


def test_a_drive_beyond_the_limiting_current_still_has_a_guess() -> None:
    config = small_config(operation={"voltage": "5 V"})
    model, system = cell(config)
    apply_drive(drive_of(config), model, system)
    assert set_estimate(drive_of(config), model)
    assert np.isfinite(system.numbering.pack()).all()
