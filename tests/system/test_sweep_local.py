"""Sweeps on this machine through Parsl: undisturbed, killed at bad moments, resumed, stopped on request."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.system.commands import CONFIGS, read_json, sim, start

psutil = pytest.importorskip("psutil")
pytest.importorskip("parsl")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

POINTS = 20
SWEEP = f"""\
base: {CONFIGS / "pia.yaml"}
set: {{output.fields: false, output.figures: false, mesh.columns: 6}}
axes:
  - {{key: interface.surface_diffusivity, from: 1e-11 m^2/s, to: 1e-7 m^2/s, points: 10, spacing: logarithmic}}
  - {{key: operation.mode, values: [potentiostatic, galvanostatic]}}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sweep file."""
    folder = tmp_path_factory.mktemp("sweeps")
    (folder / "twenty.yaml").write_text(SWEEP, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(place: Path) -> Path:
    """The sweep computed by one worker that nobody disturbed."""
    done = sim("sweep", "twenty.yaml", "-o", "undisturbed", "-j", 1, cwd=place)
    assert done.returncode == 0, done.stderr
    assert f"{POINTS} of {POINTS} points done, 0 failed" in done.stdout
    return place / "undisturbed"


def done(folder: Path) -> list[str]:
    """Points that have their name."""
    return sorted(path.name for path in (folder / "points").glob("[!.]*"))


def results(folder: Path) -> dict[str, tuple[object, bytes]]:
    """All numbers of every point; times of the clock are elsewhere."""
    return {
        name: (
            read_json(folder / "points" / name / "summary.json"),
            (folder / "points" / name / "interface.csv").read_bytes(),
        )
        for name in done(folder)
    }


def busy_workers(folder: Path) -> list[int]:
    """Processes that compute a point, from the names of the folders in the making: .ID.HOST-PID-RANDOM."""
    return [int(path.name.split("-")[-2]) for path in (folder / "points").glob(".*")]


def wait_until_underway(process: subprocess.Popen[str], folder: Path, points: int) -> None:
    """Return when some points are done and others at work."""
    end = time.monotonic() + 120
    while not (folder / "points").is_dir() or len(done(folder)) < points or not busy_workers(folder):
        assert process.poll() is None, f"ended with {process.returncode}"
        assert time.monotonic() < end
        time.sleep(0.02)


def family(pid: int) -> list[psutil.Process]:
    """What a sweep started: its interchange, and the pilot with all below it, which has left the tree."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if str(pid) in words and any(word.startswith("sim.sweeps.") for word in words):
            found += [process, *process.children(recursive=True)]
    return found


def assert_gone(processes: list[psutil.Process], seconds: float = 15) -> None:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    zombies = [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    assert not zombies, [process.cmdline() for process in zombies]


def test_an_undisturbed_sweep_leaves_points_and_nothing_else(undisturbed: Path) -> None:
    assert len(done(undisturbed)) == POINTS
    assert not list((undisturbed / "points").glob(".*"))
    assert not (undisturbed / ".parsl").exists() and not list((undisturbed / "failures").iterdir())
    run = undisturbed / "points" / done(undisturbed)[0]
    assert read_json(run / "manifest.json")["status"] == "done" and (run / "config.yaml").exists()


def test_a_killed_worker_costs_nothing_but_time(place: Path, undisturbed: Path) -> None:
    process = start("sweep", "twenty.yaml", "-o", "worker", "-j", 2, cwd=place)
    wait_until_underway(process, place / "worker", 2)
    os.kill(busy_workers(place / "worker")[0], signal.SIGKILL)
    assert process.wait(120) == 0
    assert results(place / "worker") == results(undisturbed)


def test_a_killed_interchange_is_noticed(place: Path, undisturbed: Path) -> None:
    process = start("sweep", "twenty.yaml", "-o", "interchange", "-j", 2, cwd=place)
    wait_until_underway(process, place / "interchange", 2)
    (interchange,) = [one for one in family(process.pid) if "sim.sweeps.interchange" in one.cmdline()]
    interchange.kill()
    assert process.wait(120) == 0
    assert "starting anew" in (place / "interchange" / "log.txt").read_text(encoding="utf-8")
    assert results(place / "interchange") == results(undisturbed)


def test_a_killed_sweep_takes_its_workers_along_and_is_resumed(place: Path, undisturbed: Path) -> None:
    folder = place / "main"
    process = start("sweep", "twenty.yaml", "-o", "main", "-j", 2, cwd=place)
    wait_until_underway(process, folder, 3)
    below = family(process.pid)
    assert len(below) >= 4
    for one in below:
        one.suspend()  # else all points are done before the next command has begun
    second = sim("sweep", "twenty.yaml", "-o", "main", "--resume", cwd=place)
    assert second.returncode == 2 and "another sweep runs here" in second.stderr
    process.kill()
    process.wait()
    for one in below:
        one.resume()
    assert_gone(below)
    kept = {name: (folder / "points" / name / "summary.json").stat().st_mtime_ns for name in done(folder)}
    assert 3 <= len(kept) < POINTS
    resumed = sim("sweep", "twenty.yaml", "-o", "main", "--resume", "-j", 2, cwd=place)
    assert resumed.returncode == 0, resumed.stderr
    assert results(folder) == results(undisturbed)
    now = {name: (folder / "points" / name / "summary.json").stat().st_mtime_ns for name in kept}
    assert now == kept  # what was done was not done again
    assert not list((folder / "points").glob(".*")) and not (folder / ".parsl").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 75), (signal.SIGINT, 130)])
def test_a_request_to_stop_ends_cleanly(place: Path, number: signal.Signals, code: int) -> None:
    folder = place / f"stopped-{code}"
    process = start("sweep", "twenty.yaml", "-o", folder.name, "-j", 2, cwd=place)
    wait_until_underway(process, folder, 1)
    below = family(process.pid)
    process.send_signal(number)
    assert process.wait(30) == code
    assert_gone(below)
    assert 1 <= len(done(folder)) < POINTS and not list((folder / "points").glob(".*"))


def test_points_that_fail_are_told_and_tried_again_on_request(place: Path) -> None:
    text = SWEEP.replace("points: 10", "points: 2") + (
        "  - {key: solver.max_newton_iterations, values: [1, 50]}\n"
    )
    (place / "failing.yaml").write_text(text, encoding="utf-8")
    arguments = ("sweep", "failing.yaml", "-o", "failing", "-j", 2)
    first = sim(*arguments, cwd=place)
    assert first.returncode == 3, first.stderr
    assert "4 of 8 points done, 4 failed" in first.stderr and "no steady state found" in first.stderr
    assert len(done(place / "failing")) == 4
    failures = sorted((place / "failing" / "failures").iterdir())
    assert [read_json(path)["exit_code"] for path in failures] == [3] * 4
    again = sim(*arguments, "--resume", cwd=place)
    assert again.returncode == 3 and read_json(failures[0])["attempts"] == 1
    once_more = sim(*arguments, "--resume", "--retry-failed", cwd=place)
    assert once_more.returncode == 3 and read_json(failures[0])["attempts"] == 2
