"""When the initial current of a voltage step is read: after the interfaces have charged, before diffusion sets in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np

from sim.experiments.alternating import AlternatingCell
from sim.experiments.result import Array
from sim.solve.model import CellModel

#: interface relaxation times before the window; the capacitive current, larger by the ratio of all resistances to the
#: bulk's, must have fallen below what the difference of two nearly equal voltages in t+ forgives
CHARGED = 12.0
#: end of the window over the salt's relaxation time: the salt waves of both electrodes do not meet yet
APART = 0.15
#: the same where slow interfaces ask for it: the waves meet with e^(-pi^2/(4 * 0.4)) = 2e-3 of their size
LATEST = 0.4
#: the same over a rough anode, whose bumps salt waves reach around sooner
APART_ROUGH = 0.05
#: part of the voltage that diffusion may take until the end of the window, for a short series in sqrt(t)
LITTLE = 0.4
#: end over start of the window: at least, and at most where nothing has to charge
NARROWEST, WIDEST = 4.0, 1e4
#: frequencies at which relaxations are looked for, and their least size over the bulk's
#: resistance, with which t+ is weighed
DECADES, PER_DECADE, VISIBLE = 7, 2, 1e-3
#: last term of the series in sqrt(t) that may be missing, and its degrees
SERIES_ERROR, LOWEST_DEGREE, HIGHEST_DEGREE = 1e-5, 2, 4


@dataclass(frozen=True)
class Window:
    """Times [s] between which currents are extrapolated to the step; the slowest relaxation of the interfaces [s]; the
    part of the voltage that diffusion takes until the end [1]."""

    start: float
    end: float
    interface_time: float
    diffusive: float

    @property
    def is_clear(self) -> bool:
        """Whether the interfaces are charged before the window begins."""
        return self.start >= CHARGED * self.interface_time * (1 - 1e-9)

    @property
    def degree(self) -> int:
        """Terms in sqrt(t) that matter: each is smaller by about the part of the voltage that diffusion takes."""
        needed = math.ceil(math.log(SERIES_ERROR) / math.log(max(self.diffusive, 1e-9))) - 1
        return min(max(needed, LOWEST_DEGREE), HIGHEST_DEGREE)


def plan_window(model: CellModel, alternating: AlternatingCell, bulk: float) -> Window:
    """The window of a cell at rest, ``bulk`` its ohmic resistance [Ohm m^2]."""
    resistances = alternating.interface_resistances()
    salt_time = model.salt_relaxation_time
    ohmic = resistances.total + bulk
    diffusive = max(alternating.steady.impedance.real - ohmic, 0.0) / ohmic
    # at a constant current the salt takes diffusive * (4/sqrt(pi)) sqrt(D t)/H of the voltage, H^2/D = pi^2 salt_time
    slope = diffusive * 4 / pi**1.5
    apart = APART if model.domain.max_height <= model.domain.mean_height else APART_ROUGH
    root = min(sqrt(apart), LITTLE / slope) if slope else sqrt(apart)
    end = root**2 * salt_time
    slow = interface_time(alternating, resistances.total, bulk, end)
    end = max(end, min(NARROWEST * CHARGED * slow, root**2 / apart * LATEST * salt_time))
    start = min(max(CHARGED * slow, end / WIDEST), end / NARROWEST)
    return Window(start, end, slow, slope * sqrt(end / salt_time))


def interface_time(alternating: AlternatingCell, resistance: float, bulk: float, longest: float) -> float:
    """Slowest relaxation time [s] of the interfaces below ``longest`` [s]; 0 where none shows.

    A relaxation departs from direct current like |Z(omega) - R| ~ omega tau/sqrt(1 + omega^2 tau^2), whose slope on
    logarithmic axes falls from 1 to 1/2 at omega = 1/tau, whether it is capacitive or, with sites, inductive.
    """
    decades = np.arange(0.0, DECADES + 0.1, 1 / PER_DECADE)
    before, slope = 0.0, 1.0
    for omega in 0.1 / longest * 10**decades:
        response = alternating.response(float(omega) / (2 * pi))
        now = abs(sum(alternating.interface_impedances(response)) - resistance)
        if before > VISIBLE * bulk:
            last, slope = slope, math.log(now / before) * PER_DECADE / math.log(10)
            if slope < 0.5:
                # between the middles of the last two intervals
                back = (0.5 - slope) / (last - slope) if last > slope else 0.0
                return float(10 ** ((0.5 + back) / PER_DECADE) / omega)
        before = now
    return 0.0


def extrapolate(window: Window, times: Array, currents: Array) -> float:
    """The current at t = 0 from those inside the window, by least squares of I_0 + a_1 t^(1/2) + a_2 t + ...

    Diffusion from a plane gives powers of sqrt(t). Where interfaces charge (their time is not 0), the salt that this
    moved spreads as from a source at t = 0 and adds t^(-1/2), which belongs to the charging and is left out.
    """
    inside = (times >= window.start * (1 - 1e-9)) & (times <= window.end * (1 + 1e-9))
    root = np.sqrt(times[inside] / window.end)
    powers = [*range(window.degree + 1), *((-1,) if window.interface_time else ())]
    columns = np.stack([root**power for power in powers], axis=1)
    largest = np.abs(columns).max(axis=0)
    found = np.linalg.lstsq(columns / largest, currents[inside], rcond=None)[0] / largest
    return float(found[0])
