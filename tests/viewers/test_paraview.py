"""Run folders in a stock ParaView: what a double click opens, with time, names and the solver's numbers."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import paraview.simple as pv
import pytest
from paraview.vtk.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import reference

RUNS = ["steady", "transient", "killed"]
SERIES = ["bulk", "interface"]
BULK = {"phi_V", "c_li_mol_m3", "c_anion_mol_m3", "li_flux_mol_m2_s"}
INSIDE = (0.3, 0.6)  #: where the reference has its values within the cells
QUAD9, LINE3 = 28, 21  # VTK's numbers of the cells


def stored(folder: Path, series: str) -> list[tuple[float, str]]:
    """(time [s], name of the file) of every entry of a .pvd."""
    entries = ElementTree.parse(folder / "fields" / f"{series}.pvd").getroot().iter("DataSet")
    return [(float(entry.attrib["timestep"]), Path(entry.attrib["file"]).stem) for entry in entries]


def opened(path: Path) -> Any:
    """What a double click gives: the reader that ParaView chooses by itself."""
    source = pv.OpenDataFile(str(path))
    assert source is not None
    return source


def at(source: Any, time: float) -> Any:
    """The data at a time, here."""
    source.UpdatePipeline(time)
    return pv.servermanager.Fetch(source)


def values(data: Any) -> dict[str, np.ndarray]:
    """Arrays at the points by name, with the points."""
    points = data.GetPointData()
    arrays = [points.GetArray(number) for number in range(points.GetNumberOfArrays())]
    return {array.GetName(): vtk_to_numpy(array) for array in arrays} | {
        "points": vtk_to_numpy(data.GetPoints().GetData())
    }


def table(path: Path) -> dict[str, np.ndarray]:
    """Columns of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return dict(zip(head, np.array(rows, dtype=float).T, strict=True))


@pytest.fixture(scope="module")
def nodes(made: Path) -> dict[str, np.ndarray]:
    """What meshio reads from every file, in the simulator's environment."""
    with np.load(made / "nodes.npz") as kept:
        return dict(kept)


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("run", RUNS)
def test_a_double_click_opens_every_time_and_value(
    made: Path, nodes: dict[str, np.ndarray], run: str, series: str
) -> None:
    frames = stored(made / run, series)
    source = opened(made / run / "fields" / f"{series}.pvd")
    assert list(source.TimestepValues) == [time for time, _ in frames]
    for time, file in frames:
        here = values(at(source, time))
        there = {name.rpartition("/")[2]: data for name, data in nodes.items() if f"{run}/{file}/" in name}
        assert set(here) == set(there)
        for name, data in there.items():
            assert here[name].dtype == np.float64, name
            assert np.array_equal(np.squeeze(here[name]), np.squeeze(data), equal_nan=True), f"{file}: {name}"
    pv.Delete(source)


def test_times_are_those_asked_for(made: Path) -> None:
    assert [time for time, _ in stored(made / "transient", "bulk")] == [0.0, 1e-6, 1e-5, 1e-3]
    killed = [time for time, _ in stored(made / "killed", "bulk")]
    assert killed[:3] == [0.0, 1e-6, 1e-5]
    assert json.loads((made / "killed" / "manifest.json").read_text(encoding="utf-8"))["status"] == "running"


def test_cells_are_quadratic_and_fields_named(made: Path) -> None:
    cell = at(opened(made / "steady" / "fields" / "bulk.pvd"), 0.0)
    anode = at(opened(made / "steady" / "fields" / "interface.pvd"), 0.0)
    assert {cell.GetCellType(number) for number in range(cell.GetNumberOfCells())} == {QUAD9}
    assert {anode.GetCellType(number) for number in range(anode.GetNumberOfCells())} == {LINE3}
    assert set(values(cell)) == BULK | {"points"}
    assert values(cell)["li_flux_mol_m2_s"].shape == (cell.GetNumberOfPoints(), 3)


@pytest.mark.parametrize("run", ["steady", "transient"])
def test_both_series_agree_with_interface_csv(made: Path, run: str) -> None:
    columns = table(made / run / "interface.csv")
    where = np.column_stack([columns.pop("x_m"), columns.pop("y_m")])
    last, _ = stored(made / run, "interface")[-1]
    anode = values(at(opened(made / run / "fields" / "interface.pvd"), last))
    assert anode["points"][:, :2] == pytest.approx(where, rel=1e-12)
    assert set(anode) - {"points"} == set(columns)
    for name, column in columns.items():
        assert anode[name] == pytest.approx(column, rel=1e-12, nan_ok=True), name
    cell = values(at(opened(made / run / "fields" / "bulk.pvd"), last))
    distances = np.linalg.norm(cell["points"][None, :, :2] - where[:, None], axis=2)
    assert distances.min(axis=1).max() < 1e-15
    for name in ("phi_V", "c_li_mol_m3"):
        assert cell[name][distances.argmin(axis=1)] == pytest.approx(columns[name], rel=1e-6), name


def test_within_the_cells_paraview_has_the_solvers_own_values(made: Path) -> None:
    """Nodes in a wrong order would look right at the nodes alone."""
    with np.load(made / "reference.npz") as kept:
        solved = dict(kept)
    data = at(opened(made / "steady" / "fields" / "bulk.pvd"), 0.0)
    phi = values(data)["phi_V"]
    assert data.GetNumberOfCells() == len(solved["cell_phi_V"])
    unmatched = set(range(data.GetNumberOfCells()))
    for number in range(data.GetNumberOfCells()):
        cell, where, weights = data.GetCell(number), [0.0] * 3, [0.0] * 9
        cell.EvaluateLocation(reference(0), (*INSIDE, 0.0), where, weights)
        distances = np.linalg.norm(solved["cell_points"] - where[:2], axis=1)
        twin = int(distances.argmin())
        assert distances[twin] < 1e-16
        unmatched.discard(twin)
        here = sum(weights[node] * phi[cell.GetPointId(node)] for node in range(9))
        assert here == pytest.approx(solved["cell_phi_V"][twin], rel=1e-6)
    assert not unmatched


@pytest.mark.parametrize("unit", [1, 1e6], ids=["m", "um"])
def test_a_plot_over_a_line_has_no_gaps_without_its_own_tolerance(made: Path, unit: float) -> None:
    cell = pv.Calculator(
        Input=opened(made / "steady" / "fields" / "bulk.pvd"),
        Function=f"{unit:.0f}*coords",
        CoordinateResults=1,
    )
    line = pv.PlotOverLine(Input=cell, ComputeTolerance=0)
    line.Point1, line.Point2 = [5.5e-6 * unit, 1.3e-6 * unit, 0.0], [5.6e-6 * unit, 7.9e-6 * unit, 0.0]
    found = values(at(line, 0.0))
    assert np.all(found["vtkValidPointMask"] == 1)
    assert np.all(np.diff(found["phi_V"]) > 0)
