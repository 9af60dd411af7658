"""Site densities along the anode, n(x) [1/m²], as functions of position and seed (NumPy only).

A map is a function, hence the same on any mesh and any number of ranks. Besides its value a map knows its
mean over an interval, exactly where it jumps, so that a mesh that does not follow a stripe's edge still
carries every site.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.domain.aliases import Floats
from sim.domain.errors import DomainError
from sim.domain.random_field import CosineSeries, gaussian_field

#: Gauss points per patch length with which the mean of a random map over an interval is taken.
MEAN_POINTS = 8
#: Standard deviation of the logarithm beyond which a random map would be a few spikes.
WIDEST_LOGARITHM = 20.0


class SiteMap(Protocol):
    """A site density along x."""

    def __call__(self, x: Floats) -> Floats:
        """n(x) [1/m²] at x [m], in the shape of x."""
        ...

    def mean(self, start: Floats, end: Floats) -> Floats:
        """(1/(end − start)) ∫ n dx [1/m²] over each interval [m]; n(start) where it has no length."""
        ...

    @property
    def variation_length(self) -> float | None:
        """The shortest length over which n changes markedly [m]; None for a uniform map."""
        ...

    @property
    def scale(self) -> float:
        """A density that is typical of the map, below 1e-6 of which nothing counts [1/m²]."""
        ...

    @property
    def edges(self) -> Floats:
        """Where in the cell n jumps [m]; empty for a continuous map."""
        ...


@dataclass(frozen=True)
class UniformMap:
    """The same density everywhere."""

    density: float  #: [1/m²]

    def __call__(self, x: Floats) -> Floats:
        """The density at x [m]."""
        return np.full(np.shape(x), self.density)

    def mean(self, start: Floats, end: Floats) -> Floats:
        """The density, over any interval."""
        return np.full(np.broadcast(start, end).shape, self.density)

    @property
    def variation_length(self) -> float | None:
        """None: nothing varies."""
        return None

    @property
    def scale(self) -> float:
        """The density [1/m²]."""
        return self.density

    @property
    def edges(self) -> Floats:
        """No jumps."""
        return np.empty(0)


@dataclass(frozen=True)
class StripesMap:
    """The full density where frac(x/pitch − phase) < fraction, nothing elsewhere."""

    density: float  #: within a stripe [1/m²]
    pitch: float  #: [m]
    fraction: float  #: part of the pitch that a stripe covers
    phase: float  #: shift along +x in pitches
    length: float  #: of the cell [m]

    def __call__(self, x: Floats) -> Floats:
        """The density at x [m]; a stripe owns its left edge."""
        place = np.asarray(x, dtype=float) / self.pitch - self.phase
        return np.where(place - np.floor(place) < self.fraction, self.density, 0.0)

    def mean(self, start: Floats, end: Floats) -> Floats:
        """The exact mean, from the covered length left of each end."""
        return _mean_from_integral(self, self._integral, start, end)

    def _integral(self, x: Floats) -> Floats:
        place = x / self.pitch - self.phase
        whole = np.floor(place)
        return self.density * self.pitch * (whole * self.fraction + np.minimum(place - whole, self.fraction))

    @property
    def variation_length(self) -> float | None:
        """The narrower of a stripe and a gap [m]."""
        narrower = min(self.fraction, 1.0 - self.fraction)
        return self.pitch * narrower if narrower > 0.0 else None

    @property
    def scale(self) -> float:
        """The density within a stripe [1/m²]."""
        return self.density

    @property
    def edges(self) -> Floats:
        """Both edges of every stripe within the cell [m]."""
        if self.variation_length is None:
            return np.empty(0)
        first, last = math.floor(-self.phase) - 1, math.ceil(self.length / self.pitch - self.phase) + 1
        left = (np.arange(first, last + 1) + self.phase) * self.pitch
        edges = np.sort(np.concatenate([left, left + self.fraction * self.pitch]))
        return edges[(edges > 0.0) & (edges < self.length)]


@dataclass(frozen=True)
class RandomMap:
    """n = density · exp(s g(x))/⟨exp(s g)⟩ with g a Gaussian field of unit rms: lognormal patches.

    s and the normalisation are those of this realisation: the mean over the cell is `density` and the
    standard deviation is `variation` times that, exactly and for every seed.
    """

    density: float  #: mean [1/m²]
    patch_length: float  #: correlation length of g [m]
    field: CosineSeries
    spread: float  #: s
    norm: float  #: ⟨exp(s g)⟩ over the cell

    def __call__(self, x: Floats) -> Floats:
        """The density at x [m]."""
        return self.density / self.norm * np.exp(self.spread * self.field(np.asarray(x, dtype=float)))

    def mean(self, start: Floats, end: Floats) -> Floats:
        """The mean by Gauss-Legendre quadrature, MEAN_POINTS in every patch length: the map is smooth."""
        start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
        panels = max(1, math.ceil(float(np.max(np.abs(end - start), initial=0.0)) / self.patch_length))
        points, weights = np.polynomial.legendre.leggauss(MEAN_POINTS)
        places = ((np.arange(panels)[:, None] + 0.5 * (1.0 + points)) / panels).ravel()
        values = self(start[..., None] + places * (end - start)[..., None])
        return np.asarray(values @ np.tile(0.5 * weights / panels, panels))

    @property
    def variation_length(self) -> float | None:
        """The correlation length [m]."""
        return self.patch_length

    @property
    def scale(self) -> float:
        """The mean density [1/m²]."""
        return self.density

    @property
    def edges(self) -> Floats:
        """No jumps."""
        return np.empty(0)


@dataclass(frozen=True)
class LinearMap:
    """Linear between given points, constant beyond them: a table, or a picture's pixel columns."""

    x: Floats  #: increasing [m]
    values: Floats  #: [1/m²]

    def __call__(self, x: Floats) -> Floats:
        """The density at x [m]."""
        return np.interp(x, self.x, self.values)

    def mean(self, start: Floats, end: Floats) -> Floats:
        """The exact mean, from the integral left of each end."""
        return _mean_from_integral(self, self._integral, start, end)

    def _integral(self, x: Floats) -> Floats:
        areas = 0.5 * np.diff(self.x) * (self.values[1:] + self.values[:-1])
        total = np.concatenate([[0.0], np.cumsum(areas)])
        below = np.clip(np.searchsorted(self.x, x, side="right") - 1, 0, self.x.size - 1)
        return total[below] + 0.5 * (x - self.x[below]) * (self(x) + self.values[below])

    @property
    def variation_length(self) -> float | None:
        """Range over steepest slope [m]."""
        steepest = float(np.max(np.abs(np.diff(self.values) / np.diff(self.x))))
        return float(np.ptp(self.values)) / steepest if steepest > 0.0 else None

    @property
    def scale(self) -> float:
        """The largest density [1/m²]."""
        return float(self.values.max())

    @property
    def edges(self) -> Floats:
        """No jumps."""
        return np.empty(0)


