"""How loaded results introduce themselves in a notebook: a few lines and a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import pandas as pd

from sim.view.labels import MESH_ERROR, METRICS, metric_value, number
from sim.view.moments import say_time
from sim.view.reader import Run

#: rows of a table before it is cut
LONGEST = 12
#: of a comparison, in a narrow table
HEADLINES = (
    "current_density_mean_A_m2",
    "j_over_j_lim",
    "current_density_cv",
    "current_density_max_over_mean",
    "coverage_mean",
)
_LIMIT = "j/j$_\\mathrm{lim}$"


def run_html(run: Run) -> str:
    """Title, mode, status, warnings and the metrics with their mesh errors."""
    rows = [
        (
            words(name),
            f"{metric_value(name, value, run.metric(MESH_ERROR + name))} {quantity.unit.strip('–')}",
        )
        for name, quantity in METRICS.items()
        if (value := run.metric(name)) == value
    ]
    said = [run.settings.drive, run.status]
    if len(stored := run.snapshots) > 1:
        said.append(f"fields at {len(stored)} times up to {say_time(stored[-1][0])}")
    return _page(run.settings.title, said, rows, run.warnings)


def runs_html(folder: str, table: pd.DataFrame) -> str:
    """The finished runs with the headline metrics."""
    columns = ["title", "drive", *(name for name in HEADLINES if name in table.columns)]
    heads = ["run", "title", "drive", *(_with_unit(name) for name in columns[2:])]
    body = [
        [str(key), row["title"], row["drive"], *(metric_value(name, row[name]) for name in columns[2:])]
        for key, row in table.iterrows()
    ]
    return f"<p><b>{escape(folder)}</b>: {len(table)} finished runs</p>{_table(heads, body)}"


def sweep_html(title: str, status: Mapping[str, int], table: pd.DataFrame) -> str:
    """Title, how many points are done, and the first rows of the table."""
    counts = ", ".join(f"{count} {word}" for word, count in status.items() if count)
    shown = table.drop(columns=["reason", "wall_time_s", "warnings"], errors="ignore").head(LONGEST)
    body = [[_text(value) for value in row] for row in shown.itertuples(index=False)]
    more = f"<p>… {len(table) - LONGEST} more points</p>" if len(table) > LONGEST else ""
    return f"<p><b>{escape(title)}</b><br>{escape(counts)}</p>{_table(list(shown.columns), body)}{more}"


def experiment_html(name: str, title: str, summary: pd.Series) -> str:
    """Name, cell and results."""
    rows = [(str(key), _text(value)) for key, value in summary.items() if not isinstance(value, list | dict)]
    return _page(f"{name}: {title}", [], rows, ())


def words(name: str) -> str:
    """A metric in words without markup of figures."""
    return METRICS[name].words.replace(_LIMIT, "j/j_lim")


def _with_unit(name: str) -> str:
    unit = METRICS[name].unit
    return words(name) if unit in ("", "–") else f"{words(name)} ({unit})"


def _text(value: object) -> str:
    """A cell: numbers as a reader writes them."""
    if isinstance(value, float):
        return number(value, 4)
    return "–" if value is None else str(value)


def _page(title: str, said: Iterable[str], rows: Iterable[tuple[str, str]], warnings: Iterable[str]) -> str:
    head = f"<p><b>{escape(title)}</b><br>{escape('  ·  '.join(said))}</p>"
    told = "".join(f"<p><b>warning:</b> {escape(text)}</p>" for text in warnings)
    return f"{head}{told}{_table([], [list(row) for row in rows])}"


def _table(heads: list[str], body: list[list[str]]) -> str:
    """An HTML table; every text is escaped."""
    top = "".join(f"<th>{escape(str(head))}</th>" for head in heads)
    rows = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in body
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
