"""Processes of a sweep end with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sim.sweeps.lifeline import end_with, is_alive
from sim.sweeps.pool import reachable

pytest.importorskip("parsl")
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def other():
    """Another process."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_what_hangs_on_a_process_ends_when_that_is_gone(other) -> None:
    ended = threading.Event()
    end_with(other.pid, ended.set)
    assert is_alive(other.pid) and not ended.wait(0.7)
    other.kill()
    other.wait()
    assert ended.wait(3) and not is_alive(other.pid)


def test_an_address_that_answers_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert reachable(["127.0.0.2", "127.0.0.1"], port, 5) == "127.0.0.1"
    assert reachable(["127.0.0.1"], closed_port(), 0.3) is None


def descendants(pid: int) -> list[int]:
    """Processes below one."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def test_a_pilot_and_its_pool_end_with_the_sweep(other, tmp_path) -> None:
    """The pool looks for a sweep that does not answer, for half a minute by itself."""
    arguments = [
        *("-a", "127.0.0.1", "--task_port", str(closed_port()), "--result_port", str(closed_port())),
        *("--cert_dir", "None", "--logdir", str(tmp_path), "--cpu-affinity", "none"),
        *("-m", "None", "--drain_period", "None"),
    ]
    pilot = subprocess.Popen(
        [sys.executable, "-m", "sim.sweeps.pilot", "--parent", str(other.pid), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
    )
    until = time.monotonic() + 20
    while not any(tmp_path.rglob("manager.log")):
        assert time.monotonic() < until and pilot.poll() is None
        time.sleep(0.05)
    time.sleep(1)
    below = descendants(pilot.pid)
    assert below and pilot.poll() is None
    other.kill()
    other.wait()
    pilot.wait(10)
    assert not any(is_alive(pid) for pid in below)
