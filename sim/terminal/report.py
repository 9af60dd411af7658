"""``sim report``: one self-contained HTML file from the folders of runs, of a comparison, a sweep or an experiment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.view.report import KnownConfig

DONE, WRONG_INPUT = 0, 2
NAME = "report.html"


def run_report(folders: Sequence[Path], output: Path | None) -> int:
    """Write the report and say where it is; returns the exit code."""
    from sim.view.errors import ViewError
    from sim.view.report import write_report

    target = output or (folders[0] / NAME if len(folders) == 1 else Path(NAME))
    try:
        written = write_report(folders, target, known_configs(), _table(folders))
    except ViewError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{target}: cannot be written: {error.strerror or error}")
    sys.stdout.write(f"written: {written} ({written.stat().st_size / 1e6:.1f} MB)\n")
    return DONE


def _refuse(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return WRONG_INPUT


def _table(folders: Sequence[Path]) -> Any:
    """The table of a sweep, None for other folders; raises ViewError."""
    from sim.view.report import SWEEP, kind_of

    if len(folders) != 1 or kind_of(folders[0]) != SWEEP:
        return None
    from sim.sweeps.store import SweepFolderError
    from sim.sweeps.table import sweep_dataset
    from sim.view.errors import ViewError

    try:
        return sweep_dataset(folders[0])
    except SweepFolderError as error:
        raise ViewError(str(error)) from error


def known_configs() -> list[KnownConfig]:
    """The shipped configs, with the sources of their values."""
    from ruamel.yaml import YAML

    from sim.config.shipped_values import shipped_values
    from sim.view.report import KnownConfig
    from sim.view.report.assumptions import flattened

    reader = YAML(typ="safe")
    return [
        KnownConfig(one.name, flattened(reader.load(one.resolved)), one.comments, one.stated)
        for one in shipped_values()
    ]
