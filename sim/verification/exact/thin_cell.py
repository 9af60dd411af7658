"""Case 7 in its dimensionless groups, and its published limits for thin double layers.

A cell of two alike lithium electrodes is given by epsilon = lambda_D/L, delta = d_S/lambda_D (Stern layer with the
liquid's permittivity) and k = j0/j_lim; its answer is v = V/V_T against J = j/j_lim. Source: Bazant, Chu & Bayly
2005, doi:10.1137/040609938, sections 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import electroneutral1d
from .parameters import Cell, Electrode, Electrolyte

#: D- and c0 have no influence on a steady state in these groups
SALT = Electrolyte(1e-10, 2e-10)
#: a Stern layer of no thickness has no finite capacitance [lambda_D]
THINNEST = 1e-9


@dataclass(frozen=True)
class ThinCell:
    """The groups epsilon, delta and k [-]."""

    epsilon: float
    delta: float = 0.1
    exchange: float = 10.0

    @property
    def limit(self) -> float:
        """j_lim = 4 F D+ c0/L [A/m^2]."""
        return SALT.limiting_current(SALT.debye_length / self.epsilon)

    def in_si(self, thinnest: float = 0.0) -> Cell:
        """The cell; `thinnest` is the least thickness of its Stern layers [lambda_D]."""
        stern = max(self.delta, thinnest) * SALT.debye_length
        wall = Electrode(self.exchange * self.limit, stern_thickness=stern)
        return Cell(SALT, wall, wall, SALT.debye_length / self.epsilon)


def gouy_chapman_limit(ratio: Any, exchange: float) -> Any:
    """v as epsilon -> 0 with delta = 0: 4 artanh J + 2 artanh(J/k), J = `ratio`.

    The whole drop is in the diffuse layer, so that c+ = c0 (1 +- J/k) at the planes of reaction.
    """
    return 4 * np.arctanh(ratio) + 2 * np.arctanh(np.asarray(ratio) / exchange)


def helmholtz_limit(ratio: Any, exchange: float) -> Any:
    """v as epsilon -> 0 with delta -> infinity, J = `ratio`: the drop is in the Stern layer, classical Butler-Volmer.

    v = 2 ln{[q + sqrt(q^2 + 4(1+J))] [q + sqrt(q^2 + 4(1-J))] / [4 (1-J)]} + ln[(1+J)/(1-J)], q = J/k.
    """
    ratio = np.asarray(ratio)
    q = ratio / exchange
    dissolving, plating = (q + np.sqrt(q**2 + 4 * (1 + sign * ratio)) for sign in (1, -1))
    return 2 * np.log(dissolving * plating / (4 * (1 - ratio))) + np.log((1 + ratio) / (1 - ratio))


def thin_limit(ratio: float, delta: float, exchange: float) -> float:
    """v as epsilon -> 0 at delta > 0 and J = `ratio`: neutral bulk, layers in local equilibrium."""
    cell = ThinCell(1.0, delta, exchange)
    state = electroneutral1d.at_current(cell.in_si(THINNEST), ratio * cell.limit)
    return state.voltage / SALT.thermal_voltage
