"""Case 17, periodic sides: shifting the electrode and its sites along x shifts everything, across the sides too.

The columns of a sinusoid and of a flat cell are uniform, so that a shift by whole columns is a shift of the mesh. The
shifted cells have slopes and patches of sites across their sides; only sides that are tied give them the same fields.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest
from mpi4py import MPI
from scipy.spatial import cKDTree

from sim.domain.domain import make_domain, write_msh
from sim.domain.errors import DomainError
from sim.solve.system import STEADY, TimeLevel
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, galvanostatic, merged, potentiostatic
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.readback import RunFolder

from .cells import config_of, run_in, solve, write_table
from .systems import compiled, set_whole_state, whole_product, whole_residual, whole_state

COLUMNS, LENGTH, WIDTH = 16, 4e-6, 8e-6
#: a patch of N2 covers half of the cell, from here on in the cell that is not shifted
PATCH_STARTS = 2
RATES = {
    "reference_energy": "0 eV",
    "adsorption_rate": "1.74e4 / s",
    "plating_rate": "3.2 / s",
    "surface_diffusivity": "1e-9 m^2/s",
}
#: name -> what differs
MODELS: dict[str, dict[str, Any]] = {
    "poisson": {},
    "closure": {"electrolyte": CLOSURE},
    "galvanostatic": {"electrolyte": CLOSURE, "operation": galvanostatic(20.0)},
    "multipliers": {
        "electrolyte": NEUTRAL,
        "interface": {"sites": None},
        "anode": {"kind": "reversible"},
        "counter": {"kind": "reservoir"},
    },
    "blocking": {
        "anode": {"kind": "blocking", "stern": {"thickness": "0 nm"}},
        "counter": {"kind": "reservoir"},
        "interface": {"sites": None},
        "operation": potentiostatic(0.1),
    },
}
METRICS = ("current_density_mean_A_m2", "current_density_cv", "ionic_current_density_cv", "coverage_mean")


def cell(shift: int = 0, *updates: dict[str, Any], sides: str = "periodic") -> dict[str, Any]:
    """A wave and a patch of sites, moved along +x by so many columns."""
    stripes = {"kind": "stripes", "density": "0.5 / nm^2", "pitch": f"{LENGTH!r} m", "fraction": 0.5}
    stripes["phase"] = (PATCH_STARTS + shift) % COLUMNS / COLUMNS
    wave = {"kind": "sinusoid", "amplitude": "0.3 um", "wavelength": f"{LENGTH!r} m"}
    wave["phase"] = -2 * np.pi * shift / COLUMNS
    section = {"length": f"{LENGTH!r} m", "sides": sides, "anode_profile": wave}
    patch = {"map": stripes, "adsorption_energy": "-0.05 eV", "charge": -1, "charged_fraction": 0.05}
    base = {
        "cell": section,
        "interface": {"sites": {"N2": patch}, **RATES},
        "operation": potentiostatic(0.3),
        "mesh": {"columns": COLUMNS, "growth": 3.0},
    }
    return flat_cell(WIDTH, base, *updates)


def flattened(mapping: dict[str, Any]) -> dict[str, Any]:
    """The same cell with a flat anode."""
    return mapping | {"cell": mapping["cell"] | {"anode_profile": {"kind": "flat"}}}


def assert_shifted(run: RunFolder, shifted: RunFolder, shift: int, tolerance: float = 1e-8) -> None:
    """Every field in the cell and every column of interface.csv, relative to its largest value."""
    distance = shift * LENGTH / COLUMNS

    def back(x: np.ndarray) -> np.ndarray:
        return (x - distance + 1e-6 * LENGTH) % LENGTH - 1e-6 * LENGTH

    one, other = run.last_frame(), shifted.last_frame()
    places = np.column_stack([back(other.points[:, 0]), other.points[:, 1]])
    apart, place = cKDTree(one.points[:, :2]).query(places)
    assert apart.max() < 1e-10 * WIDTH
    for name, values in one.point_data.items():
        found = np.abs(other.point_data[name] - values[place]).max()
        # a blocking cell at rest has no flux but rounding, of D c_0/L
        assert found <= tolerance * max(np.abs(values).max(), 0.01 if "flux" in name else 0.0), name
    one_line, other_line = run.interface, shifted.interface
    # interface.csv averages what jumps at nodes: the middle nodes of facets have one value
    middle, other_middle = one_line["x_m"][1::2], other_line["x_m"][1::2]
    place = np.abs(middle[None, :] - back(other_middle)[:, None]).argmin(axis=1)
    for name in set(one_line) - {"x_m", "arc_length_m"}:
        values, found = one_line[name][1::2][place], other_line[name][1::2]
        assert np.array_equal(np.isnan(values), np.isnan(found))
        # without a current the field outside the double layer is zero up to rounding
        size = np.nanmax(
            np.abs(values), initial=THERMAL_VOLTAGE / WIDTH if name == "outer_field_V_m" else 0.0
        )
        assert np.nanmax(np.abs(values - found), initial=0.0) <= tolerance * size, name


@pytest.mark.parametrize("shift", [5, 12])
@pytest.mark.parametrize("name", MODELS)
def test_a_shift_of_the_electrode_shifts_the_fields(name, shift, tmp_path):
    """The patch lies inside the cell, then across its sides (12)."""
    one = run_in(tmp_path / "one", cell(0, MODELS[name]), fields=True)
    other = run_in(tmp_path / "other", cell(shift, MODELS[name]), fields=True)
    assert_shifted(one, other, shift)


def test_symmetry_sides_are_no_periodic_ones():
    """What the shift has to reproduce is far above the tolerance: sides that reflect change the current's evenness."""
    periodic, symmetry = solve(cell(12)), solve(cell(12, sides="symmetry"))
    for name in METRICS:
        assert abs(symmetry[name] / periodic[name] - 1) > 1e-5


