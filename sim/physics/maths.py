"""Elementary functions that take a UFL expression or NumPy data alike, and exponentials that stay finite.

A kinetic exponential continues linearly above ``EXPONENT_LIMIT`` so that a wild Newton iterate stays finite;
an accepted state above the limit is an error (``sim.solve.newton``), hence the bound never shapes a result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import ufl

#: largest argument of an exponential in an accepted state (e^200 = 7e86)
EXPONENT_LIMIT = 200.0


def _is_symbolic(value: Any) -> bool:
    return isinstance(value, ufl.core.expr.Expr)


def exp(value: Any) -> Any:
    """Exponential, continued linearly (C1) above ``EXPONENT_LIMIT``."""
    edge = float(np.exp(EXPONENT_LIMIT))
    if _is_symbolic(value):
        below = ufl.exp(ufl.min_value(value, EXPONENT_LIMIT))
        return ufl.conditional(ufl.lt(value, EXPONENT_LIMIT), below, edge * (1 + value - EXPONENT_LIMIT))
    value = np.asarray(value, dtype=float)
    is_below = value < EXPONENT_LIMIT
    if is_below.all():
        return np.exp(value)
    below = np.exp(np.minimum(value, EXPONENT_LIMIT))
    return np.where(is_below, below, edge * (1 + value - EXPONENT_LIMIT))


def ln(value: Any) -> Any:
    """Natural logarithm."""
    return ufl.ln(value) if _is_symbolic(value) else np.log(value)


def sqrt(value: Any) -> Any:
    """Square root."""
    return ufl.sqrt(value) if _is_symbolic(value) else np.sqrt(value)


def asinh(value: Any) -> Any:
    """Inverse hyperbolic sine, free of cancellation for either sign."""
    if _is_symbolic(value):
        root = ufl.sqrt(value * value + 1)
        return ufl.conditional(ufl.ge(value, 0), ufl.ln(root + value), -ufl.ln(root - value))
    return np.arcsinh(value)


def sinh(value: Any) -> Any:
    """Hyperbolic sine of a bounded argument."""
    return (exp(value) - exp(-value)) / 2


def where_negative(value: Any, then: Any, otherwise: Any) -> Any:
    """One of two by the sign of a third."""
    if _is_symbolic(value):
        return ufl.conditional(ufl.lt(value, 0), then, otherwise)
    return np.where(np.asarray(value) < 0, then, otherwise)


def logistic(value: Any) -> Any:
    """1/(1 + e^-x), for any x without overflow; smooth at 0, so that Newton sees its slope there."""
    if _is_symbolic(value):
        return ufl.conditional(
            ufl.ge(value, 0), 1 / (1 + ufl.exp(-value)), ufl.exp(value) / (1 + ufl.exp(value))
        )
    value = np.asarray(value, dtype=float)
    small = np.exp(-np.abs(value))
    return np.where(value >= 0, 1 / (1 + small), small / (1 + small))
