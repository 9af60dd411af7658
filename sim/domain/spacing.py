"""Where the rows and columns of the tensor mesh lie (NumPy only).

Rows: from each electrode the cell heights grow geometrically from `first` up to `largest` and meet in the
middle. The growth factor is lowered from the wished one until a whole number of rows fills half the cell, so
the first cell is exact and no row jumps in size by more than the factor.

Columns: equidistribution of a wished density (de Boor), so that bumps get finer columns than straight parts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.domain.aliases import Floats
from sim.domain.errors import DomainError
from sim.domain.profiles import FlatProfile, Profile, SinusoidProfile

#: A cell with more rows than this asks for a wall cell or growth that no one meant.
MOST_ROWS = 2000
#: Columns per feature length of the profile where the curvature is largest. With P2, three keep the current
#: of a primary (potential-driven) distribution within 1e-5 and its coefficient of variation within 5e-4.
COLUMNS_PER_FEATURE = 3.0
#: Columns per variation length of the site maps.
COLUMNS_PER_VARIATION = 5.0
#: How much wider the columns may be where the profile is straight.
COARSENING = 3.0
#: Columns of a cell in which nothing varies along x.
FEWEST_COLUMNS = 4
#: Part of its size that a column keeps when a neighbour moves to the edge of a stripe.
SMALLEST_SNAPPED = 0.25
#: Columns that site maps alone can ask for; more only by mesh.columns.
MOST_MAP_COLUMNS = 200
#: Points on which the monitor function is sampled.
MONITOR_SAMPLES = 4096


def graded_rows(width: float, first: float, growth: float, largest: float) -> Floats:
    """Row positions from 0 to width [m], symmetric about the middle; `first` is the cell at each electrode.

    first, largest [m]; growth > 1. Raises DomainError where that needs more than MOST_ROWS rows.
    """
    half = 0.5 * width
    largest = min(largest, half)
    first = min(first, largest)

    def reach(factor: float, count: int) -> float:
        return float(np.sum(_heights(first, factor, largest, count)))

    count = 1
    while reach(growth, count) < half * (1.0 - 1e-12):
        count += 1
        if count > MOST_ROWS // 2:
            raise DomainError(
                f"more than {MOST_ROWS} rows of cells would be needed from a wall cell of {first:.3g} m with "
                f"growth {growth:g} up to {largest:.3g} m; raise mesh.wall_cell, mesh.growth or mesh.max_cell"
            )
    if reach(growth, count) <= half:
        heights = _heights(first, growth, largest, count)
    elif reach(1.0, count) < half:
        heights = _heights(first, _bisected(lambda g: reach(g, count) < half, 1.0, growth), largest, count)
    else:
        heights = np.full(count, half / count)
    lower = np.concatenate([[0.0], np.cumsum(heights)])
    lower[-1] = half
    return np.concatenate([lower, width - lower[-2::-1]])


def _bisected(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition that holds at `low` and not at `high` ends, to the last bit.

    (scipy's root finders take longer to import than `sim validate` to answer; so does its Gaussian filter.)
    """
    while low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return high


def _heights(first: float, factor: float, largest: float, count: int) -> Floats:
    """min(first · factor^i, largest), i = 0 … count−1, without overflow."""
    exponents = np.arange(count) * math.log(factor)
    return first * np.exp(np.minimum(exponents, math.log(largest / first)))


def feature_length(profile: Profile) -> float:
    """sqrt((max h − min h)/max|h''|) [m]: w/√2 of one nucleus, λ/(√2 π) of a sinusoid; length if flat."""
    x = np.linspace(0.0, profile.length, MONITOR_SAMPLES)
    bending = float(np.max(np.abs(profile.second_derivative(x))))
    span = profile.max_height - profile.min_height
    if span <= 0.0 or bending <= 0.0:
        return profile.length
    return min(profile.length, math.sqrt(span / bending))


@dataclass(frozen=True)
class MapScale:
    """How site densities vary along x, as far as columns are concerned; lengths in metres."""

    variation_length: float | None  #: None where all densities are uniform
    edges: Floats  #: where a density jumps, increasing