def test_a_shifted_random_map_shifts_the_fields(tmp_path):
    values = 0.2 + np.random.default_rng(4).random(COLUMNS)
    runs = []
    for shift in (0, 7):
        rolled = np.roll(values, shift)
        x = np.linspace(0.0, LENGTH, COLUMNS + 1)
        file = write_table(tmp_path / f"{shift}.csv", x, np.append(rolled, rolled[0]))
        site = {"map": {"kind": "table", "file": file}, "adsorption_energy": "0.02 eV"}
        mapping = flattened(cell()) | {"interface": {"sites": {"N1": site}, **RATES}}
        runs.append(run_in(tmp_path / f"run{shift}", mapping, fields=True))
    assert_shifted(*runs, 7)


def test_transients_shift_and_close_their_budgets(tmp_path):
    """Storage and its history are folded like the fluxes."""
    for number, update in enumerate(({}, MODELS["galvanostatic"])):
        timed = merged(update, {"operation": {"duration": "20 ms"}})
        one = run_in(tmp_path / f"one{number}", cell(0, timed), fields=True)
        other = run_in(tmp_path / f"other{number}", cell(12, timed), fields=True)
        assert_shifted(one, other, 12)
        table = other.table("metrics.csv")
        assert len(table["time_s"]) > 20
        for name in ("anion_inventory_error", "lithium_balance_error", "charge_balance_error"):
            assert table[name][-1] < 1e-9


