"""The distributed mesh: the same cell on two ranks as on one, its submesh on the anode, and errors on every rank."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.mpi, pytest.mark.skipif(shutil.which("mpirun") is None, reason="needs mpirun")]

PROGRAM = """
import json, sys
import numpy as np, ufl
from dolfinx import fem, mesh
from mpi4py import MPI
from sim.config import build_config
from sim.domain.domain import ANODE, make_domain
from sim.domain.errors import DomainError

comm = MPI.COMM_WORLD
cell = {"length": "10 um", "width": "8 um"}
config = {
    "cell": cell,
    "electrolyte": {"concentration": "2500 mol/m^3"},
    "separator": {"conductivity": "0.92 mS/cm", "transference_number": 0.78},
    "anode": {"exchange_current_density": "0.33 mA/cm^2"},
    "counter": {"exchange_current_density": "0.33 mA/cm^2"},
    "operation": {"mode": "potentiostatic", "voltage": "0.5 V"},
}

def lengths(profile):
    domain = make_domain(build_config({**config, "cell": {**cell, "anode_profile": profile}}), comm)
    one = fem.Constant(domain.mesh, 1.0)
    ds = ufl.Measure("ds", domain=domain.mesh, subdomain_data=domain.facet_tags)
    measures = [ds(part)(degree=10) for part in (1, 2, 3, 4)] + [ufl.dx(domain.mesh)(degree=4)]
    found = [fem.assemble_scalar(fem.form(one * measure)) for measure in measures]
    anode = mesh.create_submesh(domain.mesh, 1, domain.facet_tags.find(ANODE))[0]
    found.append(fem.assemble_scalar(fem.form(fem.Constant(anode, 1.0) * ufl.dx(anode)(degree=10))))
    cells = anode.topology.index_map(1).size_global
    local = domain.mesh.topology.index_map(2).size_local
    return [comm.allreduce(value) for value in found] + [cells, comm.allreduce(int(local > 0)), domain.mesh_hash]

rough = {"kind": "rough", "rms": "0.2 um", "correlation_length": "1 um", "seed": 3}
results = [lengths(profile) for profile in ({"kind": "flat"}, rough)]
try:
    make_domain(build_config({**config, "cell": {**cell, "anode_profile": {**rough, "rms": "9 um"}}}), comm)
    refused = 0
except DomainError:
    refused = 1
results.append(comm.allreduce(refused))
if comm.rank == 0:
    print(json.dumps(results), file=open(sys.argv[1], "w"))
"""


def run(ranks: int, tmp_path) -> list:
    """What the program finds on a number of ranks."""
    program, result = tmp_path / "program.py", tmp_path / f"{ranks}.json"
    program.write_text(PROGRAM)
    environment = {
        **os.environ,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = ["mpirun", "-n", str(ranks), sys.executable, str(program), str(result)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(result.read_text())


def test_two_ranks_hold_the_cell_of_one(tmp_path):
    one, two = run(1, tmp_path), run(2, tmp_path)
    for alone, together in zip(one[:2], two[:2], strict=True):
        assert together[:6] == pytest.approx(alone[:6], rel=1e-13)
        assert together[6] == alone[6]
        assert together[7] == 2
        assert together[8] == alone[8]
        assert alone[5] == pytest.approx(alone[0], rel=1e-12)
    assert (one[2], two[2]) == (1, 2)
