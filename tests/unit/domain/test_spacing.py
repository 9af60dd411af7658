"""Rows and columns of the tensor mesh."""

from __future__ import annotations

import numpy as np
import pytest

from sim.domain.errors import DomainError
from sim.domain.profiles import FlatProfile, NucleiProfile, SinusoidProfile
from sim.domain.spacing import FEWEST_COLUMNS, MapScale, columns, graded_rows, snapped

WIDTH, LENGTH = 8e-6, 10e-6
UNIFORM = MapScale(None, np.empty(0))
BUMPS = NucleiProfile(LENGTH, (2e-6, 5.5e-6, 8.2e-6), (0.6e-6, 1e-6, 0.5e-6), (0.6e-6, 0.8e-6, 0.5e-6))


@pytest.mark.parametrize("first", [1.19e-11, 1e-9, 4e-8, 3e-7])
@pytest.mark.parametrize("growth", [1.05, 1.25, 2.0, 3.0])
def test_rows_keep_the_first_cell_the_growth_and_the_cap(first, growth):
    cap = WIDTH / 16
    rows = graded_rows(WIDTH, first, growth, cap)
    heights = np.diff(rows)
    assert rows[0] == 0.0
    assert rows[-1] == WIDTH
    assert heights[0] == pytest.approx(first, rel=1e-8)
    assert np.allclose(heights, heights[::-1], rtol=0, atol=1e-20)
    assert heights.max() <= cap * (1 + 1e-9)
    half = heights[: heights.size // 2]
    ratios = half[1:] / half[:-1]
    assert ratios.max() <= growth * (1 + 1e-6)
    assert ratios.min() >= 1 - 1e-6


def test_equal_rows_with_growth_one():
    heights = np.diff(graded_rows(WIDTH, 3e-7, 1.0, WIDTH))
    assert np.allclose(heights, heights[0])
    assert heights[0] <= 3e-7


def test_too_many_rows_are_an_error():
    with pytest.raises(DomainError, match="rows"):
        graded_rows(WIDTH, 1e-12, 1.0, WIDTH)


def test_flat_cells_have_few_columns_unless_maps_vary():
    flat = FlatProfile(LENGTH)
    assert columns(flat, 5e-7, None, UNIFORM).size == FEWEST_COLUMNS + 1
    assert columns(flat, 5e-7, 7, UNIFORM).size == 8
    assert np.diff(columns(flat, 5e-7, None, MapScale(1e-6, np.empty(0)))).max() <= 0.2e-6 * (1 + 1e-9)


def test_bumps_get_finer_columns():
    x = columns(BUMPS, 5e-7, None, UNIFORM)
    widths, middles = np.diff(x), 0.5 * (x[1:] + x[:-1])
    on_top = widths[np.abs(middles - 5.5e-6) < 0.3e-6].mean()
    between = widths[np.abs(middles - 3.9e-6) < 0.2e-6].mean()
    assert on_top < 0.8 * between
    assert widths.max() <= 5e-7
    assert np.max(widths[1:] / widths[:-1]) < 1.5
    assert 30 < widths.size < 60


def test_sinusoid_has_uniform_columns():
    widths = np.diff(columns(SinusoidProfile(LENGTH, 1e-7, 5e-6, 0.0), 5e-7, None, UNIFORM))
    assert np.allclose(widths, widths[0])


def test_mirrored_profile_has_mirrored_columns():
    mirrored = NucleiProfile(LENGTH, tuple(LENGTH - p for p in BUMPS.positions), BUMPS.heights, BUMPS.widths)
    x, y = columns(BUMPS, 5e-7, None, UNIFORM), columns(mirrored, 5e-7, None, UNIFORM)
    assert np.abs(x - (LENGTH - y[::-1])).max() < 1e-12 * LENGTH


def test_columns_end_at_the_edges_of_stripes():
    edges = np.array([1.03e-6, 2.51e-6, 6.2e-6])
    x = columns(BUMPS, 5e-7, None, MapScale(1e-6, edges))
    assert np.all(np.diff(x) > 0)
    assert set(edges) <= set(x)


def test_edges_closer_than_the_cells_are_left_alone():
    positions = np.linspace(0.0, 1.0, 11)
    assert np.array_equal(snapped(positions, np.array([0.01])), positions)
    assert snapped(positions, np.array([0.33, 0.34]))[3:5].tolist() == pytest.approx([0.33, 0.4])
    assert snapped(positions, np.array([0.33, 0.38]))[3:5].tolist() == pytest.approx([0.33, 0.38])
    once = snapped(positions, np.array([0.33, 0.33 + 1e-13]))
    assert once[3] == pytest.approx(0.33)
