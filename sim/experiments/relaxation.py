"""Open circuit after a polarisation: what of the voltage goes at once, and how fast the rest decays.

At the interruption the ohmic drop goes with the current and the charge-transfer overpotential with the charge of the
double layers; what is left is the voltage of a concentration cell, 2 t_anion V_T ln(c_counter/c_anode) on flat cells,
which dies out with the salt's slowest mode, at the rate pi^2 D_amb/(eps_p H^2) between two electrodes.
"""

from __future__ import annotations

import math

import numpy as np

from sim.config import RunConfig
from sim.config.numerics import Solver
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.result import Array, ExperimentError, ExperimentResult, Table, table_of
from sim.experiments.salt import SaltTransport
from sim.experiments.voltage_decay import Decay, after_discharge, decay_of, discharge_window
from sim.physics.diffusion import slowest_decay_rate
from sim.solve.drive import Drive, drive_of

#: time at open circuit by default, in time constants of the salt: 3e-4 of the voltage is left
DURATION = 8.0
#: steps at open circuit: first and largest in time constants of the salt, tolerance of one [kT]; the largest makes the
#: time scheme's own error of the decay rate 4e-4
FIRST_STEP, LARGEST_STEP, TOLERANCE = 1e-9, 1 / 30, 3e-5
#: metrics that the table takes over
METRICS = (
    "cell_voltage_V",
    "cell_current_density_A_m2",
    "current_density_mean_A_m2",
    "current_density_cv",
    "c_li_min_mol_m3",
    "c_li_max_mol_m3",
    "c_li_std_mol_m3",
    "coverage_mean",
    "anion_inventory_error",
    "lithium_balance_error",
    "charge_balance_error",
)
BUDGETS = METRICS[-3:]


def perform(config: RunConfig, lab: Lab) -> ExperimentResult:
    """Polarise, interrupt, read. Raises ExperimentError for blocking electrodes, SolverGaveUp where a march fails."""
    for name in ("anode", "counter"):
        if getattr(config, name).kind == "blocking":
            raise ExperimentError(
                f"a blocking {name} keeps its charge at open circuit: relaxation needs two electrodes that react"
            )
    cell = LiveCell(config, lab)
    before = _polarise(cell, lab)
    after = _interrupt(cell, lab)
    rows = [row | {"time_s": row["time_s"] - before[-1]["time_s"]} for row in before] + after
    table = table_of([{"time_s": row["time_s"]} | {key: row[key] for key in METRICS} for row in rows])
    summary, remarks = _read(cell, before[-1]["cell_voltage_V"], table_of(after))
    worst = {f"worst_{key}": float(np.nanmax(table[key])) for key in BUDGETS}
    polarised = {
        "polarisation_time_s": before[-1]["time_s"],
        "polarisation_current_density_A_m2": before[-1]["cell_current_density_A_m2"],
    }
    return ExperimentResult("relaxation", {"relaxation": table}, polarised | summary | worst, tuple(remarks))


def _polarise(cell: LiveCell, lab: Lab) -> list[dict[str, float]]:
    """Rows under the operation's drive, from rest."""
    stated = cell.config.experiments.relaxation.polarisation
    duration = stated if stated is not None else cell.config.operation.duration
    lasts = duration if isinstance(duration, float) else math.inf
    rows = list(cell.march(drive_of(cell.config), lasts))
    lab.tell(f"relaxation: polarised for {rows[-1]['time_s']:.4g} s, {rows[-1]['cell_voltage_V']:.6g} V")
    return rows


def _interrupt(cell: LiveCell, lab: Lab) -> list[dict[str, float]]:
    """Rows at open circuit."""
    time_constant = 1 / _expected_rate(cell)
    duration = cell.config.experiments.relaxation.duration or DURATION * time_constant
    settings = _settings(cell.config.solver, time_constant)
    rows = list(cell.march(Drive(True, 0.0), duration, settings=settings))
    lab.tell(f"relaxation: {rows[-1]['cell_voltage_V']:.3g} V after {rows[-1]['time_s']:.4g} s")
    return rows


