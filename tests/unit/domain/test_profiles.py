"""Profiles: derivatives against differences, means against quadrature, and what randomness promises."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad

from sim.domain.errors import DomainError
from sim.domain.profiles import Profile, profile_function

LENGTH = 10e-6
NUCLEI = SimpleNamespace(
    kind="nuclei",
    nuclei=[
        SimpleNamespace(position=2e-6, height=0.6e-6, width=0.6e-6),
        SimpleNamespace(position=9.8e-6, height=1e-6, width=0.8e-6),
    ],
)
ROUGH = SimpleNamespace(kind="rough", rms=0.2e-6, correlation_length=1.1e-6, seed=7)
SINUSOID = SimpleNamespace(kind="sinusoid", amplitude=0.3e-6, wavelength=3.7e-6, phase=0.4)


@pytest.fixture
def table(tmp_path):
    x = np.linspace(0.0, LENGTH, 41)
    path = tmp_path / "profile.csv"
    rows = [f"{a},{0.2e-6 * np.sin(a / 1e-6)}" for a in x]
    path.write_text("# measured\nx_m,y_m\n" + "\n".join(rows) + "\n")
    return SimpleNamespace(kind="table", file=path)


def profiles(table) -> list[Profile]:
    kinds = (SimpleNamespace(kind="flat"), NUCLEI, SINUSOID, ROUGH, table)
    return [profile_function(kind, LENGTH) for kind in kinds]


def test_derivatives_are_those_of_the_height(table):
    x = np.linspace(0.01, 0.99, 57) * LENGTH
    step = 1e-4 * LENGTH
    for profile in profiles(table):
        slope = (profile.height(x + step) - profile.height(x - step)) / (2 * step)
        bend = (profile.slope(x + step) - profile.slope(x - step)) / (2 * step)
        # The spline's third derivative jumps at its knots: differences over a knot are first order there.
        assert np.allclose(profile.slope(x), slope, atol=2e-5)
        assert np.allclose(profile.second_derivative(x), bend, atol=2e-2 * np.abs(bend).max() + 1e-9)


def test_mean_and_extremes(table):
    x = np.linspace(0.0, LENGTH, 50001)
    for profile in profiles(table):
        mean = quad(
            lambda s, p=profile: float(p.height(np.array(s * LENGTH))), 0, 1, limit=200, epsabs=1e-14
        )[0]
        assert profile.mean_height == pytest.approx(mean, abs=1e-13)
        assert profile.max_height >= profile.height(x).max() - 1e-15
        assert profile.max_height == pytest.approx(profile.height(x).max(), abs=1e-12)
        assert profile.min_height == pytest.approx(profile.height(x).min(), abs=1e-12)


def test_curvature_of_a_bump_is_negative():
    top = np.array([2e-6])
    assert profile_function(NUCLEI, LENGTH).curvature(top) == pytest.approx(-2 * 0.6e-6 / 0.6e-6**2, rel=1e-6)


def test_rough_has_the_stated_rms_and_is_even_at_both_ends():
    profile = profile_function(ROUGH, LENGTH)
    x = (np.arange(20000) + 0.5) / 20000 * LENGTH
    h = profile.height(x)
    assert np.sqrt(np.mean(h**2)) == pytest.approx(ROUGH.rms, rel=1e-12)
    assert abs(h.mean()) < 1e-12 * ROUGH.rms
    d = np.linspace(0, 1e-6, 7)
    assert np.allclose(profile.height(d), profile.height(-d), rtol=0, atol=1e-18)
    assert np.allclose(profile.height(LENGTH + d), profile.height(LENGTH - d), rtol=0, atol=1e-18)


def test_rough_correlation_falls_to_1_over_e_at_the_correlation_length():
    x = (np.arange(4000) + 0.5) / 4000 * 100e-6
    lag = int(1e-6 / (x[1] - x[0]))
    products = []
    for seed in range(40):
        cfg = SimpleNamespace(kind="rough", rms=1e-7, correlation_length=1e-6, seed=seed)
        h = profile_function(cfg, 100e-6).height(x)
        products.append(np.mean(h[lag:] * h[:-lag]) / 1e-14)
    assert np.mean(products) == pytest.approx(np.exp(-1), abs=0.03)


def test_rough_depends_on_the_seed_alone():
    again = profile_function(ROUGH, LENGTH)
    other = profile_function(SimpleNamespace(**{**vars(ROUGH), "seed": 8}), LENGTH)
    x = np.linspace(0, LENGTH, 11)
    assert np.array_equal(again.height(x), profile_function(ROUGH, LENGTH).height(x))
    assert not np.allclose(again.height(x), other.height(x))


@pytest.mark.parametrize("cfg", [ROUGH, NUCLEI])
def test_periodic_sides_close_smoothly(cfg):
    profile = profile_function(cfg, LENGTH, "periodic")
    for value in (profile.height, profile.slope):
        left, right = value(np.array([0.0, LENGTH]))
        assert left == pytest.approx(right, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x_m,y\n0,0\n", "no column y_m"),
        ("x_m,y_m\n0,0\n1e-6,zero\n", "profile.csv:3: expected numbers"),
        ("x_m,y_m\n0,0\n1e-6,nan\n", "must be finite"),
        ("x_m,y_m\n0,0\n2e-6,0\n1e-6,0\n", "must increase"),
        ("x_m,y_m\n0,0\n9e-6,0\n", "must cover the cell"),
        ("x_m,y_m\n", "at least two rows"),
        ("", "is empty"),
    ],
)
def test_bad_tables_are_named(tmp_path, text, complaint):
    path = tmp_path / "profile.csv"
    path.write_text(text)
    with pytest.raises(DomainError, match=r"profile\.csv") as caught:
        profile_function(SimpleNamespace(kind="table", file=path), LENGTH)
    assert complaint in str(caught.value)
