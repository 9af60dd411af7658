"""Bruce and Vincent's transference number: a small voltage step, its initial and its steady current, and the
resistance of the interfaces before and after.

    t_li = I_s (dV - I_0 R_0) / [I_0 (dV - I_s R_s)]

Source: P. G. Bruce, C. A. Vincent, J. Electroanal. Chem. 225 (1987) 1, doi:10.1016/0022-0728(87)80001-3. At first the
salt is uniform and the bulk conducts with kappa, at last the anion is at rest and it conducts with t_li kappa.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.config import RunConfig
from sim.experiments.alternating import AlternatingCell, passes_direct_current
from sim.experiments.impedance import resolved
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.result import ExperimentError, ExperimentResult, Table, table_of
from sim.experiments.step_window import Window, extrapolate, plan_window
from sim.solve.drive import Drive
from sim.solve.parameters import make_parameters

#: largest error of a time step relative to the departure from rest, and the first step over the window's start
TIME_TOLERANCE, FIRST_STEP = 1e-6, 1e-3
#: currents that the march lands on inside the window
READINGS = 24
#: differences of t_li from which a remark points at a cause
SUSPICIOUS = 1e-3


def perform(config: RunConfig, lab: Lab) -> ExperimentResult:
    """The step from rest and all four readings. Raises ExperimentError where the method makes no sense."""
    cell = _cell(config, lab)
    voltage = config.experiments.transference.voltage
    rest = cell.steady(Drive(True, 0.0))["cell_voltage_V"]
    alternating = AlternatingCell(cell)
    before = alternating.interface_resistances().total
    window = plan_window(cell.model, alternating, _bulk_resistance(cell, alternating))
    lab.tell(f"at rest: R_0 = {before * 1e4:.6g} ohm*cm^2; initial current read from {window.start:.3g} s on")
    drive = Drive(False, rest + voltage)
    table = _step(cell, alternating, drive, window)
    current, bulk = (
        table["cell_current_density_A_m2"],
        table["bulk_voltage_V"] / table["cell_current_density_A_m2"],
    )
    initial = extrapolate(window, table["time_s"], current)
    first = extrapolate(window, table["time_s"], bulk)
    steady, last = float(current[-1]), float(bulk[-1])
    direct = cell.steady(drive)["cell_current_density_A_m2"]
    alternating.renew()
    after = alternating.interface_resistances().total
    readings = Readings(voltage, initial, steady, before, after)
    summary = readings.summary | {
        "transference_number_four_electrodes": first / last,
        "initial_bulk_resistance_ohm_m2": first,
        "steady_bulk_resistance_ohm_m2": last,
        "steady_current_density_solved_directly_A_m2": direct,
        "window_start_s": window.start,
        "window_end_s": window.end,
        "interface_relaxation_time_s": window.interface_time,
        "salt_relaxation_time_s": cell.model.salt_relaxation_time,
    }
    return ExperimentResult(
        "transference", {"transference": table}, summary, _remarks(readings, window, direct)
    )


@dataclass(frozen=True)
class Readings:
    """The step [V], both currents [A/m^2] and the resistance of both interfaces before and after [Ohm m^2]."""

    voltage: float
    initial: float
    steady: float
    before: float
    after: float

    @property
    def transference_number(self) -> float:
        """Bruce and Vincent's formula [1]."""
        bulk_first, bulk_last = (
            self.voltage - self.initial * self.before,
            self.voltage - self.steady * self.after,
        )
        return self.steady * bulk_first / (self.initial * bulk_last)

    @property
    def summary(self) -> dict[str, Any]:
        """All numbers by name."""
        return {
            "transference_number": self.transference_number,
            "voltage_V": self.voltage,
            "initial_current_density_A_m2": self.initial,
            "steady_current_density_A_m2": self.steady,
            "current_ratio": self.steady / self.initial,
            "initial_interface_resistance_ohm_m2": self.before,
            "steady_interface_resistance_ohm_m2": self.after,
        }


def _cell(config: RunConfig, lab: Lab) -> LiveCell:
    """The cell, with a mesh for what happens at the start of the window."""
    p = make_parameters(config, config.cell.width)
    if p.anode.kind == p.counter.kind == "reservoir":
        raise ExperimentError(
            "transference: anions pass both reservoirs, no steady state stops them; use lithium"
        )
    first = 2 * math.pi * config.cell.width**2 * p.porosity / min(p.diffusivity_li, p.diffusivity_anion)
    cell = LiveCell(resolved(config, 1e7 / first), lab)
    if not passes_direct_current(cell):
        raise ExperimentError("transference: needs two electrodes that let lithium through, one is blocking")
    return cell


def _bulk_resistance(cell: LiveCell, alternating: AlternatingCell) -> float:
    """Gap over the four-probe conductivity [Ohm m^2]."""
    if not alternating.probes_are_clear:
        raise ExperimentError("transference: the double layers fill the cell, there is no bulk between them")
    frequency = alternating.probe_frequency(0.0)
    conductivity = alternating.complex_conductivity(alternating.response(frequency)).real
    return (cell.model.domain.width - cell.model.domain.mean_height) / conductivity


def _step(cell: LiveCell, alternating: AlternatingCell, drive: Drive, window: Window) -> Table:
    """Current and voltage of the bulk against time until they are steady, landing on the readings in the window."""
    roots = np.linspace(math.sqrt(window.start), math.sqrt(window.end), READINGS)
    settings = cell.finer_in_time(FIRST_STEP * window.start, TIME_TOLERANCE)
    wanted = (
        "time_s",
        "cell_current_density_A_m2",
        "current_density_mean_A_m2",
        "counter_current_density_A_m2",
    )
    stops = tuple(float(root**2) for root in roots)
    rows = [
        {name: row[name] for name in wanted} | {"bulk_voltage_V": alternating.bulk_voltage()}
        for row in cell.march(drive, math.inf, stops, settings)
    ]
    return table_of(rows)


def _remarks(readings: Readings, window: Window, direct: float) -> tuple[str, ...]:
    remarks = [
        f"initial current: extrapolated in sqrt(t) to the step from {window.start:.3g} s to {window.end:.3g} s; "
        "interface resistances: both electrodes, from the limit of low frequencies at rest and in the steady state, "
        "with lithium reference electrodes in front of them",
        "four electrodes: the bulk's voltage between two such references, over the current, at first and at last; "
        "needs neither linear kinetics nor interfaces at rest",
    ]
    if not window.is_clear:
        remarks.append(
            f"the interfaces relax slowly ({window.interface_time:.2g} s) beside diffusion: the initial current still "
            "holds charging, and the two-electrode number is not the electrolyte's; a wider cell separates them"
        )
    bulk_part = 1 - readings.initial * readings.before / readings.voltage
    curved = (
        abs(readings.after / readings.before - 1) / 3 * (1 - bulk_part) / bulk_part
        if readings.before
        else 0.0
    )
    if curved > SUSPICIOUS:
        remarks.append(
            f"the kinetics are not linear over this step: that alone may change the number by {curved:.1g} of itself, "
            f"as the bulk takes {bulk_part:.2g} of the voltage; take a smaller voltage or a wider cell"
        )
    if abs(direct / readings.steady - 1) > SUSPICIOUS:
        remarks.append(
            "the march ended before the current was steady: compare the steady state solved directly"
        )
    return tuple(remarks)
