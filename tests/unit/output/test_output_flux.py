"""The flux of Li+ that is written for streamlines: uniform and equal to the current where the cell is flat, and where
it is rough, what enters at the counter electrode."""

from __future__ import annotations

from pathlib import Path

import meshio
import numpy as np
import pytest
from mpi4py import MPI

from sim.simulation import run
from tests.unit.small_cells import NUCLEI, small_config

FARADAY = 96485.33212


def performed(folder: Path, **sections: object) -> tuple[meshio.Mesh, float]:
    result = run(small_config(**sections), folder, MPI.COMM_SELF)
    current = result.summary["current_density_mean_A_m2"]
    assert isinstance(current, float)
    return meshio.read(folder / "fields" / "bulk_0000.vtu"), current


@pytest.mark.parametrize("electrostatics", ["poisson", "electroneutral"])
def test_a_flat_cell_carries_its_current_evenly_through_double_layers(
    tmp_path: Path, electrostatics: str
) -> None:
    mesh, current = performed(tmp_path / "flat", electrolyte={"electrostatics": electrostatics})
    flux = mesh.point_data["li_flux_mol_m2_s"]
    assert flux.shape == (len(mesh.points), 3)
    # the gradient of a quadratic at its own nodes is of second order: visible where a cell spans a Debye length
    y = mesh.points[:, 1]
    outside = (y > 5e-9) & (y < 8e-6 - 5e-9)
    assert flux[outside, 1] == pytest.approx(-current / FARADAY, rel=1e-3)
    assert flux[~outside, 1] == pytest.approx(-current / FARADAY, rel=3e-2)
    assert np.abs(flux[:, [0, 2]]).max() < 1e-9 * current / FARADAY


def test_a_rough_cell_carries_what_its_anode_takes(tmp_path: Path) -> None:
    mesh, current = performed(
        tmp_path / "rough",
        cell={"anode_profile": NUCLEI},
        mesh={"columns": 40},
        operation={"voltage": "0.1 V"},
    )
    x, y = mesh.points[:, 0], mesh.points[:, 1]
    flux = mesh.point_data["li_flux_mol_m2_s"]
    far = np.isclose(y, y.max())
    order = np.argsort(x[far])
    through = np.trapezoid(flux[far][order, 1], x[far][order]) / 10e-6
    assert through == pytest.approx(-current / FARADAY, rel=2e-3)
    sides = np.isclose(x, 0) | np.isclose(x, 10e-6)
    assert np.abs(flux[sides, 0]).max() < 0.03 * np.abs(flux).max()
    left, right = (
        (x > a) & (x < b) & (y < 1.5e-6) & (y > 1.2e-6) for a, b in ((4.3e-6, 5.2e-6), (5.8e-6, 6.7e-6))
    )
    assert flux[left, 0].mean() > 0 > flux[right, 0].mean()  # towards the nucleus at 5.5 um
