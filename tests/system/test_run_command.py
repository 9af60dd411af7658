"""What `sim run` leaves in its folder, and that every key and column of the contract is there and right."""

from __future__ import annotations

import hashlib
import json
import math
import re
from pathlib import Path

import meshio
import numpy as np
import pytest
from scipy.spatial import cKDTree

from sim.config import load_config
from tests.system.commands import (
    CONFIGS,
    ERRORS,
    TRANSIENT,
    frames,
    read_csv,
    read_json,
    settings,
    sim,
    status,
)

SUMMARY = {
    "current_density_mean_A_m2",
    "current_density_cv",
    "current_density_max_over_mean",
    "current_density_hot_fraction",
    "ionic_current_density_cv",
    "normal_field_cv",
    "c_li_std_mol_m3",
    "j_over_j_lim",
    "cell_voltage_V",
    "limiting_current_density_A_m2",
    "c_li_min_mol_m3",
    "c_li_max_mol_m3",
    "coverage_mean",
    *ERRORS,
    "worst_budget_error",
    "detailed_balance_error",
    "warnings",
    "time_s",
    "steady",
}
INTERFACE = {
    "x_m",
    "y_m",
    "arc_length_m",
    "current_density_A_m2",
    "c_li_mol_m3",
    "phi_V",
    "normal_field_V_m",
    "coverage",
    "site_capacity_mol_m2",
    "adsorption_energy_eV",
    "surface_charge_C_m2",
}
BULK = {"phi_V", "c_li_mol_m3", "c_anion_mol_m3", "li_flux_mol_m2_s"}


def test_every_file_is_there_and_nothing_else(steady_run: Path) -> None:
    files = {"config.yaml", "manifest.json", "summary.json", "metrics.csv", "interface.csv", "log.txt"}
    assert {path.name for path in steady_run.iterdir()} == files | {"fields", "figures"}
    assert list((steady_run / "figures").glob("*.png"))


def test_summary_has_the_keys_of_the_contract(steady_run: Path) -> None:
    summary = read_json(steady_run / "summary.json")
    assert set(summary) >= SUMMARY
    assert summary["steady"] is True
    assert summary.pop("warnings") == [], "there is nothing to warn of"
    assert all(isinstance(value, float | bool) or value is None for value in summary.values())
    undefined = {name for name, value in summary.items() if value is None}
    assert undefined <= {"time_s"}, "a steady state has no time; everything else is a number"
    assert summary["cell_voltage_V"] == 0.5
    ratio = summary["current_density_mean_A_m2"] / summary["limiting_current_density_A_m2"]
    assert summary["j_over_j_lim"] == pytest.approx(ratio, rel=1e-12)
    assert all(summary[name] < 1e-9 for name in ERRORS)


def test_manifest_says_what_ran_where(steady_run: Path) -> None:
    manifest = read_json(steady_run / "manifest.json")
    assert manifest["status"] == "done"
    assert manifest["ranks"] == 1
    assert 0 < manifest["wall_time_s"] < 120
    assert {"numpy", "dolfinx", "petsc4py"} <= set(manifest["packages"])
    assert "version" in manifest
    assert "git_commit" in manifest
    digest = hashlib.sha256((steady_run / "config.yaml").read_bytes()).hexdigest()
    assert manifest["config_sha256"] == digest
    assert len(manifest["mesh_sha256"]) == 64
    assert set(manifest["stages_s"]) >= {"mesh", "compile", "solve", "output"}


