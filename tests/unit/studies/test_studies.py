"""What a comparison is made of: coarser twins, its folder, its errors, and jobs in processes of their own."""

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


def test_a_twin_differs_in_its_mesh_alone() -> None:
    config = small_config(operation={"mode": "potentiostatic", "voltage": "0.2 V", "history": True})
    twin = compare.coarser(config, columns=35, wall_cell=1e-11)
    assert (twin.mesh.columns, twin.mesh.wall_cell) == (21, 1.6e-11)
    assert twin.mesh.max_cell == pytest.approx(8e-7), "a tenth of the width beside a sixteenth"
    assert not twin.operation.history, "its steady state is solved directly"
    for name in (
        "cell",
        "electrolyte",
        "separator",
        "anode",
        "counter",
        "interface",
        "temperature",
        "solver",
    ):
        assert getattr(twin, name) == getattr(config, name)
    assert twin.operation.voltage == config.operation.voltage
    stated = small_config(mesh={"max_cell": "0.3 um", "columns": 2})
    assert compare.coarser(stated, 2, 1e-11).mesh.max_cell == pytest.approx(0.48e-6)
    assert compare.coarser(stated, 2, 1e-11).mesh.columns == 2


def test_histories_are_of_steady_states() -> None:
    assert compare.with_history(small_config()).operation.history
    timed = small_config(operation={"mode": "potentiostatic", "voltage": "0.2 V", "duration": "1 s"})
    assert compare.with_history(timed) == timed


def test_the_folder_of_a_study(tmp_path: Path) -> None:
    out = tmp_path / "study"
    compare.prepare(out, overwrite=False)
    (out / "runs" / "pp").mkdir()
    (out / "coarse" / "pp").mkdir(parents=True)
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


def test_the_error_of_a_mesh_is_the_difference_to_the_coarser(tmp_path: Path) -> None:
    numbers = dict.fromkeys(compare.WITH_ERROR, 2.0) | {"current_density_cv": None, "time_s": 1.0}
    for name, factor in (("fine", 1.0), ("coarse", 0.9)):
        (tmp_path / name).mkdir()
        scaled = {key: value and value * factor for key, value in numbers.items()}
        (tmp_path / name / "summary.json").write_text(json.dumps(scaled))
    compare._attach_error(tmp_path / "fine", tmp_path / "coarse")
    summary = json.loads((tmp_path / "fine" / "summary.json").read_text())
    assert {key: summary[key] for key in numbers} == numbers
    errors = {key: value for key, value in summary.items() if key.startswith("mesh_error_")}
    assert set(errors) == {f"mesh_error_{key}" for key in compare.WITH_ERROR if key != "current_density_cv"}
    assert list(errors.values()) == pytest.approx([0.2] * 3)


#: stands in for the simulator: says what it was given, and ends as the config's name tells
PROGRAM = """
import os, pathlib, re, signal, sys, time
config = pathlib.Path(sys.argv[4]).read_text() if sys.argv[1] == "-m" else ""
folder = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
folder.mkdir(parents=True)
(folder / "config.yaml").write_text(config)
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
