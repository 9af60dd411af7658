"""The interactive view of tables: a reader chooses the axes and picks values. Nothing in it is interpolated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.view.reader import CURRENT, Run
from sim.view.report.names import with_unit

#: digits of a value in the page
DIGITS = 9
#: from this ratio of the largest to the least value on, positive numbers get a logarithmic axis
WIDE = 30.0
#: from this ratio on, only powers of ten are written on it
DECADES = 1e3
RUN = "run"
#: places of interface.csv, which are shown in µm
PLACES, MICRO = ("x_m", "y_m", "arc_length_m"), 1e6


@dataclass(frozen=True)
class Explored:
    """One table of the view.

    x, y, colour: columns that are shown first (colour: none where empty); lines: join the points of a colour.
    """

    title: str
    table: pd.DataFrame
    x: str
    y: str
    colour: str = ""
    lines: bool = False

    @property
    def content(self) -> dict[str, Any]:
        """For the page's program."""
        columns = [_column(str(name), self.table[name]) for name in self.table.columns]
        shown = {"title": self.title, "x": self.x, "y": self.y, "colour": self.colour, "lines": self.lines}
        return shown | {"columns": [column for column in columns if column is not None]}


def along_the_anode(runs: Sequence[Run], titles: Sequence[str]) -> list[Explored]:
    """interface.csv of every run that has one, in one table."""
    tables = []
    for run, title in zip(runs, titles, strict=True):
        if run.has_interface:
            own = run.interface.copy()
            own.insert(0, RUN, title)
            tables.append(own)
    if not tables:
        return []
    return [
        Explored("along the anode", pd.concat(tables, ignore_index=True), "x_m", CURRENT, RUN, lines=True)
    ]


def against_time(runs: Sequence[Run], titles: Sequence[str]) -> list[Explored]:
    """metrics.csv of every run of more than one step, from the first step on."""
    tables = []
    for run, title in zip(runs, titles, strict=True):
        if "time_s" in run.metrics.columns and len(run.metrics) > 1:
            own = run.metrics[np.isfinite(run.metrics["time_s"]) & (run.metrics["time_s"] > 0)].copy()
            own.insert(0, RUN, title)
            tables.append(own)
    if not tables or "current_density_cv" not in tables[0].columns:
        return []
    table = pd.concat(tables, ignore_index=True)
    return [Explored("against time", table, "time_s", "current_density_cv", RUN, lines=True)]


def _column(name: str, values: pd.Series) -> dict[str, Any] | None:
    """A column with its words; None where it holds nothing."""
    if values.isna().all():
        return None
    if values.dtype == bool or not pd.api.types.is_numeric_dtype(values):
        return {"name": name, "label": name.replace("_", " "), "words": True, "values": [*map(str, values)]}
    numbers = values.to_numpy(dtype=float) * (MICRO if name in PLACES else 1.0)
    known = numbers[np.isfinite(numbers)]
    wide = known.size > 0 and known.min() > 0 and known.max() > WIDE * known.min()
    spans = bool(wide and known.max() > DECADES * known.min())
    listed = [float(f"{number:.{DIGITS}g}") if np.isfinite(number) else None for number in numbers]
    label = with_unit(name).replace("$_\\mathrm{lim}$", "_lim")
    if name in PLACES:
        label = label.replace("(m)", "(µm)")
    return {"name": name, "label": label, "words": False, "log": bool(wide), "wide": spans, "values": listed}
