"""Tables of files as tables of the page."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.view.report.markup import Html, element, folded, join, number_cell, table
from sim.view.report.names import with_unit
from sim.view.sweeps.words import brief

#: rows that are shown without a click, and at all
SHOWN, MOST = 40, 400
_DIGITS = 5


def frame_table(frame: pd.DataFrame, label: str, file: str = "") -> Html:
    """A table with words and units as heads; folded where it is long, cut where it is very long.

    file: where all rows are, told when they are not all here.
    """
    rows = [[_cell(value) for value in row] for row in frame.head(MOST).itertuples(index=False, name=None)]
    head = [element("span", with_unit(str(name)), title=str(name)) for name in frame.columns]
    made = table(head, rows, label=label)
    if len(frame) <= SHOWN:
        return made
    cut = f"The first {MOST} of {len(frame)} rows; all are in {file}." if len(frame) > MOST else ""
    title = f"{label[:1].upper()}{label[1:]} ({len(frame)} rows)"
    return folded(title, join([element("p", cut) if cut else "", made]), prints=False)


def _cell(value: Any) -> object:
    """A number to five digits, with all of them for machines; words as they are."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "–" if value is None else str(value)
    if isinstance(value, int):
        return number_cell(str(value), value)
    return number_cell(brief(value, _DIGITS), value) if math.isfinite(value) else "–"
