"""Elementary functions: the same through UFL as through NumPy, smooth where they change their formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import basix.ufl
import numpy as np
import pytest
import ufl

from sim.physics import maths
from sim.physics.bulk import electroneutral_potential
from sim.physics.kinetics import butler_volmer

LINE = ufl.Mesh(basix.ufl.element("Lagrange", "interval", 1, shape=(1,)))
EDGE = maths.EXPONENT_LIMIT
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], list[float]]] = {
    "exp": (maths.exp, [-800.0, -3.0, 0.0, 2.5, EDGE - 1e-6, EDGE, EDGE + 1e-6, 300.0]),
    "ln": (maths.ln, [1e-3, 0.3, 1.0, 50.0]),
    "sqrt": (maths.sqrt, [1e-3, 0.3, 4.0]),
    "asinh": (maths.asinh, [-1e6, -2.0, -1e-3, 0.0, 1e-3, 2.0, 1e6]),
    "sinh": (maths.sinh, [-3.0, 0.0, 1e-3, 3.0]),
    "logistic": (maths.logistic, [-700.0, -2.0, 0.0, 2.0, 700.0]),
    "neutral": (lambda x: electroneutral_potential(x, -0.4 * x, 0.3), [-2.0, 0.0, 1.5]),
    "butler_volmer": (lambda x: butler_volmer(3.3, 0.8, x, 0.4), [-5.0, 0.0, 5.0]),
}


def symbolic(function: Callable[[Any], Any], value: float) -> tuple[float, float]:
    """Value and slope at a point as UFL has them, hence as a compiled residual and its Jacobian."""
    x = ufl.variable(ufl.SpatialCoordinate(LINE)[0])
    expression = function(x)
    return float(expression((value,))), float(ufl.diff(expression, x)((value,)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_ufl_and_numpy_agree(name: str) -> None:
    function, points = FUNCTIONS[name]
    for point in points:
        assert symbolic(function, point)[0] == pytest.approx(
            float(function(np.array(point))), rel=1e-9, abs=1e-300
        )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_ufls_slope_is_that_of_the_function(name: str) -> None:
    function, points = FUNCTIONS[name]
    for point in points:
        step = 1e-5 * max(abs(point), 0.01)
        low, high = function(np.array([point - step, point + step]))
        slope = symbolic(function, point)[1]
        assert slope == pytest.approx((high - low) / (2 * step), rel=1e-3, abs=1e-12)


def test_logistic_has_its_slope_at_zero() -> None:
    assert symbolic(maths.logistic, 0.0) == (0.5, 0.25)


def test_exp_continues_linearly_with_its_slope() -> None:
    edge = np.exp(EDGE)
    for point, value, slope in [
        (EDGE, edge, edge),
        (EDGE + 10, 11 * edge, edge),
        (EDGE - 1, edge / np.e, edge / np.e),
    ]:
        assert symbolic(maths.exp, point) == pytest.approx((value, slope), rel=1e-12)
    assert np.isfinite(maths.exp(np.array([1e5, 1e200]))).all()


def test_exp_is_the_exponential_below_its_bound() -> None:
    x = np.linspace(-50, EDGE - 1e-9, 1000)
    assert maths.exp(x) == pytest.approx(np.exp(x), rel=1e-15)


def test_logistic_neither_overflows_nor_loses_small_values() -> None:
    with np.errstate(all="raise", under="ignore"):
        values = maths.logistic(np.array([-700.0, -40.0, 40.0, 700.0]))
    assert values[0] == pytest.approx(np.exp(-700.0), rel=1e-12)
    assert values[1] == pytest.approx(np.exp(-40.0), rel=1e-12)
    assert values[2:].tolist() == [1.0, 1.0]
