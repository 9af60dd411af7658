"""Whether two runs differ by more than the errors of their meshes, and what a reader must be told of a comparison."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from sim.view.labels import MESH_ERROR, METRICS, number, short_title
from sim.view.reader import Run

#: metrics in which every pair of runs is compared
HEADLINE = (
    "current_density_mean_A_m2",
    "current_density_cv",
    "current_density_max_over_mean",
    "ionic_current_density_cv",
    "cell_voltage_V",
)
COLUMNS = ("first", "second", "metric", "difference", "error", "resolved")
YES, NO, UNKNOWN = "yes", "no", "unknown"


def resolution_table(runs: Sequence[Run]) -> pd.DataFrame:
    """A row per pair of runs and headline metric: |difference|, the sum of both mesh errors, resolved yes, no, unknown.

    The sum is the most by which the difference can be wrong; errors that two runs on one mesh share make it safe.
    What the drive prescribes for both is left out, and what one of them lacks.
    """
    rows = [
        (first.settings.name, second.settings.name, name, *_compared(first, second, name))
        for first, second in combinations(runs, 2)
        for name in HEADLINE
        if not (_prescribed(first, name) and _prescribed(second, name))
        and not math.isnan(first.metric(name) + second.metric(name))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _compared(first: Run, second: Run, name: str) -> tuple[float, float, str]:
    """Difference, error of the difference and whether it is resolved."""
    difference = abs(first.metric(name) - second.metric(name))
    error = first.metric(MESH_ERROR + name) + second.metric(MESH_ERROR + name)
    if math.isnan(error):
        return difference, error, UNKNOWN
    return difference, error, YES if difference > error else NO


def _prescribed(run: Run, name: str) -> bool:
    """Whether the drive prescribes a metric: the voltage, or at a steady state the current."""
    if run.settings.mode == "potentiostatic":
        return name == "cell_voltage_V"
    return name == "current_density_mean_A_m2" and run.metric("steady") == 1


def mesh_remarks(runs: Sequence[Run]) -> list[str]:
    """A sentence for each pair that the meshes do not tell apart and each run without errors, or that there is none."""
    if len(runs) < 2:
        return []
    table = resolution_table(runs)
    said = [
        f"{short_title(run)}: the error of its mesh is not known, nor whether it differs from the others by more"
        for run in runs
        if math.isnan(run.metric(MESH_ERROR + "current_density_cv"))
    ]
    titles = {run.settings.name: short_title(run) for run in runs}
    for row in table[table["resolved"] == NO].itertuples():
        quantity = METRICS[row.metric]
        unit = "" if quantity.unit == "–" else f" {quantity.unit}"
        difference, error = (f"{number(value, 2)}{unit}" for value in (row.difference, row.error))
        said.append(
            f"{titles[row.first]} and {titles[row.second]} differ in {quantity.words} by {difference}, "
            f"less than the errors of their meshes ({error})"
        )
    return said or ["all pairs of runs differ by more than the errors of their meshes"]


def warning_remarks(runs: Sequence[Run]) -> list[str]:
    """The warnings of the runs, each with its run."""
    return [f"warning: {short_title(run)}: {text}" for run in runs for text in run.warnings]


def comparison_remarks(folders: Sequence[Path | str]) -> list[str]:
    """What the screen says below a comparison of finished runs. ViewError where one is missing."""
    runs = [Run.from_folder(folder).require_done() for folder in folders]
    return [*mesh_remarks(runs), *warning_remarks(runs)]
