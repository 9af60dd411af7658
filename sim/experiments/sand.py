"""Sand's experiment: a current step from rest, and the time until the salt is used up where lithium plates.

The march is left at STOP of the rest concentration; the time of depletion is extrapolated from there. The rows' times
are plotted against the times at which the series for a flat gap (``sim.physics.diffusion``) has come to the same
concentrations: a straight line for a flat cell, whatever its diffusivity, and a smooth curve otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.config import RunConfig
from sim.config.numerics import Solver
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.result import ExperimentError, ExperimentResult, Skipped, table_of
from sim.experiments.salt import SaltAtElectrodes, SaltTransport
from sim.physics.diffusion import depletion_time, gap_sand_time, sand_time
from sim.solve.drive import Drive
from sim.solve.errors import SolverGaveUp

#: default currents over the limiting one
DEFAULT_RATIOS = (1.5, 2.0, 3.0)
#: parts of the rest concentration: at which a march ends, below which its rows are extrapolated from, and at most left
#: where the solver gives up for the time still to be read
STOP, LAST_PART, READABLE = 0.02, 0.1, 0.1
#: steps: the first, and the largest, as parts of the time of a flat gap; tolerance of one [kT]
FIRST_STEP, LARGEST_STEP, TOLERANCE = 1e-7, 1 / 30, 2e-4
#: how long to wait, in times of a flat gap
PATIENCE = 3.0

REMARK = (
    "sand_time_s is when the salt concentration beside the plating electrode, outside its double layer (its smallest "
    f"value along a rough one), would reach zero: the march ends at {STOP:g} of the rest concentration and is "
    "extrapolated along the series for a flat gap; sand_time_semi_infinite_s and sand_time_gap_s are closed forms for "
    "a flat cell of the mean gap"
)
CHARGING = (
    "resolved double layers take up charge, at first and again as the salt beside them thins: depletion comes later "
    "than in the closed forms, by about that charge over the current"
)


@dataclass(frozen=True)
class Trace:
    """One current step: rows of the traces' table, and why it ended early (``None``: it came to STOP)."""

    rows: list[dict[str, float]]
    trouble: str | None

    @property
    def remaining(self) -> float:
        """Last concentration [mol/m^3]."""
        return self.rows[-1]["c_salt_mol_m3"] if self.rows else math.inf


def perform(config: RunConfig, lab: Lab) -> ExperimentResult:
    """All currents, each from rest. Raises ExperimentError where no current passes or nothing depletes."""
    _check(config)
    cell = LiveCell(config, lab)
    salt, transport = SaltAtElectrodes(cell), SaltTransport.of(cell.model)
    limit = cell.observer.limiting_current_density
    currents = config.experiments.sand.current_density or tuple(r * limit for r in DEFAULT_RATIOS)
    rows: list[dict[str, float]] = []
    traces: list[dict[str, float]] = []
    skipped: list[Skipped] = []
    for current in currents:
        point = f"{current:.6g} A/m^2"
        reason = _refused(config, current, limit)
        if reason is None:
            row, trace, reason = _step(cell, salt, transport, current, current / limit)
            traces += trace.rows
            rows += [row] if row is not None else []
        if reason is not None:
            skipped.append(Skipped(point, reason))
        lab.tell(f"sand: {point}: " + (reason or f"{rows[-1]['sand_time_s']:.6g} s"))
    summary = _summary(rows, transport, limit)
    tables = {"sand": table_of(rows), "sand_traces": table_of(traces)}
    remarks = (REMARK, CHARGING) if config.electrolyte.electrostatics == "poisson" else (REMARK,)
    return ExperimentResult("sand", tables, summary, remarks, tuple(skipped))


def _check(config: RunConfig) -> None:
    kinds = {name: getattr(config, name).kind for name in ("anode", "counter")}
    for name, kind in kinds.items():
        if kind == "blocking":
            raise ExperimentError(f"no current passes a blocking {name}: there is no Sand's time")
    if set(kinds.values()) == {"reservoir"}:
        raise ExperimentError("between two reservoirs the salt is not used up: there is no Sand's time")
    if config.electrolyte.fixed_charge:
        raise ExperimentError(
            "fixed charge carries the current past the depletion of the salt: there is no Sand's time"
        )


