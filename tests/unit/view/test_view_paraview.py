"""The script for ParaView as it is written: what it knows of the run, and what it is refused for. That it works is
tested with ParaView itself, in tests/viewers."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest
import synthetic_run as synthetic
from typer.testing import CliRunner

from sim.cli import app
from sim.view.errors import ViewError
from sim.view.paraview_script import SCRIPT, write_paraview_script


def settings(script: Path) -> dict[str, Any]:
    """The numbers and words at its head."""
    found = {}
    for line in ast.parse(script.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            found[line.targets[0].id] = ast.literal_eval(line.value)
    return found


def along_the_anode(run: Path, currents: dict[str, np.ndarray]) -> None:
    """Adds an interface series with a stored time for each row of the currents."""
    x = np.linspace(0, synthetic.LENGTH, 5)
    points = np.column_stack([x, synthetic.height(x), 0 * x])
    entries = []
    for number in range(len(next(iter(currents.values())))):
        data = {name: rows[number] for name, rows in currents.items()}
        meshio.Mesh(points, [("line3", [[0, 2, 1], [2, 4, 3]])], point_data=data).write(
            run / "fields" / f"interface_{number:04d}.vtu"
        )
        entries.append(f'<DataSet timestep="{3.0 * number}" part="0" file="interface_{number:04d}.vtu"/>')
    (run / "fields" / "interface.pvd").write_text(
        f'<VTKFile type="Collection"><Collection>{"".join(entries)}</Collection></VTKFile>', encoding="utf-8"
    )


@pytest.fixture
def pia(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A run with two stored times and 100 to 400 A/m2 along its anode."""
    run = tmp_path / "pia"
    shutil.copytree(runs["pia"], run)
    currents = np.array([[0.0, 0, 0, 0, 0], [100.0, 200, 400, 200, 100]])
    along_the_anode(run, {"current_density_A_m2": currents})
    return run


def test_it_knows_the_run(pia: Path) -> None:
    script = write_paraview_script(pia)
    assert script == pia / SCRIPT
    known = settings(script)
    assert known["TITLE"] == "PIA separator (N1 and N2 sites)"
    assert known["DRIVE"] == "potentiostatic 0.5 V"
    assert known["KIND"] == "transient"
    assert known["FOLDER"] == "."
    assert known["FORMER_PLACE"] == str(pia)
    assert known["CONFIG"] == hashlib.sha256((pia / "config.yaml").read_bytes()).hexdigest()
    assert [name for name, _, _, _ in known["CURRENTS"]] == [
        "current_density_A_m2",
        "direct_current_density_A_m2",
        "adsorbed_current_density_A_m2",
    ]


def test_scales_are_those_of_all_times_without_the_double_layers(pia: Path) -> None:
    known = settings(write_paraview_script(pia))
    # in the synthetic run the potential stands still and the salt spreads by 1650 mol/m3 to either side; the double
    # layer, which has 0.05 V and seven times the salt, is left out
    assert known["POTENTIAL_RANGE"] == pytest.approx((0.1, 0.4), abs=0.003)
    assert known["LAST_CONCENTRATION_RANGE"] == pytest.approx((850, 4150), abs=30)
    assert known["CONCENTRATION_RANGE"] == pytest.approx((850, 4150), abs=30)
    low, high = known["CURRENT_RANGE"]
    assert low == 0
    assert 400 < high < 600


def test_all_times_count_and_not_the_last_alone(pia: Path) -> None:
    index = pia / "fields" / "bulk.pvd"
    first, second = "bulk_0000.vtu", "bulk_0001.vtu"
    text = (
        index.read_text(encoding="utf-8")
        .replace(first, "x")
        .replace(second, first)
        .replace('"x"', f'"{second}"')
    )
    index.write_text(text, encoding="utf-8")  # ends at rest
    known = settings(write_paraview_script(pia))
    assert known["CONCENTRATION_RANGE"] == pytest.approx((850, 4150), abs=30)
    low, high = known["LAST_CONCENTRATION_RANGE"]
    assert low < 2500 < high
    assert high - low < 100


def test_a_run_without_sites_has_one_curve_and_one_state(runs: dict[str, Path], tmp_path: Path) -> None:
    run = tmp_path / "pp"
    shutil.copytree(runs["pp-galvanostatic"], run)
    along_the_anode(run, {"current_density_A_m2": np.array([[5.0, 5, 5, 5, 5]])})
    (run / "fields" / "bulk_0001.vtu").unlink()
    known = settings(write_paraview_script(run))
    assert known["KIND"] == "steady"
    assert known["DRIVE"].startswith("galvanostatic 5 A m⁻²")
    assert len(known["CURRENTS"]) == 1
    # nothing varies: a scale around the value
    assert known["CONCENTRATION_RANGE"][0] < 2500 < known["CONCENTRATION_RANGE"][1]


def test_a_killed_run_is_said_to_be_unfinished(pia: Path) -> None:
    (pia / "manifest.json").write_text(json.dumps({"status": "running"}), encoding="utf-8")
    (pia / "summary.json").unlink()
    (pia / "interface.csv").unlink()
    assert settings(write_paraview_script(pia))["DRIVE"] == "potentiostatic 0.5 V (not finished)"


def test_elsewhere_it_points_to_the_run(pia: Path, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = write_paraview_script(pia, tmp_path / "scripts" / "mine.py")
    assert settings(script)["FOLDER"] == "../pia"
    assert "pvpython mine.py --image" in script.read_text(encoding="utf-8")


def test_titles_are_only_text(pia: Path) -> None:
    config = pia / "config.yaml"
    title = """it's "100 %" \\\\1 """
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("PIA separator (N1 and N2 sites)", json.dumps(title)), encoding="utf-8")
    assert settings(write_paraview_script(pia))["TITLE"] == title


def test_what_cannot_be_shown_is_refused(pia: Path, tmp_path: Path) -> None:
    with pytest.raises(ViewError, match=r"not the folder of one run; it holds 1, such as .*pia"):
        write_paraview_script(tmp_path)
    with pytest.raises(ViewError, match=r"hides ParaView's own module"):
        write_paraview_script(pia, tmp_path / "paraview.py")
    with pytest.raises(ViewError, match=r"no such folder"):
        write_paraview_script(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ViewError, match=r"not the folder of a run"):
        write_paraview_script(tmp_path / "empty")
    shutil.rmtree(pia / "fields")
    with pytest.raises(ViewError, match=r"holds no fields"):
        write_paraview_script(pia)


def test_the_command(pia: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["paraview", str(pia)])
    assert done.exit_code == 0, done.output
    assert f"paraview --script={pia / SCRIPT}" in done.output
    assert (pia / SCRIPT).is_file()
    assert CliRunner().invoke(app, ["paraview", str(tmp_path)]).exit_code == 2
