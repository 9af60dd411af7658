"""Tables of a comparison: as data (one row per run, CSV) and as a picture set like a table in a journal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.output.atomic import write_whole
from sim.view.labels import MESH_ERROR, METRICS, metric_label, metric_value
from sim.view.reader import Run
from sim.view.style import INK, MM_PER_INCH, PAGE_WIDTH, STYLE, new_figure

LINE_HEIGHT = 5.0  #: of a table's row [mm]
MARGIN = 3.5  #: left and right of a table [mm]
GAP = 3.0  #: least room between two columns [mm]
#: Metrics that folders of an earlier version lack
LATER = ("outer_field_cv",)


def comparison_table(folders: Sequence[Path | str]) -> pd.DataFrame:
    """One row per finished run: name, title, mode, drive, then metrics under their names with units.

    Mesh errors follow where a summary has them. ViewError where a run is missing or not finished.
    """
    return table_of([Run.from_folder(folder).require_done() for folder in folders])


def table_of(runs: Sequence[Run]) -> pd.DataFrame:
    """`comparison_table` of runs that are open already."""
    errors = sorted({key for run in runs for key in run.summary if key.startswith(MESH_ERROR)})
    metrics = [name for name in METRICS if name not in LATER or any(name in run.summary for run in runs)]
    rows = []
    for run in runs:
        settings = run.settings
        row: dict[str, object] = {
            "name": settings.name,
            "title": settings.title,
            "mode": settings.mode,
            "drive": settings.drive,
        }
        rows.append(row | {name: run.metric(name) for name in [*metrics, *errors]})
    return pd.DataFrame(rows)


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Writes a table; the file appears when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda temporary: table.to_csv(temporary, index=False))
    return path


@mpl.rc_context(STYLE)
def table_figure(table: pd.DataFrame) -> Figure:
    """A comparison's table with the runs as columns and the metrics, with their units and mesh errors, as rows."""
    head = ["", *_heads(table)]
    rows = [[metric_label(name), *values_of(table, name)] for name in table.columns if name in METRICS]
    return draw_rows(head, rows, ", ".join(dict.fromkeys(table["drive"])))


def values_of(table: pd.DataFrame, name: str) -> list[str]:
    """A metric of every run, with its mesh error where one is known and large enough to be read."""
    errors = table.get(MESH_ERROR + name, pd.Series(math.nan, table.index))
    return [metric_value(name, value, error) for value, error in zip(table[name], errors, strict=True)]


def _heads(table: pd.DataFrame) -> list[str]:
    """Title of each run and, in a second line, what stands in brackets, or its drive where the drives differ."""
    if table["drive"].nunique() < 2:
        return [str(title).replace(" (", "\n(") for title in table["title"]]
    rows = zip(table["title"], table["drive"], strict=True)
    return [f"{str(title).split(' (')[0]}\n{str(drive).split(' ', 1)[-1]}" for title, drive in rows]


def draw_rows(head: list[str], rows: list[list[str]], title: str, groups: Sequence[str] = ()) -> Figure:
    """Texts in columns between three rules; the first column to the left, the others centred; two-line heads.

    `groups` head equal shares of the columns after the first, above a thin rule each. The first column is as wide
    as its widest text; the page is wider than PAGE_WIDTH where the others would not hold theirs.
    """
    depth = 2.2
    top = -depth - (1.1 if groups else 0.0)
    figure = new_figure(PAGE_WIDTH, LINE_HEIGHT * (len(rows) - top + 2))
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0.02, 1, 0.96))
    axes.set_axis_off()
    axes.set_ylim(len(rows) + 0.4, top - 1.4)
    lines = [
        [text.split("\n")[line] if text.count("\n") >= line else "" for text in head] for line in range(2)
    ]
    bold, plain = [lines[0]], [lines[1], *rows]
    label = max(_widest(figure, bold, 0, 1, "bold"), _widest(figure, plain, 0, 1)) + GAP
    others = max(_widest(figure, bold, 1, None, "bold"), _widest(figure, plain, 1, None)) + GAP
    width = max(PAGE_WIDTH - 2 * MARGIN, label + others * (len(head) - 1))
    figure.set_figwidth((width + 2 * MARGIN) / MM_PER_INCH)
    axes.set_position((MARGIN / (width + 2 * MARGIN), 0.02, width / (width + 2 * MARGIN), 0.96))
    axes.set_xlim(0, width)
    axes.text(0, top - 0.7, title, weight="bold", va="center", size=STYLE["axes.titlesize"])
    for y, thickness in ((top, 0.9), (0, 0.5), (len(rows), 0.9)):
        axes.axhline(y, color=INK, linewidth=thickness)
    for index, group in enumerate(groups):
        share = (width - label) / len(groups)
        _write_group(axes, -depth, label + index * share, group, share)
    column = (width - label) / max(len(head) - 1, 1)
    for line, texts in enumerate(lines):
        y = (0.9 * line - 0.65) * 1.0 - 0.4 * depth
        _write_row(axes, y, texts, label, column, "normal" if line else "bold")
    for index, row in enumerate(rows):
        _write_row(axes, index + 0.5, row, label, column)
    return figure


def _widest(
    figure: Figure, rows: list[list[str]], start: int, stop: int | None, weight: str = "normal"
) -> float:
    """Width of the widest text in some columns of these rows [mm]."""
    probe = figure.text(0, 0, "", weight=weight)
    widths = [0.0]
    for text in {text for row in rows for text in row[start:stop]}:
        probe.set_text(text)
        widths.append(probe.get_window_extent().width / figure.dpi * MM_PER_INCH)
    probe.remove()
    return max(widths)


def _write_group(axes: Axes, y: float, start: float, text: str, width: float) -> None:
    axes.text(start + 0.5 * width, y - 0.55, text, va="center", ha="center", weight="bold")
    axes.plot([start + 0.02 * width, start + 0.98 * width], [y, y], color=INK, linewidth=0.4)


def _write_row(
    axes: Axes, y: float, texts: list[str], label: float, column: float, weight: str = "normal"
) -> None:
    axes.text(0, y, texts[0], va="center", weight=weight)
    for index, text in enumerate(texts[1:]):
        axes.text(label + (index + 0.5) * column, y, text, va="center", ha="center", weight=weight)
