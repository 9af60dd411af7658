"""Sobol indices: Ishigami's function against its exact ones, scipy's estimators, intervals, unknown values."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from scipy.stats import qmc

from sim.sweeps.distributions import unit_cube
from sim.sweeps.sobol import sobol_indices
from sim.sweeps.spec import Random, Variable

KEYS = ("a", "b", "c")
A, B = 7.0, 0.1


def ishigami(x: np.ndarray) -> np.ndarray:
    """sin x₁ + A sin² x₂ + B x₃⁴ sin x₁, each between −π and π."""
    return np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])


def exact() -> tuple[np.ndarray, np.ndarray]:
    """First-order and total indices by hand (Ishigami and Homma 1990): the variances of the terms of the expansion."""
    one = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    two = A**2 / 8
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = one + two + both
    return np.array([one, two, 0.0]) / total, np.array([one + both, two, both]) / total


def cube(samples: int, seed: int, keys: int = 3) -> np.ndarray:
    """The design that the planner lays out, as blocks (d + 2, N, d)."""
    variables = tuple(Variable(key=f"k{i}", distribution="uniform", low=0, high=1) for i in range(keys))
    design = Random(method="saltelli", samples=samples, seed=seed, variables=variables)
    return unit_cube(design).reshape(keys + 2, samples, keys)


def values(samples: int = 1024, seed: int = 1) -> np.ndarray:
    return ishigami(np.moveaxis((2 * cube(samples, seed) - 1) * np.pi, -1, 0))


def test_ishigami_has_its_exact_indices():
    found = sobol_indices(values(4096), resamples=200)
    first, total = exact()
    np.testing.assert_allclose(found.first, first, atol=0.02)
    np.testing.assert_allclose(found.total, total, atol=0.01)
    assert (found.rows, found.dropped) == (4096, 0)


def test_the_error_falls_with_more_samples():
    errors = []
    for samples in (64, 1024):
        found = [sobol_indices(values(samples, seed), resamples=1) for seed in range(8)]
        errors.append(np.sqrt(np.mean([(one.total - exact()[1]) ** 2 for one in found])))
    assert errors[1] < errors[0] / 4


def test_intervals_on_a_sobol_sequence_hold_the_exact_indices_at_least_as_often_as_they_say():
    held, widths = [], []
    for seed in range(40):
        found = sobol_indices(values(512, seed), resamples=200)
        for value, name in zip(exact(), ("first", "total"), strict=True):
            low, high = getattr(found, f"{name}_low"), getattr(found, f"{name}_high")
            held.append((low <= value) & (value <= high))
            widths.append(high - low)
    assert np.mean(held) > 0.95
    assert np.mean(widths) < 0.2  # an interval that says nothing holds everything


def test_intervals_of_chance_samples_hold_the_exact_indices_as_often_as_they_say():
    generator = np.random.default_rng(0)
    held = []
    for _ in range(100):
        a, b = generator.random((2, 512, 3))
        mixed = [np.where(np.arange(3) == i, b, a) for i in range(3)]
        f = ishigami(np.moveaxis((2 * np.stack([a, b, *mixed]) - 1) * np.pi, -1, 0))
        found = sobol_indices(f, resamples=200)
        held.append((found.total_low <= exact()[1]) & (exact()[1] <= found.total_high))
    assert 0.88 < np.mean(held) <= 0.99


def test_as_scipy_estimates_them():
    f = values(256)

    blocks = {"f_A": f[:1], "f_B": f[1:2], "f_AB": f[2:, None, :]}
    theirs = scipy.stats.sobol_indices(func=blocks, n=256)
    found = sobol_indices(f, resamples=1)
    np.testing.assert_allclose(found.first, theirs.first_order.ravel(), rtol=1e-12)
    np.testing.assert_allclose(found.total, theirs.total_order.ravel(), rtol=1e-12)


def test_an_additive_function_has_no_interactions():
    f = cube(1024, 2)[:, :, 0] + 2 * cube(1024, 2)[:, :, 1]
    found = sobol_indices(f, resamples=10)
    np.testing.assert_allclose(found.first, [0.2, 0.8, 0.0], atol=0.01)
    np.testing.assert_allclose(found.total, [0.2, 0.8, 0.0], atol=0.01)


def test_the_level_and_the_unit_do_not_matter():
    f = values(256)
    one, other = sobol_indices(f, resamples=5), sobol_indices(1e3 + 1e-3 * f, resamples=5)
    np.testing.assert_allclose(one.first, other.first, atol=1e-8)
    np.testing.assert_allclose(one.total_high, other.total_high, atol=1e-8)


def test_a_row_with_an_unknown_value_is_left_out_everywhere():
    f = values(256)
    holed = f.copy()
    holed[3, 17] = holed[0, 40] = np.nan
    found, without = (
        sobol_indices(holed, resamples=5),
        sobol_indices(np.delete(f, [17, 40], axis=1), resamples=5),
    )
    np.testing.assert_array_equal(found.first, without.first)
    assert (found.rows, found.dropped) == (254, 2)


def test_what_does_not_vary_or_is_not_known_has_no_indices():
    for f in (np.full((5, 8), 0.3), np.full((5, 8), np.nan)):
        found = sobol_indices(f, resamples=3)
        assert np.isnan(found.first).all() and np.isnan(found.total_low).all()


def test_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        sobol_indices(np.ones(10))


def test_the_design_is_that_of_saltelli():
    a, b, *mixed = cube(64, 1)
    for i, block in enumerate(mixed):
        np.testing.assert_array_equal(block[:, i], b[:, i])
        np.testing.assert_array_equal(np.delete(block, i, axis=1), np.delete(a, i, axis=1))
    assert qmc.discrepancy(np.hstack([a, b])) < qmc.discrepancy(np.random.default_rng(1).random((64, 6)))
