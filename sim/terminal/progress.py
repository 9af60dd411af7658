"""Progress of a run: a live line on a terminal, plain log lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress

#: without a terminal, at most one line in this many seconds
_LOG_INTERVAL = 5.0


class RunProgress:
    """Shows the steps of one run; silent on ranks above 0."""

    def __init__(self, name: str, duration: float | str, *, quiet: bool = False) -> None:
        self._name, self._quiet = name, quiet
        self._end = duration if isinstance(duration, float) else math.inf
        self._live: Progress | None = None
        self._task: Any = None
        self._last_line = 0.0
        self._count = 0

    def __enter__(self) -> RunProgress:
        if not self._quiet and sys.stderr.isatty():
            self._live = _live_line()
            self._live.start()
            self._task = self._live.add_task(self._name, total=None)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live is not None:
            self._live.stop()

    def stage(self, text: str) -> None:
        """A new stage of the run."""
        self._say(f"{self._name}: {text}", force=True)

    def step(self, simulated: float, size: float, iterations: int, metrics: dict[str, float]) -> None:
        """An accepted step."""
        self._count += 1
        current, spread = metrics["current_density_mean_A_m2"], metrics["current_density_cv"]
        text = (
            f"{self._name}: step {self._count}, t = {simulated:.3e} s, dt = {size:.1e} s, {iterations} Newton, "
            f"j = {current:.4g} A/m^2, CV = {spread:.4f}"
        )
        if self._live is not None and math.isfinite(self._end):
            self._live.update(self._task, total=self._end, completed=simulated)
        self._say(text)

    def _say(self, text: str, *, force: bool = False) -> None:
        if self._quiet:
            return
        if self._live is not None:
            self._live.update(self._task, description=text)
            return
        now = time.monotonic()
        if force or now - self._last_line > _LOG_INTERVAL:
            self._last_line = now
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


def _live_line() -> Progress:
    """What rich shows on a terminal; logs are written without it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    bar = BarColumn(bar_width=24)
    columns = (TextColumn("{task.description}"), bar, TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
