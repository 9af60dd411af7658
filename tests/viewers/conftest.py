"""What users open results with, in an environment of its own: `make viewers`, or tests/viewers/run.sh, which makes the
run folders first and says by SIM_VIEWER_RUNS where they are. Without that variable nothing here is collected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_WHERE = os.environ.get("SIM_VIEWER_RUNS")
collect_ignore_glob = [] if _WHERE else ["test_*.py"]


@pytest.fixture(scope="session")
def made() -> Path:
    """The folder that run.sh has filled: run folders steady, transient and killed, and what is named after tests."""
    assert _WHERE is not None
    return Path(_WHERE)