@pytest.mark.parametrize("name", ["poisson", "closure"])
def test_twice_the_cell_with_its_mirror_image(name):
    """A cell between symmetry sides is half of a periodic one, here shifted so that neither side is a mirror."""
    half = {"cell": {"length": f"{LENGTH / 2!r} m"}, "mesh": {"columns": COLUMNS // 2}}
    sites = {"interface": {"sites": {"N2": {"map": {"phase": -0.25}}}}}
    whole_sites = {"interface": {"sites": {"N2": {"map": {"phase": -0.25 + 5 / COLUMNS}}}}}
    symmetry = solve(cell(0, MODELS[name], half, sites, sides="symmetry"))
    periodic = solve(cell(5, MODELS[name], whole_sites))
    for key in (*METRICS, "c_li_min_mol_m3", "c_li_max_mol_m3"):
        assert periodic[key] == pytest.approx(symmetry[key], rel=1e-8), key


@pytest.mark.parametrize("name", ["poisson", "galvanostatic"])
def test_a_flat_cell_does_not_feel_its_sides(name):
    site = {"density": "0.5 / nm^2", "map": None}
    mapping = flattened(cell(0, MODELS[name], {"interface": {"sites": {"N2": site}}}))
    periodic, symmetry = solve(mapping), solve(merged(mapping, {"cell": {"sides": "symmetry"}}))
    for key in ("current_density_mean_A_m2", "cell_voltage_V", "coverage_mean", "c_li_min_mol_m3"):
        assert periodic[key] == pytest.approx(symmetry[key], rel=1e-8), key


def test_what_is_tied():
    """All continuous components at both sides; a patch that reaches one side has nothing to be tied to."""
    for shift, ends in ((0, 0), (12, 2), (-PATCH_STARTS, 0)):
        model, system = compiled(cell(shift), steady=True)
        rows = 2 * model.domain.quality.rows + 1
        pairs = system.numbering.pairs
        assert pairs.slaves.size == 3 * rows + ends
        assert not np.isin(system.pinned, pairs.own_slaves).any()
        x = model.bulk.function.function_space.sub(0).collapse()[0].tabulate_dof_coordinates()[:, 0]
        assert x.max() == pytest.approx(LENGTH / WIDTH)
    assert compiled(cell(sides="symmetry"), steady=True)[1].numbering.pairs.slaves.size == 0


@pytest.mark.parametrize("level", [STEADY, TimeLevel(weight=3.7)], ids=["steady", "transient"])
def test_the_folded_jacobian_is_the_derivative_of_the_folded_residual(level):
    coarse = {"mesh": {"wall_cell": "1 um", "max_cell": "2 um", "growth": 2.0}}
    update = {"electrolyte": CLOSURE, "operation": galvanostatic(5.0)}
    _, system = compiled(cell(12, coarse, update), steady=level is STEADY)
    rng, rest = np.random.default_rng(2), whole_state(system)
    slaves = system.numbering.pairs.own_slaves
    state, direction = rest + rng.uniform(-0.5, 0.5, rest.size), rng.uniform(-1, 1, rest.size)
    wanted, size = whole_product(system, level, direction)
    set_whole_state(system, state)
    wanted, size = whole_product(system, level, direction)
    assert np.array_equal(wanted[slaves], direction[slaves])  # rows of the identity
    step = 2e-6
    set_whole_state(system, state + step * direction)
    ahead = whole_residual(system, level)
    set_whole_state(system, state - step * direction)
    found = (ahead - whole_residual(system, level)) / (2 * step)
    assert np.all(found[slaves] == 0)
    others = np.setdiff1d(np.arange(rest.size), slaves)
    assert np.all(np.abs(found - wanted)[others] <= 1e-5 * size[others] + 1e-12)


def test_a_users_mesh_needs_matching_sides(tmp_path):
    file = tmp_path / "cell.msh"
    mapping = cell(12, MODELS["closure"])
    write_msh(config_of(mapping), file)
    imported = dict(mapping, cell=dict(mapping["cell"], anode_profile={"kind": "mesh", "file": str(file)}))
    imported["mesh"] = {}
    found, wanted = solve(imported), solve(mapping)
    for key in METRICS:
        assert found[key] == pytest.approx(wanted[key], rel=1e-8), key
    mesh = meshio.read(file)
    side = np.flatnonzero(mesh.points[:, 0] > LENGTH * (1 - 1e-9))
    inner = side[np.argsort(mesh.points[side, 1])[side.size // 2]]
    mesh.points[inner, 1] += 1e-5 * WIDTH
    mesh.write(file, file_format="gmsh")
    with pytest.raises(
        DomainError, match=r"cell\.msh: with cell\.sides: periodic .* differ by up to 8e-11 m"
    ):
        make_domain(config_of(imported), MPI.COMM_WORLD)


PROGRAM = """
import json, sys
from mpi4py import MPI
from sim.config import build_config
from sim.simulation import run

results = [run(build_config(cell), None, MPI.COMM_WORLD).summary for cell in json.load(open(sys.argv[1]))]
if MPI.COMM_WORLD.rank == 0:
    json.dump([{k: float(s[k]) for k in %r} for s in results], open(sys.argv[2], "w"))
"""


def metrics_on(ranks: int, tmp_path: Path) -> list[dict[str, float]]:
    """METRICS of a few cells on a number of ranks."""
    timed = {"operation": {"duration": "1 ms"}}
    cells = [cell(12), cell(12, MODELS["galvanostatic"]), cell(12, MODELS["closure"], timed)]
    program, given, result = tmp_path / "program.py", tmp_path / "cells.json", tmp_path / f"{ranks}.json"
    program.write_text(PROGRAM % (METRICS,))
    given.write_text(json.dumps(cells))
    environment = {
        **os.environ,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = ["mpirun", "-n", str(ranks), sys.executable, str(program), str(given), str(result)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, float]] = json.loads(result.read_text())
    return found


@pytest.mark.mpi
@pytest.mark.skipif(shutil.which("mpirun") is None, reason="needs mpirun")
def test_two_ranks_find_what_one_does(tmp_path):
    """A node and its partner on the other side may belong to different ranks."""
    for alone, together in zip(metrics_on(1, tmp_path), metrics_on(2, tmp_path), strict=True):
        assert together == pytest.approx(alone, rel=1e-8)
