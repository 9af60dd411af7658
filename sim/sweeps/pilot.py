"""What a pilot job runs: Parsl's pool of workers, all of whose processes end together.

    python -m sim.sweeps.pilot [--parent PID] POOL-ARGUMENTS…

Of a pool whose first process is killed, workers would go on until they miss it and a server process for ever.

``--parent``: a process of this machine, the sweep itself, without which there is nothing to do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from sim.sweeps.lifeline import PERIOD, is_alive

MODULE = "sim.sweeps.pool"
#: after a request to end, the pool's processes have so long [s]
PATIENCE = 5.0


def main(arguments: list[str]) -> int:
    """Run the pool with its arguments; returns its exit code."""
    parent = 0
    if arguments[:1] == ["--parent"]:
        parent, arguments = int(arguments[1]), arguments[2:]
    # a group of its own, which workers and what they start belong to
    pool = subprocess.Popen([sys.executable, "-m", MODULE, *arguments], process_group=0)
    stopped = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        while pool.poll() is None and not stopped:
            if parent and not is_alive(parent):
                break
            time.sleep(PERIOD / 2)
        if pool.poll() is None and stopped:
            _signal(pool.pid, signal.SIGTERM)
            _wait(pool)
    finally:
        _signal(pool.pid, signal.SIGKILL)
    return pool.wait()


def _wait(pool: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while pool.poll() is None and time.monotonic() < until:
        time.sleep(0.05)


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # nobody is left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
