"""Gaussian random fields on an interval, as functions of position and seed.

g(x) = Σ_m ξ_m exp(−k_m²ℓ²/8) cos(k_m x) has, for independent standard normal ξ_m, the covariance exp(−r²/ℓ²):
ℓ is the distance over which the autocorrelation falls to 1/e. With k_m = mπ/L the field is even about both
ends (a symmetry side mirrors it); with k_m = 2πm/L and sines beside the cosines it is periodic. The sum is a
function, so it is the same on every mesh and any number of ranks.

Reference: M. Shinozuka and G. Deodatis, Appl. Mech. Rev. 44 (1991) 191, doi:10.1115/1.3119501.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.domain.aliases import Floats
from sim.domain.errors import DomainError

#: Harmonics beyond k ℓ = 12 have amplitudes below exp(−18) = 1.5e-8 of the first ones.
LARGEST_SCALED_WAVENUMBER = 12.0
#: A field with more harmonics than this has features no mesh of the cell would resolve.
MOST_HARMONICS = 2000
#: Terms of the sum evaluated in one go, a bound on memory.
TERMS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class CosineSeries:
    """f(x) = Σ a_m cos(k_m x) + b_m sin(k_m x); zero mean over the interval it was made for."""

    wavenumbers: Floats  #: k_m, shape (M,) [1/m]
    cosines: Floats  #: a_m, shape (M,)
    sines: Floats  #: b_m, shape (M,); zero where the field is even

    def __call__(self, x: Floats, derivative: int = 0) -> Floats:
        """The field or its first or second derivative at x [m], in the shape of x."""
        k = self.wavenumbers
        cosines, sines = (
            (self.cosines, self.sines),
            (k * self.sines, -k * self.cosines),
            (-(k**2) * self.cosines, -(k**2) * self.sines),
        )[derivative]
        x = np.asarray(x, dtype=float)
        parts = np.array_split(x.ravel(), 1 + x.size * k.size // TERMS_AT_ONCE)
        phases = (part[:, None] * k for part in parts)
        return np.concatenate([np.cos(phase) @ cosines + np.sin(phase) @ sines for phase in phases]).reshape(
            x.shape
        )


def gaussian_field(
    length: float, correlation_length: float, seed: int, rms: float, periodic: bool
) -> CosineSeries:
    """A realisation on [0, length] of exactly the given rms, even about both ends or periodic.

    length, correlation_length [m]; rms in the unit of the field. Raises DomainError where the correlation
    length is too short to be resolved. The realisation depends on the seed and on correlation_length/length
    only.
    """
    unit = 2.0 * math.pi / length if periodic else math.pi / length
    count = max(1, math.ceil(LARGEST_SCALED_WAVENUMBER / (unit * correlation_length)))
    if count > MOST_HARMONICS:
        raise DomainError(
            f"a random field of correlation length {correlation_length:g} m in a cell {length:g} m long "
            f"needs {count} harmonics (at most {MOST_HARMONICS})"
        )
    wavenumbers = unit * np.arange(1, count + 1)
    draws = np.random.default_rng(seed).standard_normal((count, 2)) * np.exp(
        -((wavenumbers[:, None] * correlation_length) ** 2) / 8.0
    )
    if not periodic:
        draws[:, 1] = 0.0
    # Every harmonic has mean square 1/2 on the interval and they are orthogonal: the scaling is exact.
    draws *= rms / math.sqrt(0.5 * float(np.sum(draws**2)))
    return CosineSeries(wavenumbers, draws[:, 0].copy(), draws[:, 1].copy())