def _expected_rate(cell: LiveCell) -> float:
    """Rate [1/s] at which the salt of a flat cell of the mean gap would relax."""
    salt = SaltTransport.of(cell.model)
    return slowest_decay_rate(salt.diffusivity, salt.porosity, salt.gap, one_reservoir=salt.one_reservoir)


def _settings(solver: Solver, time_constant: float) -> Solver:
    """Steps fine enough to read a rate of decay from."""
    largest = time_constant * LARGEST_STEP
    changes = {
        "first_step": min(solver.first_step, time_constant * FIRST_STEP),
        "time_tolerance": min(solver.time_tolerance, TOLERANCE),
        "max_step": largest if solver.max_step is None else min(solver.max_step, largest),
    }
    return solver.model_copy(update=changes)


def _read(cell: LiveCell, before: float, rows: Table) -> tuple[dict[str, float | None], list[str]]:
    """The summary's numbers and remarks from the voltage [V] just before and the rows after the interruption."""
    time, voltage = rows["time_s"], rows["cell_voltage_V"]
    window = discharge_window(cell.model)
    left = after_discharge(time, voltage, window)
    decay = decay_of(time, voltage, left if left is not None else before)
    remarks = [_drop_remark(cell.config, left)]
    if decay is None:
        remarks.append(
            "the voltage was not followed long enough (or changes sign): no diffusivity can be read"
        )
    summary = {
        "initial_overpotential_V": before,
        "voltage_after_interruption_V": left,
        "drop_at_interruption_V": None if left is None else before - left,
        "ohmic_drop_V": _ohmic_drop(cell, before, left, time, voltage),
        "last_voltage_V": float(voltage[-1]),
    }
    return summary | _diffusivity(cell, decay), remarks


def _diffusivity(cell: LiveCell, decay: Decay | None) -> dict[str, float | None]:
    """What the decay says of the salt: D = rate eps_p (H/pi)^2, H twice the gap against a reservoir."""
    salt = SaltTransport.of(cell.model)
    unit = _expected_rate(cell) / salt.diffusivity
    return {
        "decay_rate_per_s": None if decay is None else decay.rate,
        "decay_window_start_s": None if decay is None else decay.start,
        "decay_window_end_s": None if decay is None else decay.end,
        "salt_diffusivity_m2_s": None if decay is None else decay.rate / unit,
        "ambipolar_diffusivity_m2_s": salt.diffusivity,
    }


def _ohmic_drop(
    cell: LiveCell, before: float, left: float | None, time: Array, voltage: Array
) -> float | None:
    """The drop [V] that goes with the current itself; None where charge transfer goes in the same moment."""
    if all(e.kind != "lithium" for e in (cell.config.anode, cell.config.counter)):
        return None if left is None else before - left
    p = cell.model.parameters
    if not p.poisson:
        return None
    # the bulk relaxes in eps/kappa, the electrodes' double layers a thousand times slower: a line in between
    relaxation = p.debye_length**2 * (1 / p.diffusivity_li + 1 / p.diffusivity_anion) / 2
    chosen = (time > 20 * relaxation) & (time < 1e3 * relaxation)
    if np.count_nonzero(chosen) < 3:
        return None
    line = np.polynomial.Polynomial.fit(time[chosen], voltage[chosen], 1)
    return before - float(line(0.0))


def _drop_remark(config: RunConfig, left: float | None) -> str:
    if left is None:
        return "the double layers discharge as slowly as the salt relaxes: the drop at the interruption cannot be read"
    text = "drop_at_interruption_V is the voltage before minus that after the double layers have discharged"
    if "lithium" in (config.anode.kind, config.counter.kind):
        text += ": ohmic drop and charge transfer together"
        if config.electrolyte.electrostatics != "poisson":
            text += ", which electroneutral cells lose in one moment (no ohmic_drop_V)"
    return text
