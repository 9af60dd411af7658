"""Steady cell voltage against current density, and what a Tafel fit makes of the anode.

The voltage is split without remainder: outside resistance, both electrodes' overpotentials against a lithium
reference beside them, and the electrolyte between the two references (ohmic drop and concentration).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.config import RunConfig
from sim.config.limits import steady_current_problem
from sim.experiments.half_cell import HalfCell, HalfCellState
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.result import ExperimentError, ExperimentResult, Skipped, table_of
from sim.experiments.tafel import driving_current
from sim.experiments.tafel_report import kinetics_report
from sim.solve.drive import Drive
from sim.solve.errors import SolverGaveUp

#: the default currents: this many, from the smallest to the largest part of the limiting current
DEFAULT_POINTS, SMALLEST_PART, LARGEST_PART = 19, 1e-3, 0.9
#: voltage [RT/F] to both sides of rest whose slope is the resistance there; its square is the error
SMALL_STEP = 1e-3
#: metrics that the table takes over
METRICS = (
    "j_over_j_lim",
    "current_density_cv",
    "current_density_max_over_mean",
    "adsorbed_channel_fraction",
    "coverage_mean",
    "c_li_min_mol_m3",
    "lithium_balance_error",
    "charge_balance_error",
)


@dataclass(frozen=True)
class Point:
    """One steady state: a row of the table, and both electrodes."""

    row: dict[str, float]
    anode: HalfCellState
    counter: HalfCellState


@dataclass(frozen=True)
class Curve:
    """Solved points in the order asked for, those that could not be had, and the states beside rest that give the
    slopes there (negative, positive)."""

    points: tuple[Point, ...]
    skipped: tuple[Skipped, ...]
    beside_rest: tuple[Point, Point] | None


class Polariser:
    """A live cell that is brought to steady states at currents; electrodes and voltages are read from it."""

    def __init__(self, config: RunConfig, lab: Lab) -> None:
        blocking = [name for name in ("anode", "counter") if getattr(config, name).kind == "blocking"]
        if blocking:
            raise ExperimentError(
                f"no steady current passes a blocking {blocking[0]}: polarisation needs two electrodes that react"
            )
        self.cell = LiveCell(config, lab)
        self.config, self.lab = config, lab
        self._anode, self._counter = HalfCell(self.cell, "anode"), HalfCell(self.cell, "counter")
        self._unit = self.cell.model.parameters.scales.potential

    def default_currents(self) -> tuple[float, ...]:
        """Plating currents [A/m^2], evenly spaced by their logarithm."""
        limit = self.cell.observer.limiting_current_density
        ratio = (LARGEST_PART / SMALLEST_PART) ** (1 / (DEFAULT_POINTS - 1))
        return tuple(limit * SMALLEST_PART * ratio**i for i in range(DEFAULT_POINTS))

    def electrodes(self) -> tuple[HalfCellState, HalfCellState]:
        """Anode and counter electrode in the present state."""
        return self._anode.read(), self._counter.read()

    def at(self, drive: Drive) -> Point:
        """The steady state at a drive, from the present one. Raises SolverGaveUp."""
        metrics = self.cell.steady(drive)
        anode, counter = self.electrodes()
        current = metrics["cell_current_density_A_m2"]
        outside = self.config.experiments.polarisation.series_resistance * current
        row = {
            "current_density_A_m2": drive.value if drive.galvanostatic else current,
            "cell_voltage_V": metrics["cell_voltage_V"] + outside,
            "series_resistance_voltage_V": outside,
            "counter_overpotential_V": counter.surface_overpotential * self._unit,
            "anode_overpotential_V": anode.surface_overpotential * self._unit,
        }
        electrodes = row["counter_overpotential_V"] - row["anode_overpotential_V"]
        row["electrolyte_voltage_V"] = metrics["cell_voltage_V"] - electrodes
        reference = self.config.electrolyte.reference_concentration or self.config.electrolyte.concentration
        row |= {
            "anode_current_density_A_m2": anode.current_density,
            "plane_overpotential_V": anode.plane_overpotential * self._unit,
            "plane_concentration_mol_m3": anode.plane_ratio * reference,
            "outer_overpotential_V": anode.outer_overpotential * self._unit,
            "outer_concentration_mol_m3": anode.outer_ratio * reference,
            "plane_driving_current_density_A_m2": driving_current(anode, outer=False),
            "outer_driving_current_density_A_m2": driving_current(anode, outer=True),
        }
        return Point(row | {name: metrics[name] for name in METRICS}, anode, counter)

    def beside_rest(self) -> tuple[Point, Point]:
        """Potentiostatic states at a small voltage below and above that of rest."""
        self.cell.to_rest()
        outside = self.at(Drive(True, 0.0)).row
        rest = outside["cell_voltage_V"] - outside["series_resistance_voltage_V"]
        step = SMALL_STEP * self._unit
        low, high = self.at(Drive(False, rest - step)), self.at(Drive(False, rest + step))
        self.cell.to_rest()
        return low, high

    def curve(self, currents: Sequence[float]) -> tuple[dict[float, Point], list[Skipped]]:
        """Points by current density; each branch is solved away from rest, every point from the one before."""
        solved: dict[float, Point] = {}
        skipped: list[Skipped] = []
        wanted = sorted(set(currents), key=abs)
        for branch in ([j for j in wanted if j >= 0], [j for j in wanted if j < 0]):
            self.cell.to_rest()
            refused: float | None = None
            for current in branch:
                reason = self._try(current, solved, refused)
                if reason is not None:
                    refused = current if refused is None else refused
                    skipped.append(Skipped(f"{current:.6g} A/m^2", reason))
        return solved, skipped

    def _try(self, current: float, solved: dict[float, Point], refused: float | None) -> str | None:
        """Solve one current into ``solved``, or say why not."""
        if refused is not None:
            return f"not tried: there was none at {refused:.6g} A/m^2 on the way there"
        reason = steady_current_problem(self.config, current, self.cell.model.domain.mean_height)
        if reason is None:
            try:
                solved[current] = self.at(Drive(True, current))
                self.lab.tell(f"{current:.6g} A/m^2: {solved[current].row['cell_voltage_V']:.6g} V")
            except SolverGaveUp as error:
                reason = str(error)
        return reason


def trace_curve(config: RunConfig, lab: Lab, *, slopes: bool = True) -> tuple[Curve, Polariser]:
    """The curve that a config's ``experiments.polarisation`` asks for, with or without the slopes at rest."""
    polariser = Polariser(config, lab)
    currents = config.experiments.polarisation.currents() or polariser.default_currents()
    beside = polariser.beside_rest() if slopes else None
    solved, skipped = polariser.curve(currents)
    points = tuple(solved[current] for current in currents if current in solved)
    return Curve(points, tuple(skipped), beside), polariser


