"""Pulses of current, voltage or open circuit one after another: what is plated where, and what remains of it.

Every pulse is a march of its own from the state that the last one left; amounts are integrated with its time scheme.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.config import RunConfig
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.plated import PlatedLithium, TimeIntegral
from sim.experiments.pulses import PlannedPulse, planned_pulses
from sim.experiments.result import ExperimentResult, Skipped, Table, table_of
from sim.experiments.salt import SaltAtElectrodes
from sim.solve.errors import SolverGaveUp

#: part of all lithium that was ever plated or stripped below which what is left has no evenness to speak of
NOTHING_LEFT = 1e-3
#: part of the rest concentration beside the plating electrode at which a pulse of current has used up the salt: the
#: voltage that would drive it further grows without bound
USED_UP = 1e-4
BUDGETS = ("anion_inventory_error", "lithium_balance_error", "charge_balance_error")
#: metrics that the table takes over
METRICS = (
    "cell_voltage_V",
    "cell_current_density_A_m2",
    "current_density_mean_A_m2",
    "current_density_cv",
    "current_density_max_over_mean",
    "c_li_min_mol_m3",
    "c_li_max_mol_m3",
    "coverage_mean",
    *BUDGETS,
)
REMARKS = (
    "charge_passed_C_m2 is the cell current, plated_charge_C_m2 the lithium gained by the anode's metal, both per "
    "projected area and net of stripping; plated_cv is the coefficient of variation along the anode of what is "
    "plated net so far, nan where stripping left almost nothing",
    "a pulse that reaches the voltage limit ends with the step that passes it",
)


class Cycler:
    """A live cell under its pulses, and the amounts integrated on the way."""

    def __init__(self, config: RunConfig, lab: Lab) -> None:
        self.cell, self.lab = LiveCell(config, lab), lab
        self.pulses = planned_pulses(config, self.cell.model.salt_relaxation_time)
        self.rows: list[dict[str, float]] = []
        self.plated = PlatedLithium(self.cell)
        self._salt = SaltAtElectrodes(self.cell)
        #: charge passed and plated [C/m^2], voltage over time [V s]; charge plated and stripped either way [C/m^2]
        self._sums, self._turnover = TimeIntegral(), TimeIntegral()
        self._time = 0.0

    def run(self, pulse: PlannedPulse) -> tuple[dict[str, float] | None, str | None]:
        """The row of a pulse (``None``: not one step was possible), and why it ended before its time otherwise than by
        the limit."""
        began, trouble, hit = self._time, None, False
        for part in (self._sums, self._turnover, self.plated):
            part.begin()
        first = len(self.rows)
        try:
            for step in self.cell.march(pulse.drive, pulse.duration):
                self._note(pulse, began, step)
                hit = pulse.voltage_limit is not None and abs(step["cell_voltage_V"]) >= pulse.voltage_limit
                trouble = self._used_up(pulse)
                if hit or trouble:
                    break
        except SolverGaveUp as error:
            trouble = str(error)
        rows = self.rows[first:]
        finished = trouble is None and not hit
        return (self._pulse_row(pulse, began, rows, hit, finished) if rows else None), trouble

    def _used_up(self, pulse: PlannedPulse) -> str | None:
        """Why a pulse of current cannot go on from here, or None."""
        if not pulse.drive.galvanostatic or pulse.drive.value == 0:
            return None
        electrode = "anode" if pulse.drive.value > 0 else "counter"
        left = self._salt.least(electrode) / self.cell.model.parameters.scales.concentration
        return f"the salt beside the {electrode} was used up" if left < USED_UP else None

    def _note(self, pulse: PlannedPulse, began: float, step: dict[str, float]) -> None:
        """A row of the main table after an accepted step."""
        size, current = step["step_s"], step["current_density_mean_A_m2"]
        self._sums.advance(
            size, np.array([step["cell_current_density_A_m2"], current, step["cell_voltage_V"]])
        )
        self._turnover.advance(size, np.array(abs(current)))
        self.plated.advance(size)
        self._time = began + step["time_s"]
        passed, plated = self._sums.total[:2]
        place = {"time_s": self._time, "pulse": float(pulse.number), "time_in_pulse_s": step["time_s"]}
        amounts = {"charge_passed_C_m2": float(passed), "plated_charge_C_m2": float(plated)}
        amounts["plated_cv"] = self.plated.variation(NOTHING_LEFT * float(self._turnover.total))
        self.rows.append(place | {name: step[name] for name in METRICS} | amounts)

    def _pulse_row(
        self, pulse: PlannedPulse, began: float, rows: Sequence[dict[str, float]], hit: bool, finished: bool
    ) -> dict[str, float]:
        """What a pulse did."""
        lasted, last = self._time - began, rows[-1]
        passed, plated, voltage = (float(part) for part in self._sums.since)
        drive, blank = pulse.drive, float("nan")
        return {
            "pulse": float(pulse.number),
            "start_s": began,
            "duration_s": lasted,
            "applied_current_density_A_m2": drive.value if drive.galvanostatic else blank,
            "applied_voltage_V": blank if drive.galvanostatic else drive.value,
            "finished": float(finished),
            "ended_at_voltage_limit": float(hit),
            "mean_cell_voltage_V": voltage / lasted,
            "last_cell_voltage_V": last["cell_voltage_V"],
            "last_cell_current_density_A_m2": last["cell_current_density_A_m2"],
            "pulse_charge_passed_C_m2": passed,
            "pulse_plated_charge_C_m2": plated,
            "plated_charge_C_m2": last["plated_charge_C_m2"],
            "plated_cv": last["plated_cv"],
        } | {f"worst_{name}": float(np.nanmax([row[name] for row in rows])) for name in BUDGETS}


def perform(config: RunConfig, lab: Lab) -> ExperimentResult:
    """All pulses. Raises ExperimentError where a blocking electrode is asked for a current."""
    cycler = Cycler(config, lab)
    done: list[dict[str, float]] = []
    skipped: list[Skipped] = []
    for pulse in cycler.pulses:
        row, trouble = cycler.run(pulse)
        if row is not None:
            done.append(row)
        if trouble is not None:
            went = f"left at {row['duration_s']:.4g} of {pulse.duration:.4g} s" if row else "not one step"
            skipped.append(Skipped(pulse.text, f"{went}: {trouble}"))
        lab.tell(f"cycle: {pulse.text} of {len(cycler.pulses)}: {_outcome(row)}")
    tables = {"cycle": table_of(cycler.rows), "cycle_pulses": table_of(done)}
    profile = cycler.plated.table()
    tables["cycle_plated"] = profile if profile is not None else {}
    return ExperimentResult("cycle", tables, _summary(cycler, done), REMARKS, tuple(skipped))


def _outcome(row: dict[str, float] | None) -> str:
    return (
        "nothing"
        if row is None
        else f"{row['last_cell_voltage_V']:.4g} V, {row['plated_charge_C_m2']:.4g} C/m^2"
    )


def _summary(cycler: Cycler, pulses: Sequence[dict[str, float]]) -> dict[str, float | int | None]:
    """Totals over all pulses, and the worst of the budgets."""
    table: Table = table_of(pulses)
    if not pulses:
        return {"pulses_done": 0}
    own = table["pulse_plated_charge_C_m2"]
    plated, stripped = float(own[own > 0].sum()), float(-own[own < 0].sum())
    return {
        "pulses_done": len(pulses),
        "total_time_s": cycler.rows[-1]["time_s"],
        "total_plated_charge_C_m2": plated,
        "total_stripped_charge_C_m2": stripped,
        "net_plated_charge_C_m2": cycler.rows[-1]["plated_charge_C_m2"],
        "net_plated_cv": cycler.rows[-1]["plated_cv"],
        "largest_cell_voltage_V": max(row["cell_voltage_V"] for row in cycler.rows),
        "smallest_cell_voltage_V": min(row["cell_voltage_V"] for row in cycler.rows),
        **{f"worst_{name}": float(table[f"worst_{name}"].max()) for name in BUDGETS},
    }
