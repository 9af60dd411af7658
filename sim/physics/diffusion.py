"""Diffusion of a binary salt between two electrodes: ambipolar diffusivity, time constant, Sand's time.

The salt balance is eps_p dc/dt = D_amb d2c/dx2, D_amb that of the total area (from the measured, hence effective,
conductivity) and c per pore volume; at an electrode where the anion rests the gradient of c is j t_anion/(F D_amb).
Source: J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11; H. J. S. Sand, Phil. Mag. 1
(1901) 45.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq

from sim.physics.constants import FARADAY

#: D t/l^2 below which the far end of a gap l is not felt: its trace is e^(-l^2/(D t))
_SEMI_INFINITE = 0.02
#: terms of the series, the last of which is below e^-70 there
_TERMS = 40


def ambipolar_diffusivity(diffusivity_li: float, diffusivity_anion: float) -> float:
    """D_amb = 2 D_li D_anion/(D_li + D_anion) [m^2/s] of a 1:1 salt."""
    return 2 * diffusivity_li * diffusivity_anion / (diffusivity_li + diffusivity_anion)


def slowest_decay_rate(diffusivity: float, porosity: float, gap: float, *, one_reservoir: bool) -> float:
    """Rate [1/s] of the salt's slowest mode without current, D pi^2/(eps_p H^2) in a gap H [m] between two
    electrodes of one kind, a quarter of it where one end alone is held at a concentration; D_amb [m^2/s]."""
    half = gap if one_reservoir else gap / 2
    return diffusivity * (math.pi / (2 * half)) ** 2 / porosity


def sand_time(
    current_density: float,
    concentration: float,
    transference_number: float,
    diffusivity: float,
    porosity: float,
) -> float:
    """Sand's time [s] in a semi-infinite electrolyte, pi eps_p D_amb (F c_0/(2 j t_anion))^2.

    j [A/m^2], c_0 [mol/m^3], t_li, D_amb [m^2/s].
    """
    wall = FARADAY * concentration / (2 * current_density * (1 - transference_number))
    return math.pi * porosity * diffusivity * wall**2


def depletion(time: float, ratio: float) -> float:
    """c/c_0 at the plating electrode a dimensionless time D_amb t/(eps_p l^2) after a current step of J = j/j_lim,

    1 - J [1 - (8/pi^2) sum over odd n of e^(-n^2 pi^2 t/4)/n^2],  and 1 - 2 J sqrt(t/pi) while l is not felt,

    with l the distance to where c stays c_0: half the gap between two electrodes, the gap to a reservoir.
    """
    if time < _SEMI_INFINITE:
        return 1 - 2 * ratio * math.sqrt(time / math.pi)
    odd = 2 * np.arange(_TERMS) + 1
    modes = float(np.sum(np.exp(-((odd * math.pi / 2) ** 2) * time) / odd**2))
    return 1 - ratio * (1 - 8 / math.pi**2 * modes)


def depletion_time(remaining: float, ratio: float) -> float:
    """Dimensionless time at which ``depletion`` falls to c/c_0 = ``remaining``; infinite where it never does."""
    if remaining <= 1 - ratio:
        return math.inf
    early = math.pi * ((1 - remaining) / (2 * ratio)) ** 2
    if early < _SEMI_INFINITE:
        return early
    # late: the first mode alone, an upper bound up to the other modes' share
    late = max(1.0, 4 / math.pi**2 * math.log(ratio / (remaining - 1 + ratio)) + 1.0)
    return float(brentq(lambda t: depletion(t, ratio) - remaining, 0.9 * _SEMI_INFINITE, late, xtol=1e-15))


def gap_sand_time(ratio: float, diffusivity: float, porosity: float, distance: float) -> float:
    """Time [s] to depletion at J = j/j_lim in a gap, by ``depletion``; infinite for J <= 1.

    D_amb [m^2/s]; ``distance`` [m] from the plating electrode to where c stays c_0.
    """
    return depletion_time(0.0, ratio) * porosity * distance**2 / diffusivity
