"""Case 17: the same answer from either side and on one rank or two, to 1e-8.

Mirrored maps on a mirrored profile give mirrored fields. On two ranks the run goes through the command, as
users start it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from sim.verification.cells import CLOSURE, flat_cell, galvanostatic, lithium, merged, potentiostatic

from .cells import run_in, write_table

LENGTH, WIDTH = 4e-6, 3e-6
BUMPS = [("0.8 um", "0.4 um", "0.4 um"), ("2.9 um", "0.25 um", "0.3 um")]


def patchy_cell(folder: Path, *updates: dict, mirrored: bool = False) -> dict:
    """Two unequal bumps and two site maps that vary along x, charged; or their mirror image."""
    x = np.linspace(0, LENGTH, 201)
    maps = {
        "N1": 0.75 * (1.1 + np.cos(3 * x / 1e-6) + 0.1 * x / 1e-6),
        "N2": 0.3 * (1 + np.sin(2 * x / 1e-6)),
    }
    charges = {"N1": (-1, 0.02, "-0.55 eV"), "N2": (1, 0.05, "-0.2 eV")}
    sites = {}
    for name, density in maps.items():
        density = density[::-1] if mirrored else density
        file = write_table(folder / f"{name}{'-mirrored' * mirrored}.csv", x, np.maximum(density, 0.05))
        charge, fraction, energy = charges[name]
        sites[name] = {
            "map": {"kind": "table", "file": file},
            "adsorption_energy": energy,
            "charge": charge,
            "charged_fraction": fraction,
        }
    nuclei = [{"position": p, "height": h, "width": w} for p, h, w in BUMPS]
    if mirrored:
        for bump in nuclei:
            bump["position"] = f"{4 - float(bump['position'].split()[0])!r} um"
    return flat_cell(
        WIDTH,
        {
            "cell": {"length": f"{LENGTH!r} m", "anode_profile": {"kind": "nuclei", "nuclei": nuclei}},
            "anode": lithium(3.3),
            "interface": {
                "sites": sites,
                "reference_energy": "0.4175 eV",
                "adsorption_rate": "1.74e4 / s",
                "plating_rate": "3.2 / s",
                "surface_diffusivity": "1e-9 m^2/s",
            },
            "operation": potentiostatic(0.3),
            "mesh": {"columns": 24},
        },
        *updates,
    )


@pytest.mark.parametrize(
    "electrolyte", [{}, CLOSURE | {"fixed_charge": "-1e7 C/m^3"}], ids=["poisson", "closure"]
)
def test_mirrored_cells_give_mirrored_fields(electrolyte, tmp_path):
    update = {"electrolyte": electrolyte}
    one = run_in(tmp_path / "one", patchy_cell(tmp_path, update), fields=True)
    other = run_in(tmp_path / "other", patchy_cell(tmp_path, update, mirrored=True), fields=True)
    for key, value in one.summary.items():
        if isinstance(value, float) and "error" not in key:
            assert other.summary[key] == pytest.approx(value, rel=1e-8), key
    left, right = one.interface, other.interface
    assert LENGTH - right["x_m"][::-1] == pytest.approx(left["x_m"], abs=1e-16)
    for key in ("current_density_A_m2", "phi_V", "coverage", "c_li_mol_m3", "surface_charge_C_m2"):
        assert np.max(np.abs(right[key][::-1] - left[key])) < 1e-8 * np.max(np.abs(left[key])), key
    frame, image = one.last_frame(), other.last_frame()

    def sorted_fields(mesh, x):
        order = np.lexsort((np.round(mesh.points[:, 1] / WIDTH, 12), np.round(x / LENGTH, 9)))
        return {name: values[order] for name, values in mesh.point_data.items()}

    there, back = sorted_fields(frame, frame.points[:, 0]), sorted_fields(image, LENGTH - image.points[:, 0])
    for name, values in there.items():
        assert np.max(np.abs(back[name] - values)) < 1e-8 * np.max(np.abs(values)), name


def command(config: Path, folder: Path, ranks: int, *options: str) -> list[str]:
    """`sim run` as a user types it."""
    start = ["mpirun", "-n", str(ranks)] if ranks > 1 else []
    return [*start, sys.executable, "-m", "sim", "run", str(config), "-o", str(folder), *options]


def environment() -> dict[str, str]:
    """For processes that mpirun may put on one core, as root."""
    return {
        **os.environ,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "OMP_NUM_THREADS": "1",
    }


def write_config(path: Path, mapping: dict) -> Path:
    """The mapping as a YAML file."""
    with path.open("w") as file:
        YAML(typ="safe").dump(mapping, file)
    return path


@pytest.mark.mpi
@pytest.mark.skipif(shutil.which("mpirun") is None, reason="needs mpirun")
@pytest.mark.parametrize("mode", ["steady", "transient"])
def test_two_ranks_give_the_numbers_of_one(mode, tmp_path):
    """Summary to 1e-8 (budgets, which are rounding, to their bar)."""
    operation = galvanostatic(10.0) if mode == "steady" else potentiostatic(0.2) | {"duration": "200 us"}
    electrolyte = {} if mode == "steady" else CLOSURE
    mapping = merged(patchy_cell(tmp_path), {"electrolyte": electrolyte, "operation": operation})
    mapping["operation"].pop("voltage" if mode == "steady" else "current_density", None)
    config = write_config(tmp_path / "cell.yaml", mapping)
    found = []
    for ranks in (1, 2):
        folder = tmp_path / str(ranks)
        done = subprocess.run(
            command(config, folder, ranks),
            env=environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found.append(json.loads((folder / "summary.json").read_text()))
    one, two = found
    assert one.keys() == two.keys()
    for key, value in one.items():
        if "error" in key:
            assert two[key] < 1e-9
        elif isinstance(value, float):
            assert two[key] == pytest.approx(value, rel=1e-8), key
