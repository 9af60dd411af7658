"""From a config's sites to the fields of physics.md §4 along the anode: capacity, energy and surface charge.

Γ = f_a Σ n_k / N_A          [mol/m²]
E = Σ n_k E_k / Σ n_k        [eV], 0 where there are no sites   (overlap: mean_field, one class)
Γ_k, E_k of each type                                           (overlap: independent)
σ = e Σ z_k f_k n_k          [C/m²]
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.config.interface import Interface, Site
from sim.domain.aliases import Floats
from sim.domain.errors import DomainError
from sim.domain.site_maps import LinearMap, SiteMap, StripesMap, UniformMap, random_map
from sim.domain.tables import read_table
from sim.physics.constants import AVOGADRO, ELEMENTARY_CHARGE

#: Square nanometres in a square metre.
PER_NM2 = 1e18
#: Gauss-Legendre points on (0, 1), exact for polynomials of degree 5.
FACET_POINTS = 0.5 + 0.5 * np.array([-np.sqrt(0.6), 0.0, np.sqrt(0.6)])
FACET_WEIGHTS = np.array([5.0, 8.0, 5.0]) / 18.0
#: Points of a facet at which the quadratic through the Gauss points is compared with the map.
SUBSAMPLES = (np.arange(16) + 0.5) / 16
#: How far it may miss the map, relative to the map's largest value on the facet.
SMOOTHNESS = 0.02
#: Density, relative to the map's scale, that does not count.
NEGLIGIBLE = 1e-6
#: How far the Gauss points' mean may miss the exact one, likewise: finds a jump between the samples.
MEAN_MISMATCH = 2e-3


def site_map_function(site: Site, length: float, sides: str = "symmetry") -> SiteMap:
    """The density map of one site type on [0, length] [m]. Raises DomainError for an unusable file."""
    site_map = site.map
    if site_map is None:
        return UniformMap(site.density or 0.0)
    if site_map.kind == "stripes":
        return StripesMap(site_map.density, site_map.pitch, site_map.fraction, site_map.phase, length)
    if site_map.kind == "random":
        return random_map(
            site_map.density,
            site_map.patch_length,
            site_map.variation,
            site_map.seed,
            length,
            sides == "periodic",
        )
    if site_map.kind == "table":
        x, per_nm2 = read_table(site_map.file, ("x_m", "density_per_nm2"), length)
        if np.any(per_nm2 < 0.0):
            raise DomainError(f"{site_map.file}: density_per_nm2 must not be negative")
        return LinearMap(x, per_nm2 * PER_NM2)
    luminance = read_luminance(Path(site_map.file))
    x = (np.arange(luminance.size) + 0.5) * (length / luminance.size)
    return LinearMap(x, site_map.density * luminance)


def read_luminance(path: Path) -> Floats:
    """The mean luminance of each pixel column of a picture, 0 (black) to 1 (white), left to right.

    The stored values are used as they are (no gamma correction); transparency is ignored.
    """
    from PIL import Image, UnidentifiedImageError  # only for image maps

    try:
        with Image.open(path) as picture:
            deep = picture.mode.startswith("I")
            pixels = np.asarray(picture if deep else picture.convert("L"), dtype=float)
    except (OSError, UnidentifiedImageError) as error:
        raise DomainError(f"{path}: cannot read this picture ({error})") from error
    if pixels.shape[1] < 2:
        raise DomainError(f"{path}: a picture needs at least two columns of pixels along x")
    return pixels.mean(axis=0) / (65535.0 if deep else 255.0)


@dataclass(frozen=True)
class SiteType:
    """One type of site."""

    name: str
    density: SiteMap
    energy: float  #: adsorption energy E_k [eV]
    charge: float  #: mean charge of a site, z f [e]


@dataclass(frozen=True)
class SiteClass:
    """Sites that share one coverage: all of them (mean field) or one type; arrays shaped as the points."""

    name: str
    capacity: Floats  #: Γ [mol/m²]
    energy: Floats  #: E [eV], 0 where Γ = 0


@dataclass(frozen=True)
class SiteSample:
    """The site fields at a set of points."""

    x: Floats  #: the points [m]
    classes: tuple[SiteClass, ...]  #: empty without sites
    surface_charge: Floats  #: σ of the sites [C/m²], without the electrode's own

    @property
    def capacity(self) -> Floats:
        """Γ of all classes together [mol/m²]."""
        return sum((c.capacity for c in self.classes), np.zeros(self.x.shape))


@dataclass(frozen=True)
class SiteFields:
    """The sites of an interface as functions of x."""

    types: tuple[SiteType, ...]
    overlap: str  #: mean_field or independent
    area_factor: float  #: f_a

    @classmethod
    def from_config(cls, interface: Interface, length: float, sides: str = "symmetry") -> SiteFields:
        """The fields of a config's `interface` on [0, length] [m]."""
        types = tuple(
            SiteType(
                name,
                site_map_function(site, length, sides),
                site.adsorption_energy,
                site.charge * site.charged_fraction,
            )
            for name, site in interface.sites.items()
        )
        return cls(types, interface.overlap, interface.area_factor)

    @property
    def n_classes(self) -> int:
        """Number of classes of sites, each with a coverage of its own."""
        return len(self.types) if self.overlap == "independent" else min(1, len(self.types))

    @property
    def variation_length(self) -> float | None:
        """The shortest length over which a density varies [m]; None where all are uniform."""
        lengths = [t.density.variation_length for t in self.types]
        return min((length for length in lengths if length is not None), default=None)

    @property
    def edges(self) -> Floats:
        """Where a density jumps [m], increasing."""
        return np.unique(np.concatenate([np.empty(0), *(t.density.edges for t in self.types)]))

    def at(self, x: Floats) -> SiteSample:
        """The fields at points x [m]."""
        x = np.asarray(x, dtype=float)
        return self._sample(x, [t.density(x) for t in self.types])

    def on_facets(self, start: Floats, end: Floats) -> SiteSample:
        """The fields at three Gauss-Legendre points of facets from x = start to end [m], shape (facets, 3).

        Pointwise where a map is smooth on the facet; where the quadratic through the three points misses it
        (a stripe's edge), all three carry the map's mean over the facet: totals stay exact and nothing is
        negative.
        """
        start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
        x = start[:, None] + (end - start)[:, None] * FACET_POINTS
        return self._sample(x, [_facet_densities(t.density, start, end) for t in self.types])

    def _sample(self, x: Floats, densities: list[Floats]) -> SiteSample:
        """Γ, E and σ from the densities n_k [1/m²] of the types at x."""
        per_mole = self.area_factor / AVOGADRO
        charge = sum((t.charge * n for t, n in zip(self.types, densities, strict=True)), np.zeros(x.shape))
        if self.overlap == "independent":
            classes = tuple(
                SiteClass(t.name, per_mole * n, np.where(n > 0.0, t.energy, 0.0))
                for t, n in zip(self.types, densities, strict=True)
            )
        elif self.types:
            total = sum(densities, np.zeros(x.shape))
            energy = sum(
                (t.energy * n for t, n in zip(self.types, densities, strict=True)), np.zeros(x.shape)
            )
            mean_energy = np.divide(energy, total, out=np.zeros(x.shape), where=total > 0.0)
            classes = (SiteClass("sites", per_mole * total, mean_energy),)
        else:
            classes = ()
        return SiteSample(x, classes, ELEMENTARY_CHARGE * charge)


