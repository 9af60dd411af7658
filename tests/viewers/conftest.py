"""What users open results with, in an environment of its own: `make viewers`, or tests/viewers/run.sh, which makes the
run folders first and says by SIM_VIEWER_RUNS where they are. Without that variable nothing here is collected."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

_WHERE = os.environ.get("SIM_VIEWER_RUNS")
collect_ignore_glob = [] if _WHERE else ["test_*.py"]


@pytest.fixture(scope="session")
def made() -> Path:
    """The folder that run.sh has filled: run folders steady, transient and killed, and what is named after tests."""
    assert _WHERE is not None
    return Path(_WHERE)


@pytest.fixture(scope="session")
def screen() -> Iterator[dict[str, str]]:
    """Environment variables for programs that draw: a virtual screen, whose server takes a free number by itself
    (two xvfb-run at a time may take the same)."""
    answer, number = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(number),
        "-screen",
        "0",
        "1920x1200x24",
        "-noreset",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(
        command,
        pass_fds=(number,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    os.close(number)
    try:
        with os.fdopen(answer, encoding="ascii") as stream:
            display = stream.readline().strip()
        assert display, "Xvfb did not start"
        yield {**os.environ, "DISPLAY": f":{display}"}
    finally:
        server.terminate()
        server.wait(timeout=30)
