"""Closed forms of salt diffusion against the independent ones of the verification book, and their limits."""

from __future__ import annotations

import math

import pytest

from sim.physics import diffusion
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import from_measured

PP = from_measured(0.023, 0.39, 1000.0)
AMBIPOLAR = exact.ambipolar_diffusivity(PP)
WIDTH = 8e-6


def test_ambipolar_diffusivity():
    assert diffusion.ambipolar_diffusivity(PP.diffusivity_li, PP.diffusivity_anion) == pytest.approx(
        AMBIPOLAR
    )


def test_sand_time():
    found = diffusion.sand_time(200.0, 1000.0, 0.39, AMBIPOLAR, 1.0)
    assert found == pytest.approx(1.431500, rel=1e-6)
    assert found == pytest.approx(exact.sand_time(200.0, PP), rel=1e-9)
    assert diffusion.sand_time(-200.0, 1000.0, 0.39, AMBIPOLAR, 0.3) == pytest.approx(0.3 * found)


@pytest.mark.parametrize("current", [117.0, 130.0, 200.0, 400.0, 1000.0])
def test_gap(current):
    ratio = current / PP.limiting_current(WIDTH)
    found = diffusion.gap_sand_time(ratio, AMBIPOLAR, 1.0, WIDTH / 2)
    assert found == pytest.approx(exact.depletion_time(current, PP, WIDTH), rel=1e-6)
    if current == 200:
        assert found == pytest.approx(1.444173, rel=1e-6)


def test_a_gap_is_never_used_up_below_its_limit():
    assert diffusion.gap_sand_time(1.0, AMBIPOLAR, 1.0, WIDTH) == math.inf


def test_early_and_late_forms_meet():
    """Just below and above the time at which the semi-infinite form gives way to the series."""
    before, after = (diffusion.depletion(0.02 * (1 + sign * 1e-9), 2.0) for sign in (-1, 1))
    assert before == pytest.approx(after, abs=1e-8)


@pytest.mark.parametrize("ratio", [1.01, 1.5, 10.0])
@pytest.mark.parametrize("remaining", [0.99, 0.5, 0.02, 0.0])
def test_the_time_is_the_inverse(ratio, remaining):
    assert diffusion.depletion(diffusion.depletion_time(remaining, ratio), ratio) == pytest.approx(
        remaining, abs=1e-9
    )


def test_slowest_decay():
    """sin(pi x/H) about the middle; a quarter of its rate where one end is held."""
    assert diffusion.slowest_decay_rate(2.0, 0.5, math.pi, one_reservoir=False) == pytest.approx(4.0)
    assert diffusion.slowest_decay_rate(2.0, 0.5, math.pi, one_reservoir=True) == pytest.approx(1.0)
