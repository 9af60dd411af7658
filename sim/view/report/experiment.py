"""The report of a virtual experiment, also of one that failed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.view.errors import ViewError
from sim.view.experiments.record import ExperimentRecord
from sim.view.report.assumptions import KnownConfig, assumption_tables, read_values
from sim.view.report.contradictions import contradiction_list
from sim.view.report.document import Document, notice
from sim.view.report.explorer import Explored
from sim.view.report.frames import frame_table
from sim.view.report.markup import Html, bullets, element, folded, join, markdown, paragraphs
from sim.view.report.names import with_unit
from sim.view.report.pictures import Picture
from sim.view.report.provenance import log_tail, provenances, read_manifest
from sim.view.report.run import case_of_config
from sim.view.settings import read_settings

_WORDS_OF_SUMMARY = ("remarks", "skipped")


def experiment_document(folder: Path, known: Sequence[KnownConfig]) -> Document:
    """Everything there is to say of an experiment's folder."""
    manifest = read_manifest(folder)
    summary = _summary_of(folder)
    status, name = str(manifest.get("status", "unknown")), str(manifest.get("experiment", ""))
    settings = read_settings(folder / "config.yaml")
    values = read_values(folder / "config.yaml")
    tables = {path.stem: _read(path) for path in sorted(folder.glob("*.csv"))}
    return Document(
        title=f"{name.capitalize()}: {settings.title}",
        kind=f"virtual experiment: {name}",
        status=status,
        lines=[],
        notice=Html("") if status == "done" else _not_done(folder, status, str(manifest.get("reason", ""))),
        summary=_summary(name, settings.title, summary),
        warnings=_warnings(folder, summary),
        pictures=_pictures(folder, name) if status == "done" else [],
        tables=[one for stem, table in tables.items() if (one := _explored(stem, table)) is not None],
        numbers=join(_titled(stem, table) for stem, table in tables.items()),
        more=join(
            folded(path.name, markdown(path.read_text(encoding="utf-8")))
            for path in sorted(folder.glob("*.md"))
        ),
        assumptions=assumption_tables([(settings.name, settings.title, values)], known),
        provenance=provenances({settings.title: manifest}),
    )


def _summary_of(folder: Path) -> dict[str, Any]:
    """summary.json; empty before the end."""
    path = folder / "summary.json"
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ViewError(f"{path}: not readable JSON: {error}") from error
    return content if isinstance(content, dict) else {}


def _read(path: Path) -> pd.DataFrame:
    """A table; empty where the file holds none."""
    try:
        return pd.read_csv(path)
    except (pd.errors.EmptyDataError, pd.errors.ParserError):
        return pd.DataFrame()


def _not_done(folder: Path, status: str, reason: str) -> Html:
    said = f"This experiment is not finished (status: {status}); what follows is what it had written."
    return notice(element("p", element("b", said)), element("p", reason) if reason else "", log_tail(folder))


def _summary(name: str, title: str, summary: dict[str, Any]) -> Html:
    """The numbers that the experiment gives."""
    rows = [[key, value] for key, value in summary.items() if key not in _WORDS_OF_SUMMARY]
    if not rows:
        return paragraphs([f"{title}: the experiment {name} has no numbers yet."])
    shown = pd.DataFrame([[with_unit(key), value] for key, value in rows], columns=["quantity", "value"])
    return join(
        [
            paragraphs([f"What the experiment {name} on {title} gives:"]),
            frame_table(shown.astype(object), "summary"),
        ]
    )


def _warnings(folder: Path, summary: dict[str, Any]) -> Html:
    remarks = [str(one) for one in summary.get("remarks", ())]
    skipped = [f"skipped: {one.get('point')}: {one.get('reason')}" for one in summary.get("skipped", ())]
    parts: list[object] = [bullets(remarks), notice(bullets(skipped)) if skipped else ""]
    return join([*parts, contradiction_list([case_of_config(folder)])])


def _pictures(folder: Path, name: str) -> list[Picture]:
    """The figures that the experiment's module draws."""
    record = ExperimentRecord.from_folder(folder)
    try:
        figures = import_module(f"sim.view.experiments.{record.name}").figures(record)
    except ModuleNotFoundError as error:
        raise ViewError(f"{folder}: no experiment of the name {name} is known here") from error
    title = record.settings.title
    return [
        _picture(figure, f"{title}, {which.replace('_', ' ')}.", name) for which, figure in figures.items()
    ]


def _picture(figure: Figure, caption: str, name: str) -> Picture:
    return Picture(lambda: figure, caption, f"Figure of the experiment {name}: {caption}")


def _explored(stem: str, table: pd.DataFrame) -> Explored | None:
    """A table for the interactive view; None where it has no two columns of numbers."""
    numeric = [str(name) for name in table.columns if pd.api.types.is_numeric_dtype(table[name])]
    varied = [name for name in numeric if table[name].nunique() > 1]
    return Explored(stem, table, varied[0], varied[1]) if len(varied) > 1 else None


def _titled(stem: str, table: pd.DataFrame) -> Html:
    if table.empty:
        return Html("")
    return join([element("h3", f"{stem}.csv"), frame_table(table, f"rows of {stem}.csv", f"{stem}.csv")])
