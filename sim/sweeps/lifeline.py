"""Processes that end with the one that started them, however that ends.

A process that is killed cannot tell its children. What Parsl starts would then go on without its sweep: its
interchange would hand out the points that are left to workers that nobody listens to.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

#: how often a process looks whether the other one lives [s]
PERIOD = 0.5


def is_alive(pid: int) -> bool:
    """Whether a process of this machine lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end_with(pid: int, end: Callable[[], None]) -> None:
    """Call a function, from a thread, as soon as a process of this machine is gone."""

    def watch() -> None:
        while is_alive(pid):
            time.sleep(PERIOD)
        end()

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
