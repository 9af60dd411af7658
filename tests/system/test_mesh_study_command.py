"""`sim run --mesh-study` as a user types it: fresh, after the run, on two ranks, stopped, and where it cannot be."""

from __future__ import annotations

import csv
import signal
from pathlib import Path

import pytest

from tests.system.commands import COARSE, CONFIGS, read_json, settings, sim, start, status, wait_for

PP = CONFIGS / "pp.yaml"
FAST = [*COARSE, *settings(electrolyte__electrostatics="electroneutral", output__fields="false")]


def errors(folder: Path) -> dict[str, float]:
    """Mesh errors of a run's summary."""
    summary = read_json(folder / "summary.json")
    return {name: value for name, value in summary.items() if name.startswith("mesh_error_")}


def test_a_finished_run_gets_its_study_and_ranks_agree(tmp_path: Path) -> None:
    first = sim("run", PP, *FAST, "-o", "one", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    before = read_json(tmp_path / "one" / "summary.json")
    assert before["warnings"] == []
    assert errors(tmp_path / "one") == {}
    added = sim("run", PP, *FAST, "-o", "one", "--resume", "--mesh-study", cwd=tmp_path)
    assert added.returncode == 0, added.stderr
    assert "coarser mesh" in added.stderr
    assert "finer mesh" in added.stderr
    assert "errors of the mesh: current density" in added.stdout
    after = read_json(tmp_path / "one" / "summary.json")
    assert {name: after[name] for name in before} == before, "the run itself stays as it was"
    with (tmp_path / "one" / "mesh_study.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(errors(tmp_path / "one")) > 10
    written = (tmp_path / "one" / "mesh_study.csv").stat().st_mtime_ns
    again = sim("run", PP, *FAST, "-o", "one", "--resume", "--mesh-study", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "one" / "mesh_study.csv").stat().st_mtime_ns == written, "it is there already"
    both = sim("run", PP, *FAST, "-o", "two", "--mesh-study", cwd=tmp_path, ranks=2)
    assert both.returncode == 0, both.stderr
    one, two = errors(tmp_path / "one"), errors(tmp_path / "two")
    assert set(one) == set(two)
    for name in ("mesh_error_current_density_mean_A_m2", "mesh_error_current_density_cv"):
        assert one[name] > 0
        assert two[name] == pytest.approx(one[name], rel=1e-4)
    fresh = sim("run", PP, *FAST, "-o", "one", "--overwrite", cwd=tmp_path)
    assert fresh.returncode == 0
    assert not (tmp_path / "one" / "mesh_study.csv").exists()


def test_a_users_mesh_is_not_refined(tmp_path: Path) -> None:
    example = CONFIGS / "examples" / "user-mesh.yaml"
    done = sim("run", example, "-o", "own", "--mesh-study", cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "a mesh of your own cannot be refined" in line
    assert not (tmp_path / "own").exists()


def test_a_stopped_study_leaves_the_run(tmp_path: Path) -> None:
    quiet = settings(output__fields="false", output__figures="false", mesh__columns="60")
    process = start("run", PP, *quiet, "-o", "pp", "--mesh-study", cwd=tmp_path)
    wait_for(tmp_path / "pp" / "summary.json", process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 75
    assert status(tmp_path / "pp") == "done"
    assert errors(tmp_path / "pp") == {}
    assert not (tmp_path / "pp" / "mesh_study.csv").exists()
