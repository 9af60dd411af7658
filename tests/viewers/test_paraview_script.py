"""The script that `sim paraview` writes, in ParaView's programs: what it builds, and that its image shows it."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paraview.vtk.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOImage import vtkPNGReader

WIDTH, HEIGHT, ABOVE = 1600, 1100, 0.66
#: appended to a copy of the script: what the scene holds
ASKED = """
import json
def fetched(name):
    return pv.servermanager.Fetch(pv.FindSource(name))
views = pv.GetViews()
chart = [view for view in views if hasattr(view, "LeftAxisTitle")][0]
told = {
    "sources": [name for name, _ in pv.GetSources()],
    "layouts": len(pv.GetLayouts()),
    "views": len(views),
    "times": list(pv.GetTimeKeeper().TimestepValues) if KIND == "transient" else [],
    "time": pv.GetAnimationScene().AnimationTime,
    "bars": [
        pv.GetScalarBar(pv.GetColorTransferFunction(name), view).Title
        for name, view in (("phi_V", pv.GetRenderViews()[0]), ("c_li_mol_m3", pv.GetRenderViews()[1]))
    ],
    "scales": {
        name: [float(pv.GetColorTransferFunction(name).RGBPoints[place]) for place in (0, -4)]
        for name in ("phi_V", "c_li_mol_m3")
    },
    "curves": list(chart.Representations[0].SeriesVisibility),
    "cell": fetched("cell (µm)").GetBounds(),
    "lines": fetched("Li+ flux").GetNumberOfCells(),
    "reach": fetched("Li+ flux").GetBounds(),
}
with open("TOLD", "w") as stream:
    json.dump(told, stream)
