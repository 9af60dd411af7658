"""Steady two-dimensional electroneutral cell over a rough anode with sites.

At steady state the anion flux -D- (grad c - c grad phi/V_T) has no divergence and no normal component at any
wall, so ln c - phi/V_T is uniform: phi = V_T (ln c + b) and F N+ = -2 F D+ grad c. What remains is exact:

    Laplace c = 0,  -2 F D+ dc/dn = j_d + F r (anode), j_d (counter),  int c = c0 area  (b)
    C_S (dphi - psi V_T) + sigma_s = 4 F c lambda_D(c) sinh(psi/2) at both walls ("none": psi = 0)
    F r - j_p = d(F J_s)/ds on the anode;  counter at V, or total current given (V unknown), or a reservoir

Finite volumes (`mapped_grid.py`, `wall2d.py`), Newton with sparse LU, continuation from rest. Second order in
the cell size; `converged` extrapolates (Richardson).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.verification.exact.pnp1d import NotConvergedError

from .rough2d_system import RoughCell, System, bordered_solve
from .wall2d import counter_local


@dataclass(frozen=True)
class Solution:
    """Along the anode: x [m], c/c0 and phi/V_T (outer), psi, theta, j_m and j_ionic [A/m^2], arc weights [m].

    `voltage` [V]; `current` = int j_m ds / length [A/m^2]; `imbalance` = |anode - counter| / |anode| current.
    """

    x: np.ndarray
    c: np.ndarray
    phi: np.ndarray
    psi: np.ndarray
    coverage: np.ndarray
    metal_current: np.ndarray
    ionic_current: np.ndarray
    arc: np.ndarray
    voltage: float
    current: float
    imbalance: float

    def mean(self, field: np.ndarray) -> float:
        """Arc-length mean."""
        return float(self.arc @ field / self.arc.sum())

    def variation(self, field: np.ndarray) -> float:
        """Coefficient of variation over arc length."""
        mean = self.mean(field)
        return float(np.sqrt(self.mean((field - mean) ** 2)) / abs(mean))


def _newton(system: System, z: np.ndarray, prescribed: tuple[str, float]) -> np.ndarray | None:
    positive = slice(0, system.grid.size)
    for _ in range(25):
        residual, matrix = system.residual(z, prescribed)
        step = bordered_solve(matrix, residual)
        size = np.max(np.abs(step) / (1 + np.abs(z)))
        if not np.isfinite(size) or size > 1e3:
            return None
        shrink = np.max(step[positive] / z[positive])  # keep c > 0.1 of its last value
        z = z - step * min(1.0, 0.9 / max(shrink, 1e-30))
        if size < 1e-10:
            return z
    return None


def solve(rough: RoughCell, voltage: float | None = None, current: float | None = None, columns: int = 80,
          rows: int = 64) -> Solution:  # fmt: skip
    """Steady state at `voltage` [V] or at `current` [A/m^2 of projected length]; give exactly one."""
    if (voltage is None) == (current is None):
        raise ValueError("give either the voltage or the current")
    system = System(rough, columns, rows)
    salt = rough.cell.electrolyte
    kind, target, first = ("current", current / system.j_unit, 0.2) if voltage is None else (
        "voltage", voltage / salt.thermal_voltage, 4.0)  # fmt: skip
    z = np.zeros(system.size + 2)
    z[: system.grid.size] = 1.0
    if rough.cell.sites is not None:
        z[system.at[1]] = -system.wall.energy
    reached, step = 0.0, np.copysign(first, target)
    while reached != target:
        wanted = target if abs(target - reached) <= abs(step) else reached + step
        trial = _newton(system, z, (kind, wanted))
        if trial is not None:
            z, reached, step = trial, wanted, 2 * step
        elif abs(step) < 1e-3 * first:
            raise NotConvergedError(f"stuck at {kind} {reached}")
        else:
            step /= 2
    return _solution(system, z)


def _solution(system: System, z: np.ndarray) -> Solution:
    grid, rough, vt = system.grid, system.rough, system.cell.electrolyte.thermal_voltage
    c, phi, psi, u, top, phi_top, psi_top = system.unpack(z)
    ionic, metal, *_ = system.wall.local(c, phi, psi, u)
    length = grid.x[-1]
    current, opposite = grid.arc @ metal / length, -grid.arc @ ionic / length
    if rough.counter == "lithium":
        at_counter = counter_local(
            system.cell, system.cell.counter, rough.closure, top, phi_top, psi_top, z[-1]
        )[0]
        opposite = grid.flat @ at_counter / length
    coverage = np.full_like(c, np.nan) if system.cell.sites is None else 1 / (1 + np.exp(-u))
    width = rough.cell.width
    return Solution(grid.x * width, c, phi, psi, coverage, metal, ionic, grid.arc * width, float(z[-1] * vt),
                    float(current), float(abs(current + opposite) / abs(current)))  # fmt: skip


@dataclass(frozen=True)
class Converged:
    """Richardson-extrapolated quantities and, in the same order, their estimated errors and observed orders.

    Quantities: current [A/m^2], voltage [V], CV of j_m [-], CV of the ionic current [-]. The error is the
    distance of the extrapolated value from the finest grid's, a bound as long as the order is near 2.
    """

    values: np.ndarray
    errors: np.ndarray
    orders: np.ndarray
    finest: Solution


def quantities(solution: Solution) -> np.ndarray:
    """(current [A/m^2], voltage [V], CV of j_m, CV of the ionic current)."""
    return np.array([solution.current, solution.voltage, solution.variation(solution.metal_current),
                     solution.variation(solution.ionic_current)])  # fmt: skip


def converged(rough: RoughCell, voltage: float | None = None, current: float | None = None,
              columns: int = 40, rows: int = 32) -> Converged:  # fmt: skip
    """Three grids, each twice as fine as the last, extrapolated with second order."""
    solutions = [solve(rough, voltage, current, columns * 2**k, rows * 2**k) for k in range(3)]
    coarse, middle, fine = (quantities(solution) for solution in solutions)
    value = fine + (fine - middle) / 3
    with np.errstate(divide="ignore", invalid="ignore"):
        orders = np.log2(np.abs((middle - coarse) / (fine - middle)))
    return Converged(value, np.abs(value - fine), orders, solutions[-1])


def reference_table() -> list[dict[str, str]]:
    """Rows of `rough_cells.csv`: `converged` for the shipped cells, with errors; see the columns' names for units."""
    with (Path(__file__).parent / "rough_cells.csv").open(newline="") as file:
        return list(csv.DictReader(file))
