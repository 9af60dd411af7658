"""What every virtual experiment returns: tables, a flat summary, and the points that could not be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
#: column name with its unit -> numbers, or words in the column of a comparison; one row per point
Table = dict[str, npt.NDArray[Any]]


class ExperimentError(Exception):
    """The experiment makes no sense for this cell; the message says why (exit code 2)."""


@dataclass(frozen=True)
class Skipped:
    """A point that was refused or did not converge, and why."""

    point: str
    reason: str


@dataclass(frozen=True)
class ExperimentResult:
    """Tables by name (the first carries the experiment's own), flat numbers with their unit in the name, remarks on
    what the numbers mean, skipped points, and pages in Markdown by name."""

    name: str
    tables: dict[str, Table]
    summary: dict[str, Any]
    remarks: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)


def table_of(rows: Sequence[dict[str, float]]) -> Table:
    """Columns of rows that all have the same keys; empty without rows."""
    return {key: np.array([row[key] for row in rows], dtype=float) for key in rows[0]} if rows else {}
