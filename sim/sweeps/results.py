"""What became of the planned points: status, numbers and origin of each, read from a sweep's folder at any time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.sweeps.store import Failure, SweepStore

#: numbers that a summary gives in other ways than as metrics
_NOT_METRICS = ("warnings",)
#: errors of the mesh stand beside the metrics they belong to
MESH_ERROR = "mesh_error_"


@dataclass(frozen=True)
class Result:
    """One point: ``done``, ``failed`` (reason says why) or ``missing``.

    wall_time: of its run [s], nan where there is none; warnings: how many the run gave; metrics: numbers of its
    summary by their names with units; origin: version and commit of the program that computed it.
    """

    status: str
    reason: str = ""
    wall_time: float = float("nan")
    warnings: int = 0
    metrics: dict[str, float] = field(default_factory=dict)
    origin: tuple[str, str] = ("", "")


def read_results(store: SweepStore, ids: Iterable[str]) -> dict[str, Result]:
    """The result of every id, each read once; a point that is done has not failed, whatever was tried before."""
    failures = {failure.id: failure for failure in store.failures()}
    return {one: _result(store.folder(one), failures.get(one)) for one in dict.fromkeys(ids)}


def _result(folder: Path, failure: Failure | None) -> Result:
    manifest, summary = _mapping(folder / "manifest.json"), _mapping(folder / "summary.json")
    if manifest is not None and summary is not None and manifest.get("status") == "done":
        return Result(
            status="done",
            wall_time=_number(manifest.get("wall_time_s")),
            warnings=len(summary.get("warnings") or ()),
            metrics={k: _number(v) for k, v in summary.items() if k not in _NOT_METRICS and _counts(v)},
            origin=(str(manifest.get("version") or ""), str(manifest.get("git_commit") or "")),
        )
    if failure is not None:
        return Result(status="failed", reason=" ".join(failure.reason.split()))
    return Result(status="missing")


def metric_names(results: Iterable[Result], chosen: tuple[str, ...] | None) -> list[str]:
    """The metrics of a table: those chosen, or all in the order of the summaries; errors of the mesh after them."""
    found = list(dict.fromkeys(name for result in results for name in result.metrics))
    own = [name for name in found if not name.startswith(MESH_ERROR)] if chosen is None else list(chosen)
    return [*own, *(name for metric in own if (name := MESH_ERROR + metric) in found)]


def unknown_metrics(results: Iterable[Result], chosen: tuple[str, ...] | None) -> dict[str, list[str]]:
    """Chosen metrics that no finished point has, each with all there are; empty before a point is done."""
    known = list(dict.fromkeys(name for result in results for name in result.metrics))
    return {name: known for name in chosen or () if known and name not in known}


def _counts(value: Any) -> bool:
    """Whether a summary's entry is a number; null is one that is undefined, true and false are 1 and 0."""
    return value is None or isinstance(value, (int, float))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")


def _mapping(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None
