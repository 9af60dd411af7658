"""The folder of a sweep: what counts as done, who may write, what a second sweep is answered, and the status."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.sweeps import (
    Failure,
    SweepFolderError,
    SweepLock,
    SweepLocked,
    SweepStore,
    load_sweep,
    plan_sweep,
    read_sweep_status,
)
from sim.sweeps import lock as lock_module

VOLTAGE = "operation.voltage"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def three(plan):
    """Three points and a fourth that equals the first."""
    return plan(axes=[{"key": VOLTAGE, "values": ["0.1 V", "0.2 V", "0.3 V", "100 mV"]}])


@pytest.fixture
def store(folder, three):
    """A sweep's folder, laid out."""
    made = SweepStore(folder / "out")
    made.make()
    made.prepare(three, resume=False, overwrite=False)
    return made


def run_of(folder: Path, *, status="done", summary='{"current_density_cv": 0.1}') -> None:
    """What a run leaves."""
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"status": status}))
    (folder / "summary.json").write_text(summary)


def finish(store: SweepStore, identity: str) -> None:
    run_of(store.scratch(identity, "w"))
    store.finish(identity, "w")


def test_the_plan_is_a_table_in_si(store, three) -> None:
    with (store.root / "plan.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["index", "id", "base", "operation.voltage_V"]
    assert [float(row["operation.voltage_V"]) for row in rows] == [0.1, 0.2, 0.3, 0.1]
    assert [row["id"] for row in rows] == [planned.id for planned in three.points]


def test_the_stored_sweep_can_be_planned_again(store, three, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir("/")
    again = plan_sweep(load_sweep(store.root / "sweep.yaml"))
    assert again.points == three.points


def test_points_are_done_when_their_results_are_whole(store, three) -> None:
    first, second, third = three.unique()
    assert store.missing(three, retry_failed=False) == [first, second, third]
    finish(store, second)
    assert store.missing(three, retry_failed=False) == [first, third]
    assert not list((store.root / "points").glob(".*"))


@pytest.mark.parametrize(
    "left",
    [
        {"status": "running"},
        {"status": "failed"},
        {"summary": '{"current_density_cv": 0.'},
        {"summary": ""},
        {"summary": "[1]"},
    ],
)
def test_half_written_points_are_missing_and_replaced(store, three, left) -> None:
    first, *_ = three.unique()
    run_of(store.folder(first), **left)
    assert store.done() == set()
    assert first in store.missing(three, retry_failed=False)
    finish(store, first)
    assert store.done() == {first}


def test_an_unfinished_run_is_not_taken(store, three) -> None:
    first, *_ = three.unique()
    run_of(store.scratch(first, "w"), status="running")
    with pytest.raises(SweepFolderError, match="not a finished run"):
        store.finish(first, "w")
    assert not store.folder(first).exists()


def test_of_two_workers_the_first_one_s_result_stays(store, three) -> None:
    first, *_ = three.unique()
    finish(store, first)
    run_of(store.scratch(first, "slow"), summary='{"current_density_cv": 0.2}')
    store.finish(first, "slow")
    assert json.loads((store.folder(first) / "summary.json").read_text()) == {"current_density_cv": 0.1}
    assert not store.scratch(first, "slow").exists()


def test_failures_are_kept_until_they_are_retried(store, three) -> None:
    first, second, third = three.unique()
    failure = Failure(second, "gave up at step 3\nnorm nan", 3, 2)
    store.fail(failure)
    assert store.failures() == [failure]
    assert store.missing(three, retry_failed=False) == [first, third]
    assert store.missing(three, retry_failed=True) == [first, second, third]
    finish(store, second)
    assert store.failures() == []


def test_resuming_keeps_results_and_drops_what_dead_workers_left(store, three) -> None:
    first, second, _ = three.unique()
    finish(store, first)
    run_of(store.scratch(second, "dead"), status="running")
    store.prepare(three, resume=True, overwrite=False)
    assert store.done() == {first}
    assert not store.scratch(second, "dead").exists()


def test_without_resume_a_sweep_is_refused(store, three) -> None:
    finish(store, next(iter(three.unique())))
    with pytest.raises(SweepFolderError, match=r"holds a sweep \(1 of 3 points done\); use --resume"):
        store.prepare(three, resume=False, overwrite=False)


def test_another_plan_is_refused_and_a_larger_one_goes_on(store, three, plan) -> None:
    first, *_ = three.unique()
    finish(store, first)
    values = ["0.1 V", "0.2 V", "0.3 V", "0.4 V"]
    with pytest.raises(SweepFolderError, match="holds another sweep: 1 of its points are not in this one"):
        store.prepare(plan(axes=[{"key": VOLTAGE, "values": values[:2]}]), resume=True, overwrite=False)
    larger = plan(axes=[{"key": VOLTAGE, "values": values}])
    store.prepare(larger, resume=True, overwrite=False)
    assert store.missing(larger, retry_failed=False) == [one for one in larger.unique() if one != first]


def test_overwriting_starts_anew_and_leaves_foreign_files(store, three, plan) -> None:
    finish(store, next(iter(three.unique())))
    (store.root / "notes.md").write_text("mine")
    other = plan(axes=[{"key": VOLTAGE, "values": ["1 V"]}])
    store.prepare(other, resume=False, overwrite=True)
    assert store.done() == set()
    assert store.planned_ids() == set(other.unique())
    assert (store.root / "notes.md").read_text() == "mine"


def test_a_folder_with_other_things_is_refused(folder) -> None:
    with pytest.raises(SweepFolderError, match="holds other files and no sweep"):
        SweepStore(folder).make()
    with pytest.raises(SweepFolderError, match="cannot hold results"):
        SweepStore(folder / "bare.yaml").make()
    with pytest.raises(SweepFolderError, match="holds no sweep"):
        read_sweep_status(folder)


HOLD = """\
import sys, time
from sim.sweeps import SweepLock
with SweepLock(__import__("pathlib").Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(store):
    """Another process that holds the lock."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, store.root],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.wait()


def test_a_second_sweep_is_refused_in_one_line(store, holder) -> None:
    with pytest.raises(SweepLocked) as caught, SweepLock(store.root):
        pass
    assert "\n" not in str(caught.value)
    assert f"another sweep runs here, process {holder.pid} on" in str(caught.value)
    assert read_sweep_status(store.root).holder.pid == holder.pid


def test_the_lock_of_a_killed_process_is_no_obstacle(store, holder) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (store.root / ".holder.json").exists()
    assert read_sweep_status(store.root).holder is None
    with SweepLock(store.root):
        assert read_sweep_status(store.root).holder.pid == os.getpid()
    assert not (store.root / ".holder.json").exists()


def test_two_sweeps_of_one_process_refuse_each_other(store) -> None:
    with SweepLock(store.root):
        with pytest.raises(SweepLocked), SweepLock(store.root):
            pass
        read_sweep_status(store.root)  # looking does not unlock
        probe = subprocess.run(
            [sys.executable, "-c", HOLD, store.root],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert b"SweepLocked" in probe.stderr
    with SweepLock(store.root):
        pass


@pytest.mark.parametrize(("age", "free"), [(0.0, False), (10 * lock_module.STALE_AFTER, True)])
def test_a_sign_of_life_on_another_machine(store, age, free) -> None:
    path = store.root / ".holder.json"
    path.write_text(json.dumps({"host": "elsewhere", "pid": 1, "started": 0}))
    os.utime(path, (time.time() - age,) * 2)
    assert (read_sweep_status(store.root).holder is None) == free
    if not free:
        with pytest.raises(SweepLocked, match="process 1 on elsewhere"), SweepLock(store.root):
            pass
    else:
        with SweepLock(store.root) as taken:
            taken.sign_of_life()


def test_without_locks_on_the_file_system_the_process_tells(store, monkeypatch) -> None:
    def unsupported(file: int, kind: int) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(lock_module.fcntl, "lockf", unsupported)
    path = store.root / ".holder.json"
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    entry = {"host": lock_module.socket.gethostname(), "pid": child.pid, "started": 0}
    path.write_text(json.dumps(entry))
    with pytest.raises(SweepLocked), SweepLock(store.root):
        pass
    child.kill()
    child.wait()
    with SweepLock(store.root):
        pass


def test_status_counts_points_once_and_groups_reasons(store, three) -> None:
    first, second, _ = three.unique()
    finish(store, first)
    store.fail(Failure(second, "gave up", 3))
    found = read_sweep_status(store.root)
    assert (found.rows, found.points, found.done, found.waiting) == (4, 3, 1, 1)
    assert found.lines() == [
        f"{store.root}: 1 of 3 points done (4 rows, equal ones computed once), 1 failed",
        "not running, 1 to compute; go on with --resume",
        "failed 1 times: gave up",
    ]


def test_status_of_a_running_sweep_has_a_rate(store, three, monkeypatch) -> None:
    first, second, third = three.unique()
    finish(store, first)  # of an earlier session: counts as done, not for the rate
    earlier = time.time() - 3600
    os.utime(store.folder(first) / "manifest.json", (earlier, earlier))
    with SweepLock(store.root):
        assert read_sweep_status(store.root).rate is None
        finish(store, second)
        run_of(store.scratch(third, "w"), status="running")
        began = time.time()
        monkeypatch.setattr("sim.sweeps.status.time.time", lambda: began + 30.0)
        found = read_sweep_status(store.root)
    assert (found.done, found.started) == (2, 1)
    assert found.rate == pytest.approx(1 / 30, rel=0.05)
    assert found.remaining == pytest.approx(30, rel=0.05)
    assert "points per minute, about " in found.lines()[2]
