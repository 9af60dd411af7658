"""`mpirun -n 2 sim run`: the numbers of one rank, checkpoints that change hands, one message for all ranks."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import meshio
import numpy as np
import pytest

from tests.system.commands import (
    COARSE,
    CONFIGS,
    ROUNDING,
    frames,
    read_csv,
    read_json,
    settings,
    sim,
    start,
    status,
    wait_for,
)

pytestmark = [pytest.mark.mpi, pytest.mark.skipif(shutil.which("mpirun") is None, reason="needs mpirun")]

PIA = [CONFIGS / "pia.yaml", *COARSE]
MARCH = [*PIA, *settings(operation__duration="1 us", operation__output_times="[0.1 us]")]


def run(folder: Path, arguments: list[object], *more: object, ranks: int) -> None:
    done = sim("run", *arguments, "-o", folder, *more, cwd=folder.parent, ranks=ranks)
    assert done.returncode == 0, done.stderr
    assert read_json(folder / "manifest.json")["ranks"] == ranks


def assert_equal(folder: Path, other: Path, tolerance: float = 1e-8) -> None:
    """All numbers but the budgets' errors, which are small; in a column relative to its largest."""
    one, two = read_json(folder / "summary.json"), read_json(other / "summary.json")
    assert one.keys() == two.keys()
    for name in one.keys() - set(ROUNDING):
        assert one[name] == pytest.approx(two[name], rel=tolerance), name
    assert all(numbers["anion_inventory_error"] < 1e-9 for numbers in (one, two))
    for file in ("interface.csv", "metrics.csv"):
        here, there = read_csv(folder / file), read_csv(other / file)
        assert list(here) == list(there)
        for name in here.keys() - set(ROUNDING):
            # the spread of a concentration that is still at rest is the rounding of 2500 mol/m^3
            scale = 2500.0 if name == "c_li_std_mol_m3" else np.max(np.abs(there[name]))
            assert here[name] == pytest.approx(there[name], rel=0, abs=tolerance * scale), f"{file}: {name}"
    fields, twins = (meshio.read(frames(place, "bulk")[-1][1]) for place in (folder, other))
    order, twin_order = (np.lexsort(np.round(mesh.points.T, 14)) for mesh in (fields, twins))
    for name, values in fields.point_data.items():
        allowed = tolerance * np.max(np.abs(values))
        assert np.max(np.abs(values[order] - twins.point_data[name][twin_order])) <= allowed, name


@pytest.fixture(scope="module")
def march_on_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("march") / "one"
    run(folder, MARCH, ranks=1)
    return folder


def test_steady_state_on_two_ranks(tmp_path: Path) -> None:
    run(tmp_path / "one", PIA, ranks=1)
    run(tmp_path / "two", PIA, ranks=2)
    assert read_json(tmp_path / "two" / "summary.json")["steady"]
    assert_equal(tmp_path / "two", tmp_path / "one")


def test_transient_on_two_ranks(tmp_path: Path, march_on_one: Path) -> None:
    run(tmp_path / "two", MARCH, ranks=2)
    assert_equal(tmp_path / "two", march_on_one)


def test_a_checkpoint_of_two_ranks_continues_on_one(tmp_path: Path, march_on_one: Path) -> None:
    folder = tmp_path / "run"
    process = start("run", *MARCH, "-o", folder, cwd=tmp_path, ranks=2)
    wait_for(folder / "fields" / "interface_0001.vtu", process)
    process.send_signal(signal.SIGUSR1)  # which mpirun passes on to the ranks
    assert process.wait(timeout=120) == 75
    assert status(folder) == "interrupted"
    assert read_json(folder / "manifest.json")["ranks"] == 2
    run(folder, MARCH, "--resume", ranks=1)
    assert_equal(folder, march_on_one)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (settings(mesh__colums=6), "did you mean 'columns'?"),
        (["-o", "taken"], "taken: holds other files and no run"),
        (
            settings(cell__anode_profile="{kind: rough, rms: 9 um, correlation_length: 1 um, seed: 1}"),
            "cell.anode_profile: the anode rises",
        ),
    ],
    ids=["config", "folder", "mesh"],
)
def test_wrong_input_is_said_once(arguments: list[object], said: str, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    done = sim("run", *PIA, *arguments, cwd=tmp_path, ranks=2)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count(said) == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_a_solver_that_gives_up_does_so_on_all_ranks(tmp_path: Path) -> None:
    done = sim("run", *MARCH, *settings(solver__max_steps=2), "-o", "run", cwd=tmp_path, ranks=2)
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("2 steps were not enough") == 1
    assert read_csv(tmp_path / "run" / "metrics.csv")["time_s"].size == 2
