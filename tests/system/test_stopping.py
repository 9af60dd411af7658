"""Runs that end early: on request, by a limit, by kill -9. What is left opens, says so, and continues to the same
result."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import meshio
import numpy as np
import pytest

from tests.system.commands import (
    COARSE,
    CONFIGS,
    ERRORS,
    MIDDLE,
    ROUNDING,
    TRANSIENT,
    environment,
    frames,
    read_csv,
    read_json,
    settings,
    sim,
    start,
    status,
    wait_for_frame,
    wait_until,
)


def run_until(moment: float | None, folder: Path, *more: object) -> subprocess.Popen[str]:
    """The transient in ``folder``, just after it has written the fields at a time [s], or as soon as it says that it is
    running."""
    process = start("run", *TRANSIENT, "-o", folder, *more, cwd=folder.parent)
    manifest = folder / "manifest.json"
    wait_until(lambda: manifest.exists() and status(folder) == "running", "status 'running'", process)
    if moment is not None:
        wait_for_frame(folder, moment, process)
    return process


def stop(process: subprocess.Popen[str], number: int) -> int:
    """Exit code after a signal."""
    process.send_signal(number)
    return process.wait(timeout=60)


def resume(folder: Path) -> None:
    done = sim("run", *TRANSIENT, "-o", folder, "--resume", cwd=folder.parent)
    assert done.returncode == 0, done.stderr


def assert_same_results(folder: Path, undisturbed: Path) -> None:
    """Every number of a run as in another, to 1e-12 (of the largest, in a column)."""
    assert status(folder) == "done"
    assert not (folder / "checkpoint.npz").exists()
    one, other = read_json(folder / "summary.json"), read_json(undisturbed / "summary.json")
    assert one.keys() == other.keys()
    for name in one.keys() - set(ROUNDING):
        assert one[name] == pytest.approx(other[name], rel=1e-12, nan_ok=True), name
    assert all(one[name] < 1e-9 for name in ERRORS)
    for file in ("metrics.csv", "interface.csv"):
        here, there = read_csv(folder / file), read_csv(undisturbed / file)
        assert list(here) == list(there)
        for name in here.keys() - set(ROUNDING):
            assert here[name].shape == there[name].shape, f"{file}: {name}"
            largest = np.max(np.abs(there[name]))
            assert np.max(np.abs(here[name] - there[name])) <= 1e-12 * largest, f"{file}: {name}"
    for series in ("bulk", "interface"):
        entries, others = frames(folder, series), frames(undisturbed, series)
        assert [(time, file.name) for time, file in entries] == [(time, file.name) for time, file in others]
        for (_, file), (_, twin) in zip(entries, others, strict=True):
            data, twin_data = meshio.read(file).point_data, meshio.read(twin).point_data
            for name, values in data.items():
                largest = np.max(np.abs(twin_data[name]))
                assert np.max(np.abs(values - twin_data[name])) <= 1e-12 * largest, f"{file.name}: {name}"


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 75), (signal.SIGUSR1, 75), (signal.SIGINT, 130)],
    ids=["SIGTERM", "SIGUSR1", "SIGINT"],
)
def test_a_stopped_run_continues_to_the_same_result(
    number: int, code: int, tmp_path: Path, undisturbed: Path
) -> None:
    folder = tmp_path / "run"
    assert stop(run_until(MIDDLE, folder), number) == code
    assert status(folder) == "interrupted"
    assert (folder / "checkpoint.npz").exists()
    # what there is by then is whole: metrics, interface and fields of the last accepted step
    summary, metrics = read_json(folder / "summary.json"), read_csv(folder / "metrics.csv")
    assert 1e-5 <= summary["time_s"] < 1e-3
    assert metrics["time_s"][-1] == summary["time_s"] == frames(folder, "bulk")[-1][0]
    assert summary["steady"] is False
    refused = sim("run", *TRANSIENT, "-o", folder, cwd=tmp_path)
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert "interrupted" in line
    assert "--resume" in line
    resume(folder)
    assert_same_results(folder, undisturbed)


def test_a_run_stopped_before_its_first_step_starts_anew(tmp_path: Path, undisturbed: Path) -> None:
    folder = tmp_path / "run"
    assert stop(run_until(None, folder), signal.SIGTERM) == 75
    assert status(folder) == "interrupted"
    resume(folder)
    assert_same_results(folder, undisturbed)


def test_stopping_twice_and_being_killed_then(tmp_path: Path, undisturbed: Path) -> None:
    """After a stop at 1 us and kill -9 somewhat later, the run continues from the checkpoint at the stop."""
    folder = tmp_path / "run"
    assert stop(run_until(1e-6, folder), signal.SIGUSR1) == 75
    at_stop = read_json(folder / "summary.json")["time_s"]
    process = run_until(MIDDLE, folder, "--resume")
    assert stop(process, signal.SIGKILL) == -signal.SIGKILL
    assert status(folder) == "running"
    resume(folder)
    assert f"continued from t = {at_stop:.6g} s" in (folder / "log.txt").read_text()
    assert_same_results(folder, undisturbed)


@pytest.mark.parametrize("choice", ["--resume", "--overwrite"])
def test_a_killed_run_says_running_and_is_of_use(choice: str, tmp_path: Path, undisturbed: Path) -> None:
    folder = tmp_path / "run"
    process = run_until(MIDDLE, folder)
    assert stop(process, signal.SIGKILL) == -signal.SIGKILL
    assert status(folder) == "running"
    assert not (folder / "summary.json").exists()
    # what is there under its final name is whole
    assert [time for time, _ in frames(folder, "interface")][:3] == [0.0, 1e-6, 1e-5]
    for series in ("bulk", "interface"):
        assert all(meshio.read(file).points.size for _, file in frames(folder, series))
    assert read_csv(folder / "metrics.csv")["time_s"].size > 0
    pyvista = pytest.importorskip("pyvista")
    reader = pyvista.get_reader(str(folder / "fields" / "bulk.pvd"))
    reader.set_active_time_value(1e-5)
    assert "phi_V" in reader.read()[0].point_data
    refused = sim("run", *TRANSIENT, "-o", folder, cwd=tmp_path)
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert "running" in line
    done = sim("run", *TRANSIENT, "-o", folder, choice, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert_same_results(folder, undisturbed)


def test_too_few_steps_keep_what_was_reached(tmp_path: Path, undisturbed: Path) -> None:
    folder = tmp_path / "run"
    limited = [*TRANSIENT, *settings(solver__max_steps=12), "-o", folder]
    done = sim("run", *limited, cwd=tmp_path)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "12 steps were not enough: stopped at t =" in done.stderr
    assert f"kept: {folder}" in done.stderr
    manifest, summary = read_json(folder / "manifest.json"), read_json(folder / "summary.json")
    assert manifest["status"] == "failed"
    assert "12 steps" in manifest["reason"]
    metrics, whole = read_csv(folder / "metrics.csv"), read_csv(undisturbed / "metrics.csv")
    assert metrics["time_s"].size == 12
    for name in metrics.keys() - set(ROUNDING):
        assert metrics[name] == pytest.approx(whole[name][:12], rel=1e-12), name
        assert metrics[name][-1] == summary.get(name, metrics[name][-1])
    assert frames(folder, "bulk")[-1][0] == frames(folder, "interface")[-1][0] == summary["time_s"]
    assert read_csv(folder / "interface.csv")["phi_V"].size == 13
    # resumed, it is at its limit at once and must not lose what it had
    again = sim("run", *limited, "--resume", cwd=tmp_path)
    assert again.returncode == 3, again.stderr
    assert read_json(folder / "summary.json") == summary
    assert read_csv(folder / "metrics.csv")["time_s"].size == 12


def test_a_steady_state_that_is_not_found_says_what_to_try(tmp_path: Path) -> None:
    limited = [*COARSE, *settings(solver__max_newton_iterations=2), "-o", "run"]
    done = sim("run", CONFIGS / "pia.yaml", *limited, cwd=tmp_path)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    message = done.stderr.splitlines()[-2]
    for word in ("no steady state found", "potentiostatic", "2 iterations", "last updates", "kT", "try"):
        assert word in message
    assert status(tmp_path / "run") == "failed"
    assert "no convergence in 2 iterations" in (tmp_path / "run" / "log.txt").read_text()


def test_the_second_interrupt_is_at_once(tmp_path: Path) -> None:
    """Ctrl-C twice ends a run that does not come to ask; no status is then written."""
    program = (
        "import os, signal, sys, time\n"
        "from sim.terminal.interrupt import StopRequest\n"
        "StopRequest().install()\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "print('asked', flush=True)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "print('still here', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split("\n")[0] == "asked"
    assert "still here" not in done.stdout
    assert "KeyboardInterrupt" in done.stderr
