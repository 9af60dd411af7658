"""How far a sweep is, read from its folder at any time, also while it runs."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sim.sweeps.lock import Holder, running
from sim.sweeps.store import Failure, SweepStore

#: the rate is that of so many last points, or of those since the sweep was started or resumed
_RECENT = 50
_FAILURES_SHOWN = 5


@dataclass(frozen=True)
class SweepStatus:
    """Counts of a sweep: rows of its table, points to compute (equal configs count once), and what became of them.

    started: points that a worker has begun, whether it still lives or not; rate [points/s] and remaining time [s]
    are None where nothing runs or nothing was finished yet.
    """

    folder: Path
    rows: int
    points: int
    done: int
    failures: tuple[Failure, ...]
    started: int
    holder: Holder | None
    rate: float | None
    remaining: float | None

    @property
    def waiting(self) -> int:
        """Points that are neither done nor failed."""
        return self.points - self.done - len(self.failures)

    def lines(self) -> list[str]:
        """For a reader."""
        same = f" ({self.rows} rows, equal ones computed once)" if self.rows > self.points else ""
        told = [f"{self.folder}: {self.done} of {self.points} points done{same}, {len(self.failures)} failed"]
        if self.holder is not None:
            told.append(f"running: process {self.holder.pid} on {self.holder.host}, {self.started} at work")
        elif self.waiting:
            told.append(f"not running, {self.waiting} to compute; go on with --resume")
        if self.rate is not None and self.remaining is not None:
            told.append(f"{60 * self.rate:.3g} points per minute, about {duration(self.remaining)} to go")
        reasons = Counter(" ".join(one.reason.split()) for one in self.failures)
        told += [f"failed {count} times: {reason}" for reason, count in reasons.most_common(_FAILURES_SHOWN)]
        more = len(reasons) - _FAILURES_SHOWN
        return told if more <= 0 else [*told, f"… and {more} more reasons in {self.folder / 'failures'}"]


def read_sweep_status(root: str | Path) -> SweepStatus:
    """The state of the sweep in a folder; raises SweepFolderError where there is none."""
    store = SweepStore(root)
    ids = [row["id"] for row in store.plan_rows()]
    planned = set(ids)
    done = store.done() & planned
    failures = tuple(one for one in store.failures() if one.id in planned - done)
    holder = running(store.root)
    rate = _rate(store, done, holder.started) if holder is not None else None
    left = len(planned) - len(done) - len(failures)
    return SweepStatus(
        folder=store.root,
        rows=len(ids),
        points=len(planned),
        done=len(done),
        failures=failures,
        started=sum(1 for _ in (store.root / "points").glob(".*")),
        holder=holder,
        rate=rate,
        remaining=left / rate if rate else None,
    )


def _rate(store: SweepStore, done: set[str], since: float) -> float | None:
    """Points per second lately; since [s since 1970]: when the sweep was started."""
    times = sorted((store.folder(one) / "manifest.json").stat().st_mtime for one in done)
    recent = [moment for moment in times if moment >= since][-_RECENT:]
    if not recent:
        return None
    begin = since if len(recent) < _RECENT else recent[0]
    passed = time.time() - begin
    return len(recent) / passed if passed > 0 else None


def duration(seconds: float) -> str:
    """A time to wait as a reader says it: 40 s, 12 min, 3.5 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
