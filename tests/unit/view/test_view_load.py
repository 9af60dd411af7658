"""Results opened in Python with sim.load: what they hold, how they look, and what is said of what is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import synthetic_run as synthetic
from marched_run import TIMES, write_marched
from matplotlib.figure import Figure

import sim
from sim.config import RunConfig
from sim.loaded import LoadedExperiment, LoadedRun, LoadedRuns
from sim.view import ViewError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def marched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_marched(tmp_path_factory.mktemp("load") / "run")


def test_a_run(marched: Path):
    run = sim.load(str(marched))
    assert isinstance(run, LoadedRun)
    assert (run.name, run.status, run.title) == ("pia", "done", "PIA separator (N1 and N2 sites)")
    assert isinstance(run.config, RunConfig)
    assert run.config.operation.voltage == 0.5
    assert run.summary.dtype == float
    assert run.summary["current_density_cv"] == pytest.approx(synthetic.PIA.cv, rel=1e-3)
    assert run.metrics["time_s"].is_monotonic_increasing
    pd.testing.assert_frame_equal(run.interface, pd.read_csv(marched / "interface.csv"))
    assert "pia" in repr(run) and "potentiostatic 0.5 V" in repr(run)


def test_the_interface_over_time(marched: Path):
    series = sim.load(marched).interface_series()
    table = pd.read_csv(marched / "interface.csv")
    assert dict(series.sizes) == {"time_s": len(TIMES), "arc_length_m": len(table)}
    assert series.time_s.values.tolist() == list(TIMES)
    current = series.current_density_A_m2
    assert current.attrs["units"] == "A/m^2" and series.coverage.attrs["units"] == "1"
    last = 0.2 + 0.8 * (1 - np.exp(-TIMES[-1] / 0.3))
    assert current.isel(time_s=-1).values == pytest.approx(last * table["current_density_A_m2"].to_numpy())
    assert series.x_m.values == pytest.approx(table["x_m"].to_numpy())


def test_fields_at_a_time(marched: Path):
    pyvista = pytest.importorskip("pyvista")
    run = sim.load(marched)
    assert run.times.tolist() == list(TIMES)
    grid = run.fields()
    assert isinstance(grid, pyvista.UnstructuredGrid)
    assert grid.field_data["time_s"][0] == TIMES[-1]
    assert run.fields(0.03).field_data["time_s"][0] == 0.05
    points, _ = synthetic.quad9_mesh()
    settled = 1 - np.exp(-0.05 / 0.3)
    expected = synthetic.bulk_fields(points, synthetic.PIA, settled)["c_li_mol_m3"]
    assert run.fields(0.05)["c_li_mol_m3"] == pytest.approx(expected, rel=1e-12)


def test_figures(marched: Path):
    plot = sim.load(marched).plot
    assert {"fields", "current", "double_layer", "coverage", "history", "render"} <= set(plot.names)
    figure = plot.fields(time=0.05)
    assert isinstance(figure, Figure)
    assert "t = 50.0 ms" in figure.get_suptitle()
    assert figure._repr_png_().startswith(b"\x89PNG")
    for name in ("current", "double_layer", "coverage", "history"):
        assert isinstance(getattr(plot, name)(), Figure)
    with pytest.raises(ViewError, match="no field 'psi' can be rendered; there are c_li, phi"):
        plot.render("psi")


def test_what_a_run_lacks_is_said(runs: dict[str, Path], tmp_path: Path):
    steady = sim.load(runs["pp-galvanostatic"])
    assert "history" not in steady.plot.names and "coverage" not in steady.plot.names
    with pytest.raises(ViewError, match=r"no data for 'history'.*figures: fields"):
        steady.plot.history()
    with pytest.raises(ViewError, match="no interface is stored over time"):
        steady.interface_series()
    bare = tmp_path / "bare"
    shutil.copytree(runs["pp"], bare)
    shutil.rmtree(bare / "fields")
    with pytest.raises(ViewError, match="no fields are stored"):
        sim.load(bare).fields()
    (bare / "config.yaml").write_text((bare / "config.yaml").read_text() + "something_new: 1\n")
    with pytest.raises(ViewError, match="not a config of this version"):
        _ = sim.load(bare).config


def test_in_a_notebook_texts_are_escaped(runs: dict[str, Path], tmp_path: Path):
    folder = tmp_path / "run"
    shutil.copytree(runs["pia"], folder)
    config = (folder / "config.yaml").read_text()
    (folder / "config.yaml").write_text(config.replace("PIA separator", "PIA <b>separator"))
    page = sim.load(folder)._repr_html_()
    assert "<b>separator" not in page and "PIA &lt;b&gt;separator" in page
    assert "(3.00 ± 0.02)×10⁻³" in page  # with the error of its mesh
    assert "mathrm" not in page


def test_several_runs(runs: dict[str, Path], tmp_path: Path):
    for drive, suffix in (("0.5V", ""), ("0.5C", "-galvanostatic")):
        for name in ("pp", "pia", "pia-bulk"):
            shutil.copytree(runs[f"{name}{suffix}"], tmp_path / "demo" / "runs" / drive / name)
    (tmp_path / "demo" / "a-table.csv").write_text("name,title\npp,PP\npia,PIA\npia-bulk,bulk\n")
    both = sim.load(tmp_path / "demo")
    assert isinstance(both, LoadedRuns)
    assert list(both) == [
        f"{drive}/{name}" for drive in ("0.5C", "0.5V") for name in ("pp", "pia", "pia-bulk")
    ]
    assert both.table.loc["0.5V/pp", "current_density_cv"] == pytest.approx(synthetic.PP.cv, rel=1e-3)
    assert both["0.5V/pia"].name == "pia"
    assert "0.5V/pia" in both._repr_html_()
    with pytest.raises(ViewError, match=r"different drives.*within"):
        both.plot.panel()
    some = both.within("0.5V")
    assert list(some) == ["pp", "pia", "pia-bulk"]
    assert isinstance(some.plot.current(), Figure) and isinstance(some.plot.parts(), Figure)
    for wrong, said in (
        (lambda: both.within("1V"), "there is 0.5C, 0.5V"),
        (lambda: some["x"], "no run 'x'"),
    ):
        with pytest.raises(ViewError, match=said):
            wrong()


def test_an_experiment(runs: dict[str, Path], tmp_path: Path):
    folder = tmp_path / "pp-sand"
    folder.mkdir()
    shutil.copy(runs["pp"] / "config.yaml", folder)
    (folder / "manifest.json").write_text('{"experiment": "sand", "status": "done"}')
    with pytest.raises(ViewError, match="no finished experiment"):
        _ = sim.load(folder).summary
    (folder / "summary.json").write_text('{"limiting_current_density_A_m2": 119.0, "points": 2}')
    (folder / "sand.csv").write_text("current_density_A_m2,time_s\n200.0,3.0\n400.0,0.7\n")
    found = sim.load(folder)
    assert isinstance(found, LoadedExperiment)
    assert (found.name, found.summary["limiting_current_density_A_m2"]) == ("sand", 119.0)
    assert found.table["time_s"].tolist() == [3.0, 0.7]
    assert list(found.tables) == ["sand"]
    assert "119.0" in found._repr_html_()


@pytest.mark.parametrize(("make", "said"), [(False, "there is no such folder"), (True, "no result in it")])
def test_no_result(tmp_path: Path, make: bool, said: str):
    if make:
        (tmp_path / "none").mkdir()
    with pytest.raises(ViewError, match=said):
        sim.load(tmp_path / "none")


def test_without_the_solver_and_cheap_until_it_is_called(marched: Path):
    program = f"""
import sys
for name in ("dolfinx", "mpi4py", "petsc4py", "ufl", "basix"):
    sys.modules[name] = None  # importing one of them raises
import sim
early = [name for name in sys.modules if name.split(".")[0] in ("numpy", "pandas", "matplotlib", "pydantic")]
run = sim.load({str(marched)!r})
run.config, run.interface_series(), run.plot.current()
print(early, len(run.metrics) > 1)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("[] True", 0), done.stderr
