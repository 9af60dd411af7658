"""`sim experiment polarisation` as a user types it: the folder, the numbers, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.commands import CONFIGS, read_csv, read_json, settings, sim, status

CELL = [
    *settings(mesh__columns=6, electrolyte__electrostatics="electroneutral"),
    *settings(experiments__polarisation__current_range="{start: 1 A/m^2, stop: 201 A/m^2, points: 5}"),
]


def test_folder_and_refusals(tmp_path: Path) -> None:
    done = sim("experiment", "polarisation", CONFIGS / "pp.yaml", *CELL, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert status(tmp_path / "out") == "done"
    assert (tmp_path / "out" / "figures" / "polarisation.png").stat().st_size > 10_000
    table, summary = read_csv(tmp_path / "out" / "polarisation.csv"), read_json(tmp_path / "out/summary.json")
    assert table["current_density_A_m2"] == pytest.approx([1, 51, 101])
    assert (table["cell_voltage_V"] > 0).all()
    assert [one["point"] for one in summary["skipped"]] == ["151 A/m^2", "201 A/m^2"]
    assert "skipped: 151 A/m^2: no steady state: " in done.stdout
    blocking = settings(counter__kind="blocking")
    refused = sim(
        "experiment", "polarisation", CONFIGS / "pp.yaml", *CELL, *blocking, "-o", "no", cwd=tmp_path
    )
    assert refused.returncode == 2
    assert refused.stderr.strip().endswith("polarisation needs two electrodes that react")
