"""Fixtures of the verification cases."""

from __future__ import annotations

import pytest
from mpi4py import MPI


@pytest.fixture
def comm() -> MPI.Comm:
    """The communicator of a test."""
    return MPI.COMM_WORLD
