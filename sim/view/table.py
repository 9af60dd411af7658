"""Tables of a comparison: as data (one row per run, CSV) and as a picture set like a table in a journal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.output.atomic import write_whole
from sim.view.labels import MESH_ERROR, METRICS, metric_label, metric_value
from sim.view.reader import Run
from sim.view.style import INK, PAGE_WIDTH, STYLE, new_figure

LINE_HEIGHT = 5.0  #: of a table's row [mm]
LABEL_SHARE = 0.34  #: of the width, for the names of the rows


def comparison_table(folders: Sequence[Path | str]) -> pd.DataFrame:
    """One row per finished run: name, title, mode, drive, then metrics under their names with units.

    Mesh errors follow where a summary has them. ViewError where a run is missing or not finished.
    """
    return table_of([Run.from_folder(folder).require_done() for folder in folders])


def table_of(runs: Sequence[Run]) -> pd.DataFrame:
    """`comparison_table` of runs that are open already."""
    errors = sorted({key for run in runs for key in run.summary if key.startswith(MESH_ERROR)})
    rows = []
    for run in runs:
        settings = run.settings
        row: dict[str, object] = {
            "name": settings.name,
            "title": settings.title,
            "mode": settings.mode,
            "drive": settings.drive,
        }
        rows.append(row | {name: run.metric(name) for name in [*METRICS, *errors]})
    return pd.DataFrame(rows)


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Writes a table; the file appears when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda temporary: table.to_csv(temporary, index=False))
    return path


@mpl.rc_context(STYLE)
def table_figure(table: pd.DataFrame) -> Figure:
    """A comparison's table with the runs as columns and the metrics, with their units, as rows."""
    metrics = [column for column in table.columns if column in METRICS or column.startswith(MESH_ERROR)]
    head = ["", *_heads(table)]
    rows = [[metric_label(name), *[metric_value(name, value) for value in table[name]]] for name in metrics]
    return draw_rows(head, rows, ", ".join(dict.fromkeys(table["drive"])))


def _heads(table: pd.DataFrame) -> list[str]:
    """Title of each run and, in a second line, what stands in brackets, or its drive where the drives differ."""
    if table["drive"].nunique() < 2:
        return [str(title).replace(" (", "\n(") for title in table["title"]]
    rows = zip(table["title"], table["drive"], strict=True)
    return [f"{str(title).split(' (')[0]}\n{str(drive).split(' ', 1)[-1]}" for title, drive in rows]


def draw_rows(head: list[str], rows: list[list[str]], title: str, groups: Sequence[str] = ()) -> Figure:
    """Texts in columns between three rules; the first column to the left, the others centred; two-line heads.

    `groups` head equal shares of the columns after the first, above a thin rule each.
    """
    depth = 2.2
    top = -depth - (1.1 if groups else 0.0)
    figure = new_figure(PAGE_WIDTH, LINE_HEIGHT * (len(rows) - top + 2))
    figure.set_layout_engine("none")
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) + 0.4, top - 1.4)
    axes.text(0, top - 0.7, title, weight="bold", va="center", size=STYLE["axes.titlesize"])
    for y, width in ((top, 0.9), (0, 0.5), (len(rows), 0.9)):
        axes.axhline(y, color=INK, linewidth=width)
    for index, group in enumerate(groups):
        _write_group(axes, -depth, index, group, (1 - LABEL_SHARE) / len(groups))
    for line in range(2):
        texts = [text.split("\n")[line] if text.count("\n") >= line else "" for text in head]
        _write_row(axes, (0.9 * line - 0.65) * 1.0 - 0.4 * depth, texts, "normal" if line else "bold")
    for index, row in enumerate(rows):
        _write_row(axes, index + 0.5, row)
    return figure


def _write_group(axes: Axes, y: float, index: int, text: str, width: float) -> None:
    start = LABEL_SHARE + index * width
    axes.text(start + 0.5 * width, y - 0.55, text, va="center", ha="center", weight="bold")
    axes.plot([start + 0.02 * width, start + 0.98 * width], [y, y], color=INK, linewidth=0.4)


def _write_row(axes: Axes, y: float, texts: list[str], weight: str = "normal") -> None:
    width = (1 - LABEL_SHARE) / max(len(texts) - 1, 1)
    axes.text(0, y, texts[0], va="center", weight=weight)
    for index, text in enumerate(texts[1:]):
        axes.text(LABEL_SHARE + (index + 0.5) * width, y, text, va="center", ha="center", weight=weight)
