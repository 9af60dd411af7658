"""Exchange current density and transfer coefficient from a polarisation curve.

Butler-Volmer with concentration, j = j_0 [c e^(-alpha eta) - e^((1-alpha) eta)], is a straight line in the form of
Allen and Hickling, back reaction and concentration included and on both branches:

    ln[j/(c - e^eta)] = ln j_0 - alpha eta ,      c in c_ref, eta in RT/F

With c and eta of the reaction plane it returns the rate law's own j_0 and alpha; with those beyond the double layer
the apparent ones, which an experimenter gets. Source: P. A. Allen, A. Hickling, Trans. Faraday Soc. 53 (1957) 1626,
doi:10.1039/TF9575301626.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiments.half_cell import HalfCellState

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TafelFit:
    """j_0 [A/m^2] and alpha [1] of a regression with their standard errors (NaN below three points)."""

    exchange_current_density: float
    exchange_current_density_error: float
    transfer_coefficient: float
    transfer_coefficient_error: float
    points: int


def in_window(
    states: Sequence[HalfCellState], window: tuple[float, float], unit: float
) -> list[HalfCellState]:
    """States whose surface overpotential lies in the window [V], either sign; ``unit`` is RT/F [V]."""
    low, high = window
    return [state for state in states if low <= abs(state.surface_overpotential) * unit <= high]


def driving_current(state: HalfCellState, *, outer: bool) -> float:
    """j/(c - e^eta) [A/m^2] with the concentration and potential of the plane, or of the outer electrolyte; NaN where
    the current does not run with the overpotential, as next to rest."""
    eta = state.outer_overpotential if outer else state.plane_overpotential
    # c - e^eta = -c (e^eta_s - 1), without the cancellation near rest
    drive = -np.exp(eta - state.surface_overpotential) * np.expm1(state.surface_overpotential)
    return float(state.current_density / drive) if state.current_density * drive > 0 else float("nan")


def fit_tafel(states: Sequence[HalfCellState], *, outer: bool) -> TafelFit | None:
    """Least squares through ln[j/(c - e^eta)] against eta; None where fewer than two points give a slope."""
    eta = np.array([s.outer_overpotential if outer else s.plane_overpotential for s in states])
    driving = np.array([driving_current(s, outer=outer) for s in states])
    usable = np.isfinite(driving)
    eta, logarithm = eta[usable], np.log(driving[usable])
    if eta.size < 2 or np.ptp(eta) == 0:
        return None
    centred = eta - eta.mean()
    spread = float(centred @ centred)
    slope = float(centred @ logarithm) / spread
    intercept = float(logarithm.mean() - slope * eta.mean())
    rest = logarithm - intercept - slope * eta
    variance = float(rest @ rest) / (eta.size - 2) if eta.size > 2 else float("nan")
    current = float(np.exp(intercept))
    error = current * np.sqrt(variance * (1 / eta.size + eta.mean() ** 2 / spread))
    return TafelFit(current, float(error), -slope, float(np.sqrt(variance / spread)), int(eta.size))


def halves(states: Sequence[HalfCellState]) -> tuple[list[HalfCellState], list[HalfCellState]]:
    """The points of smaller and of larger overpotential, split at the middle one, which belongs to both if odd."""
    ordered = sorted(states, key=lambda state: abs(state.surface_overpotential))
    return ordered[: (len(ordered) + 1) // 2], ordered[len(ordered) // 2 :]
