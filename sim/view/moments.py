"""A moment of a run: its time as a reader says it, and its metrics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.view.labels import J_OVER_J_LIM, number
from sim.view.reader import Run

#: A stored field and a row of metrics.csv are of one time where they agree to this part of it
SAME_TIME = 1e-9

#: seconds in each unit, from the longest; a time is said in the longest that it fills
UNITS = ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def say_time(seconds: float) -> str:
    """A time [s] to three digits with its unit: 0 s, 43.6 ns, 2.48 µs, 67.8 s, 2.5 min."""
    if seconds == 0:
        return "0 s"
    for size, unit in UNITS:
        # a minute and an hour only from two on: 67.8 s is nearer to what others write
        if abs(seconds) >= size * (2.0 if size > 1 else 1.0):
            return f"{number(seconds / size, 3)} {unit}"
    return f"{number(seconds, 3)} s"


def nearest(stored: Sequence[tuple[float, Path]], time: float | None) -> int:
    """Number of the stored time that is nearest to this one [s]; the last where none is asked for."""
    if time is None or not stored:
        return -1
    return int(np.nanargmin([abs(at - time) for at, _ in stored]))


def say_drive(run: Run, row: dict[str, float]) -> str:
    """Mode with its value, the share of the limiting current in a row of metrics, and the status unless it is done."""
    parts = [run.settings.drive]
    share = row.get("j_over_j_lim", math.nan)
    if not math.isnan(share):
        parts.append(f"{J_OVER_J_LIM} = {number(share, 2)}")
    if run.status != "done":
        parts.append(f"run {run.status}")
    return "  ·  ".join(parts)


def metrics_at(run: Run, time: float) -> dict[str, float]:
    """The metrics of a stored time [s] by their names; empty where no step ended there, as at rest.

    A steady state has no time, nor has what it was solved from: its only row stands for it.
    """
    table = run.metrics
    if "time_s" not in table.columns or table.empty:
        return {}
    times = table["time_s"].to_numpy(dtype=float)
    if len(table) == 1:
        return {str(name): float(value) for name, value in table.iloc[0].items()}
    with np.errstate(invalid="ignore"):
        off = np.abs(times - time)
    at = int(np.nanargmin(off)) if np.isfinite(off).any() else -1
    if at < 0 or not off[at] <= SAME_TIME * abs(time):
        return {}
    return {str(name): float(value) for name, value in table.iloc[at].items()}
