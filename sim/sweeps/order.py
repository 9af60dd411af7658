"""What a sweep hands to a worker for one point, and what comes back. Plain data, sent between machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DONE, BUG, WRONG_INPUT, GAVE_UP, KILLED = 0, 1, 2, 3, 137


class PointFailed(Exception):
    """A point that cannot be computed: the exit code that it would have as a run, and why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class Order:
    """One point to compute.

    mapping: its config as plain data with absolute files; root: the sweep's folder, which every worker sees under the
    same name; warm_start: start near the last point of the same cell in this process.
    """

    id: str
    mapping: Mapping[str, Any]
    root: str
    ranks: int = 1
    mesh_study: bool = False
    warm_start: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a point.

    code: the exit code that it would have as a run (0 done, 1 a bug, 2 wrong input, 3 the solver gave up, 137 killed);
    reason: why it failed; seconds: wall time; peak_memory: largest resident size of the worker so far [MiB].
    """

    id: str
    code: int
    reason: str
    seconds: float
    worker: str
    peak_memory: float

    @property
    def done(self) -> bool:
        """Whether the result is in its folder."""
        return self.code == DONE
