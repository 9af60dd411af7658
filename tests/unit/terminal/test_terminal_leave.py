"""The end of a sweep's process: with its exit code, and at once where threads would keep it for ever."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
import typer

from sim.terminal.sweep_run import leave

STUCK = """
import threading
from concurrent.futures import ThreadPoolExecutor
from sim.sweeps.session import left_behind
from sim.terminal.sweep_run import leave

ThreadPoolExecutor(1).submit(threading.Event().wait)  # as Parsl's, which Python joins before it ends
print("written", end="")
left_behind.set()
leave(75)
"""


def test_codes_become_exits() -> None:
    leave(0)
    with pytest.raises(typer.Exit) as found:
        leave(3)
    assert found.value.exit_code == 3


def test_a_parsl_that_was_left_behind_keeps_no_process() -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (75, "written"), done.stderr
    assert time.monotonic() - began < 50