def test_the_resolved_config_repeats_the_run(steady_run: Path, tmp_path: Path) -> None:
    config = load_config(steady_run / "config.yaml")
    assert config == load_config(CONFIGS / "pia.yaml", ("mesh.columns=6",))
    done = sim("run", steady_run / "config.yaml", "-o", "again", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert read_json(tmp_path / "again" / "summary.json") == read_json(steady_run / "summary.json")


def test_metrics_hold_one_row_per_step(undisturbed: Path) -> None:
    metrics = read_csv(undisturbed / "metrics.csv")
    summary = read_json(undisturbed / "summary.json")
    of_the_run = {
        "limiting_current_density_A_m2",
        "steady",
        "warnings",
        "worst_budget_error",
        "detailed_balance_error",
    }
    assert set(metrics) >= SUMMARY - of_the_run
    times = metrics["time_s"]
    assert times.size > 20
    assert np.all(np.diff(times) > 0)
    assert np.cumsum(metrics["step_s"]) == pytest.approx(times, rel=1e-9)
    assert times[-1] == 1e-3
    for name in set(metrics) & set(summary):
        assert metrics[name][-1] == summary[name], name
    assert summary["steady"] is False
    assert all(np.max(metrics[name]) < 1e-8 for name in ERRORS), "from the first step on"
    # a fraction of a second after rest all that flows charges the double layers; then plating takes over
    assert np.all(np.diff(metrics["current_density_mean_A_m2"][:5]) > 0)


def test_a_steady_state_is_one_row(steady_run: Path) -> None:
    metrics, summary = read_csv(steady_run / "metrics.csv"), read_json(steady_run / "summary.json")
    assert metrics["time_s"].tolist() == [math.inf]
    for name in SUMMARY & set(metrics) - {"time_s"}:
        assert metrics[name][0] == summary[name], name


def test_interface_follows_the_anode(steady_run: Path) -> None:
    table, summary = read_csv(steady_run / "interface.csv"), read_json(steady_run / "summary.json")
    assert set(table) >= INTERFACE
    x, y, arc = table["x_m"], table["y_m"], table["arc_length_m"]
    assert x.size == 2 * 6 + 1
    assert x[[0, -1]] == pytest.approx([0.0, 10e-6], abs=1e-18)
    assert np.all(np.diff(x) > 0)
    assert np.diff(arc) == pytest.approx(np.hypot(np.diff(x), np.diff(y)), rel=1e-12)
    current = table["direct_current_density_A_m2"] + table["adsorbed_current_density_A_m2"]
    assert table["current_density_A_m2"] == pytest.approx(current, rel=1e-12)
    # plating per projected length: Simpson's rule along the arc
    lengths = arc[2::2] - arc[:-2:2]
    means = (
        table["current_density_A_m2"][:-2:2]
        + 4 * table["current_density_A_m2"][1::2]
        + table["current_density_A_m2"][2::2]
    ) / 6
    assert means @ lengths / 10e-6 == pytest.approx(summary["current_density_mean_A_m2"], rel=0.02)
    assert table["site_capacity_mol_m2"] == pytest.approx(12 * 1e18 / 6.02214076e23, rel=1e-9)
    assert table["adsorption_energy_eV"] == pytest.approx(0.75 * -0.65 + 0.25 * 0.28, rel=1e-9)


def test_fields_open_in_meshio_and_agree_with_the_interface(steady_run: Path) -> None:
    table = read_csv(steady_run / "interface.csv")
    ((_, file),) = frames(steady_run, "bulk")
    mesh = meshio.read(file)
    assert set(mesh.point_data) >= BULK
    assert {block.type for block in mesh.cells} == {"quad9"}
    nodes = np.column_stack([table["x_m"], table["y_m"]])
    distance, number = cKDTree(mesh.points[:, :2]).query(nodes)
    assert distance.max() < 1e-15
    for name in ("phi_V", "c_li_mol_m3"):
        assert np.asarray(mesh.point_data[name])[number] == pytest.approx(table[name], rel=1e-9), name
    # away from the electrodes the electrolyte is neutral
    y = mesh.points[:, 1]
    middle = (y > 3e-6) & (y < 6e-6)
    c_anion, c_li = (np.asarray(mesh.point_data[name])[middle] for name in ("c_anion_mol_m3", "c_li_mol_m3"))
    assert c_anion == pytest.approx(c_li, rel=1e-6)
    assert np.ptp(c_anion) > 10
    ((_, file),) = frames(steady_run, "interface")
    line = meshio.read(file)
    assert line.points[:, :2] == pytest.approx(nodes, abs=0)
    for name in INTERFACE - {"x_m", "y_m"}:
        assert np.array_equal(np.ravel(line.point_data[name]), table[name]), name


def test_fields_open_in_pyvista(undisturbed: Path) -> None:
    pyvista = pytest.importorskip("pyvista")
    reader = pyvista.get_reader(str(undisturbed / "fields" / "bulk.pvd"))
    assert reader.time_values == [0.0, 1e-6, 1e-5, 1e-3]
    assert [time for time, _ in frames(undisturbed, "interface")] == reader.time_values
    reader.set_active_time_value(0.0)
    rest = reader.read()[0]
    assert np.asarray(rest["c_anion_mol_m3"]) == pytest.approx(2500.0, rel=1e-12)
    reader.set_active_time_value(1e-3)
    last = reader.read()[0]
    assert last.bounds[:2] == pytest.approx((0.0, 10e-6))
    assert last.bounds[3] == pytest.approx(8e-6)
    # cells are not turned inside out: their areas add up to the cell below the counter electrode
    area = last.compute_cell_sizes(length=False, volume=False)["Area"]
    assert np.all(area > 0)
    height = read_csv(undisturbed / "interface.csv")["y_m"]
    assert 10e-6 * (8e-6 - height.max()) < area.sum() < 10e-6 * 8e-6
    c_li = np.asarray(last["c_li_mol_m3"])
    summary = read_json(undisturbed / "summary.json")
    assert [c_li.min(), c_li.max()] == pytest.approx(
        [summary["c_li_min_mol_m3"], summary["c_li_max_mol_m3"]], rel=1e-9
    )


def test_a_second_run_is_refused(steady_run: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in steady_run.iterdir()}
    done = sim("run", CONFIGS / "pia.yaml", *settings(mesh__columns=6), cwd=steady_run.parents[1])
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "results/pia" in line
    assert "--overwrite" in line
    assert {path.name: path.stat().st_mtime_ns for path in steady_run.iterdir()} == before


def test_resuming_a_finished_run_changes_nothing(undisturbed: Path) -> None:
    before = {path: path.read_bytes() for path in undisturbed.rglob("*") if path.is_file()}
    done = sim("run", *TRANSIENT, "-o", undisturbed, "--resume", cwd=undisturbed.parent)
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in undisturbed.rglob("*") if path.is_file()} == before


