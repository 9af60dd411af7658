"""Fixtures of the verification cases."""

from __future__ import annotations

import pytest
from mpi4py import MPI


@pytest.fixture
def comm() -> MPI.Comm:
    """The communicator of a test."""
    return MPI.COMM_WORLD


@pytest.fixture(autouse=True, scope="session")
def mesh_cache(tmp_path_factory):
    """Meshes of this session's code, none left behind."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SIM_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()
