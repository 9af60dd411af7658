"""Piecewise-polynomial Gauss collocation on a graded interval, and differentiation by a complex step.

Collocation at Gauss points as in COLSYS (Ascher, Christiansen & Russell 1981, doi:10.1145/355945.355950).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp


def graded_elements(first: float) -> np.ndarray:
    """Element ends on [0, 1]: first length `first`, doubling towards the middle, symmetric."""
    half, step = [0.0], first
    while half[-1] + 1.5 * step < 0.5:
        half.append(half[-1] + step)
        step = min(2 * step, 1 / 16)
    left = np.array([*half, 0.5])
    return np.concatenate([left, 1 - left[-2::-1]])


def _reference_element(degree: int) -> tuple[np.ndarray, ...]:
    """Chebyshev-Lobatto nodes on [0,1], Gauss points, value and derivative matrices, Gauss weights."""
    nodes = (1 - np.cos(np.pi * np.arange(degree + 1) / degree)) / 2
    points, weights = np.polynomial.legendre.leggauss(degree)
    vander = np.polynomial.chebyshev.chebvander
    inverse = np.linalg.inv(vander(2 * nodes - 1, degree))
    slopes = np.column_stack(
        [
            np.polynomial.chebyshev.chebval(points, np.polynomial.chebyshev.chebder(row))
            for row in np.eye(degree + 1)
        ]
    )
    return nodes, (points + 1) / 2, vander(points, degree) @ inverse, 2 * slopes @ inverse, weights / 2


class Collocation:
    """Continuous piecewise polynomials on [0, 1], given by their values at the nodes `x`.

    `value` and `slope` map nodal values to values and derivatives at the Gauss points of weight `weights`.
    """

    def __init__(self, ends: np.ndarray, degree: int) -> None:
        nodes, _, value, slope, weights = _reference_element(degree)
        size = np.diff(ends)
        count = len(size) * degree
        rows = np.arange(count).reshape(len(size), degree)
        columns = rows[:, :1] + np.arange(degree + 1)
        index = (np.repeat(rows, degree + 1, axis=1).ravel(), np.tile(columns, (1, degree)).ravel())
        blocks = np.broadcast_to(value, (len(size), *value.shape))
        self.value = sp.csr_matrix((blocks.ravel(), index), shape=(count, count + 1))
        self.slope = sp.csr_matrix(((slope / size[:, None, None]).ravel(), index), shape=(count, count + 1))
        self.x = np.append((ends[:-1, None] + np.outer(size, nodes[:-1])).ravel(), 1.0)
        self.weights = (size[:, None] * weights).ravel()


def complex_step(function: Callable[[np.ndarray], np.ndarray], point: np.ndarray) -> np.ndarray:
    """Jacobian of an analytic `function` at `point`, exact to rounding."""
    columns = [function(point + 1e-30j * unit).imag / 1e-30 for unit in np.eye(len(point))]
    return np.column_stack(columns)
