"""Run folders read back: whole, unfinished, broken."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import synthetic_run as synthetic

from sim.view import Run, ViewError
from sim.view.reader import mean_along_anode
from sim.view.snapshot import TRIANGLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A finished run to be damaged."""
    return synthetic.write_run(tmp_path / "run", synthetic.PIA)


def test_a_finished_run(runs: dict[str, Path]):
    run = Run.from_folder(runs["pia"]).require_done()
    assert (run.settings.name, run.status) == ("pia", "done")
    assert run.settings.drive == "potentiostatic 0.5 V"
    assert run.settings.sites == ("N1", "N2")
    assert run.settings.length == pytest.approx(10e-6)
    assert run.settings.reference_energy == pytest.approx(0.4175)
    assert run.metric("current_density_cv") == pytest.approx(synthetic.PIA.cv, rel=1e-2)
    assert [time for time, _ in run.snapshots] == [0.0, 3.0]
    assert len(run.interface) == 161


def test_a_c_rate_is_told_as_current(runs: dict[str, Path]):
    settings = Run.from_folder(runs["pp-galvanostatic"]).settings
    assert settings.drive == "galvanostatic 5 A m⁻² (0.5 C)"
    assert settings.applied_current_density == pytest.approx(5.0)


def test_sites_and_bulks_tell_runs_apart(runs: dict[str, Path]):
    opened = {name: Run.from_folder(folder) for name, folder in runs.items()}
    assert not opened["pia-bulk"].has_sites
    assert not opened["pp"].has_sites
    assert opened["control-3"].settings.sites == ("N2",)
    assert opened["pia-bulk"].settings.bulk == opened["control-2"].settings.bulk != opened["pp"].settings.bulk


def test_a_metric_that_is_null_is_nan(runs: dict[str, Path]):
    assert math.isnan(Run.from_folder(runs["pp"]).metric("coverage_mean"))
    assert math.isnan(Run.from_folder(runs["pp"]).metric("no_such_metric"))


def test_triangles_fill_the_cell(runs: dict[str, Path]):
    snapshot = Run.from_folder(runs["pp"]).last_fields
    bumps = sum(a * w * math.sqrt(math.pi) for _, a, w in synthetic.BUMPS)
    expected = synthetic.LENGTH * synthetic.WIDTH - bumps
    assert snapshot.areas().sum() == pytest.approx(expected, rel=1e-3)
    assert snapshot.areas().min() > 0
    assert snapshot.field("c_li_mol_m3").shape == snapshot.x.shape


@pytest.mark.parametrize("kind", ["triangle6", "quad8", "quad9"])
def test_subdivision_keeps_area_and_orientation(kind: str):
    corners = [(0, 0), (1, 0), (0, 1)] if kind == "triangle6" else [(0, 0), (1, 0), (1, 1), (0, 1)]
    points = np.array(corners, dtype=float)
    middles = 0.5 * (points + np.roll(points, -1, axis=0))
    nodes = np.concatenate([points, middles, points.mean(axis=0)[None]])
    a, b, c = np.moveaxis(nodes[np.array(TRIANGLES[kind])], 1, 0)
    doubled = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert (doubled > 0).all()
    assert 0.5 * doubled.sum() == pytest.approx(0.5 if kind == "triangle6" else 1.0)


def test_the_mean_is_over_the_arc(runs: dict[str, Path]):
    table = Run.from_folder(runs["pp"]).interface
    assert mean_along_anode(table.assign(current_density_A_m2=7.0)) == pytest.approx(7.0)


def test_no_folder_and_an_empty_one(tmp_path: Path):
    with pytest.raises(ViewError, match="no such folder"):
        Run.from_folder(tmp_path / "missing")
    with pytest.raises(ViewError, match=r"no config\.yaml"):
        Run.from_folder(tmp_path)


def test_an_unfinished_run_opens_as_far_as_it_goes(folder: Path):
    for name in ("summary.json", "interface.csv"):
        (folder / name).unlink()
    shutil.rmtree(folder / "fields")
    (folder / "manifest.json").write_text('{"status": "running"}', encoding="utf-8")
    run = Run.from_folder(folder)
    assert run.metric("cell_voltage_V") == pytest.approx(0.5)  # from the last step
    with pytest.raises(ViewError, match=r"not finished \(status: running\)"):
        run.require_done()
    with pytest.raises(ViewError, match=r"interface\.csv"):
        _ = run.interface
    with pytest.raises(ViewError, match="no fields are stored"):
        run.fields()


def test_a_finished_run_needs_its_summary(folder: Path):
    (folder / "summary.json").unlink()
    with pytest.raises(ViewError, match=r"summary\.json"):
        Run.from_folder(folder).require_done()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.yaml", "cell: [1"),
        ("config.yaml", "- a list"),
        ("manifest.json", "{"),
        ("summary.json", "[1, 2]"),
        ("metrics.csv", 'a,b\n"1,2\n'),
    ],
)
def test_a_broken_file_is_named(folder: Path, name: str, text: str):
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ViewError, match=name.replace(".", r"\.")):
        Run.from_folder(folder)


def test_a_broken_field_and_index_are_named(folder: Path):
    run = Run.from_folder(folder)
    (folder / "fields" / "bulk_0001.vtu").write_text("<VTKFile", encoding="utf-8")
    with pytest.raises(ViewError, match=r"bulk_0001\.vtu"):
        run.fields()
    (folder / "fields" / "bulk.pvd").write_text("<VTKFile", encoding="utf-8")
    with pytest.raises(ViewError, match=r"bulk\.pvd"):
        run.fields()


def test_fields_without_an_index_are_still_found(folder: Path):
    (folder / "fields" / "bulk.pvd").unlink()
    snapshot = Run.from_folder(folder).fields()
    assert math.isnan(snapshot.time)
    assert snapshot.x.size > 100
    with pytest.raises(ViewError, match="it has c_anion_mol_m3, c_li_mol_m3, phi_V"):
        snapshot.field("pressure")


def test_missing_columns_are_named(folder: Path):
    table = Run.from_folder(folder).interface
    table.drop(columns=["arc_length_m"]).to_csv(folder / "interface.csv", index=False)
    with pytest.raises(ViewError, match="columns are missing: arc_length_m"):
        _ = Run.from_folder(folder).interface


def test_a_config_with_keys_of_another_version_opens(folder: Path):
    text = (folder / "config.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(text + "new_section: {key: 1}\n", encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert Run.from_folder(folder).settings.title == manifest["title"]
