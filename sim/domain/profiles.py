"""Anode profiles y = h(x) as functions of position, in metres.

A profile is analytic (or a spline of the user's table), so that its slope and curvature are those of the
stated shape and not of a mesh. The curvature here is the second derivative h''(x); `Profile.curvature` is the
geometric one, h''/(1 + h'²)^{3/2}, positive in a valley of the lithium and negative on a bump.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.config.cell import AnodeProfile
from sim.domain.aliases import Floats
from sim.domain.errors import DomainError
from sim.domain.random_field import CosineSeries, gaussian_field
from sim.domain.tables import read_table

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

#: Samples of the interval among which an extremum is bracketed.
SEARCH_SAMPLES = 4097
CLOSER_LOOKS = 3


@dataclass(frozen=True)
class Profile(ABC):
    """The height of the anode over the interval [0, length]; x and every result in metres."""

    length: float  #: [m]

    @abstractmethod
    def height(self, x: Floats) -> Floats:
        """h(x) [m], in the shape of x."""

    @abstractmethod
    def slope(self, x: Floats) -> Floats:
        """h'(x) [-]."""

    @abstractmethod
    def second_derivative(self, x: Floats) -> Floats:
        """h''(x) [1/m]."""

    @property
    @abstractmethod
    def mean_height(self) -> float:
        """(1/length) ∫ h dx [m]."""

    def curvature(self, x: Floats) -> Floats:
        """h''/(1 + h'²)^{3/2} [1/m]; negative on a bump of the lithium."""
        return self.second_derivative(x) / (1.0 + self.slope(x) ** 2) ** 1.5

    @cached_property
    def max_height(self) -> float:
        """The highest point of the anode [m]."""
        return -_minimum(lambda x: -self.height(x), self.length)

    @cached_property
    def min_height(self) -> float:
        """The lowest point of the anode [m]."""
        return _minimum(self.height, self.length)


def _minimum(function: Callable[[Floats], Floats], length: float) -> float:
    """The least value of a smooth function on [0, length]: samples, ever closer around the best of them.

    Each of the closer looks is 32 times finer, so that the last samples lie 1e-8 of the length apart. (scipy would do
    it as well, but takes longer to import than `sim validate` to answer.)
    """
    x = np.linspace(0.0, length, SEARCH_SAMPLES)
    for _ in range(CLOSER_LOOKS):
        best = int(np.argmin(function(x)))
        x = np.linspace(x[max(best - 1, 0)], x[min(best + 1, x.size - 1)], 65)
    return float(function(x).min())


@dataclass(frozen=True)
class FlatProfile(Profile):
    """h = 0."""

    def height(self, x: Floats) -> Floats:
        return np.zeros_like(np.asarray(x, dtype=float))

    def slope(self, x: Floats) -> Floats:
        return np.zeros_like(np.asarray(x, dtype=float))

    def second_derivative(self, x: Floats) -> Floats:
        return np.zeros_like(np.asarray(x, dtype=float))

    @property
    def mean_height(self) -> float:
        return 0.0


