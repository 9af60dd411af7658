"""Reading a voltage at open circuit: what is left when the double layers have discharged, and its last decay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.experiments.result import Array
from sim.solve.model import CellModel

#: the window in which only the salt near the electrodes moves: from this many time constants of a double layer to this
#: part of the salt's time constant; the latter over the former at least; rows needed in it
DISCHARGED, ONE_SIDED, WIDTH, ROWS = 15.0, 0.3, 3.0, 6
#: the decay is read between these parts of the voltage left
LARGEST_PART, SMALLEST_PART = 0.02, 5e-4


@dataclass(frozen=True)
class Decay:
    """Rate [1/s] of an exponential decay, and the window [s] it was read in."""

    rate: float
    start: float
    end: float


def discharge_window(model: CellModel) -> tuple[float, float]:
    """Times [s] between which the double layers are discharged and each electrode's salt does not feel the other.

    An electrode's layer discharges through its own charge-transfer resistance, in V_T C/j_0, with C of Stern and
    diffuse layer in series; electroneutral cells store no charge.
    """
    p = model.parameters
    slowest = 0.0
    for electrode in (p.anode, p.counter):
        if p.poisson and electrode.exchange_current_density > 0:
            diffuse = p.permittivity / p.debye_length
            series = 1 / (1 / diffuse + 1 / electrode.stern_capacitance)
            slowest = max(slowest, series * p.scales.potential / electrode.exchange_current_density)
    return DISCHARGED * slowest, ONE_SIDED * model.salt_relaxation_time


def after_discharge(time: Array, voltage: Array, window: tuple[float, float]) -> float | None:
    """Voltage [V] left at the moment of the interruption. In the window the salt beside an electrode changes with
    sqrt(t): the constant of a cubic in that, beside a/sqrt(t) for the salt that the double layers set free as they
    discharged. None where the window is narrow or has too few rows [s, V]."""
    chosen = (time >= window[0]) & (time <= window[1])
    if np.count_nonzero(chosen) < ROWS or window[1] < WIDTH * window[0]:
        return None
    root = np.sqrt(time[chosen] / window[1])
    powers = (0, 1, 2, 3, -1) if window[0] > 0 else (0, 1, 2, 3)
    columns = np.stack([root**power for power in powers], axis=1)
    return float(np.linalg.lstsq(columns, voltage[chosen], rcond=None)[0][0])


def decay_of(time: Array, voltage: Array, initial: float) -> Decay | None:
    """The exponential decay at the end of rows [s, V] from ``initial`` [V], by least squares on ln|V|."""
    part = voltage / initial
    chosen = (part < LARGEST_PART) & (part > SMALLEST_PART)
    last = np.flatnonzero(chosen)
    if last.size < ROWS or not np.all(part > 0):
        return None
    slope = np.polynomial.Polynomial.fit(time[chosen], np.log(part[chosen]), 1).convert().coef[1]
    return Decay(-float(slope), float(time[last[0]]), float(time[last[-1]]))
