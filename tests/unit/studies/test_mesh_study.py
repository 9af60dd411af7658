"""Errors of the mesh: the estimate on made-up sequences, and the study of small cells."""

from __future__ import annotations

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from mpi4py import MPI

from sim.domain.domain import describe
from sim.domain.errors import DomainError
from sim.domain.layout import tensor_layout
from sim.domain.refine import refined
from sim.domain.sites import SiteFields
from sim.simulation import Monitor, run
from sim.studies.mesh_study import RATIO, SAFETY, attach, estimate, has_study, study_mesh
from tests.unit.small_cells import NUCLEI, small_config

ROUGH = {"length": "10 um", "width": "8 um", "anode_profile": NUCLEI}
NEUTRAL = {"concentration": "2500 mol/m^3", "electrostatics": "electroneutral"}


@pytest.mark.parametrize("order", [1.0, 2.0, 2.7, 4.0])
def test_the_error_of_a_power_law_is_known(order: float) -> None:
    """f = 7 + e h^p: the estimate is the exact error times the safety factor."""
    exact, error = 7.0, -0.03
    found = estimate(*(exact + error * RATIO ** -(order * level) for level in (-1, 0, 1)), 4.0)
    assert found.order == pytest.approx(order)
    assert found.error == pytest.approx(SAFETY * abs(error))


def test_alternating_differences_count_by_their_size() -> None:
    errors = [estimate(1.4, 1.0, fine, 4.0).error for fine in (1.1, 0.9)]
    assert errors[0] == pytest.approx(errors[1])


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ((1.0, 1.0, 1.1), 0.1 * RATIO / (RATIO - 1)),  # it grows
        ((1.0, 1.1, 1.3), 0.2 * RATIO / (RATIO - 1)),
        ((1.0, 1.1, 1.18), 0.08 * RATIO / (RATIO - 1)),  # slower than the lowest order
        (
            (1.1, 1.0, 1.0),
            0.1 / (RATIO**4 - 1),
        ),  # vanishes by chance: no better than the highest order allows
    ],
)
def test_other_sequences_are_judged_with_care(values: tuple[float, float, float], error: float) -> None:
    assert estimate(*values, 4.0).error == pytest.approx(SAFETY * error)


def test_the_estimate_does_not_jump() -> None:
    errors = [estimate(1 + 0.1 * RATIO**p, 1.0, 0.9, 4.0).error for p in (0.999, 1.001, 3.999, 4.001)]
    assert errors[0] == pytest.approx(errors[1], rel=0.02)
    assert errors[2] == pytest.approx(errors[3], rel=0.02)


def test_rounding_has_no_order() -> None:
    found = estimate(5.0, 5.0 + 1e-14, 5.0 - 3e-14, 4.0)
    assert math.isnan(found.order)
    assert found.error == pytest.approx(4e-14, rel=0.1)
    assert estimate(0.5, 0.5, 0.5, 4.0).error == 0
    assert math.isnan(estimate(1.0, math.nan, 1.0, 4.0).error)


@pytest.mark.parametrize("factor", [RATIO, 1 / RATIO, 2.0])
def test_a_refined_mesh_is_of_the_same_family(factor: float) -> None:
    """Rows and columns in the ratio asked for, and every cell, not only the first, in the same ratio."""
    config = small_config(cell=ROUGH, mesh={"growth": 1.5})
    before, after = describe(config), describe(refined(config, factor))
    assert after.columns == pytest.approx(factor * before.columns, abs=0.51)
    assert after.rows == pytest.approx(factor * before.rows, rel=0.1)
    sites = SiteFields.from_config(config.interface, 10e-6)
    rows, new = (tensor_layout(c, sites)[0].rows for c in (config, refined(config, factor)))
    height = 1e-7  # in the graded part
    sizes = [next(b - a for a, b in pairwise(r) if a <= height < b) for r in (rows, new)]
    assert sizes[0] / sizes[1] == pytest.approx(factor, rel=0.45)


def test_refining_twice_by_two_halves_rows_exactly() -> None:
    config = small_config(mesh={"growth": 1.21, "wall_cell": "1 nm", "max_cell": "1 um"})
    finer = refined(config, 2.0).mesh
    assert finer.growth == pytest.approx(1.1)
    assert finer.wall_cell * (1 + finer.growth) == pytest.approx(1e-9), "two new cells for an old one"
    even = refined(small_config(mesh={"growth": 1.0, "wall_cell": "0.1 um"}), 2.0).mesh
    assert (even.growth, even.wall_cell) == (1.0, pytest.approx(0.5e-7))


def test_a_users_mesh_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.msh"
    own.touch()
    config = small_config(cell=ROUGH | {"anode_profile": {"kind": "mesh", "file": str(own)}})
    with pytest.raises(DomainError, match="a mesh of your own cannot be refined"):
        refined(config, RATIO)


@pytest.mark.parametrize("history", [False, True])
def test_the_study_of_a_steady_state_holds_the_truth(history: bool, tmp_path: Path) -> None:
    operation = {"mode": "potentiostatic", "voltage": "0.2 V", "history": history}
    config = small_config(
        cell=ROUGH, electrolyte=NEUTRAL, mesh={"columns": 12}, operation=operation, output={"fields": False}
    )
    said: list[str] = []
    result = run(config, tmp_path / "run", MPI.COMM_WORLD)
    assert not has_study(tmp_path / "run", MPI.COMM_WORLD)
    found = study_mesh(config, result.summary, MPI.COMM_WORLD, Monitor(stage=said.append))
    whole = attach(tmp_path / "run", result.summary, found, MPI.COMM_WORLD)
    assert has_study(tmp_path / "run", MPI.COMM_WORLD)
    solved = 3 if history else 2
    assert sum("solving" in text for text in said) == solved
    assert not any("marching" in text for text in said), "steady states are solved directly"
    steady = config.model_copy(update={"operation": config.operation.model_copy(update={"history": False})})
    truth = run(refined(steady, 3.0), None, MPI.COMM_WORLD).summary
    for name in ("current_density_mean_A_m2", "current_density_cv", "current_density_max_over_mean"):
        error = abs(result.summary[name] - truth[name])
        assert 0.5 * error < whole[f"mesh_error_{name}"] < 20 * error + 1e-9
    written = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert written["mesh_error_current_density_cv"] == whole["mesh_error_current_density_cv"]
    assert written["mesh_error_cell_voltage_V"] == 0.0, "prescribed"
    with (tmp_path / "run" / "mesh_study.csv").open() as file:
        rows = {row["metric"]: row for row in csv.DictReader(file)}
    assert set(rows) == {n.removeprefix("mesh_error_") for n in whole if n.startswith("mesh_error_")}
    assert list(next(iter(rows.values()))) == ["metric", "coarse", "base", "fine", "order", "error"]
    assert not {n for n in rows if n.endswith("_error") or n in ("time_s", "steady", "wagner_number")}


def test_a_stated_duration_is_repeated() -> None:
    operation = {"mode": "potentiostatic", "voltage": "0.2 V", "duration": "1 ms"}
    config = small_config(cell=ROUGH, electrolyte=NEUTRAL, mesh={"columns": 6}, operation=operation)
    said: list[str] = []
    result = run(config, None, MPI.COMM_WORLD)
    found = study_mesh(config, result.summary, MPI.COMM_WORLD, Monitor(stage=said.append))
    assert [text for text in said if "marching" in text] == said
    assert len(said) == 2
    assert 0 < found["current_density_cv"].error < 0.2 * result.summary["current_density_cv"]