"""


def settings(script: Path) -> dict[str, Any]:
    """The numbers and words at the head of a script."""
    found = {}
    for line in ast.parse(script.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            found[line.targets[0].id] = ast.literal_eval(line.value)
    return found


def perform(
    screen: dict[str, str], cwd: Path, program: str, *arguments: object
) -> subprocess.CompletedProcess[str]:
    """One of ParaView's programs to its end."""
    return subprocess.run(
        [program, *map(str, arguments)],
        cwd=cwd,
        env=screen,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def asked(script: Path, place: Path, told: Path, after: str = "") -> Path:
    """A copy of a script that also tells what it has built."""
    copy = place / "asked.py"
    text = script.read_text(encoding="utf-8") + ASKED.replace("TOLD", str(told)) + after
    copy.write_text(text, encoding="utf-8")
    return copy


def pixels(image: Path) -> np.ndarray:
    """(height, width, 3), the first row at the top."""
    reader = vtkPNGReader()
    reader.SetFileName(str(image))
    reader.Update()
    picture = reader.GetOutput()
    wide, tall, _ = picture.GetDimensions()
    return vtk_to_numpy(picture.GetPointData().GetScalars()).reshape(tall, wide, -1)[::-1, :, :3].astype(int)


def bar(view: np.ndarray) -> np.ndarray:
    """(n, 3) colours along the colour bar beneath a cell: the longest coloured run among its lowest rows."""
    rows = view[int(0.9 * len(view)) :]
    coloured = np.ptp(rows, axis=2) > 40
    best = rows[np.argmax(coloured.sum(axis=1))]
    colours: np.ndarray = best[np.ptp(best, axis=1) > 40]
    return colours


def near(colour: np.ndarray, other: tuple[int, int, int]) -> bool:
    return bool(np.abs(colour - np.array(other)).max() < 25)


def read_off(view: np.ndarray, x: float, y: float, limits: tuple[float, float]) -> float:
    """The value that a reader sees at a pixel, by the colour bar: position by that of its colour in the bar."""
    scale = bar(view)
    place = np.abs(scale - view[round(y), round(x)]).sum(axis=1).argmin()
    return float(limits[0] + (limits[1] - limits[0]) * place / (len(scale) - 1))


def split(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Potential, concentration, current."""
    edge, middle = round(ABOVE * HEIGHT), WIDTH // 2
    return picture[:edge, :middle], picture[:edge, middle:], picture[edge:]


def assert_it_shows_the_run(picture: np.ndarray, script: Path, last: dict[str, np.ndarray]) -> None:
    """Colour bars, fields in their colours, curves."""
    assert picture.shape == (HEIGHT, WIDTH, 3)
    known = settings(script)
    potential, salt, current = split(picture)
    assert near(bar(potential)[2], (13, 8, 135)), "plasma's ends"
    assert near(bar(potential)[-3], (240, 249, 33))
    assert near(bar(salt)[2], (68, 1, 84)), "viridis' ends"
    assert near(bar(salt)[-3], (253, 231, 37))
    for view, name, limits in (
        (potential, "phi_V", known["POTENTIAL_RANGE"]),
        (salt, "c_li_mol_m3", known["CONCENTRATION_RANGE"]),
    ):
        inside = np.ptp(view[: int(0.8 * len(view))], axis=2) > 40
        columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
        wide, tall = columns[-1] - columns[0], rows[-1] - rows[0]
        assert wide / tall == pytest.approx(10 / 8, rel=0.02), "of the cell, to scale"
        assert wide > 0.6 * view.shape[1], "and it fills its view"
        # 5 % below the upper edge, right of the middle between two lines of flux
        x, y = 0.5 + 0.4 / 24, 0.05
        seen = read_off(view, columns[0] + x * wide, rows[0] + y * tall, limits)
        nearest = np.hypot(last["points"][:, 0] - x * 10e-6, last["points"][:, 1] - (1 - y) * 8e-6).argmin()
        assert seen == pytest.approx(last[name][nearest], abs=0.05 * (limits[1] - limits[0])), name
    for _, _, colour, _ in known["CURRENTS"]:
        there = np.abs(current - np.round(255 * np.array(colour))).max(axis=2) < 30
        assert there[:, 300:1200].any(axis=0).mean() > 0.95, "a curve from side to side"


@pytest.mark.parametrize(
    ("run", "program"), [("steady", "pvpython"), ("transient", "pvbatch"), ("killed", "pvbatch")]
)
def test_the_scene_and_its_image(
    made: Path, tmp_path: Path, screen: dict[str, str], run: str, program: str
) -> None:
    script = made / run / "show_in_paraview.py"
    told, image = tmp_path / "told.json", tmp_path / "cell.png"
    copy = asked(script, made / run, told)
    done = perform(screen, tmp_path, program, copy, "--image", image)
    copy.unlink()
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == ""
    scene, known = json.loads(told.read_text(encoding="utf-8")), settings(script)
    assert scene["bars"] == ["potential (V)", "Li+ concentration (mol/m³)"]
    assert scene["scales"]["phi_V"] == pytest.approx(known["POTENTIAL_RANGE"])
    assert scene["scales"]["c_li_mol_m3"] == pytest.approx(known["CONCENTRATION_RANGE"])
    assert scene["views"] == 3
    assert scene["curves"] == [name for name, _, _, _ in known["CURRENTS"]]
    assert scene["curves"][0] == "current_density_A_m2"
    assert scene["cell"][:4] == pytest.approx([0, 10, 0, 8], abs=1e-4)
    with np.load(made / "nodes.npz") as kept:
        files = [
            name.split("/")[1] for name in kept if name.startswith(f"{run}/bulk_") and name.endswith("points")
        ]
        last = {name: kept[f"{run}/{files[-1]}/{name}"] for name in ("points", "phi_V", "c_li_mol_m3")}
    if run == "steady":
        assert known["KIND"] == "steady"
    else:
        assert len(scene["times"]) == len(files)
        assert scene["time"] == scene["times"][-1], "opens at the last"
    assert ("not finished" in known["DRIVE"]) == (run == "killed")
    # each seed has a line to either side, from the counter electrode to the metal
    assert scene["lines"] == 2 * 24
    assert scene["reach"][2:4] == pytest.approx([0, 8], abs=0.1)
    assert_it_shows_the_run(pixels(image), script, last)


def test_another_time_and_the_scale_of_the_last(made: Path, tmp_path: Path, screen: dict[str, str]) -> None:
    told = tmp_path / "told.json"
    copy = asked(made / "transient" / "show_in_paraview.py", made / "transient", told)
    done = perform(screen, tmp_path, "pvbatch", copy, "--time", 9e-6, "--scale", "last")
    copy.unlink()
    assert done.returncode == 0, done.stderr
    scene, known = (
        json.loads(told.read_text(encoding="utf-8")),
        settings(made / "transient" / "show_in_paraview.py"),
    )
    assert scene["time"] == 1e-5
    assert scene["scales"]["phi_V"] == pytest.approx(known["LAST_POTENTIAL_RANGE"])
    assert known["LAST_POTENTIAL_RANGE"] != known["POTENTIAL_RANGE"]


def test_a_window_opens_it_where_the_folder_was_moved(
    made: Path, tmp_path: Path, screen: dict[str, str]
) -> None:
    """ParaView itself, which tells a script neither its name nor arguments."""
    moved, told = tmp_path / "moved", tmp_path / "told.json"
    shutil.copytree(made / "steady", moved)
    script = moved / "show_in_paraview.py"
    former = settings(script)["FORMER_PLACE"]
    assert former == str(made / "steady")
    script.write_text(script.read_text(encoding="utf-8").replace(former, "/nowhere"), encoding="utf-8")
    copy = asked(script, moved, told, "import os\nos._exit(7)\n")  # closes the window
    done = perform(screen, Path("/"), "paraview", "--dr", f"--script={copy}")
    assert done.returncode == 7
    scene = json.loads(told.read_text(encoding="utf-8"))
    assert scene["layouts"] == 1, "the view that a window opens with gave way"
    assert scene["views"] == 3
    assert scene["curves"][0] == "current_density_A_m2"
    assert scene["lines"] == 2 * 24


def test_it_shows_no_other_run(made: Path, tmp_path: Path, screen: dict[str, str]) -> None:
    lost = tmp_path / "show_in_paraview.py"
    text = (made / "steady" / "show_in_paraview.py").read_text(encoding="utf-8")
    lost.write_text(text.replace(str(made / "steady"), "/nowhere"), encoding="utf-8")
    done = perform(screen, made / "transient", "pvpython", lost)
    assert done.returncode != 0
    assert "not beside it" in done.stderr
    assert list(tmp_path.iterdir()) == [lost]