@dataclass(frozen=True)
class NucleiProfile(Profile):
    """h = Σ a exp(−((x − x₀)/w)²): lithium nuclei of height a, half width w at x₀ [m]."""

    positions: tuple[float, ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]

    def _bumps(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        """(u, w, a exp(−u²)) with u = (x − x₀)/w, the bumps along a new last axis."""
        widths = np.array(self.widths)
        u = (np.asarray(x, dtype=float)[..., None] - np.array(self.positions)) / widths
        return u, widths, np.array(self.heights) * np.exp(-(u**2))

    def height(self, x: Floats) -> Floats:
        return np.asarray(self._bumps(x)[2].sum(-1))

    def slope(self, x: Floats) -> Floats:
        u, width, bump = self._bumps(x)
        return np.asarray((-2.0 * u / width * bump).sum(-1))

    def second_derivative(self, x: Floats) -> Floats:
        u, width, bump = self._bumps(x)
        return np.asarray((4.0 * u**2 - 2.0) / width**2 * bump).sum(-1)

    @property
    def mean_height(self) -> float:
        areas = (
            0.5 * math.sqrt(math.pi) * a * w * (math.erf((self.length - x0) / w) + math.erf(x0 / w))
            for x0, a, w in zip(self.positions, self.heights, self.widths, strict=True)
        )
        return sum(areas) / self.length


@dataclass(frozen=True)
class SinusoidProfile(Profile):
    """h = a cos(2πx/λ + phase); amplitude and wavelength [m], phase [rad]."""

    amplitude: float
    wavelength: float
    phase: float

    def _angle(self, x: Floats) -> Floats:
        return 2.0 * math.pi * np.asarray(x, dtype=float) / self.wavelength + self.phase

    def height(self, x: Floats) -> Floats:
        return self.amplitude * np.cos(self._angle(x))

    def slope(self, x: Floats) -> Floats:
        return -self.amplitude * (2.0 * math.pi / self.wavelength) * np.sin(self._angle(x))

    def second_derivative(self, x: Floats) -> Floats:
        return -self.amplitude * (2.0 * math.pi / self.wavelength) ** 2 * np.cos(self._angle(x))

    @property
    def mean_height(self) -> float:
        k = 2.0 * math.pi / self.wavelength
        return (
            self.amplitude
            * (math.sin(k * self.length + self.phase) - math.sin(self.phase))
            / (k * self.length)
        )


@dataclass(frozen=True)
class RoughProfile(Profile):
    """A Gaussian-correlated random height about its mean level, h = 0 (`random_field`)."""

    series: CosineSeries

    def height(self, x: Floats) -> Floats:
        return self.series(x)

    def slope(self, x: Floats) -> Floats:
        return self.series(x, 1)

    def second_derivative(self, x: Floats) -> Floats:
        return self.series(x, 2)

    @property
    def mean_height(self) -> float:
        return 0.0


@dataclass(frozen=True)
class TableProfile(Profile):
    """A cubic spline with natural ends (h'' = 0) through the user's points."""

    spline: CubicSpline

    def height(self, x: Floats) -> Floats:
        return np.asarray(self.spline(x))

    def slope(self, x: Floats) -> Floats:
        return np.asarray(self.spline(x, 1))

    def second_derivative(self, x: Floats) -> Floats:
        return np.asarray(self.spline(x, 2))

    @property
    def mean_height(self) -> float:
        return float(self.spline.integrate(0.0, self.length)) / self.length


def profile_function(profile: AnodeProfile, length: float, sides: str = "symmetry") -> Profile:
    """The `Profile` of a config's `cell.anode_profile` over [0, length] (m).

    With periodic sides nuclei appear at their images one period to either side as well. Raises DomainError
    for a table that does not cover the cell and for `kind: mesh`, whose profile only the mesh knows.
    """
    periodic = sides == "periodic"
    if profile.kind == "flat":
        return FlatProfile(length)
    if profile.kind == "nuclei":
        images = (-length, 0.0, length) if periodic else (0.0,)
        nuclei = [(n.position + shift, n.height, n.width) for shift in images for n in profile.nuclei]
        positions, heights, widths = zip(*nuclei, strict=True)
        return NucleiProfile(length, positions, heights, widths)
    if profile.kind == "sinusoid":
        return SinusoidProfile(length, profile.amplitude, profile.wavelength, profile.phase)
    if profile.kind == "rough":
        field = gaussian_field(length, profile.correlation_length, profile.seed, profile.rms, periodic)
        return RoughProfile(length, field)
    if profile.kind == "table":
        x, y = read_table(profile.file, ("x_m", "y_m"), length)
        from scipy.interpolate import CubicSpline

        return TableProfile(length, CubicSpline(x, y, bc_type="natural"))
    raise DomainError(
        f"{profile.file}: the anode's profile is known only from this mesh, not as a function of x"
    )
