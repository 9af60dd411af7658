"""The report of a sweep, also of a part of one, from the dataset of its table (see ``sim.view.sweeps``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.view.errors import ViewError
from sim.view.labels import MESH_ERROR
from sim.view.reader import Run
from sim.view.report.assumptions import KnownConfig, assumption_tables, read_values
from sim.view.report.contradictions import contradiction_list
from sim.view.report.document import Document, key_numbers, notice, warning_list
from sim.view.report.explorer import Explored
from sim.view.report.frames import frame_table
from sim.view.report.markup import Html, bullets, element, folded, join, number_cell, paragraphs
from sim.view.report.names import raised, with_unit
from sim.view.report.pictures import Picture
from sim.view.report.provenance import provenances, read_manifest
from sim.view.report.run import case_of
from sim.view.sweeps.choice import Request, sweep_figure
from sim.view.sweeps.columns import Table
from sim.view.sweeps.sensitivity import sensitivity_figure
from sim.view.sweeps.words import brief

CV = "current_density_cv"
#: columns that tell a point's fate and not its result
_ASIDE = ("index", "id", "sample", "status", "reason", "warnings")


def sweep_document(folder: Path, data: Any, known: Sequence[KnownConfig]) -> Document:
    """Everything there is to say of a sweep folder; data: its table as a dataset."""
    frame = _frame(data)
    status = Counter(frame["status"].astype(str))
    whole = status["done"] == len(frame)
    first = _first_done(folder, frame)
    return Document(
        title=str(data.attrs.get("title") or data.attrs.get("sweep") or folder.name),
        kind="sweep",
        status="done" if whole else f"{status['done']} of {len(frame)} points done",
        lines=[],
        notice=_not_done(frame, status),
        summary=join([paragraphs([_counts(status, len(frame))]), _design(data, frame), _range(data, frame)]),
        warnings=_warnings(data, frame, first),
        pictures=_pictures(folder, data) if status["done"] else [],
        tables=_explored(data, frame),
        numbers=join([_extremes(data, frame), frame_table(frame, "points of the sweep", "table.csv")]),
        more=folded("The sweep file, with absolute files", element("pre", data.attrs.get("sweep_file", ""))),
        assumptions=_assumptions(first, known),
        provenance=provenances({str(data.attrs.get("sweep", folder.name)): _origin(data, first)}),
    )


def _frame(data: Any) -> pd.DataFrame:
    """The dataset as a table: coordinates, then variables."""
    frame = data.to_dataframe().reset_index(drop=True)
    return frame[[*(name for name in data.coords), *data.data_vars]]


def _first_done(folder: Path, frame: pd.DataFrame) -> Run | None:
    """The run of the first point that is done, as an example; None where there is none."""
    if "id" not in frame.columns:
        return None
    for identity in frame.loc[frame["status"] == "done", "id"]:
        try:
            return Run.from_folder(folder / "points" / str(identity))
        except ViewError:
            continue
    return None


def _counts(status: Counter[str], total: int) -> str:
    left = total - status["done"] - status["failed"]
    return f"{status['done']} of {total} points are done, {status['failed']} failed, {left} are missing."


def _not_done(frame: pd.DataFrame, status: Counter[str]) -> Html:
    """That points are missing, and why some failed; nothing where all are done."""
    if status["done"] == len(frame):
        return Html("")
    reasons = (
        Counter(frame.loc[frame["status"] == "failed", "reason"].astype(str)) if "reason" in frame else {}
    )
    listed = [f"{count} failed: {reason}" for reason, count in Counter(reasons).most_common(6)]
    said = "This sweep is not complete: figures and tables show what is done."
    return notice(element("p", element("b", said)), bullets(listed))


def _design(data: Any, frame: pd.DataFrame) -> Html:
    """What is varied, and over which values."""
    rows = []
    for name in data.coords:
        values = frame[name]
        if str(name) in _ASIDE or values.nunique() < 2:
            continue
        key, unit = str(data[name].attrs.get("config_key", name)), str(data[name].attrs.get("units", ""))
        if pd.api.types.is_numeric_dtype(values):
            span = f"{brief(values.min())} to {brief(values.max())} {raised(unit) if unit != '1' else ''}".strip()
        else:
            span = ", ".join(map(str, dict.fromkeys(values.dropna())))
        rows.append(f"{key}: {span} ({values.nunique()} values)")
    return join([element("p", "What is varied:"), bullets(rows)]) if rows else Html("")


def _range(data: Any, frame: pd.DataFrame) -> Html:
    """Least, median and largest value of the unevenness, or of the first metric, over the finished points."""
    done = frame[frame["status"] == "done"]
    names = [str(name) for name in data.data_vars if "units" in data[name].attrs and str(name) not in _ASIDE]
    names = [name for name in names if not name.startswith(MESH_ERROR) and name != "wall_time_s"]
    ranked = [name for name in names if name == CV] + names
    values = done[ranked[0]].to_numpy(dtype=float) if ranked else np.empty(0)
    values = values[np.isfinite(values)]
    if not values.size:
        return Html("")
    words = with_unit(ranked[0])
    told = (("least", values.min()), ("median", np.median(values)), ("largest", values.max()))
    return key_numbers(
        [(f"{words}, {which}", number_cell(brief(value), float(value))) for which, value in told]
    )


def _warnings(data: Any, frame: pd.DataFrame, first: Run | None) -> Html:
    count = int((frame["warnings"] > 0).sum()) if "warnings" in frame else 0
    said = [f"{count} points gave warnings; their summary.json says which"] if count else []
    varied = {str(data[name].attrs.get("config_key", name)) for name in data.coords}
    apply = contradiction_list([case_of(first)], varied) if first is not None else Html("")
    head = element("p", "As for the first point that is done:", class_="note") if apply else ""
    return join([warning_list(said, "No point gave a warning."), head, apply])


def _pictures(folder: Path, data: Any) -> list[Picture]:
    """The figure that suits the axes, and the Sobol indices where they were computed."""
    found = []
    title = str(data.attrs.get("title", ""))
    try:
        kind, _ = sweep_figure(Table(data), Request())
    except ViewError:
        pass
    else:
        found.append(
            Picture(
                lambda: sweep_figure(Table(data), Request())[1],
                "The unevenness over what is varied; sim sweep plot draws other columns.",
                f"Figure of the sweep {title} ({kind})",
            )
        )
    if (folder / "sensitivity.csv").is_file():
        indices = pd.read_csv(folder / "sensitivity.csv")
        found.append(
            Picture(
                lambda: sensitivity_figure(indices, title),
                "First-order and total Sobol indices with 95 % intervals.",
                f"Sobol indices of the sweep {title}",
            )
        )
    return found


def _explored(data: Any, frame: pd.DataFrame) -> list[Explored]:
    """The finished points, first against the numeric key of most values, coloured by the next."""
    done = frame[frame["status"] == "done"].drop(columns=[name for name in _ASIDE if name in frame])
    done = done.dropna(axis="columns", how="all")
    if done.empty:
        return []
    keys = [str(name) for name in data.coords if str(name) in done.columns and done[name].nunique() > 1]
    keys.sort(key=lambda name: (not pd.api.types.is_numeric_dtype(done[name]), -done[name].nunique()))
    metrics = [str(name) for name in data.data_vars if str(name) in done.columns]
    x = keys[0] if keys else metrics[0]
    y = next((name for name in metrics if name.endswith("_cv")), metrics[-1])
    colour = "base" if "base" in keys[1:] else (keys[1] if len(keys) > 1 else "")
    return [Explored("points", done, x, y, colour)]


def _extremes(data: Any, frame: pd.DataFrame) -> Html:
    """Least, median and largest value of each metric over the finished points."""
    done = frame[frame["status"] == "done"]
    rows = []
    for name in map(str, data.data_vars):
        if name in _ASIDE or name not in done or not pd.api.types.is_numeric_dtype(done[name]):
            continue
        values = done[name].to_numpy(dtype=float)
        values = values[np.isfinite(values)]
        if values.size:
            rows.append([with_unit(name), float(values.min()), float(np.median(values)), float(values.max())])
    columns = ["metric", "least", "median", "largest"]
    return frame_table(pd.DataFrame(rows, columns=columns), "range of each metric") if rows else Html("")


def _assumptions(first: Run | None, known: Sequence[KnownConfig]) -> Html:
    if first is None:
        return Html("")
    values = read_values(first.folder / "config.yaml")
    said = "Those of the first point that is done; what is varied stands in the table of points."
    tables = assumption_tables([(first.settings.name, first.settings.title, values)], known)
    return join([element("p", said, class_="note"), tables])


def _origin(data: Any, first: Run | None) -> dict[str, Any]:
    """Versions of the program that computed the points, and the packages of the first."""
    told = {name: data.attrs.get(name) for name in ("source", "git_commit", "created")}
    manifest = read_manifest(first.folder) if first is not None else {}
    return told | {name: manifest[name] for name in ("python", "packages") if name in manifest}
