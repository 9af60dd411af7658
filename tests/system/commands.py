"""The commands as a user types them, in processes of their own, and the files that they leave."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
#: a mesh that is solved in a tenth of a second
COARSE = ("--set", "mesh.columns=6", "--set", "output.figures=false")
#: pia for a millisecond of its charging: 28 steps to 10 us and 120 more, which leave time for signals
TRANSIENT = (
    CONFIGS / "pia.yaml",
    *COARSE,
    *("--set", "operation.duration=1 ms"),
    *("--set", "operation.output_times=[1 us, 10 us, 1 ms]"),
    *("--set", "solver.max_step=10 us"),
)
#: the second of the times [s] at which it writes fields
MIDDLE = 1e-5
#: budgets of a run [1]
ERRORS = ("anion_inventory_error", "lithium_balance_error", "charge_balance_error")
#: numbers that are rounding, hence others on another number of ranks or after a continuation
ROUNDING = (*ERRORS, "worst_budget_error", "detailed_balance_error")


def settings(**values: Any) -> list[str]:
    """``--set`` for keys whose dots are written as two underscores."""
    return [part for key, value in values.items() for part in ("--set", f"{key.replace('__', '.')}={value}")]


def environment() -> dict[str, str]:
    """One thread, our source; root may use mpirun, whose ranks give way while they wait."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))),
        "OMP_NUM_THREADS": "1",
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "OMPI_MCA_mpi_yield_when_idle": "1",
    }


def command(*arguments: object, ranks: int = 0) -> list[str]:
    """``sim ARGUMENTS``, below mpirun where ``ranks`` is given."""
    mpirun = ["mpirun", "-n", str(ranks)] if ranks else []
    return [*mpirun, sys.executable, "-m", "sim", *map(str, arguments)]


def sim(
    *arguments: object, cwd: Path, ranks: int = 0, timeout: float = 180
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*arguments, ranks=ranks),
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def start(*arguments: object, cwd: Path, ranks: int = 0) -> subprocess.Popen[str]:
    """Start a command; what it says is dropped."""
    return subprocess.Popen(
        command(*arguments, ranks=ranks),
        cwd=cwd,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def wait_until(true: Callable[[], bool], what: str, process: subprocess.Popen[str]) -> None:
    """Return as soon as a running command has brought something about."""
    end = time.monotonic() + 60.0
    while not true():
        assert process.poll() is None, f"ended with {process.returncode} before there was {what}"
        assert time.monotonic() < end, f"no {what} after a minute"
        time.sleep(0.01)


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    """Return as soon as a running command has written a file."""
    wait_until(path.exists, path.name, process)


def wait_for_frame(folder: Path, moment: float, process: subprocess.Popen[str]) -> None:
    """Return as soon as a run's fields at a time [s] can be read: an index names a file after it was written, and that
    of the interface is the last."""

    def named() -> bool:
        index = folder / "fields" / "interface.pvd"
        return index.exists() and moment in [entry for entry, _ in frames(folder, "interface")]

    wait_until(named, f"frame at {moment:g} s", process)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def read_csv(path: Path) -> dict[str, np.ndarray]:
    """Columns of a CSV file of numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    columns = np.array([[float(value) for value in row] for row in rows[1:]]).reshape(-1, len(rows[0])).T
    return dict(zip(rows[0], columns, strict=True))


def frames(folder: Path, name: str) -> list[tuple[float, Path]]:
    """(time [s], file) of every entry of ``fields/<name>.pvd``."""
    index = folder / "fields" / f"{name}.pvd"
    entries = ElementTree.parse(index).getroot().iter("DataSet")
    return [(float(entry.attrib["timestep"]), index.parent / entry.attrib["file"]) for entry in entries]


def status(folder: Path) -> str:
    """What a run folder says about itself."""
    return str(read_json(folder / "manifest.json")["status"])
