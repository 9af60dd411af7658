"""`sim run --tolerance` as a user types it: a mesh found, its options again, a folder in use, two ranks."""

from __future__ import annotations

import csv
import shlex
from pathlib import Path

import pytest

from tests.system.commands import CONFIGS, read_json, settings, sim

PP = CONFIGS / "pp.yaml"
FAST = settings(electrolyte__electrostatics="electroneutral", output__fields="false", output__figures="false")
MEAN = "current_density_mean_A_m2"


def test_the_mesh_found_is_printed_kept_and_had_again(tmp_path: Path) -> None:
    done = sim("run", PP, *FAST, "-o", "one", "--tolerance", "1e-2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("mesh within 0.01: ")]
    assert "search for a mesh" in done.stdout
    summary = read_json(tmp_path / "one" / "summary.json")
    assert summary["mesh_tolerance"] == 0.01
    assert 0 < summary[f"mesh_error_{MEAN}"] < 0.01 * summary[MEAN]
    with (tmp_path / "one" / "mesh_tolerance.csv").open(newline="") as file:
        last = list(csv.DictReader(file))[-1]
    assert float(last[MEAN]) == pytest.approx(summary[MEAN], rel=1e-7)
    assert float(last["error_of_columns"]) + float(last["error_of_rows"]) < 0.01
    options = shlex.split(line.partition(": ")[2])
    again = sim("run", PP, *FAST, *options, "-o", "two", cwd=tmp_path, ranks=2)
    assert again.returncode == 0, again.stderr
    assert read_json(tmp_path / "two" / "summary.json")[MEAN] == pytest.approx(summary[MEAN], rel=1e-5)
    taken = sim("run", PP, *FAST, "-o", "one", "--tolerance", "1e-2", cwd=tmp_path)
    assert taken.returncode == 2
    (message,) = taken.stderr.splitlines()
    assert "holds a finished run" in message, "before any search"
    plain = sim("run", PP, *FAST, "-o", "one", "--overwrite", cwd=tmp_path)
    assert plain.returncode == 0
    assert not (tmp_path / "one" / "mesh_tolerance.csv").exists()


def test_what_makes_no_sense_is_said_at_once(tmp_path: Path) -> None:
    far = sim("run", PP, "-o", "far", "--tolerance", "0.5", cwd=tmp_path)
    assert far.returncode == 2 and "--tolerance 0.5: from 1e-6 to 0.1" in far.stderr
    own = sim(
        "run", CONFIGS / "examples" / "user-mesh.yaml", "-o", "own", "--tolerance", "1e-3", cwd=tmp_path
    )
    assert own.returncode == 2 and "a mesh of your own cannot be refined" in own.stderr
    assert not any(tmp_path.iterdir())
