"""What the measurements leave: benchmarks.csv, stages.csv, and a table in Markdown made from the CSV alone."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.model import Case, Measured
from benchmarks.verdict import compare

COLUMNS = (
    *("case", "code", "usage", "label", "whole_s", "solve_s", "error", "unknowns", "memory_MiB", "runs"),
    *("whole_ratio", "solve_ratio", "counts", "version", "solver", "blas", "busy_others_cores", "note"),
    *("date", "machine"),
)


@dataclass(frozen=True)
class Setting:
    """When and on what class of machine a table was measured."""

    date: str
    machine: str


def rows_of(case: Case, measured: Sequence[Measured], setting: Setting) -> list[dict[str, str]]:
    """The rows of one case: a peer's with its ratios to ours, where these count."""
    comparisons = {id(one.peer): one for one in compare(measured, case.wanted)}
    rows = []
    for one in measured:
        comparison = comparisons.get(id(one))
        counts = comparison is not None and comparison.ours is not None
        first = one.runs[0] if one.runs else None
        rows.append(
            {
                "case": case.name,
                "code": one.entry.code,
                "usage": one.entry.usage,
                "label": one.entry.label,
                "whole_s": _number(one.wall_s if first else None),
                "solve_s": _number(one.solve_s if first else None),
                "error": _number(one.error, 3),
                "unknowns": str(first.unknowns) if first else "",
                "memory_MiB": _number(one.memory_MiB if first else None),
                "runs": str(len(one.runs)),
                "whole_ratio": _number(comparison.whole if comparison else None, 3),
                "solve_ratio": _number(comparison.solve if comparison else None, 3),
                "counts": {True: "yes", False: "no"}[counts] if comparison else "",
                "version": first.code if first else "",
                "solver": first.solver if first else "",
                "blas": first.blas if first else "",
                "busy_others_cores": _number(max((run.busy_others for run in one.runs), default=None), 2),
                "note": one.note,
                "date": setting.date,
                "machine": setting.machine,
            }
        )
    return rows


def _number(value: float | None, digits: int = 4) -> str:
    return "" if value is None else f"{value:.{digits}g}"


def stage_rows(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Where the time of each entry went: median seconds by stage."""
    return [
        {
            "case": one.case,
            "code": one.entry.code,
            "label": one.entry.label,
            "stage": stage,
            "seconds": _number(seconds),
        }
        for one in measured
        for stage, seconds in one.stages.items()
    ]


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of equal keys; the file appears when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)
    half.replace(path)


def renewed(path: Path, rows: Sequence[Mapping[str, Any]], order: Iterable[str]) -> list[Mapping[str, Any]]:
    """``rows`` and those of other cases that a file of the same columns holds, in the ``order`` of the cases."""
    cases = {row["case"] for row in rows}
    before = read_csv(path) if path.exists() else []
    if rows and before and list(before[0]) != list(rows[0]):
        before = []
    ranks = {case: rank for rank, case in enumerate(order)}
    kept = [row for row in before if row["case"] not in cases]
    return sorted([*kept, *rows], key=lambda row: ranks.get(row["case"], len(ranks)))


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def markdown(rows: Sequence[Mapping[str, str]], titles: Mapping[str, str]) -> str:
    """A table for the README: per case every code, seconds, error, and how many times faster ours is."""
    lines = [
        "| case | code | whole process, s | solve, s | error of j | unknowns | memory, MiB | ours is faster by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    last = ""
    for row in rows:
        title = titles.get(row["case"], row["case"]) if row["case"] != last else ""
        last = row["case"]
        name = f"{row['code']}, {row['label']}"
        if not row["whole_s"]:
            lines.append(f"| {title} | {name} | {row['note']} | | | | | |")
            continue
        ratio = f"{row['whole_ratio']} (solve {row['solve_ratio']})" if row["counts"] == "yes" else ""
        if row["counts"] == "no":
            ratio = "no entry of ours is as accurate"
        cells = [
            title,
            name,
            row["whole_s"],
            row["solve_s"],
            row["error"],
            row["unknowns"],
            row["memory_MiB"],
        ]
        lines.append(f"| {' | '.join([*cells, ratio])} |")
    fewer = sorted({row["runs"] for row in rows if row["whole_s"]}, key=int)
    runs = " to ".join(dict.fromkeys((fewer[0], fewer[-1]))) if fewer else "no"

    def each(key: str) -> list[str]:
        return sorted({row[key] for row in rows})

    if rows:
        lines += [
            "",
            f"Medians of {runs} interleaved runs, one thread; {'; '.join(each('machine'))}; {', '.join(each('date'))}.",
        ]
    return "\n".join(lines) + "\n"
