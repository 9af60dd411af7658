"""Small cells, run as `sim run` does; the mappings and readers are those of the verification book."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from sim.config import RunConfig, build_config
from sim.simulation import run
from sim.verification.cells import CONFIGS, merged
from sim.verification.readback import RunFolder


def config_of(mapping: Mapping[str, Any]) -> RunConfig:
    """The validated config of a mapping; files in it are absolute."""
    return build_config(mapping, CONFIGS)


def solve(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Summary of a run that writes nothing."""
    return run(config_of(mapping), None, MPI.COMM_WORLD).summary


def run_in(folder: Path, mapping: Mapping[str, Any], *, fields: bool = False) -> RunFolder:
    """Run into a folder."""
    run(config_of(merged(mapping, {"output": {"fields": fields}})), folder, MPI.COMM_WORLD)
    return RunFolder(folder)


def write_table(path: Path, x: np.ndarray, per_nm2: np.ndarray) -> str:
    """A site map as CSV; returns its name for a config."""
    lines = [f"{a!r},{b!r}" for a, b in zip(x.tolist(), per_nm2.tolist(), strict=True)]
    path.write_text("\n".join(["x_m,density_per_nm2", *lines]) + "\n")
    return str(path)
