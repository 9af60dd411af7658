"""Synthetic run folders for the figures' tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import synthetic_run as synthetic


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Finished runs of the four separators and PIA's bulk in both modes: "pia", "pia-galvanostatic", …"""
    root = tmp_path_factory.mktemp("runs")
    folders = {fake.config: synthetic.write_run(root / fake.config, fake) for fake in synthetic.ALL}
    for fake in synthetic.ALL:
        name = f"{fake.config}-galvanostatic"
        slow = synthetic.Fake(fake.config, fake.cv / 30, 5.0, fake.coverage, rows=1, mode="galvanostatic")
        folders[name] = synthetic.write_run(root / name, slow)
    return folders
