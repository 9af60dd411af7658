"""`sim compare` of two fast cells, and what the demo is made of."""

from __future__ import annotations

import csv
import json
import signal
from pathlib import Path

import pytest

from sim.studies.demo import MODES, SEPARATORS, demo_configs
from tests.system.commands import COARSE, CONFIGS, read_json, settings, sim, start, status, wait_for

PP, BULK = CONFIGS / "pp.yaml", CONFIGS / "pia-bulk.yaml"
FAST = [*COARSE, *settings(electrolyte__electrostatics="electroneutral")]


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("compare")
    done = sim("compare", PP, BULK, *FAST, "--no-history", "-o", "both", "-j", 2, cwd=place)
    assert done.returncode == 0, done.stderr
    assert "written:" in done.stderr
    assert "differ" in done.stderr.splitlines()[-1], "the last word is on what the meshes tell apart"
    return place / "both"


def test_figures_table_and_runs(comparison: Path) -> None:
    names = {path.name for path in comparison.iterdir()}
    assert "comparison-panel.png" in names
    assert "comparison-table.csv" in names
    assert all(path.stat().st_size > 1000 for path in comparison.glob("*.png"))
    with (comparison / "comparison-table.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    body = [row for row in rows if "pp" in row or "pia-bulk" in row]
    assert [next(name for name in row if name in ("pp", "pia-bulk")) for row in body] == ["pp", "pia-bulk"]
    for name in ("pp", "pia-bulk"):
        assert status(comparison / "runs" / name) == "done"


def test_table_holds_the_runs_numbers(comparison: Path) -> None:
    text = (comparison / "comparison-table.csv").read_text()
    rows = list(csv.reader(text.splitlines()))
    for name in ("pp", "pia-bulk"):
        summary = read_json(comparison / "runs" / name / "summary.json")
        (row,) = [row for row in rows if name in row]
        numbers = [
            float(entry)
            for entry in row
            if entry.replace(".", "").replace("-", "").replace("e", "").isdigit()
        ]
        for key in ("current_density_mean_A_m2", "current_density_cv"):
            assert any(number == pytest.approx(summary[key], rel=1e-3) for number in numbers), key


def test_every_run_has_the_error_of_its_mesh(comparison: Path) -> None:
    for name in ("pp", "pia-bulk"):
        summary = read_json(comparison / "runs" / name / "summary.json")
        with (comparison / "runs" / name / "mesh_study.csv").open(newline="") as file:
            study = {row["metric"]: row for row in csv.DictReader(file)}
        row = study["current_density_cv"]
        assert float(row["base"]) == summary["current_density_cv"]
        assert float(row["error"]) == summary["mesh_error_current_density_cv"]
        assert 0 < summary["mesh_error_current_density_cv"] < summary["current_density_cv"]
        assert not (comparison / "coarse").exists()


def test_it_says_what_the_meshes_tell_apart(comparison: Path) -> None:
    with (comparison / "comparison-resolved.csv").open(newline="") as file:
        rows = {row["metric"]: row for row in csv.DictReader(file)}
    one, two = (read_json(comparison / "runs" / name / "summary.json") for name in ("pp", "pia-bulk"))
    assert "cell_voltage_V" not in rows, "prescribed"
    for name in ("current_density_mean_A_m2", "current_density_cv"):
        assert float(rows[name]["difference"]) == pytest.approx(abs(one[name] - two[name]))
        error = one[f"mesh_error_{name}"] + two[f"mesh_error_{name}"]
        assert float(rows[name]["error"]) == pytest.approx(error)
        assert rows[name]["resolved"] == "yes"
    text = (comparison / "comparison-caption.md").read_text(encoding="utf-8")
    assert "±" in text
    assert "**Told apart.**" in text


def test_a_comparison_is_not_replaced_unasked(comparison: Path) -> None:
    refused = sim("compare", PP, BULK, *FAST, "-o", comparison, cwd=comparison.parent)
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert "--overwrite" in line
    # one rank, no history, one config: what a smaller comparison leaves is its own
    done = sim("compare", PP, *FAST, "--no-history", "--overwrite", "-o", comparison, cwd=comparison.parent)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (comparison / "runs").iterdir() if path.is_dir()] == ["pp"]


def test_others_files_are_left_alone(tmp_path: Path) -> None:
    """A folder of the user's that happens to be called runs is no comparison of ours."""
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "marathon.gpx").write_text("42 km")
    for command in (["compare", PP, BULK, "--overwrite"], ["demo"]):
        done = sim(*command, "-o", ".", cwd=tmp_path)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert "holds other files" in line
    assert (tmp_path / "runs" / "marathon.gpx").read_text() == "42 km"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "both").touch()
    done = sim("compare", PP, BULK, "-o", "both", cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("both: ")


def test_names_must_differ(tmp_path: Path) -> None:
    done = sim("compare", PP, PP, "-o", "both", cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "different names" in line
    assert "pp, pp" in line
    assert not (tmp_path / "both").exists()


def test_a_run_that_gives_up_is_named(tmp_path: Path) -> None:
    limit = settings(solver__max_newton_iterations=1)
    done = sim("compare", PP, BULK, *FAST, *limit, "--no-history", "-o", "both", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "runs/pp: " in done.stderr
    assert "runs/pia-bulk: " in done.stderr
    assert "no steady state found" in done.stderr
    assert "Traceback" not in done.stderr
    assert status(tmp_path / "both" / "runs" / "pp") == "failed"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 75), (signal.SIGINT, 130)])
def test_stopping_a_comparison_stops_its_runs(number: int, code: int, tmp_path: Path) -> None:
    long = settings(operation__duration="1 s", solver__max_step="10 us")
    process = start("compare", PP, BULK, *FAST, *long, "-o", "both", "-j", 2, cwd=tmp_path)
    folders = [tmp_path / "both" / "runs" / name for name in ("pp", "pia-bulk")]
    for folder in folders:
        wait_for(folder / "metrics.csv", process)
    process.send_signal(number)
    assert process.wait(timeout=60) == code
    assert [status(folder) for folder in folders] == ["interrupted", "interrupted"]


def test_the_demo_compares_the_four_and_pias_bulk_in_both_modes() -> None:
    configs = demo_configs()
    assert list(configs) == list(MODES) == ["potentiostatic", "galvanostatic"]
    for mode, chosen in configs.items():
        assert [config.name for config in chosen] == list(SEPARATORS)
        assert SEPARATORS == ("pp", "pia", "control-2", "control-3", "pia-bulk")
        for config in chosen:
            assert config.operation.mode == mode
            assert config.operation.history
            assert config.operation.duration == "steady"
            assert config.cell == configs["potentiostatic"][0].cell, "all share one anode"
            assert config.electrolyte == configs["potentiostatic"][0].electrolyte
            assert config.electrolyte.electrostatics == "poisson"
    assert {config.operation.voltage for config in configs["potentiostatic"]} == {0.5}
    currents = [config.operation.applied_current_density for config in configs["galvanostatic"]]
    assert currents == pytest.approx([5.0] * 5)
    sites = {config.name: sorted(config.interface.sites) for config in configs["potentiostatic"]}
    expected = {"pp": [], "pia": ["N1", "N2"], "control-2": ["N1"], "control-3": ["N2"], "pia-bulk": []}
    assert sites == expected
    # the two modes of a separator differ in the mode alone
    for one, other in zip(configs["potentiostatic"], configs["galvanostatic"], strict=True):
        same = other.operation.model_copy(update={"mode": "potentiostatic"})
        assert other.model_copy(update={"operation": same}) == one
        assert json.loads(one.model_dump_json())["name"] == other.name
