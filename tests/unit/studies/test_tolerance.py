"""The mesh for a tolerance: close enough, not finer than asked for, and fine only where that helps."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import pytest
from mpi4py import MPI

from sim.domain.errors import DomainError
from sim.simulation import Monitor, run
from sim.studies.mesh_study import RATIO
from sim.studies.tolerance import MEAN, SPREAD, Search, at, attach_tolerance, mesh_for
from tests.unit.small_cells import NUCLEI, small_config

VALUE, CV = 600.0, 0.3


class Discretised:
    """Metrics with errors of known size and order: a part of the mean by columns and by rows, the CV by columns."""

    def __init__(self, columns: float, rows: float, order: float = 2.0, spread: float = 0.0) -> None:
        self.columns, self.rows, self.order, self.spread = columns, rows, order, spread
        self.asked: list[tuple[int, int]] = []

    def __call__(self, place: tuple[int, int]) -> Mapping[str, float]:
        self.asked.append(place)
        by_columns, by_rows = (RATIO ** (-self.order * step) for step in place)
        mean = VALUE * (1 + self.columns * by_columns + self.rows * by_rows)
        return {MEAN: mean, SPREAD: CV + self.spread * by_columns}


@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("order", [1.0, 2.0, 4.0])
def test_what_is_found_is_within_the_tolerance_and_no_finer_than_needed(
    tolerance: float, order: float
) -> None:
    cell = Discretised(3e-4, 2e-4, order, spread=5e-4)
    found = Search(tolerance, 4.0, cell).find()
    true = max(abs(found.mean / VALUE - 1), abs(found.spread - CV))
    assert true <= found.error <= tolerance
    coarser = cell((found.place[0] - 2, found.place[1] - 2))
    rounds_were_needed = found.place != (-1, -2)
    too_coarse = max(abs(coarser[MEAN] / VALUE - 1), abs(coarser[SPREAD] - CV)) > 0.2 * tolerance
    assert too_coarse or not rounds_were_needed


def test_only_the_direction_that_errs_is_refined() -> None:
    found = Search(1e-4, 4.0, Discretised(0.0, 1e-2)).find()
    assert found.place[0] == -1 and found.place[1] > 2
    found = Search(1e-4, 4.0, Discretised(1e-2, 0.0)).find()
    assert found.place[1] == -2 and found.place[0] > 2


def test_the_spread_is_judged_too() -> None:
    found = Search(1e-3, 4.0, Discretised(0.0, 0.0, spread=1e-2)).find()
    assert found.place[0] > 1 and abs(found.spread - CV) < 1e-3


def test_no_mesh_is_asked_for_twice() -> None:
    cell = Discretised(1e-2, 1e-2)
    Search(1e-4, 4.0, cell).find()
    assert len(cell.asked) == len(set(cell.asked))


def test_where_the_solver_gives_up_the_mesh_is_refined() -> None:
    cell = Discretised(1e-4, 1e-4)

    def solve(place: tuple[int, int]) -> Mapping[str, float]:
        return {MEAN: math.nan, SPREAD: math.nan} if min(place) < -1 else cell(place)

    found = Search(1e-2, 4.0, solve).find()
    assert found.place == (0, 0)


def test_an_order_that_never_comes_is_told() -> None:
    stubborn = Discretised(0.5, 0.0, order=0.1)
    with pytest.raises(DomainError, match="no mesh of at most 27 times"):
        Search(1e-6, 4.0, stubborn).find()


def test_a_flat_cell_gets_two_columns_and_its_exact_current() -> None:
    meshed = mesh_for(small_config(mesh={}), 1e-3, MPI.COMM_SELF, Monitor())
    assert meshed.config.mesh.columns == 2
    fine = run(at(small_config(mesh={}), (0, 2)), None, MPI.COMM_SELF).summary[MEAN]
    assert abs(meshed.found.mean / fine - 1) < 1e-3


def test_a_rough_cell_is_within_its_tolerance(tmp_path: Path) -> None:
    config = small_config(cell={"anode_profile": NUCLEI}, mesh={})
    meshed = mesh_for(config, 3e-3, MPI.COMM_SELF, Monitor())
    fine = run(at(config, (2, 2)), None, MPI.COMM_SELF).summary
    assert abs(meshed.found.mean / fine[MEAN] - 1) < 3e-3
    assert abs(meshed.found.spread - fine[SPREAD]) < 3e-3
    whole = attach_tolerance(tmp_path, {MEAN: meshed.found.mean}, meshed, MPI.COMM_SELF)
    assert whole == json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert whole["mesh_tolerance"] == 3e-3 and whole[f"mesh_error_{MEAN}"] < 3e-3 * meshed.found.mean
    lines = (tmp_path / "mesh_tolerance.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(meshed.search.tried)
    again = small_config(
        cell={"anode_profile": NUCLEI},
        mesh={key: getattr(meshed.config.mesh, key) for key in ("columns", "growth")}
        | {key: f"{getattr(meshed.config.mesh, key)!r} m" for key in ("wall_cell", "max_cell")},
    )
    assert run(again, None, MPI.COMM_SELF).summary[MEAN] == pytest.approx(meshed.found.mean, rel=1e-9)
