"""How far the numbers of a run are from those of an infinitely fine mesh, from a coarser and a finer one.

With f_1 on a mesh coarser by r = 1.6, f_2 on the run's own and f_3 on one finer by r, d1 = |f_1 - f_2| and
d2 = |f_2 - f_3|, an error e of order p obeys d1 = (r^p - 1) e and d2 = (1 - r^-p) e. Hence

    p = ln(d1/d2)/ln r, clipped to [1, 2 k], k the degree of the elements (2 k: the order of a current in theory)
    e = 1.25 max(d1/(r^p - 1), d2 r^p/(r^p - 1))

Where p is not clipped both terms are Richardson's estimate. Where differences fall faster than theory allows (a
difference that vanishes by chance) the first, where they fall more slowly or grow the second term is the larger one:
3.3 times the largest difference at worst. 1.25 is the safety factor of the grid convergence index for three meshes.
Sources: P. J. Roache, J. Fluids Eng. 116 (1994) 405, doi:10.1115/1.2910291; I. B. Celik et al., J. Fluids Eng. 130
(2008) 078001, doi:10.1115/1.2960953 (absolute values where the differences alternate); ASME V&V 20-2009.

A run for a steady state, also one that marched there, is compared through steady states that are solved directly; a
run of a stated duration is repeated, so that its estimate holds the difference in time steps too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config import RunConfig
from sim.domain.refine import refined
from sim.output.atomic import write_json
from sim.output.folder import write_table
from sim.simulation import Monitor, run

#: ratio of cell sizes between neighbouring meshes, and the safety factor
RATIO, SAFETY = 1.6, 1.25
LOWEST_ORDER = 1.0
#: differences below this part of a value are rounding and the tolerance of Newton's method: they have no order
ROUNDING = 1e-9
PREFIX = "mesh_error_"
TABLE = "mesh_study.csv"
#: entries of summary.json that no mesh changes, or that measure the solution of the discrete equations
NOT_OF_THE_MESH = (
    "time_s",
    "steady",
    "limiting_current_density_A_m2",
    "debye_length_over_gap",
    "wagner_number",
    "surface_dukhin_number",
)
#: a fraction of points above a threshold is of first order, whatever the elements
COUNTED = ("current_density_hot_fraction",)
_ERROR = "_error"


@dataclass(frozen=True)
class Estimate:
    """One metric on three meshes and the error of the middle one, in the metric's unit; the order is NaN where the
    differences are rounding."""

    coarse: float
    base: float
    fine: float
    order: float
    error: float


def estimate(coarse: float, base: float, fine: float, highest_order: float) -> Estimate:
    """Error of ``base`` from values on meshes coarser and finer by ``RATIO``; NaN where one of them is."""
    d1, d2 = abs(coarse - base), abs(base - fine)
    largest = max(d1, d2)
    if math.isnan(largest):
        return Estimate(coarse, base, fine, math.nan, math.nan)
    if largest <= ROUNDING * max(abs(coarse), abs(base), abs(fine)):
        return Estimate(coarse, base, fine, math.nan, largest)
    observed = math.inf if d2 == 0 else -math.inf if d1 == 0 else math.log(d1 / d2) / math.log(RATIO)
    growth = RATIO ** min(max(observed, LOWEST_ORDER), highest_order)
    error = SAFETY * max(d1 / (growth - 1), d2 * growth / (growth - 1))
    return Estimate(coarse, base, fine, observed, error)


def study_mesh(
    config: RunConfig, summary: Mapping[str, Any], comm: Any, monitor: Monitor
) -> dict[str, Estimate]:
    """Estimates of every metric of a finished run that depends on the mesh. Collective.

    Raises DomainError for a user's own mesh, and what ``simulation.run`` raises.
    """
    own = without_output(config)
    coarse = solve_aside(refined(own, 1 / RATIO), "mesh study, coarser mesh", comm, monitor)
    base = summary
    if config.operation.history:
        base = solve_aside(own, "mesh study, own mesh", comm, monitor)
    fine = solve_aside(refined(own, RATIO), "mesh study, finer mesh", comm, monitor)
    found = {}
    for name in summary:
        if _depends_on_mesh(name, summary[name]) and name in base:
            low, middle, high = (_number(metrics[name]) for metrics in (coarse, base, fine))
            highest = LOWEST_ORDER if name in COUNTED else 2.0 * config.mesh.order
            found[name] = estimate(low, middle, high, highest)
    return found


def without_output(config: RunConfig) -> RunConfig:
    """The run without files; a steady state is solved directly."""
    output = config.output.model_copy(update={"fields": False, "figures": False})
    operation = config.operation
    if operation.history:
        operation = operation.model_copy(update={"history": False, "output_times": ()})
    return config.model_copy(update={"output": output, "operation": operation})


def solve_aside(config: RunConfig, what: str, comm: Any, monitor: Monitor) -> dict[str, Any]:
    """Summary of a run on another mesh (``what``: for the messages) that leaves nothing behind. Collective."""

    def stage(text: str) -> None:
        monitor.stage(f"{what}: {text}")

    return run(config, None, comm, monitor=Monitor(stage, monitor.step, monitor.stop)).summary


def _depends_on_mesh(name: str, value: Any) -> bool:
    if isinstance(value, bool) or not (value is None or isinstance(value, int | float)):
        return False
    return name not in NOT_OF_THE_MESH and not name.endswith(_ERROR) and not name.startswith(PREFIX)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def has_study(folder: Path | None, comm: Any) -> bool:
    """Whether a run folder holds a study; the same answer on every rank."""
    found = comm.rank == 0 and folder is not None and (folder / TABLE).exists()
    return bool(comm.bcast(found, root=0))


def attach(
    folder: Path | None, summary: Mapping[str, Any], estimates: Mapping[str, Estimate], comm: Any
) -> dict[str, Any]:
    """The summary with its mesh errors, written into the folder with the study's table (rank 0)."""
    whole = dict(summary) | {f"{PREFIX}{name}": found.error for name, found in estimates.items()}
    if comm.rank == 0 and folder is not None:
        rows = [
            [name, *map(repr, (e.coarse, e.base, e.fine, e.order, e.error))] for name, e in estimates.items()
        ]
        write_json(folder / "summary.json", whole)
        write_table(folder / TABLE, ["metric", "coarse", "base", "fine", "order", "error"], rows)
    return whole
