"""Makes the run folders that the viewers open, in the simulator's environment: python -m tests.viewers.make_runs FOLDER

`steady` and `transient` are finished, `killed` is a march that kill -9 ended. `reference.npz` holds what the solver
itself has for the steady run between its nodes, and `nodes.npz` what meshio reads from every file.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import meshio
import numpy as np
from mpi4py import MPI

from sim.config import load_config
from sim.domain.domain import Domain, make_domain
from sim.output.point_probe import PointProbe
from sim.output.trace import coordinate_element
from sim.physics.bulk import concentration
from sim.solve.drive import drive_of, hold_inventories
from sim.solve.initial import set_rest
from sim.solve.model import CellModel
from sim.solve.newton import NewtonReport
from sim.solve.steady import newton_options, solve_steady
from sim.solve.system import CellSystem
from tests.system.commands import (
    CONFIGS,
    MIDDLE,
    TRANSIENT,
    frames,
    settings,
    sim,
    start,
    status,
    wait_for_frame,
)

#: PIA's steady state on a mesh that is quick and still rough
STEADY = (CONFIGS / "pia.yaml", *settings(mesh__columns=12, output__figures="false"))
#: a point within every cell, between its nodes and on none of its symmetries
INSIDE = (0.3, 0.6)
RUNS = ("steady", "transient", "killed")


def finish(folder: Path, *arguments: object) -> None:
    """A command to its end."""
    done = sim(*arguments, cwd=folder)
    if done.returncode:
        sys.exit(done.stderr)


def kill(folder: Path, arguments: tuple[object, ...]) -> None:
    """A run that is killed while it marches."""
    process = start("run", *arguments, "-o", folder, cwd=folder.parent)
    wait_for_frame(folder, MIDDLE, process)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    if status(folder) != "running":
        sys.exit(f"{folder}: should have been killed while it ran, but is {status(folder)}")


def write_reference(run: Path, path: Path) -> None:
    """Fields of a steady run from a solution of its own and not from its files: at scattered points, and the potential
    at a point within each cell."""
    config = load_config(run / "config.yaml")
    domain = make_domain(config, MPI.COMM_SELF)
    model = CellModel(config, domain)
    system = CellSystem(model, galvanostatic=False, steady=True)
    set_rest(model)
    hold_inventories(system)

    def unheard(fraction: float, report: NewtonReport) -> None:
        """Nobody watches."""

    solve_steady(drive_of(config), model, system, newton_options(config.solver), unheard)
    draw = np.random.default_rng(5)
    scattered = np.column_stack([draw.uniform(0.2e-6, 9.8e-6, 200), draw.uniform(1.1e-6, 7.9e-6, 200)])
    within = points_of_cells(domain)
    scales = model.parameters.scales
    probe = PointProbe(domain.mesh, np.concatenate([scattered, within]) / domain.length_scale)
    if not probe.found.all():
        sys.exit("a point of a cell was not found in the mesh")
    mu_li, mu_anion, phi = (probe.evaluate(model.bulk, name)[0] for name in ("mu_li", "mu_anion", "phi"))
    n = len(scattered)
    np.savez(
        path,
        points=scattered,
        phi_V=phi[:n] * scales.potential,
        c_li_mol_m3=concentration(mu_li, phi, 1)[:n] * scales.concentration,
        c_anion_mol_m3=concentration(mu_anion, phi, -1)[:n] * scales.concentration,
        cell_points=within,
        cell_phi_V=phi[n:] * scales.potential,
    )


def points_of_cells(domain: Domain) -> np.ndarray:
    """(cells, 2) a point within each cell [m], by the mesh's own geometry."""
    mesh = domain.mesh
    element = coordinate_element(mesh).basix_element
    corners = mesh.geometry.x[np.asarray(mesh.geometry.dofmap)][:, :, :2]
    shapes = element.tabulate(0, np.array([INSIDE]))[0, 0, :, 0]
    return np.einsum("n,cnd->cd", shapes, corners) * domain.length_scale


def write_nodes(root: Path, path: Path) -> None:
    """All values of all files, as meshio reads them, by run/file/name."""
    values = {}
    for run in RUNS:
        for series in ("bulk", "interface"):
            for _, file in frames(root / run, series):
                mesh = meshio.read(file)
                values[f"{run}/{file.stem}/points"] = mesh.points
                values |= {f"{run}/{file.stem}/{name}": data for name, data in mesh.point_data.items()}
    np.savez(path, **values)


def main(folder: Path) -> None:
    """All of them, with their scripts."""
    finish(folder, "run", *STEADY, "-o", "steady")
    finish(folder, "run", *TRANSIENT, "-o", "transient")
    kill(folder / "killed", TRANSIENT)
    for run in RUNS:
        finish(folder, "paraview", run)
    write_reference(folder / "steady", folder / "reference.npz")
    write_nodes(folder, folder / "nodes.npz")


if __name__ == "__main__":
    os.umask(0o022)
    main(Path(sys.argv[1]).resolve())
