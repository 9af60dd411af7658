"""Files that are whole or not there, and what a run folder allows."""

from __future__ import annotations

import json
import math
from pathlib import Path

import meshio
import numpy as np
import pytest

from sim.output import folder as module
from sim.output.atomic import write_json, write_text, write_whole
from sim.output.fields import FieldSeries, interface_grid
from sim.output.folder import RunFolder, RunFolderError, prepare_folder, read_status
from tests.unit.small_cells import small_config

CONFIG = small_config()


def names(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def test_a_writer_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_text(path, "old")

    def fail(temporary: Path) -> None:
        assert temporary.suffix == ".csv"
        assert temporary != path
        temporary.write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert names(tmp_path) == {"a.csv"}, "no remains"


def test_the_final_name_appears_when_the_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"

    def write(temporary: Path) -> None:
        np.savez(temporary, x=np.arange(3))
        assert not path.exists()

    write_whole(path, write)
    assert np.load(path)["x"].tolist() == [0, 1, 2]
    assert names(tmp_path) == {"a.npz"}


def test_json_has_null_for_what_is_undefined(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"a": math.nan, "b": [1.5, math.inf], "c": {"d": -math.inf, "e": True, "f": 1e-300}})
    assert json.loads(path.read_text()) == {
        "a": None,
        "b": [1.5, None],
        "c": {"d": None, "e": True, "f": 1e-300},
    }


def finished(place: Path, status: str) -> RunFolder:
    prepare_folder(place, CONFIG, resume=False, overwrite=False)
    run = RunFolder(place, CONFIG, resumed=False, ranks=1)
    run.add_row({"time_s": 1.0, "v": 2.0})
    run.finish(status, {"v": 2.0})
    (place / "fields").mkdir()
    (place / "fields" / "bulk.pvd").touch()
    return run


@pytest.mark.parametrize("status", ["running", "done", "failed", "interrupted"])
def test_rules_of_a_folder_with_a_run(status: str, tmp_path: Path) -> None:
    place = tmp_path / "run"
    finished(place, status)
    (place / "note.txt").write_text("mine")
    assert read_status(place) == status
    with pytest.raises(RunFolderError, match="--overwrite" if status == "done" else "--resume"):
        prepare_folder(place, CONFIG, resume=False, overwrite=False)
    assert prepare_folder(place, CONFIG, resume=True, overwrite=False) is (status != "done")
    with pytest.raises(RunFolderError, match="another config"):
        prepare_folder(place, small_config(temperature="300 K"), resume=True, overwrite=False)
    assert {"summary.json", "metrics.csv", "fields"} <= names(place), "nothing is lost by asking"
    assert prepare_folder(place, CONFIG, resume=False, overwrite=True) is False
    assert names(place) == {"config.yaml", "note.txt"}


@pytest.mark.parametrize("options", [{}, {"resume": True}, {"overwrite": True}])
def test_rules_of_other_folders(options: dict[str, bool], tmp_path: Path) -> None:
    chosen = {"resume": False, "overwrite": False} | options
    (tmp_path / "empty").mkdir()
    for empty in (tmp_path / "new" / "deep", tmp_path / "empty"):
        assert prepare_folder(empty, CONFIG, **chosen) is False
        assert (empty / "config.yaml").exists()
    taken = tmp_path / "taken"
    taken.mkdir()
    for name, text in (("thesis.tex", "x"), ("manifest.json", "[1]"), ("manifest.json", '{"status": "web"}')):
        (taken / name).write_text(text)
        assert read_status(taken) is None
        with pytest.raises(RunFolderError, match="holds other files"):
            prepare_folder(taken, CONFIG, **chosen)
    assert (taken / "thesis.tex").read_text() == "x"
    with pytest.raises(RunFolderError, match="is a file"):
        prepare_folder(taken / "thesis.tex", CONFIG, **chosen)


def test_rows_continue_up_to_a_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = RunFolder(tmp_path, CONFIG, resumed=False, ranks=1)
    for time in (0.1, 0.2, 0.30000000000000004, 0.4):
        run.add_row({"time_s": time, "v": math.nan})
    run.write_rows()
    again = RunFolder(tmp_path, CONFIG, resumed=True, ranks=1)
    again.continue_rows(0.3)
    again.add_row({"time_s": 0.35, "v": 1 / 3})
    again.finish("done")
    lines = (tmp_path / "metrics.csv").read_text().splitlines()
    assert lines == ["time_s,v", "0.1,nan", "0.2,nan", "0.30000000000000004,nan", f"0.35,{1 / 3!r}"]
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["status"] == "done"
    assert "finished" in manifest
    log = (tmp_path / "log.txt").read_text().splitlines()
    assert [line.split("  ")[1] for line in log] == ["started", "resumed", "done"]


def test_a_resumed_run_without_a_checkpoint_forgets_the_rows(tmp_path: Path) -> None:
    run = RunFolder(tmp_path, CONFIG, resumed=False, ranks=1)
    run.add_row({"time_s": 5.0})
    run.finish("interrupted")
    again = RunFolder(tmp_path, CONFIG, resumed=True, ranks=1)
    again.add_row({"time_s": 1.0})
    again.finish("done")
    assert (tmp_path / "metrics.csv").read_text().splitlines() == ["time_s", "1.0"]


def test_metrics_are_not_rewritten_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[Path] = []
    monkeypatch.setattr(module, "write_table", lambda path, header, rows: writes.append(path))
    run = RunFolder(tmp_path, CONFIG, resumed=False, ranks=1)
    for time in range(100):
        run.add_row({"time_s": float(time)})
    assert len(writes) == 1
    run.finish("done")
    assert len(writes) == 2


def test_other_ranks_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    silent = RunFolder(None, CONFIG, resumed=False, ranks=2)
    silent.log("x")
    silent.note(a=1)
    silent.add_row({"time_s": 1.0})
    silent.continue_rows(2.0)
    silent.write_interface({"x_m": np.zeros(3)})
    silent.finish("done", {"a": 1})
    assert names(tmp_path) == set()


def frame(offset: float) -> tuple:
    table = {"x_m": np.linspace(0, 1, 5), "y_m": np.zeros(5), "v": np.arange(5.0) + offset}
    return interface_grid(table)


def test_a_series_of_fields_continues_after_its_frames(tmp_path: Path) -> None:
    series = FieldSeries(tmp_path / "fields", "line")
    for time in (0.0, 1e-9, 0.1):
        series.write(time, frame(time))
    again = FieldSeries(tmp_path / "fields", "line")
    again.continue_from(2)
    assert len(again) == 2
    again.write(0.25, frame(7.0))
    text = (tmp_path / "fields" / "line.pvd").read_text()
    assert [part.split('"')[0] for part in text.split('timestep="')[1:]] == ["0.0", "1e-09", "0.25"]
    mesh = meshio.read(tmp_path / "fields" / "line_0002.vtu")
    assert np.ravel(mesh.point_data["v"]).tolist() == [7.0, 8.0, 9.0, 10.0, 11.0]
    assert mesh.cells[0].data.tolist() == [[0, 2, 1], [2, 4, 3]]
    assert not list((tmp_path / "fields").glob(".*"))
