"""What a folder holds, and the runs of a comparison in their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.view.errors import ViewError
from sim.view.report.provenance import read_manifest

RUN, COMPARISON, SWEEP, EXPERIMENT = "run", "comparison", "sweep", "experiment"


def kind_of(folder: Path) -> str:
    """run, comparison, sweep or experiment; ViewError where it is none of them."""
    if not folder.is_dir():
        raise ViewError(f"{folder}: there is no such folder")
    if (folder / "plan.csv").is_file():
        return SWEEP
    if (folder / "config.yaml").is_file():
        return EXPERIMENT if "experiment" in read_manifest(folder) else RUN
    if runs_of(folder):
        return COMPARISON
    parts = [one.name for one in sorted(folder.iterdir()) if (one / "plan.csv").is_file()]
    hint = f"; its sweeps are {', '.join(parts)}: report one of them" if parts else ""
    raise ViewError(f"{folder}: holds no run, comparison, sweep or experiment{hint}")


def runs_of(folder: Path) -> list[Path]:
    """The run folders of a comparison, in the order of its tables, else by name; those of a demo mode by mode."""
    runs = folder / "runs"
    direct = _run_folders(runs)
    if direct:
        return _ordered(direct, folder)
    below = [_run_folders(one) for one in sorted(runs.glob("[!.]*"), reverse=True)] if runs.is_dir() else []
    return [run for group in below for run in _ordered(group, folder)]


def _run_folders(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob("[!.]*/config.yaml"))


def _ordered(runs: Sequence[Path], folder: Path) -> list[Path]:
    """As in the comparison's table where there is one that names them."""
    for table in sorted(folder.glob("*-table.csv")):
        names = pd.read_csv(table).get("name")
        if names is not None and {run.name for run in runs} <= set(names):
            order = [str(name) for name in names]
            return sorted(runs, key=lambda run: order.index(run.name))
    return list(runs)
