"""A peer's entry: its script on the case's settings, in a process of its own and in the peers' environment."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.environment import peers_python, peers_variables
from benchmarks.model import FIREDRAKE, NGSOLVE, SKFEM, Entry, Run, error_of
from benchmarks.process import Finished, run_process

#: the script of each peer
SCRIPTS = {NGSOLVE: "ngsolve_cell.py", SKFEM: "skfem_cell.py", FIREDRAKE: "firedrake_cell.py"}


def run_peer(entry: Entry, reference: tuple[float, ...], limit: float, firedrake: Path | None = None) -> Run:
    """One run; ``firedrake``: a Python that has it. Raises ProcessFailedError."""
    script = Path(__file__).parent / "peers" / SCRIPTS[entry.code]
    own = firedrake if entry.code == FIREDRAKE else None
    command = [str(own or peers_python()), str(script), json.dumps(dict(entry.settings))]
    return read_line(run_process(command, limit, {} if own else peers_variables()), reference)


def read_line(done: Finished, reference: tuple[float, ...]) -> Run:
    """What the last line that a peer's script printed tells."""
    told = json.loads(done.output.strip().splitlines()[-1])
    return Run(
        wall_s=done.wall_s,
        solve_s=told["solve_s"],
        error=error_of(told["currents_A_m2"], reference),
        unknowns=told["unknowns"],
        memory_MiB=told["peak_memory_MiB"],
        code=told["code"],
        solver=told["solver"],
        blas=told["blas"],
        busy_others=done.busy_others,
        stages={"setup": told["setup_s"], "solve": told["solve_s"]},
    )
