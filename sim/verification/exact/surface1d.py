"""Coverage of adsorbed lithium along a line, at a given state of the electrolyte (finite volumes in s).

    Gamma d(theta)/dt = r - j_p/F - dJ/ds,   J = -Gamma (D_s/kT) theta (1 - theta) d(mu_s)/ds,
    mu_s/kT = W + ln(theta/(1 - theta)),  W = G/kT + phi/V_T

Fluxes hop between neighbours (`wall2d.py`): exact detailed balance, second order in ds. Time: TR-BDF2 (second
order, L-stable; Bank et al. 1985, doi:10.1109/T-ED.1985.22232). The electrolyte enters through r/Gamma = a (1
- theta) - d theta and j_p/(F Gamma) = p theta - q (1 - theta), see `kinetics.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import spsolve


@dataclass(frozen=True)
class Line:
    """Cells of equal `step` [m]: D_s [m^2/s], landscape W [kT], gain a + q and loss d + p [1/s] at each
    centre.

    `capacity` (Gamma, any unit) matters where it varies; the harmonic mean sits between cells.
    """

    step: float
    diffusivity: float
    landscape: np.ndarray
    gain: np.ndarray
    loss: np.ndarray
    capacity: np.ndarray
    periodic: bool = True

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Neighbouring cells (left, right)."""
        left = np.arange(len(self.landscape) - (0 if self.periodic else 1))
        return left, (left + 1) % len(self.landscape)


def uniform_line(length: float, landscape: np.ndarray, diffusivity: float, gain: float = 0.0, loss: float =
0.0,
                 periodic: bool = True) -> Line:  # fmt: skip
    """Line of `length` [m] with uniform Gamma and rates [1/s]; as many cells as `landscape` [kT] has
    values.
    """
    ones = np.ones(len(landscape))
    return Line(length / len(landscape), diffusivity, landscape, gain * ones, loss * ones, ones, periodic)


def rate(line: Line, theta: np.ndarray) -> tuple[np.ndarray, sp.csc_matrix]:
    """d(theta)/dt [1/s] and its Jacobian."""
    i, j = line.pairs()
    mean = 2 * line.capacity[i] * line.capacity[j] / (line.capacity[i] + line.capacity[j])
    hop = mean * line.diffusivity / line.step**2
    half = (line.landscape[j] - line.landscape[i]) / 2
    forth, back = hop * np.exp(-half), hop * np.exp(half)
    flow = forth * theta[i] * (1 - theta[j]) - back * theta[j] * (1 - theta[i])
    by_left, by_right = forth * (1 - theta[j]) + back * theta[j], -forth * theta[i] - back * (1 - theta[i])
    n = len(theta)
    value = line.gain * (1 - theta) - line.loss * theta
    value = value + (np.bincount(j, flow, n) - np.bincount(i, flow, n)) / line.capacity
    rows, columns = np.concatenate([j, j, i, i]), np.concatenate([i, j, i, j])
    data = np.concatenate([by_left, by_right, -by_left, -by_right]) / line.capacity[rows]
    jacobian = sp.csr_matrix((data, (rows, columns)), shape=(n, n)) - sp.diags(line.gain + line.loss)
    return value, jacobian.tocsc()


def _implicit(line: Line, known: np.ndarray, weight: float, theta: np.ndarray) -> np.ndarray:
    """theta - weight * rate(theta) = known, by Newton."""
    for _ in range(30):
        value, jacobian = rate(line, theta)
        step = spsolve(
            sp.identity(len(theta), format="csc") - weight * jacobian, theta - weight * value - known
        )
        theta = theta - step
        if np.max(np.abs(step)) < 1e-13:
            return theta
    raise RuntimeError("no convergence of the coverage")


def march(line: Line, theta: np.ndarray, duration: float, steps: int) -> np.ndarray:
    """theta after `duration` [s] in `steps` equal steps."""
    dt, gamma = duration / steps, 2 - np.sqrt(2)
    for _ in range(steps):
        middle = _implicit(line, theta + gamma * dt / 2 * rate(line, theta)[0], gamma * dt / 2, theta)
        known = (middle - (1 - gamma) ** 2 * theta) / (gamma * (2 - gamma))
        theta = _implicit(line, known, (1 - gamma) / (2 - gamma) * dt, middle)
    return theta


def steady(line: Line, theta: np.ndarray) -> np.ndarray:
    """Steady theta where the rates fix it (gain + loss > 0); starts from `theta`, by implicit Euler to
    infinity.
    """
    dt = 1 / np.max(line.gain + line.loss)
    for _ in range(60):
        theta = _implicit(line, theta, dt, theta)
        dt *= 4
    return theta


def equilibrium(line: Line, mean_coverage: float) -> np.ndarray:
    """theta without adsorption or plating at a given mean coverage: relaxed from uniform coverage by
    `rate`.
    """
    theta = np.full(len(line.landscape), mean_coverage)
    dt = line.step**2 / line.diffusivity
    for _ in range(40):
        theta = _implicit(line, theta, dt, theta)
        dt *= 3
    return theta


def effective_diffusivity(landscape: np.ndarray, periods: int = 4) -> float:
    """D_eff/D of dilute independent adatoms over a periodic landscape [kT], from the flux through `periods`
    periods.

    Steady hopping flux J between two cells at equal landscape; D_eff = J length / drop of the period's mean
    density.
    """
    w = np.append(np.tile(landscape, periods), landscape[0])
    half = np.diff(w) / 2
    forth, back = np.exp(-half), np.exp(half)
    inner = sp.diags([forth[1:-1], -(forth[1:] + back[:-1]), back[1:-1]], offsets=[-1, 0, 1], format="csc")
    source = np.zeros(len(w) - 2)
    source[0] = -forth[0]
    density = spsolve(inner, source)  # 1 in the first cell, 0 in the last
    flow = forth[-1] * density[-1]
    return float(flow * (len(w) - 1) / np.mean(np.exp(landscape[0] - landscape)))