def _refused(config: RunConfig, current: float, limit: float) -> str | None:
    """Why a current depletes nothing; None where it does."""
    if abs(current) <= limit:
        return f"not above the limiting current density {limit:.6g} A/m^2: the salt is never used up"
    plating = config.anode if current > 0 else config.counter
    return "plates at a reservoir, which keeps its concentration" if plating.kind == "reservoir" else None


def _step(
    cell: LiveCell, salt: SaltAtElectrodes, transport: SaltTransport, current: float, ratio: float
) -> tuple[dict[str, float] | None, Trace, str | None]:
    """The row of one current, its trace, and why there is no row."""
    distance, ratio = transport.distance, abs(ratio)
    expected = gap_sand_time(ratio, transport.diffusivity, transport.porosity, distance)
    trace = _march(cell, salt, current, expected)
    concentration = transport.concentration
    if trace.remaining > READABLE * concentration:
        return None, trace, trace.trouble or f"the salt was not used up after {PATIENCE * expected:.6g} s"
    times = np.array([row["time_s"] for row in trace.rows])
    remaining = np.array([row["c_salt_mol_m3"] for row in trace.rows]) / concentration
    unlimited = sand_time(
        abs(current), concentration, transport.transference_number, transport.diffusivity, transport.porosity
    )
    row = {
        "current_density_A_m2": current,
        "j_over_j_lim": current / cell.observer.limiting_current_density,
        "sand_time_s": depleted_at(times, remaining, ratio),
        "sand_time_semi_infinite_s": unlimited,
        "sand_time_gap_s": expected,
        "last_time_s": float(times[-1]),
        "last_c_salt_mol_m3": trace.remaining,
    }
    return row, trace, None


def _march(cell: LiveCell, salt: SaltAtElectrodes, current: float, expected: float) -> Trace:
    """A current step from rest until STOP of the concentration is left at the plating electrode."""
    cell.to_rest()
    electrode = "anode" if current > 0 else "counter"
    rows: list[dict[str, float]] = []
    stop = STOP * cell.model.parameters.scales.concentration
    settings = _settings(cell.config.solver, expected)
    try:
        for step in cell.march(Drive(True, current), PATIENCE * expected, settings=settings):
            found = {"current_density_A_m2": current, "time_s": step["time_s"]}
            found["c_salt_mol_m3"] = salt.least(electrode)
            rows.append(found | {"cell_voltage_V": step["cell_voltage_V"]})
            if found["c_salt_mol_m3"] <= stop:
                break
    except SolverGaveUp as error:
        return Trace(rows, str(error))
    return Trace(rows, None)


def _settings(solver: Solver, expected: float) -> Solver:
    """Steps fine enough for the last part of a depletion that takes about the ``expected`` time [s]."""
    largest = expected * LARGEST_STEP
    changes = {
        "first_step": min(solver.first_step, expected * FIRST_STEP),
        "time_tolerance": min(solver.time_tolerance, TOLERANCE),
        "max_step": largest if solver.max_step is None else min(solver.max_step, largest),
    }
    return solver.model_copy(update=changes)


def depleted_at(times: np.ndarray, remaining: np.ndarray, ratio: float) -> float:
    """Time [s] at which the concentration reaches zero, from rows of time [s] and c/c_0 at J = j/j_lim > 1.

    The times are a line in the times at which the series has the same c/c_0, fitted to the rows below LAST_PART. (A
    quadratic would follow the double layers, whose charge goes with ln c, to where there is no salt left for them.)
    """
    late = remaining < max(LAST_PART, 2 * float(remaining[-1]))
    late[-3:] = True
    clock = np.array([depletion_time(float(c), ratio) for c in remaining[late]])
    end = depletion_time(0.0, ratio)
    fit = np.polynomial.Polynomial.fit(clock, times[late], 1)
    return float(fit(end))


def _summary(
    rows: Sequence[dict[str, float]], transport: SaltTransport, limit: float
) -> dict[str, float | int | None]:
    """What was applied, and how far the times are from the closed form for a flat gap."""
    off = [abs(row["sand_time_s"] / row["sand_time_gap_s"] - 1) for row in rows]
    return {
        "currents_done": len(rows),
        "limiting_current_density_A_m2": limit,
        "mean_gap_m": transport.gap,
        "ambipolar_diffusivity_m2_s": transport.diffusivity,
        "largest_difference_to_gap_formula": max(off, default=None),
    }
