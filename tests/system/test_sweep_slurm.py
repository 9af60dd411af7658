"""Sweeps on a real SLURM of one node: pilot jobs through Parsl, and job arrays.

Workers are killed and jobs cancelled in the middle; at the end every point is there once and equals, bit for bit, that
of a sweep on this machine which nobody disturbed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.commands import CONFIGS, command, environment, read_json
from tests.system.slurm import SlurmNode, missing_programs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_programs()), reason=missing_programs()),
]

POINTS = 40
#: a thin and coarse flat cell: half a second a point
SWEEP = f"""\
name: slurm
base: {CONFIGS / "pia.yaml"}
set: {{output.fields: false, output.figures: false, mesh.columns: 4, cell.anode_profile: {{kind: flat}}}}
axes:
  - {{key: interface.surface_diffusivity, from: 1e-11 m^2/s, to: 1e-7 m^2/s, points: 10, spacing: logarithmic}}
  - {{key: interface.sites.N1.density, from: 0.1 / nm^2, to: 0.7 / nm^2, points: 4}}
"""
LAST_AXIS = SWEEP.splitlines()[-1]
PROFILE = """\
provider: slurm
jobs: 2
workers_per_node: 1
walltime: 10 min
poll: 2 s
patience: 12 s
"""
#: the most tasks of an array that the SLURM of these tests allows
ARRAY_SIZE = 5


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlurmNode]:
    with SlurmNode.started(tmp_path_factory.mktemp("slurm"), cpus=2, array_size=ARRAY_SIZE) as node:
        yield node
    assert not node.processes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sweep and the profile."""
    folder = tmp_path_factory.mktemp("sweeps")
    (folder / "sweep.yaml").write_text(SWEEP)
    (folder / "cluster.yaml").write_text(PROFILE)
    return folder


@pytest.fixture(scope="module")
def local(place: Path) -> dict[str, dict[str, object]]:
    """The results of the same sweep on this machine."""
    done = subprocess.run(
        command("sweep", "sweep.yaml", "-o", "local", "-j", "2"),
        cwd=place,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return results(place / "local")


def results(folder: Path) -> dict[str, dict[str, object]]:
    """Id -> numbers of every point that is done."""
    return {path.name: read_json(path / "summary.json") for path in (folder / "points").glob("[!.]*")}


def times(folder: Path) -> dict[str, int]:
    """Id -> when the run folder of a point was finished."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "points").glob("[!.]*")}


def started(place: Path, slurm: SlurmNode, *arguments: object) -> subprocess.Popen[str]:
    """A command of `sim` that knows the SLURM."""
    return subprocess.Popen(
        command(*arguments),
        cwd=place,
        env=environment() | slurm.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def wait_until(true: Callable[[], bool], what: str, seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not after {seconds:g} s: {what}"
        time.sleep(0.05)


def workers(node: SlurmNode) -> list[int]:
    """The processes that compute points in SLURM's jobs: they hold a run folder in the making."""
    return [one for one in node.processes() if b"multiprocessing.spawn" in command_line(one)]


def command_line(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_worker_is_killed_a_job_cancelled_and_the_sweep_stopped(
    place: Path, slurm: SlurmNode, local: dict[str, dict[str, object]]
) -> None:
    """The sweep goes on by itself after the first two, takes its jobs along with it, and resumes."""
    folder = place / "disturbed"
    arguments = ["sweep", "sweep.yaml", "-o", folder, "--profile", "cluster.yaml"]
    sweep = started(place, slurm, *arguments)

    def reached(points: int) -> None:
        wait_until(lambda: len(results(folder)) >= points or sweep.poll() is not None, f"{points} points")
        assert sweep.poll() is None, sweep.communicate()[0]

    try:
        reached(3)
        os.kill(workers(slurm)[-1], signal.SIGKILL)
        reached(8)
        slurm.run("scancel", slurm.jobs("running")[0])
        reached(14)
        sweep.terminate()
        said, _ = sweep.communicate(timeout=60)
    finally:
        sweep.kill()
    assert sweep.returncode == 75, said
    wait_until(lambda: not slurm.jobs(), "no jobs left", 20)
    before = times(folder)
    assert 14 <= len(before) < POINTS
    resumed = started(place, slurm, *arguments, "--resume")
    said, _ = resumed.communicate(timeout=120)
    assert resumed.returncode == 0, said
    assert results(folder) == local
    assert before.items() <= times(folder).items()
    assert not list((folder / "points").glob(".*"))


def test_a_job_array_of_chunks_is_submitted_twice(
    place: Path, slurm: SlurmNode, local: dict[str, dict[str, object]]
) -> None:
    """Cancelled in the middle, submitted again: only what is missing is computed. A quarter of the points."""
    folder = place / "array"
    (place / "quarter.yaml").write_text(SWEEP.replace(LAST_AXIS, ""))
    arguments = [
        "sweep",
        "export",
        "quarter.yaml",
        "-o",
        folder,
        "--set",
        "interface.sites.N1.density=0.1/nm^2",
    ]
    export = started(place, slurm, *arguments, "--chunk", "1")
    said, _ = export.communicate(timeout=60)
    assert export.returncode == 2
    assert f"10 tasks are more than the {ARRAY_SIZE} that an array may have; use --chunk 2" in said
    export = started(place, slurm, *arguments, "--resume", "--chunk", "2")
    said, _ = export.communicate(timeout=60)
    assert export.returncode == 0, said
    script = re.search(r"sbatch (\S+)", said)
    assert script is not None
    assert "5 tasks of 2" in said
    slurm.run("sbatch", script[1])
    wait_until(lambda: len(results(folder)) >= 3, "3 points")
    slurm.run("scancel", *slurm.jobs())
    wait_until(lambda: not slurm.jobs(), "no jobs left", 20)
    before = set(results(folder))
    assert len(before) < 10
    slurm.run("sbatch", script[1])
    wait_until(lambda: not slurm.jobs(), "the array's end")
    told = "".join(path.read_text() for path in (folder / "jobs").glob("*.txt"))
    assert len(results(folder)) == 10, told
    assert results(folder).items() <= local.items()
    again = re.findall(r"(\w+)  done before", told)
    assert set(again) == before
    status = started(place, slurm, "sweep", "status", folder)
    assert "10 of 10 points done, 0 failed" in status.communicate(timeout=30)[0]


def test_jobs_that_cannot_start_end_the_sweep_with_their_reason(place: Path, slurm: SlurmNode) -> None:
    (place / "broken.yaml").write_text(PROFILE + "launch_prefix: no-such-launcher\n")
    arguments = ["sweep", "sweep.yaml", "-o", "broken", "--profile", "broken.yaml"]
    sweep = started(place, slurm, *arguments)
    said, _ = sweep.communicate(timeout=120)
    assert sweep.returncode == 1, said
    assert "no-such-launcher: command not found" in said
