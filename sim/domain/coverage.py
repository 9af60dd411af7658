"""The stated coverage of the sites at the start as a function of position (NumPy only)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sim.config.coverage import SinusoidCoverage, TableCoverage
from sim.domain.aliases import Floats
from sim.domain.errors import DomainError
from sim.domain.tables import read_table


def coverage_function(
    stated: float | SinusoidCoverage | TableCoverage, length: float
) -> Callable[[Floats], Floats]:
    """theta(x) [1] at x [m] in the shape of x, on a cell of this length [m]: uniform, mean + amplitude
    cos(2 pi x/wavelength + phase), or linear between the rows of a table. Raises DomainError for an unusable file.
    """
    if isinstance(stated, float):
        return lambda x: np.full(np.shape(x), stated)
    if stated.kind == "sinusoid":
        wave = 2.0 * math.pi / stated.wavelength
        return lambda x: np.asarray(stated.mean + stated.amplitude * np.cos(wave * x + stated.phase))
    places, values = read_table(stated.file, ("x_m", "coverage"), length)
    if np.any(values <= 0.0) or np.any(values >= 1.0):
        raise DomainError(f"{stated.file}: coverage must lie between 0 and 1, neither included")
    return lambda x: np.interp(x, places, values)
