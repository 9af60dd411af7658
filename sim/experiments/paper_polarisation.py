"""The polarisation of the paper's symmetric PIA cell (Fig. 5E), and what exchange current density it asks for.

The model gives the cell's voltage and its electrodes' part of it at any j_0, at steady state and at once (before the
salt has moved). Least squares over the measured currents, with kappa and t_li as measured or with their resistance
set free:

    V = V_cell(j, j_0)                          fits j_0
    V = V_electrodes(j, j_0) + R j              fits j_0 and R, the resistance of all that is no electrode
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import least_squares

from sim.config import RunConfig
from sim.experiments.live_cell import Lab
from sim.experiments.paper_data import POLARISATION_CURRENTS, POLARISATION_VOLTAGES
from sim.experiments.polarisation import Polariser
from sim.experiments.result import Array, ExperimentError, Table
from sim.solve.drive import Drive

CURRENTS, MEASURED = np.array(POLARISATION_CURRENTS), np.array(POLARISATION_VOLTAGES)


@dataclass(frozen=True)
class Voltages:
    """Of the whole cell, and of its two electrodes together [V], at the measured currents."""

    cell: Array
    electrodes: Array

    @property
    def resistance(self) -> float:
        """Resistance between the electrodes at the smallest current [ohm m^2]."""
        return float((self.cell[0] - self.electrodes[0]) / CURRENTS[0])


#: voltages for a j_0 [A/m^2] of both electrodes
Model = Callable[[float], Voltages]


@dataclass(frozen=True)
class Fit:
    """j_0 [A/m^2], the free resistance [ohm m^2] (None: as the model has it), the fitted voltages [V] and their root
    mean square error [V]."""

    exchange_current_density: float
    resistance: float | None
    voltages: Array
    error: float


@dataclass(frozen=True)
class SymmetricCell:
    """The configured cell at steady state and at once; j_0 fitted with kappa and t_li as measured; with a free
    resistance, of the voltages at once and of the steady ones."""

    exchange_current_density: float
    steady: Voltages
    at_once: Voltages
    fit: Fit
    free_at_once: Fit
    free_steady: Fit

    def table(self) -> Table:
        """Columns of the table."""
        return {
            "current_density_A_m2": CURRENTS,
            "measured_V": MEASURED,
            "tafel_j0_V": self.steady.cell,
            "tafel_j0_at_once_V": self.at_once.cell,
            "fitted_j0_V": self.fit.voltages,
            "fitted_j0_and_resistance_at_once_V": self.free_at_once.voltages,
            "fitted_j0_and_resistance_V": self.free_steady.voltages,
        }


def symmetric_cell(config: RunConfig, lab: Lab) -> SymmetricCell:
    """Solve and fit the cell of a config. Raises ExperimentError where it is not symmetric and SolverGaveUp where the
    measured currents cannot be had."""
    exchange = config.anode.exchange_current_density
    kinds = {config.anode.kind, config.counter.kind}
    if exchange is None or kinds != {"lithium"} or config.counter.exchange_current_density != exchange:
        raise ExperimentError("paper: the symmetric cell needs two lithium electrodes of one j0")
    lab.tell("symmetric PIA cell: Tafel j0, then fits")
    steady, at_once = _steady_model(config, lab), _model_at_once(config, lab)
    return SymmetricCell(
        exchange,
        steady(exchange),
        at_once(exchange),
        fit_exchange(steady, exchange, free_resistance=False),
        fit_exchange(at_once, exchange, free_resistance=True),
        fit_exchange(steady, exchange, free_resistance=True),
    )


def fit_exchange(model: Model, start: float, *, free_resistance: bool) -> Fit:
    """Least squares over ln j_0 from ``start`` [A/m^2]; a free resistance, being linear, is eliminated."""

    def resistance(voltages: Voltages) -> float:
        return float(CURRENTS @ (MEASURED - voltages.electrodes) / (CURRENTS @ CURRENTS))

    def fitted(exchange: float) -> Array:
        voltages = model(exchange)
        if not free_resistance:
            return voltages.cell
        return np.asarray(voltages.electrodes + resistance(voltages) * CURRENTS)

    def misfit(logarithm: Array) -> Array:
        return np.asarray(1e3 * (fitted(float(np.exp(logarithm[0]))) - MEASURED))

    found = least_squares(misfit, [np.log(start)], diff_step=1e-4, xtol=1e-4)
    exchange = float(np.exp(found.x[0]))
    outside = resistance(model(exchange)) if free_resistance else None
    error = float(np.sqrt(np.mean((fitted(exchange) - MEASURED) ** 2)))
    return Fit(exchange, outside, fitted(exchange), error)


def _with_exchange(config: RunConfig, exchange: float) -> RunConfig:
    kinetics = {"exchange_current_density": exchange}
    return config.model_copy(
        update={
            "anode": config.anode.model_copy(update=kinetics),
            "counter": config.counter.model_copy(update=kinetics),
        }
    )


def _read(polariser: Polariser) -> tuple[float, float]:
    """Voltage of the cell and of its electrodes in the present state [V]."""
    parameters = polariser.cell.model.parameters
    anode, counter = polariser.electrodes()
    electrodes = counter.surface_overpotential - anode.surface_overpotential
    cell = float(polariser.cell.model.counter_potential.value)
    return cell * parameters.scales.potential, electrodes * parameters.scales.potential


def _agreed(found: list[tuple[float, float]], lab: Lab) -> Voltages:
    """The first rank's numbers on all: a last bit must not lead the ranks' fits apart."""
    return Voltages(*lab.comm.bcast(np.array(found), root=0).T)


def _steady_model(config: RunConfig, lab: Lab) -> Model:
    """Steady states, each from the one before."""

    @cache
    def voltages(exchange: float) -> Voltages:
        polariser = Polariser(_with_exchange(config, exchange), Lab(lab.comm, stop=lab.stop))
        found = []
        for current in POLARISATION_CURRENTS:
            polariser.cell.steady(Drive(True, current))
            found.append(_read(polariser))
        return _agreed(found, lab)

    return voltages


def _model_at_once(config: RunConfig, lab: Lab) -> Model:
    """One first step from rest, too short for the salt to move."""

    @cache
    def voltages(exchange: float) -> Voltages:
        polariser = Polariser(_with_exchange(config, exchange), Lab(lab.comm, stop=lab.stop))
        found = []
        for current in POLARISATION_CURRENTS:
            polariser.cell.to_rest()
            for _ in polariser.cell.march(Drive(True, current), config.solver.first_step):
                pass
            found.append(_read(polariser))
        return _agreed(found, lab)

    return voltages
