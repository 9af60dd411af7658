"""Case 8: charging of a cell between two blocking electrodes by a small voltage, in its dimensionless groups.

epsilon = lambda_D/L with L half the gap, delta = d_S/lambda_D (Stern layers with the liquid's permittivity), time in
lambda_D L/D, D+ = D-. With g = sqrt(1 + epsilon s) the charge of an electrode has the Laplace transform

    Q(s)/Q(infinity) = H(0)/(s H(s)),   H(s) = delta + [tanh(g/epsilon) + g s]/g^3

whose pole nearest to zero is `closed_forms.blocking_decay_rate`. Source: Bazant, Thornton & Ajdari 2004,
doi:10.1103/PhysRevE.70.021506.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .closed_forms import blocking_decay_rate

#: points of the contour of the inverse transform
_POINTS = 24


def _transfer(s: Any, epsilon: float, delta: float) -> Any:
    """H(s), the charged cell's elastance; `delta` and the rest in units of lambda_D over the permittivity."""
    g = np.sqrt(1 + epsilon * s)
    return delta + (np.tanh(g / epsilon) + g * s) / g**3


def final_capacitance(epsilon: float, delta: float) -> float:
    """Charge at rest over the voltage of the cell, per permittivity/lambda_D: 1/(2 [delta + tanh(1/epsilon)])."""
    return float(1 / (2 * _transfer(0.0, epsilon, delta)))


def late_amplitude(epsilon: float, delta: float) -> float:
    """A in Q/Q(infinity) = 1 - A e^{st} + faster modes, A = -H(0)/(s H'(s)) at the slowest pole s."""
    s, h = blocking_decay_rate(epsilon, delta), 1e-6
    slope = (_transfer(s + h, epsilon, delta) - _transfer(s - h, epsilon, delta)) / (2 * h)
    return float(-_transfer(0.0, epsilon, delta) / (s * slope))


def charge(time: Any, epsilon: float, delta: float) -> Any:
    """Q/Q(infinity) at times > 0, by Talbot's contour (Abate & Valko 2004, doi:10.1002/nme.995)."""
    time = np.asarray(time, dtype=float)
    angle = np.arange(1, _POINTS) * np.pi / _POINTS
    cot = 1 / np.tan(angle)
    scaled = 0.4 * _POINTS * np.concatenate([[1.0], angle * (cot + 1j)])
    weight = np.concatenate([[0.5], 1 + 1j * (angle * (1 + cot**2) - cot)]) * np.exp(scaled)
    s = scaled / time[..., None]
    value = _transfer(0.0, epsilon, delta) / (s * _transfer(s, epsilon, delta))
    return 0.4 / time * np.sum((weight * value).real, axis=-1)
