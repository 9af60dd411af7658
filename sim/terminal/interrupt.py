"""Requests to stop: SIGTERM and SIGUSR1 (exit 75 after a checkpoint), Ctrl-C (130 likewise; a second one at once)."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

STOPPED, INTERRUPTED = 75, 130


class StopRequest:
    """Remembers a signal until the solver asks."""

    def __init__(self) -> None:
        self._signal: int | None = None

    def install(self) -> StopRequest:
        """Take over the signals of this process."""
        for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT):
            signal.signal(number, self._remember)
        return self

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self._signal = number
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def agreed(self, comm: Any) -> Callable[[], bool]:
        """The question for a solver: whether any rank was asked to stop; every rank learns the same signal."""

        def ask() -> bool:
            signals = [found for found in comm.allgather(self._signal) if found is not None]
            if signals:
                self._signal = signals[0]
            return bool(signals)

        return ask

    def asked(self) -> bool:
        """Whether this process was asked to stop."""
        return self._signal is not None

    @property
    def exit_code(self) -> int:
        """Exit code that belongs to the signal."""
        return INTERRUPTED if self._signal == signal.SIGINT else STOPPED
