"""Parsl's pool of workers, with a way to find the sweep that does not miss it.

Parsl tries addresses by connections that it only then begins to watch; one that is made at once, as on the same
machine, goes unseen, and the pool gives up after half a minute.
"""

from __future__ import annotations

import inspect
import os
import runpy
import signal
import socket
import time
from collections.abc import Sequence
from typing import Any

from sim.sweeps.lifeline import end_with

MODULE = "parsl.executors.high_throughput.process_worker_pool"
#: seconds for one attempt at one address, and between rounds
_ATTEMPT, _PAUSE = 2.0, 0.2


def reachable(addresses: Sequence[str], port: int, timeout: float = 120) -> str | None:
    """The first of some addresses that takes a connection at a port, None after a time [s] without any."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        for address in addresses:
            try:
                socket.create_connection((address, port), _ATTEMPT).close()
            except OSError:
                continue
            return address
        time.sleep(_PAUSE)
    return None


def main() -> None:
    """Run the pool with the arguments of this process; it ends with the pilot, its parent."""
    end_with(os.getppid(), lambda: os.killpg(0, signal.SIGKILL))
    from parsl.executors.high_throughput import probe

    replaced: Any = probe
    if (
        "task_port" in inspect.signature(replaced.probe_addresses).parameters
    ):  # later releases wait for an answer
        replaced.probe_addresses = reachable
    runpy.run_module(MODULE, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
