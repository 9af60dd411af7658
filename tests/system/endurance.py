"""A sweep under fire: `kill -9` of random processes at random moments, resumed until done, against an undisturbed one.

    ./sim.sh python -m tests.system.endurance [--points 200] [--slurm] [--seed 0] [--folder DIR]

Too long for the suite, whose tests of sweeps do the same at a few chosen moments. Says what was killed, and ends with
0 where every point is there once, with the numbers of the undisturbed sweep bit for bit.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import psutil

from tests.system.commands import CONFIGS, command, environment, read_json
from tests.system.slurm import SlurmNode

SWEEP = f"""\
base: {CONFIGS / "pia.yaml"}
set: {{output.fields: false, output.figures: false, mesh.columns: 6}}
axes:
  - {{key: interface.surface_diffusivity, from: 1e-11 m^2/s, to: 1e-7 m^2/s, points: POINTS, spacing: logarithmic}}
  - {{key: operation.mode, values: [potentiostatic, galvanostatic]}}
"""
PROFILE = """\
provider: slurm
jobs: 2
workers_per_node: 1
walltime: 20 min
poll: 2 s
patience: 12 s
"""
#: a kill comes up to so many seconds after the first point since the one before, or after so many without any
LATEST, PATIENCE = 9.0, 60.0
#: how often the sweep itself is what is killed
SHARE_OF_PLANNER = 0.2


def results(folder: Path) -> dict[str, tuple[object, bytes]]:
    """All numbers of every point that is done."""
    return {
        path.name: (read_json(path / "summary.json"), (path / "interface.csv").read_bytes())
        for path in (folder / "points").glob("[!.]*")
    }


def start(folder: Path, extra: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    """The sweep, begun or resumed."""
    resume = ["--resume"] if folder.exists() else []
    words = command("sweep", "sweep.yaml", "-o", folder.name, *extra, *resume)
    with (folder.parent / "said.txt").open("ab") as said:
        return subprocess.Popen(
            words, cwd=folder.parent, env=environment() | variables, stdout=said, stderr=said
        )


def victims(place: Path) -> list[psutil.Process]:
    """Everything in a folder that computes points or brings them about, save the sweep's own process."""
    found = []
    for process in psutil.process_iter():
        try:
            chain = [process, *process.parents()]
            ours = any("sim.sweeps." in " ".join(one.cmdline()) for one in chain)
            if ours and any(place in (Path(one.cwd()), *Path(one.cwd()).parents) for one in chain):
                found.append(process)
        except psutil.Error:
            continue
    return found


def kind(process: psutil.Process) -> str:
    """What a process is, by its command."""
    try:
        words = process.cmdline()
    except psutil.Error:
        return "gone"
    return next((word for word in words if word.startswith("sim.sweeps.")), "worker")


def wait_for_progress(sweep: subprocess.Popen[bytes], folder: Path) -> None:
    """Return when another point is done, or the sweep has ended, or nothing came for a while."""
    end, before = time.monotonic() + PATIENCE, len(list((folder / "points").glob("[!.]*")))
    while time.monotonic() < end and sweep.poll() is None:
        if len(list((folder / "points").glob("[!.]*"))) > before:
            return
        time.sleep(0.1)


def under_fire(
    folder: Path, extra: list[str], variables: dict[str, str], luck: random.Random
) -> Counter[str]:
    """Compute a sweep while its processes are killed; returns how often what was killed."""
    killed: Counter[str] = Counter()
    sweep = start(folder, extra, variables)
    while True:
        wait_for_progress(sweep, folder)
        try:
            if sweep.wait(luck.uniform(0.0, LATEST)) == 0:
                return killed
            sweep = start(folder, extra, variables)
            continue
        except subprocess.TimeoutExpired:
            pass
        if luck.random() < SHARE_OF_PLANNER:
            sweep.kill()
            sweep.wait()
            killed["sweep"] += 1
            time.sleep(luck.uniform(0.0, 2.0))
            sweep = start(folder, extra, variables)
        elif targets := victims(folder.parent):
            target = luck.choice(targets)
            name = kind(target)
            try:
                target.send_signal(signal.SIGKILL)
            except psutil.Error:
                continue
            killed[name] += 1


def main() -> int:
    """Both sweeps and their comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--slurm", action="store_true", help="the disturbed sweep on a SLURM of one node")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=None)
    chosen = parser.parse_args()
    place = (chosen.folder or Path(tempfile.mkdtemp(prefix="endurance-"))).resolve()
    place.mkdir(parents=True, exist_ok=True)
    (place / "sweep.yaml").write_text(SWEEP.replace("POINTS", str(chosen.points // 2)), encoding="utf-8")
    (place / "cluster.yaml").write_text(PROFILE, encoding="utf-8")
    if start(place / "undisturbed", ["-j", "2"], {}).wait() != 0:
        sys.exit("the undisturbed sweep failed")
    extra = ["--profile", "cluster.yaml"] if chosen.slurm else ["-j", "2"]
    node = SlurmNode.started(place / "slurm", cpus=2) if chosen.slurm else nullcontext()
    (place / "slurm").mkdir(exist_ok=True)
    began = time.monotonic()
    with node as slurm:
        variables = slurm.environment if slurm is not None else {}
        killed = under_fire(place / "disturbed", extra, variables, random.Random(chosen.seed))
    wanted, found = results(place / "undisturbed"), results(place / "disturbed")
    equal = sum(found.get(name) == result for name, result in wanted.items())
    sys.stdout.write(
        f"{len(found)} of {len(wanted)} points, {equal} bit for bit, after {sum(killed.values())} kills in "
        f"{time.monotonic() - began:.0f} s: {dict(killed)}\n"
    )
    return int(found != wanted)


if __name__ == "__main__":
    sys.exit(main())
