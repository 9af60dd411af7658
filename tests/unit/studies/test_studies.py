"""What a comparison is made of: its folder, and jobs in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from sim.config import dump_config
from sim.studies import batch, compare
from sim.studies.batch import Batch, Job, StudyError, StudyFailed
from tests.unit.small_cells import small_config


def test_histories_are_of_steady_states() -> None:
    assert compare.with_history(small_config()).operation.history
    timed = small_config(operation={"mode": "potentiostatic", "voltage": "0.2 V", "duration": "1 s"})
    assert compare.with_history(timed) == timed


def test_the_folder_of_a_study(tmp_path: Path) -> None:
    out = tmp_path / "study"
    compare.prepare(out, overwrite=False)
    (out / "runs" / "pp").mkdir()
    (out / "note.txt").touch()
    with pytest.raises(StudyError, match="--overwrite"):
        compare.prepare(out, overwrite=False)
    compare.prepare(out, overwrite=True)
    assert {path.name for path in out.iterdir()} == {"runs", "note.txt"}
    assert [path.name for path in (out / "runs").iterdir()] == [".study"]
    compare.prepare(out, overwrite=True)
    foreign = tmp_path / "foreign"
    (foreign / "runs" / "marathon").mkdir(parents=True)
    for overwrite in (True, False):
        with pytest.raises(StudyError, match="other files"):
            compare.prepare(foreign, overwrite=overwrite)
    assert (foreign / "runs" / "marathon").is_dir()


#: stands in for the simulator: says what it was given, and ends as the config's name tells
PROGRAM = """
import os, pathlib, re, signal, sys, time
config = pathlib.Path(sys.argv[4]).read_text() if sys.argv[1] == "-m" else ""
folder = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "config.yaml").write_text(config)
(folder / "arguments").write_text(" ".join(sys.argv))
(folder / "threads").write_text(os.environ["OMP_NUM_THREADS"])
if folder.name.startswith("waits"):
    signal.signal(signal.SIGTERM, lambda *a: sys.exit(75))
    (folder / "ready").touch()
    time.sleep(60)
code = int(folder.name.rpartition("-")[2])
print("a line\\nlast words" if code else "fine")
sys.exit(code)
"""


@pytest.fixture
def simulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "simulator"
    program.write_text(f"#!{sys.executable}\n{PROGRAM}")
    program.chmod(0o755)
    monkeypatch.setattr(batch.sys, "executable", str(program))


def job(place: Path, name: str) -> Job:
    return Job(small_config(), place / "0.5V" / name)


def test_jobs_run_and_the_first_failure_counts(tmp_path: Path, simulator: None) -> None:
    told: list[str] = []
    jobs = [job(tmp_path, name) for name in ("good-0", "bad-3", "fine-0")]
    with pytest.raises(StudyFailed) as failure:
        Batch(tmp_path / "scratch", 1, told.append).run(jobs)
    assert failure.value.code == 3
    assert str(failure.value) == "0.5V/bad-3: a line\nlast words"
    assert [line.partition(" s,")[0].rpartition(",")[0] for line in told] == [
        "[1/3] 0.5V/good-0: done",
        "[2/3] 0.5V/bad-3: exit 3",
        "[3/3] 0.5V/fine-0: done",
    ], "the others run nevertheless"
    given = (jobs[2].folder / "config.yaml").read_text()
    assert given == dump_config(jobs[2].config)
    assert (jobs[2].folder / "threads").read_text() == "1"


def test_every_run_has_the_error_of_its_mesh_unless_the_mesh_is_the_users(
    tmp_path: Path, simulator: None
) -> None:
    own = tmp_path / "own.msh"
    own.touch()
    cell = {"length": "10 um", "width": "8 um", "anode_profile": {"kind": "mesh", "file": str(own)}}
    jobs = [job(tmp_path, "ours-0"), Job(small_config(cell=cell), tmp_path / "0.5V" / "own-0")]
    Batch(tmp_path / "scratch", 1, lambda text: None).run(jobs)
    given = [(one.folder / "arguments").read_text() for one in jobs]
    assert ["--mesh-study" in text for text in given] == [True, False]


@pytest.mark.parametrize(("state", "passes"), [("done", True), ("failed", False)])
def test_a_run_without_its_mesh_study_is_compared_nevertheless(
    state: str, passes: bool, tmp_path: Path, simulator: None
) -> None:
    """Exit 3 of a run that is done is that of its study."""
    told: list[str] = []
    out = tmp_path / "out"
    one = Job(small_config(), compare.run_folder(out, "pp-3"))
    one.folder.mkdir(parents=True)
    (one.folder / "manifest.json").write_text(json.dumps({"status": state}))
    numbers = (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        if passes:
            compare.run_all([one], out, 1, told.append)
            assert told[-1] == "runs/pp-3: a line\nlast words"
        else:
            with pytest.raises(StudyFailed):
                compare.run_all([one], out, 1, told.append)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_stopped_batch_passes_the_signal_on_and_starts_no_more(tmp_path: Path, simulator: None) -> None:
    waits, never = job(tmp_path, "waits-0"), job(tmp_path, "never-0")
    run = Batch(tmp_path / "scratch", 1, lambda text: None)

    def stop() -> None:
        while not (waits.folder / "ready").exists():
            pass
        run.stop(signal.SIGTERM)

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(StudyFailed) as failure:
        run.run([waits, never])
    thread.join(timeout=10)
    assert failure.value.code == 75
    assert run.stopped
    assert not never.folder.exists()
    ended, other = sorted(str(failure.value).splitlines(), reverse=True)
    assert ended == "0.5V/waits-0: ", "ended by the signal, not by itself"
    assert other == "0.5V/never-0: not started"


def test_cores_are_those_of_this_process() -> None:
    assert 1 <= batch.available_cores() <= (os.cpu_count() or 1)
