"""`sim experiment impedance` as a user types it: the folder, the numbers, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.system.commands import CONFIGS, read_csv, read_json, settings, sim, status

CELL = [
    *settings(
        cell__anode_profile__kind="flat", mesh__columns=2, electrolyte__electrostatics="electroneutral"
    ),
    *settings(electrolyte__double_layer="none", experiments__impedance__points_per_decade=1),
]


def test_folder_and_refusal(tmp_path: Path) -> None:
    done = sim("experiment", "impedance", CONFIGS / "pp.yaml", *CELL, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert status(tmp_path / "out") == "done"
    table, summary = read_csv(tmp_path / "out" / "impedance.csv"), read_json(tmp_path / "out/summary.json")
    assert table["frequency_Hz"] == pytest.approx(np.logspace(6, -2, 9))
    assert (table["impedance_imag_ohm_m2"] < 0).all()
    assert summary["conductivity_S_m"] == pytest.approx(0.023, rel=1e-6)
    assert {path.name for path in (tmp_path / "out" / "figures").iterdir()} == {"nyquist.png", "bode.png"}
    blocking = settings(counter__kind="blocking")
    refused = sim("experiment", "impedance", CONFIGS / "pp.yaml", *CELL, *blocking, "-o", "no", cwd=tmp_path)
    assert refused.returncode == 2
    assert "no alternating current can pass" in refused.stderr
