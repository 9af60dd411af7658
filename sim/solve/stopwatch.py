"""Where the time of a run goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Wall seconds and calls by stage, in the order the stages first began."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}

    def copy(self) -> Stopwatch:
        """What was measured so far."""
        other = Stopwatch()
        other.seconds, other.calls = dict(self.seconds), dict(self.calls)
        return other

    def since(self, earlier: Stopwatch) -> dict[str, tuple[float, int]]:
        """(seconds, calls) of every stage beyond those of an earlier copy."""
        return {
            name: (seconds - earlier.seconds.get(name, 0.0), self.calls[name] - earlier.calls.get(name, 0))
            for name, seconds in self.seconds.items()
        }

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
            self.calls[name] = self.calls.get(name, 0) + 1
