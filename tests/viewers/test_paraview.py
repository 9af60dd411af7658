"""Run folders in a stock ParaView without a window."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["steady", "transient", "killed"])
def test_there_are_fields(made: Path, name: str) -> None:
    assert (made / name / "fields" / "bulk.pvd").is_file()