def columns(profile: Profile, largest: float, count: int | None, maps: MapScale) -> Floats:
    """Column positions from 0 to the profile's length [m].

    count: number of columns, or None to resolve the profile, `largest` [m] and the site maps (with at most
    MOST_MAP_COLUMNS). A flat anode without maps gets FEWEST_COLUMNS. Columns end at the edges of stripes
    where these are wide enough.
    """
    length, cap = profile.length, largest
    if maps.variation_length is not None:
        cap = min(largest, max(maps.variation_length / COLUMNS_PER_VARIATION, length / MOST_MAP_COLUMNS))
    if isinstance(profile, FlatProfile):
        varies = maps.variation_length is not None
        wished = max(FEWEST_COLUMNS, _whole(length / cap)) if varies else FEWEST_COLUMNS
        positions = np.linspace(0.0, length, (count or wished) + 1)
    else:
        density = 1.0 / np.minimum(_profile_column_width(profile), cap)
        wished = max(FEWEST_COLUMNS, _whole(float(density.mean()) * length))
        positions = equidistributed(density, length, count or wished)
    return snapped(positions, maps.edges)


def snapped(positions: Floats, edges: Floats) -> Floats:
    """The positions with the nearest interior one moved to each edge, so that a column has one density.

    An edge is passed over where it lies so close to another edge or an end that a cell would shrink to less than
    SMALLEST_SNAPPED of its size; a facet across it then carries the mean of its densities.
    """
    moved = positions.copy()
    cells = np.diff(positions)
    taken: set[int] = set()
    for edge in (float(e) for e in edges):
        k = int(np.clip(np.argmin(np.abs(positions - edge)), 1, positions.size - 2))
        least = SMALLEST_SNAPPED * min(cells[k - 1], cells[k])
        if k not in taken and edge - moved[k - 1] >= least and moved[k + 1] - edge >= least:
            moved[k] = edge
            taken.add(k)
    return moved


def _whole(number: float) -> int:
    """The next whole number, forgiving rounding."""
    return math.ceil(number * (1.0 - 1e-9))


def _profile_column_width(profile: Profile) -> Floats:
    """The width of the columns that the profile asks for at MONITOR_SAMPLES midpoints [m].

    Finest, feature_length/COLUMNS_PER_FEATURE, where the curvature is largest, up to COARSENING times wider
    where the profile is straight, varying smoothly over a feature length. A sinusoid has uniform columns.
    """
    finest = feature_length(profile) / COLUMNS_PER_FEATURE
    if isinstance(profile, SinusoidProfile):
        return np.full(MONITOR_SAMPLES, finest)
    x = (np.arange(MONITOR_SAMPLES) + 0.5) * (profile.length / MONITOR_SAMPLES)
    bending = np.abs(profile.second_derivative(x))
    monitor = np.sqrt(1.0 + (COARSENING**2 - 1.0) * bending / float(bending.max()))
    reach = feature_length(profile) / profile.length * MONITOR_SAMPLES
    return finest * COARSENING / _smoothed(monitor, min(reach, MONITOR_SAMPLES / 4))


def _smoothed(samples: Floats, deviation: float) -> Floats:
    """Samples convolved with a Gaussian of a standard deviation [samples], cut at three of them; mirrored ends."""
    reach = int(3.0 * deviation + 0.5)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    mirrored = np.pad(samples, reach, mode="symmetric")
    return np.asarray(np.convolve(mirrored, weights / weights.sum(), mode="valid"))


def equidistributed(density: Floats, length: float, count: int) -> Floats:
    """count+1 positions in [0, length] [m] with equal integrals of the density between neighbours.

    density: samples at the midpoints of equal intervals. A mirror-symmetric density gives mirror-symmetric
    positions.
    """
    edges = np.linspace(0.0, length, density.size + 1)
    from_left = np.concatenate([[0.0], np.cumsum(density)])
    from_right = np.concatenate([np.cumsum(density[::-1])[::-1], [0.0]])
    # The difference of the sums from both ends rounds alike in a cell and in its mirror image.
    level = from_left - from_right
    positions = np.interp(np.linspace(level[0], level[-1], count + 1), level, edges)
    positions[0], positions[-1] = 0.0, length
    return positions
