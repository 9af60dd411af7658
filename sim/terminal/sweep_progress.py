"""Progress of a sweep: a live line on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sim.sweeps.order import Outcome
from sim.sweeps.status import duration

#: without a terminal, at most one line in this many seconds
_LOG_INTERVAL = 5.0
_RECENT = 50


class SweepProgress:
    """Counts outcomes of `total` points, `done` and `failed` of which were settled before."""

    def __init__(self, name: str, total: int, done: int, failed: int) -> None:
        self._name, self._total, self._done, self._failed = name, total, done, failed
        self._times = [time.monotonic()]
        self._last_line = 0.0
        self._console = Console(stderr=True)
        self._live: Progress | None = None

    def __enter__(self) -> SweepProgress:
        if self._console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
            self._live = Progress(*columns, console=self._console, transient=True)
            self._live.start()
            self._task = self._live.add_task(self._text(), total=self._total, completed=self._done)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live is not None:
            self._live.stop()

    def outcome(self, outcome: Outcome) -> None:
        """A point was settled."""
        self._times = [*self._times[-_RECENT:], time.monotonic()]
        if outcome.done:
            self._done += 1
        else:
            self._failed += 1
            self.note(f"{outcome.id} failed: {outcome.reason}")
        settled = self._done + self._failed
        if self._live is not None:
            self._live.update(self._task, description=self._text(), completed=settled)
        elif time.monotonic() - self._last_line > _LOG_INTERVAL or settled == self._total:
            self._last_line = time.monotonic()
            _write(self._text())

    def note(self, text: str) -> None:
        """Something else that a reader should see, on a line of its own."""
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False)
        else:
            _write(text)

    def _text(self) -> str:
        failed = f", {self._failed} failed" if self._failed else ""
        text = f"{self._name}: {self._done} of {self._total} points done{failed}"
        passed, count = self._times[-1] - self._times[0], len(self._times) - 1
        left = self._total - self._done - self._failed
        if count and passed > 0 and left:
            text += f", {60 * count / passed:.3g} per minute, about {duration(left * passed / count)} to go"
        return text


def _write(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
