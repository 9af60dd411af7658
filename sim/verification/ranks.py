"""`sim run` as a user types it, on any number of ranks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.verification.bench import Bench
from sim.verification.readback import RunFolder

#: mpirun may start more ranks than there are cores, and as root in a container
SETTINGS = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMP_NUM_THREADS": "1",
}


def has_ranks() -> bool:
    """Whether mpirun is there."""
    return shutil.which("mpirun") is not None


def environment() -> dict[str, str]:
    """Of this process, with the settings."""
    return os.environ | SETTINGS


def command(config: Path, folder: Path, ranks: int, *options: str) -> list[str]:
    """`sim run` into a folder."""
    start = ["mpirun", "-n", str(ranks)] if ranks > 1 else []
    return [*start, sys.executable, "-m", "sim", "run", str(config), "-o", str(folder), *options]


def write_config(path: Path, mapping: Mapping[str, Any]) -> Path:
    """The mapping as a YAML file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(dict(mapping), file)
    return path


def summary_on(ranks: int, bench: Bench, mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Summary of a run in a process of its own. Raises RuntimeError with what it said if it failed."""
    config = write_config(bench.scratch / f"{name}.yaml", mapping)
    folder = bench.scratch / f"{name}-on-{ranks}"
    arguments = command(config, folder, ranks)
    done = subprocess.run(
        arguments, env=environment(), capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr}")
    return RunFolder(folder).summary
