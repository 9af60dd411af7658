"""From folders to the file of a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.output.atomic import write_text
from sim.view.errors import ViewError
from sim.view.report.assumptions import KnownConfig
from sim.view.report.comparison import comparison_document
from sim.view.report.document import Document
from sim.view.report.experiment import experiment_document
from sim.view.report.kinds import COMPARISON, EXPERIMENT, RUN, SWEEP, kind_of, runs_of
from sim.view.report.page import render
from sim.view.report.run import run_document
from sim.view.report.sweep import sweep_document


def write_report(
    folders: Sequence[Path], target: Path, known: Sequence[KnownConfig] = (), table: Any = None
) -> Path:
    """Write the report of one folder, or of several runs side by side, and return its file.

    known: the shipped configs with the sources of their values; table: the dataset of a sweep's table.
    The file appears when it is whole. Raises ViewError where a folder holds nothing of the kind.
    """
    document = _document(folders, known, table)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_text(target, render(document))
    return target


def _document(folders: Sequence[Path], known: Sequence[KnownConfig], table: Any) -> Document:
    kinds = [kind_of(folder) for folder in folders]
    if len(folders) > 1:
        for folder, kind in zip(folders, kinds, strict=True):
            if kind != RUN:
                raise ViewError(
                    f"{folder}: is the folder of a {kind}; several folders must be runs, to be compared"
                )
        return comparison_document(folders, known)
    (folder,), (kind,) = folders, kinds
    if kind == SWEEP:
        if table is None:
            raise ViewError(f"{folder}: the report of a sweep needs its table")
        return sweep_document(folder, table, known)
    if kind == EXPERIMENT:
        return experiment_document(folder, known)
    if kind == COMPARISON:
        return comparison_document(runs_of(folder), known)
    return run_document(folder, known)