def _facet_densities(site_map: SiteMap, start: Floats, end: Floats) -> Floats:
    """n at the Gauss points of each facet, or its mean over the facet thrice, shape (facets, 3) [1/m²]."""
    extent = (end - start)[:, None]
    at_points = site_map(start[:, None] + extent * FACET_POINTS)
    samples = site_map(start[:, None] + extent * SUBSAMPLES)
    mean = site_map.mean(start, end)
    quadratic = at_points @ _quadratic_at(SUBSAMPLES)
    largest = np.maximum(samples.max(axis=1), np.maximum(mean, at_points.max(axis=1)))
    # A stripe that reaches into a facet by rounding only is not there.
    largest = np.maximum(largest, NEGLIGIBLE * site_map.scale)
    misses = np.abs(quadratic - samples).max(axis=1) > SMOOTHNESS * largest
    misses |= np.abs(at_points @ FACET_WEIGHTS - mean) > MEAN_MISMATCH * largest
    densities = np.where(misses[:, None], mean[:, None], at_points)
    return np.where(densities > NEGLIGIBLE * site_map.scale, densities, 0.0)


def _quadratic_at(where: Floats) -> Floats:
    """Weights, shape (3, points), that carry values at the Gauss points to the quadratic through them."""
    a, b, c = FACET_POINTS
    return np.stack(
        [
            (where - b) * (where - c) / ((a - b) * (a - c)),
            (where - a) * (where - c) / ((b - a) * (b - c)),
            (where - a) * (where - b) / ((c - a) * (c - b)),
        ]
    )