def perform(config: RunConfig, lab: Lab) -> ExperimentResult:
    """Polarisation curve and Tafel fit of a cell. Raises ExperimentError for blocking electrodes."""
    curve, polariser = trace_curve(config, lab)
    settings = config.experiments.polarisation
    limit = polariser.cell.observer.limiting_current_density
    summary: dict[str, float | int | None] = {
        "points": len(curve.points),
        "thermal_voltage_V": polariser.cell.model.parameters.scales.potential,
        "limiting_current_density_A_m2": limit,
        "series_resistance_ohm_m2": settings.series_resistance,
        "cell_resistance_at_rest_ohm_m2": resistance_at_rest(curve),
    }
    report = kinetics_report(
        config,
        [point.anode for point in curve.points],
        [point.row for point in curve.points],
        [point.anode for point in curve.beside_rest or ()],
    )
    return ExperimentResult(
        "polarisation",
        {"polarisation": table_of([point.row for point in curve.points])},
        summary | report.summary,
        report.remarks,
        curve.skipped,
    )


def resistance_at_rest(curve: Curve) -> float | None:
    """Steady resistance dV/dj at rest [ohm m^2], the outside one included."""
    if curve.beside_rest is None:
        return None
    low, high = (point.row for point in curve.beside_rest)
    change = high["current_density_A_m2"] - low["current_density_A_m2"]
    return (high["cell_voltage_V"] - low["cell_voltage_V"]) / change
