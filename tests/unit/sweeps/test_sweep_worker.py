"""One point in a warm process: its folder, its failures, and what it leaves when it is killed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dolfinx")

from mpi4py import MPI

from sim import simulation
from sim.config import build_config
from sim.sweeps import worker
from sim.sweeps.order import BUG, DONE, GAVE_UP, WRONG_INPUT, Order, Outcome
from sim.sweeps.store import SweepStore, is_whole

LITHIUM = {"kind": "lithium", "exchange_current_density": "3.3 A/m^2"}
#: a flat electroneutral cell, solved in a tenth of a second
CELL: dict[str, Any] = {
    "name": "flat",
    "cell": {"length": "10 um", "width": "8 um"},
    "electrolyte": {"concentration": "2500 mol/m^3", "electrostatics": "electroneutral"},
    "separator": {"conductivity": "0.23 mS/cm", "transference_number": 0.39},
    "anode": LITHIUM,
    "counter": LITHIUM,
    "operation": {"mode": "potentiostatic", "voltage": "0.1 V"},
    "mesh": {"columns": 2},
    "output": {"figures": False, "fields": False},
}


@pytest.fixture
def store(tmp_path: Path) -> SweepStore:
    for name in ("points", "failures"):
        (tmp_path / name).mkdir()
    return SweepStore(tmp_path)


def cell(**sections: Any) -> dict[str, Any]:
    return CELL | {name: CELL.get(name, {}) | section for name, section in sections.items()}


def compute(store: SweepStore, ranks: int = 1, **sections: Any) -> Outcome:
    return worker.compute(Order("0123456789abcdef", cell(**sections), str(store.root), ranks))


def left(store: SweepStore) -> list[str]:
    """What is in the folders of points and failures."""
    return sorted(path.name for name in ("points", "failures") for path in (store.root / name).iterdir())


def test_a_point_is_the_run_that_sim_run_does(store, tmp_path) -> None:
    outcome = compute(store)
    assert (outcome.code, outcome.reason, outcome.id) == (DONE, "", "0123456789abcdef")
    assert outcome.done and outcome.seconds > 0 and outcome.peak_memory > 50
    assert left(store) == ["0123456789abcdef"]
    folder = store.folder("0123456789abcdef")
    assert is_whole(folder)
    config = build_config(CELL)
    expected = simulation.run(config, tmp_path / "run", MPI.COMM_SELF).summary
    assert json.loads((folder / "summary.json").read_text()) == json.loads(
        (tmp_path / "run" / "summary.json").read_text()
    )
    assert expected["current_density_mean_A_m2"] > 0
    assert (folder / "config.yaml").read_text() == (tmp_path / "run" / "config.yaml").read_text()


def test_points_share_a_compiled_cell(store, tmp_path, monkeypatch) -> None:
    """The second point is compiled no more, and is the run that `sim run` does; out of memory, the cells go."""
    compute(store)
    store.folder("0123456789abcdef").rename(tmp_path / "first")
    monkeypatch.setattr(simulation, "wire", None)
    sections = {
        "anode": {"exchange_current_density": "2 A/m^2"},
        "operation": {"voltage": "0.05 V"},
        "separator": {"porosity": 0.4},
    }
    assert compute(store, **sections).done
    folder = store.folder("0123456789abcdef")
    monkeypatch.undo()
    simulation.run(build_config(cell(**sections)), tmp_path / "run", MPI.COMM_SELF)
    for name in ("summary.json", "interface.csv"):
        assert (folder / name).read_bytes() == (tmp_path / "run" / name).read_bytes()
    assert len(worker._pool(False)) > 0
    folder.rename(tmp_path / "second")

    def fill(*arguments: Any, **options: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(simulation, "run", fill)
    assert compute(store).code == BUG
    assert len(worker._pool(False)) == 0


def test_neighbours_start_near_each_other_on_request(store) -> None:
    for number, warm in enumerate([False, False, True, True]):
        section = cell(operation={"voltage": f"0.{10 + number} V"})
        assert worker.compute(Order(f"{number:016x}", section, str(store.root), warm_start=warm)).done
    logs = [(store.folder(f"{number:016x}") / "log.txt").read_text() for number in range(4)]
    assert ["missed in an earlier run" in log for log in logs] == [False, False, False, True]


def test_a_point_that_is_done_is_not_computed_again(store, monkeypatch) -> None:
    compute(store)
    monkeypatch.setattr(simulation, "run", None)
    assert compute(store).done


@pytest.mark.parametrize(
    ("sections", "code", "reason"),
    [
        ({"solver": {"max_newton_iterations": 1}}, GAVE_UP, "no steady state found"),
        (
            {"cell": {"anode_profile": {"kind": "sinusoid", "amplitude": "9 um", "wavelength": "5 um"}}},
            WRONG_INPUT,
            "the anode rises to",
        ),
        ({"cell": {"length": "-1 um"}}, WRONG_INPUT, "cell.length"),
    ],
)
def test_failures_come_back_and_leave_nothing(store, sections, code, reason) -> None:
    outcome = compute(store, **sections)
    assert outcome.code == code and reason in outcome.reason
    assert left(store) == []


@pytest.mark.parametrize(
    ("error", "reason"),
    [(ValueError("odd"), "ValueError: odd (test_sweep_worker.py:"), (MemoryError(), "out of memory")],
)
def test_a_bug_in_one_point_is_told(store, monkeypatch, error, reason) -> None:
    def run(*arguments: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(simulation, "run", run)
    outcome = compute(store)
    assert outcome.code == BUG and outcome.reason.startswith(reason)
    assert left(store) == []


def test_a_worker_that_dies_leaves_no_result(store, monkeypatch) -> None:
    """Killed after the last file was written, before the folder has its name: what a kill -9 leaves is not taken."""

    class Killed(BaseException):
        pass

    def die(*arguments: Any) -> None:
        raise Killed

    monkeypatch.setattr(SweepStore, "finish", die)
    monkeypatch.setattr(worker.shutil, "rmtree", lambda *arguments, **options: None)
    with pytest.raises(Killed):
        compute(store)
    (scratch,) = left(store)
    assert scratch.startswith(".0123456789abcdef.") and is_whole(store.root / "points" / scratch)
    assert store.done() == set()
    monkeypatch.undo()
    worker.worker_name.cache_clear()  # the next process
    assert compute(store).done and store.done() == {"0123456789abcdef"}


def test_of_two_workers_at_one_point_the_first_stays(store) -> None:
    compute(store)
    final = store.folder("0123456789abcdef")
    final.rename(store.scratch("0123456789abcdef", "slow"))
    worker.worker_name.cache_clear()
    compute(store)
    (final / "mark").touch()
    store.finish("0123456789abcdef", "slow")
    assert left(store) == ["0123456789abcdef"] and (final / "mark").exists()


def test_a_point_at_work_shows_that_it_lives(store, monkeypatch) -> None:
    monkeypatch.setattr(worker, "SIGN_OF_LIFE", 0.05)
    folder = store.root / "points" / ".x"
    folder.mkdir()
    os.utime(folder, (1e9, 1e9))
    with worker._alive(folder):
        time.sleep(0.3)
    assert folder.stat().st_mtime > 1.5e9


@pytest.mark.parametrize("before", [None, "self,sm"])
def test_only_the_start_of_mpi_is_without_neighbours(monkeypatch, before) -> None:
    """Ranks of a point, started later, need the ways between them."""
    monkeypatch.delenv(worker._TRANSPORTS, raising=False)
    if before is not None:
        monkeypatch.setenv(worker._TRANSPORTS, before)
    with worker._without_neighbours():
        assert os.environ[worker._TRANSPORTS] == "self"
    assert os.environ.get(worker._TRANSPORTS) == before


@pytest.mark.slow
@pytest.mark.mpi
def test_a_point_may_be_an_mpi_run(store, tmp_path) -> None:
    outcome = compute(store, ranks=2)
    assert outcome.done, outcome.reason
    manifest = json.loads((store.folder(outcome.id) / "manifest.json").read_text())
    assert manifest["ranks"] == 2 and left(store) == ["0123456789abcdef"]
    store.folder(outcome.id).rename(tmp_path / "kept")
    failed = compute(store, ranks=2, solver={"max_newton_iterations": 1})
    assert failed.code == GAVE_UP and "no steady state found" in failed.reason
    assert left(store) == []


@pytest.mark.slow
def test_a_worker_does_not_grow(store) -> None:
    """Matrices, factors and meshes of a point are gone when the next one begins."""

    def resident() -> float:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * 4096 / 2**20

    def several(first: int, count: int) -> None:
        for number in range(first, first + count):
            drive = CELL["operation"] | {"voltage": f"{1 + number} mV"}
            order = Order(f"{number:016x}", CELL | {"operation": drive}, str(store.root))
            assert worker.compute(order).done

    several(0, 10)
    before = resident()
    several(10, 25)
    assert resident() - before < 10
