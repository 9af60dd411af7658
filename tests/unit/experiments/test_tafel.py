"""The Tafel regression on made-up half cells, and which points and halves it takes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiments.half_cell import HalfCellState
from sim.experiments.tafel import driving_current, fit_tafel, halves, in_window

EXCHANGE, ALPHA, UNIT = 7.0, 0.37, 0.025


def half_cell(surface: float, ratio: float, *, outer_ratio: float = 1.0) -> HalfCellState:
    """A state that obeys Butler-Volmer at the plane exactly."""
    eta = surface + math.log(ratio)
    current = EXCHANGE * (ratio * math.exp(-ALPHA * eta) - math.exp((1 - ALPHA) * eta))
    return HalfCellState(current, surface, eta, surface + math.log(outer_ratio))


BOTH_BRANCHES = [half_cell(s, r) for s, r in ((-6.0, 0.3), (-3.0, 0.6), (-1.0, 0.9), (1.5, 1.2), (4.0, 1.4))]


@pytest.mark.parametrize("chosen", [BOTH_BRANCHES, BOTH_BRANCHES[:3], BOTH_BRANCHES[3:]])
def test_the_law_is_returned_from_either_branch(chosen: list[HalfCellState]) -> None:
    fit = fit_tafel(chosen, outer=False)
    assert fit is not None
    assert fit.exchange_current_density == pytest.approx(EXCHANGE, rel=1e-12)
    assert fit.transfer_coefficient == pytest.approx(ALPHA, rel=1e-12)
    assert fit.points == len(chosen)


def test_ratios_belong_to_their_place() -> None:
    state = half_cell(-2.0, 0.4, outer_ratio=0.8)
    assert state.plane_ratio == pytest.approx(0.4)
    assert state.outer_ratio == pytest.approx(0.8)
    expected = state.current_density / (0.8 - math.exp(state.outer_overpotential))
    assert driving_current(state, outer=True) == pytest.approx(expected)


def test_standard_errors_are_those_of_least_squares() -> None:
    rng = np.random.default_rng(1)
    eta = np.linspace(-8, -1, 9)
    noisy = []
    for surface, factor in zip(eta, np.exp(0.05 * rng.standard_normal(9)), strict=True):
        state = half_cell(float(surface), 1.0)
        noisy.append(HalfCellState(state.current_density * float(factor), *([float(surface)] * 3)))
    fit = fit_tafel(noisy, outer=False)
    logarithm = np.log([driving_current(state, outer=False) for state in noisy])
    (slope, intercept), covariance = np.polyfit(eta, logarithm, 1, cov=True)
    assert fit is not None
    assert fit.transfer_coefficient == pytest.approx(-slope)
    assert fit.exchange_current_density == pytest.approx(math.exp(intercept))
    assert fit.transfer_coefficient_error == pytest.approx(covariance[0, 0] ** 0.5)
    expected = math.exp(intercept) * covariance[1, 1] ** 0.5
    assert fit.exchange_current_density_error == pytest.approx(expected)


def test_too_few_points_and_points_without_a_direction() -> None:
    assert fit_tafel(BOTH_BRANCHES[:1], outer=False) is None
    two = fit_tafel(BOTH_BRANCHES[:2], outer=False)
    assert two is not None
    assert math.isnan(two.transfer_coefficient_error)
    backwards = HalfCellState(1.0, 0.5, 0.5, 0.5)
    assert math.isnan(driving_current(backwards, outer=False))
    fit = fit_tafel([*BOTH_BRANCHES, backwards], outer=False)
    assert fit is not None
    assert fit.points == len(BOTH_BRANCHES)


def test_the_window_is_of_the_surface_overpotential_and_has_two_sides() -> None:
    chosen = in_window(BOTH_BRANCHES, (0.03, 0.11), UNIT)
    assert [state.surface_overpotential for state in chosen] == [-3.0, 1.5, 4.0]


def test_halves_share_the_middle() -> None:
    lower, upper = halves(BOTH_BRANCHES)
    assert [abs(s.surface_overpotential) for s in lower] == [1.0, 1.5, 3.0]
    assert [abs(s.surface_overpotential) for s in upper] == [3.0, 4.0, 6.0]
    assert halves([]) == ([], [])