def _mean_from_integral(
    site_map: SiteMap, integral: Callable[[Floats], Floats], start: Floats, end: Floats
) -> Floats:
    """(I(end) − I(start))/(end − start), the value itself where an interval has no length."""
    start, end = np.broadcast_arrays(np.asarray(start, dtype=float), np.asarray(end, dtype=float))
    extent = end - start
    point = np.abs(extent) <= 1e-12 * np.maximum(np.abs(start), np.abs(end))
    mean = (integral(end) - integral(start)) / np.where(point, 1.0, extent)
    return np.where(point, site_map(start), np.maximum(mean, 0.0))


def random_map(
    density: float, patch_length: float, variation: float, seed: int, length: float, periodic: bool
) -> RandomMap:
    """The `RandomMap` of a seed on [0, length] [m].

    Raises DomainError where this realisation cannot vary as much as wished.
    """
    field = gaussian_field(length, patch_length, seed, 1.0, periodic)
    samples = max(1024, 8 * field.wavenumbers.size)
    # Midpoints of an even or periodic function: this quadrature converges faster than any power.
    values = field((np.arange(samples) + 0.5) * (length / samples))

    def excess(spread: float) -> float:
        weights = np.exp(spread * (values - values.max()))
        return float(weights.std() / weights.mean()) - variation

    if excess(WIDEST_LOGARITHM) < 0.0:
        raise DomainError(
            f"a random map with patches of {patch_length:g} m cannot vary by {variation:g} in this cell"
        )
    from scipy.optimize import brentq

    spread = float(brentq(excess, 0.0, WIDEST_LOGARITHM, xtol=1e-14)) if variation > 0.0 else 0.0
    return RandomMap(density, patch_length, field, spread, float(np.exp(spread * values).mean()))
