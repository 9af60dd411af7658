"""The field series in the readers that scripts use, pyvista and meshio, against interface.csv, the solver's table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import meshio
import numpy as np
import pytest
from scipy.spatial import cKDTree

from tests.system.commands import frames, read_csv

Fields = dict[str, np.ndarray]


def by_meshio(run: Path, series: str) -> Fields:
    """Points and fields at the last stored time."""
    mesh = meshio.read(frames(run, series)[-1][1])
    return {"points": mesh.points} | {name: np.squeeze(data) for name, data in mesh.point_data.items()}


def by_pyvista(run: Path, series: str) -> Fields:
    """The same, through the .pvd."""
    pyvista = pytest.importorskip("pyvista")
    reader = pyvista.get_reader(str(run / "fields" / f"{series}.pvd"))
    assert reader.time_values == [time for time, _ in frames(run, series)]
    reader.set_active_time_value(reader.time_values[-1])
    grid = reader.read()[0]
    return {"points": np.asarray(grid.points)} | {name: np.asarray(grid[name]) for name in grid.point_data}


@pytest.mark.parametrize("read", [by_meshio, by_pyvista])
@pytest.mark.parametrize("kind", ["steady_run", "undisturbed"])
def test_both_series_agree_with_interface_csv(
    kind: str, read: Callable[[Path, str], Fields], request: pytest.FixtureRequest
) -> None:
    run: Path = request.getfixturevalue(kind)
    table = read_csv(run / "interface.csv")
    where = np.column_stack([table.pop("x_m"), table.pop("y_m")])
    anode, cell = read(run, "interface"), read(run, "bulk")
    assert anode["points"][:, :2] == pytest.approx(where, rel=1e-12)
    assert set(anode) - {"points"} == set(table)
    for name, column in table.items():
        assert anode[name] == pytest.approx(column, rel=1e-12, nan_ok=True), name
    distance, nodes = cKDTree(cell["points"][:, :2]).query(where)
    assert distance.max() < 1e-15
    for name in ("phi_V", "c_li_mol_m3"):
        assert cell[name][nodes] == pytest.approx(table[name], rel=1e-6), name


@pytest.mark.parametrize("series", ["bulk", "interface"])
def test_both_readers_read_the_same(series: str, undisturbed: Path) -> None:
    one, other = by_meshio(undisturbed, series), by_pyvista(undisturbed, series)
    assert set(one) == set(other)
    for name in one:
        assert np.array_equal(one[name], other[name], equal_nan=True), name
