"""Finished runs that several tests read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.commands import CONFIGS, TRANSIENT, settings, sim


@pytest.fixture(scope="session")
def steady_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PIA's steady state with its figures, in the folder that a run takes by default."""
    place = tmp_path_factory.mktemp("steady")
    done = sim("run", CONFIGS / "pia.yaml", *settings(mesh__columns=6), cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "results" / "pia"


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transient run that nobody stopped."""
    place = tmp_path_factory.mktemp("transient")
    done = sim("run", *TRANSIENT, "-o", "run", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "run"
