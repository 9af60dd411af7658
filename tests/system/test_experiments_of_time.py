"""`sim experiment sand | relaxation | cycle` as a user types them: the files that are left, and one refusal."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.system.commands import CONFIGS, settings, sim

#: PP, flat and electroneutral, in seconds
FLAT = settings(
    cell__anode_profile="{kind: flat}",
    electrolyte__electrostatics="electroneutral",
    mesh__columns=2,
    operation__voltage="0.1 V",
)
KEYS = {
    "sand": settings(experiments__sand__current_density="[200 A/m^2]"),
    "relaxation": settings(
        experiments__relaxation__polarisation="1 s", experiments__relaxation__duration="2 s"
    ),
    "cycle": settings(operation__duration="0.2 s", experiments__cycle__repeats=1),
}
COLUMNS = {"sand": "sand_time_s", "relaxation": "cell_voltage_V", "cycle": "plated_charge_C_m2"}


@pytest.mark.parametrize("name", list(KEYS))
def test_an_experiment_leaves_its_folder(name: str, tmp_path: Path) -> None:
    done = sim("experiment", name, CONFIGS / "pp.yaml", "-o", "out", *FLAT, *KEYS[name], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out" / f"{name}.csv")
    assert table[COLUMNS[name]].notna().all()
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["remarks"] and summary["skipped"] == []
    assert (tmp_path / "out" / "figures" / f"{name}.png").stat().st_size > 10_000
    assert "results: out" in done.stdout


def test_a_blocking_cell_has_no_sand_time(tmp_path: Path) -> None:
    blocking = settings(counter__kind="blocking")
    done = sim("experiment", "sand", CONFIGS / "pp.yaml", "-o", "out", *FLAT, *blocking, cwd=tmp_path)
    assert (done.returncode, "a blocking counter" in done.stderr) == (2, True)