def test_overwriting_leaves_only_the_new_run(tmp_path: Path) -> None:
    """A transient with many frames gives way to a steady state with one; a user's own file stays."""
    pp = [CONFIGS / "pp.yaml", *settings(mesh__columns=4, electrolyte__electrostatics="electroneutral")]
    first = sim("run", *pp, *settings(operation__duration="1 us"), "-o", "run", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert len(frames(tmp_path / "run", "bulk")) > 2
    (tmp_path / "run" / "note.txt").write_text("mine")
    second = sim("run", *pp, *settings(output__figures="false"), "-o", "run", "--overwrite", cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert len(frames(tmp_path / "run", "bulk")) == 1
    assert len(list((tmp_path / "run" / "fields").glob("bulk*.vtu"))) == 1
    assert not (tmp_path / "run" / "figures").exists()
    assert read_json(tmp_path / "run" / "summary.json")["steady"]
    assert (tmp_path / "run" / "note.txt").read_text() == "mine"


def test_the_closing_lines_name_result_times_and_folder(tmp_path: Path) -> None:
    done = sim(
        "run", CONFIGS / "pia.yaml", *settings(mesh__columns=4), "-o", "here", "--profile", cwd=tmp_path
    )
    assert done.returncode == 0
    summary = read_json(tmp_path / "here" / "summary.json")
    assert f"{summary['current_density_mean_A_m2']:.6g} A/m^2 at 0.5 V" in done.stdout
    assert "budgets close to" in done.stdout
    assert all(
        f"{stage} " in done.stdout for stage in ("start-up", "mesh", "compile", "solve", "figures", "total")
    )
    assert "results: here" in done.stdout
    profile = read_json(tmp_path / "here" / "manifest.json")["profile"]
    solve = profile["stages"]["solve"]
    assert {"residuals", "Jacobians", "factorisations", "back substitutions", "other"} == set(solve["parts"])
    assert solve["parts"]["residuals"]["calls"] > solve["parts"]["factorisations"]["calls"] > 1
    assert sum(part["wall_time_s"] for part in solve["parts"].values()) == pytest.approx(
        solve["wall_time_s"], abs=1e-3
    )
    assert profile["stages"]["compile"]["parts"]["kernels"]["calls"] > 10
    assert profile["peak_memory_MiB"] > 100
    assert re.search(r"^  factorisations +[0-9.]+ +[0-9.]+ % +[0-9]+$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", ["pia", "examples/profile-table"])
def test_validate_prints_the_resolved_config_and_the_scales(name: str, tmp_path: Path) -> None:
    done = sim("validate", CONFIGS / f"{name}.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert ": valid" in done.stdout.splitlines()[0]
    assert "Debye length" in done.stdout.partition("# scales")[2]
    (tmp_path / "resolved.yaml").write_text(done.stdout)
    resolved = load_config(tmp_path / "resolved.yaml")
    assert resolved == load_config(CONFIGS / f"{name}.yaml")


def test_mesh_writes_a_mesh_with_named_boundaries(tmp_path: Path) -> None:
    done = sim("mesh", CONFIGS / "pp.yaml", *settings(mesh__columns=6), "-o", "cell.msh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "6 columns" in done.stdout
    assert "written: cell.msh" in done.stdout
    mesh = meshio.read(tmp_path / "cell.msh")
    assert {"anode", "counter", "left", "right"} <= set(mesh.field_data)
    assert np.ptp(mesh.points[:, 0]) == pytest.approx(10e-6)
    alone = sim("mesh", CONFIGS / "pp.yaml", *settings(mesh__columns=6), cwd=tmp_path)
    assert alone.stdout.splitlines() == done.stdout.splitlines()[:-1]


def test_schema_is_the_committed_one(tmp_path: Path) -> None:
    done = sim("schema", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout) == json.loads((CONFIGS / "config.schema.json").read_text())


def test_status_of_a_finished_run_is_done(undisturbed: Path) -> None:
    assert status(undisturbed) == "done"
    assert not (undisturbed / "checkpoint.npz").exists()
    log = (undisturbed / "log.txt").read_text().splitlines()
    assert log[0].endswith("started")
    assert log[-1].endswith("done")
