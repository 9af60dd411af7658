"""A point that is an MPI run: ``mpirun -n RANKS sim run`` as a user would type it, below a worker."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from sim.config import RunConfig, dump_config
from sim.output.atomic import write_text
from sim.sweeps.order import DONE, PointFailed

#: the command that starts ranks, where it is not mpirun: SIM_MPIRUN="srun --overlap"
COMMAND = "SIM_MPIRUN"
#: lines of what a failed run said that become its reason
_LAST_LINES = 3


def run_on_ranks(config: RunConfig, folder: Path, ranks: int, *, mesh_study: bool) -> None:
    """Run a config on several ranks into an empty folder; raises PointFailed with its exit code."""
    file = folder.with_name(f"{folder.name}.yaml")
    write_text(file, dump_config(config))
    launcher = shlex.split(os.environ.get(COMMAND, "mpirun"))
    command = [*launcher, "-n", str(ranks), sys.executable, "-m", "sim", "run", str(file), "-o", str(folder)]
    try:
        run = subprocess.run(
            command + (["--mesh-study"] if mesh_study else []),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    finally:
        file.unlink(missing_ok=True)
    if run.returncode != DONE:
        code = run.returncode if run.returncode > 0 else 128 - run.returncode
        raise PointFailed(code, _recorded(folder) or _said(run.stdout) or f"exit code {code}")


def _recorded(folder: Path) -> str:
    """The reason that a failed run left in its manifest."""
    try:
        return str(json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("reason", ""))
    except (OSError, ValueError):
        return ""


def _said(output: str) -> str:
    """The last lines of a run, without what launchers add below a rule of dashes."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    rule = next((number for number, line in enumerate(lines) if line.startswith("-----")), len(lines))
    return " | ".join(lines[:rule][-_LAST_LINES:])


def environment() -> dict[str, str]:
    """What children need to find this simulator, with one thread each."""
    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    return os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
