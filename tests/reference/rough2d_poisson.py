"""Steady two-dimensional Poisson-Nernst-Planck cell over a rough anode with sites; double layers resolved.

    -lambda_D^2 laplace(phi/V_T) = (c+ - c-)/(2 c0),  c- = c0 exp(phi/V_T + b),
    div(c+ grad(ln c+ + phi/V_T)) = 0

The anion is at rest, hence Boltzmann distributed; b keeps its inventory c0 area. Walls, all at the plane:
eps d(phi)/dn = C_S (phi_m - phi) + sigma_s, F N+ n = j_d + F r (anode) or j_d (counter), F r - j_p = d(F J_s)/ds.
Unknowns: phi and ln c+ at the nodes of `mapped_grid.py`, ln(theta/(1-theta)) on the anode, b and V. Rows are
spaced exponentially from both electrodes, so halving them is a second-order refinement. In the limit
lambda_D/H -> 0 this is `rough2d.py` with its closure.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.optimize import brentq

from sim.verification.exact.parameters import FARADAY, Electrode
from sim.verification.exact.pnp1d import NotConvergedError

from .mapped_grid import MappedGrid
from .rough2d import Solution
from .rough2d_system import RoughCell, bordered_solve
from .wall2d import AnodeWall, counter_local, partials


def graded_rows(first: float, cells: int) -> np.ndarray:
    """Y/H of 2 `cells` rows, exponential from both walls, the first about `first` high."""
    beta = brentq(lambda b: 0.5 * np.expm1(b / cells) / np.expm1(b) - first, 1e-6, 60.0)
    half = 0.5 * np.expm1(beta * np.arange(cells + 1) / cells) / np.expm1(beta)
    return np.concatenate([half, 1 - half[-2::-1]])


class _System:
    """Unknowns phi, l = ln(c+/c0) (all nodes), u (anode); border b and V."""

    def __init__(self, rough: RoughCell, columns: int, rows: np.ndarray) -> None:
        self.rough, salt, width = rough, rough.cell.electrolyte, rough.cell.width
        self.grid = grid = MappedGrid(rough.profile, rough.length, width, columns, rows)
        self.divergence, self.flux, self.average = grid.face_operators()
        self.laplace = self.divergence @ self.flux
        self.wall = AnodeWall(
            rough.cell, grid.x * width, grid.arc_step * width, grid.arc * width, False, rough.maps
        )
        self.j_unit = FARADAY * salt.diffusivity_li * salt.concentration / width
        self.lambda2 = (salt.debye_length / width) ** 2
        self.u_at = 2 * grid.size + np.arange(columns + 1)
        self.size = 2 * grid.size + columns + 1

    def displacement(self, electrode: Electrode, drop):
        """C_S (phi_m - phi) + sigma_s, scaled as lambda_D^2 d(phi)/dn in units of V_T and H."""
        salt = self.rough.cell.electrolyte
        charge = electrode.stern_capacitance * salt.thermal_voltage * drop + electrode.surface_charge
        return charge / (2 * FARADAY * salt.concentration * self.rough.cell.width)

    def residual(self, z: np.ndarray, voltage: float) -> tuple[np.ndarray, sp.csr_matrix]:
        """Residual and Jacobian at the prescribed voltage [V_T]."""
        grid, n = self.grid, self.grid.size
        phi, li, anion = z[:n], np.exp(z[n : 2 * n]), np.exp(z[:n] + z[-2])
        carried, driving = self.average @ li, self.flux @ (z[n : 2 * n] + phi)
        residual = np.zeros(self.size + 2)
        residual[:n] = self.lambda2 * (self.laplace @ phi) - grid.volume * (li - anion) / 2
        residual[n : 2 * n] = self.divergence @ (carried * driving)
        by_gradient = self.divergence @ sp.diags(carried) @ self.flux
        by_carrier = self.divergence @ sp.diags(driving) @ self.average @ sp.diags(li)
        blocks = [
            [
                self.lambda2 * self.laplace + sp.diags(grid.volume * anion / 2),
                -sp.diags(grid.volume * li / 2),
            ],
            [by_gradient, by_gradient + by_carrier],
        ]
        bulk = sp.bmat(blocks).tocoo()
        nodes, border = np.arange(n), np.array([self.size, self.size + 1])
        entries = [
            (bulk.row, bulk.col, bulk.data),
            (nodes, np.full(n, self.size), grid.volume * anion / 2),
            (np.full(n, self.size), nodes, grid.volume * anion),
            (border, border, [grid.volume @ anion, 1.0]),
        ]
        self._walls(z, residual, entries)
        residual[self.size] = grid.volume @ (anion - 1)
        residual[self.size + 1] = z[-1] - voltage
        row, column, data = (np.concatenate(part) for part in zip(*entries, strict=True))
        return residual, sp.csr_matrix((data, (row, column)), shape=(self.size + 2, self.size + 2))

    def _walls(self, z: np.ndarray, residual: np.ndarray, entries: list) -> None:
        grid, n, cell = self.grid, self.grid.size, self.rough.cell

        def anode(phi, li, u):
            ionic, _, _, balance = self.wall.local(np.exp(li), phi, 0.0, u)
            charge = self.displacement(self.wall.electrode, -phi)
            return -charge * grid.arc, ionic * grid.arc / self.j_unit, balance

        def counter(phi, li, voltage):
            current, _ = counter_local(cell, cell.counter, False, np.exp(li), phi, 0.0, voltage)
            return -self.displacement(
                cell.counter, voltage - phi
            ) * grid.flat, current * grid.flat / self.j_unit

        low, top = (grid.anode, n + grid.anode, self.u_at), (grid.counter, n + grid.counter)
        metal = np.full(len(grid.x), self.size + 1)
        _add(anode, z, low, low, residual, entries)
        _add(counter, z, top, (*top, metal), residual, entries)
        if self.wall.sites is None:
            return
        share = self.wall.per_site_divergence()

        def hop(phi_left, u_left, phi_right, u_right):
            flow = self.wall.surface_current(phi_left, u_left, phi_right, u_right)
            return -flow * share[:-1], flow * share[1:]

        pairs = (grid.anode[:-1], self.u_at[:-1], grid.anode[1:], self.u_at[1:])
        _add(hop, z, (self.u_at[:-1], self.u_at[1:]), pairs, residual, entries)


def _add(function, z, rows, columns, residual, entries) -> None:
    arguments = tuple(z[column] for column in columns)
    for row, value in zip(rows, function(*arguments), strict=True):
        residual[row] += value
    for column, derivatives in zip(columns, partials(function, arguments), strict=True):
        entries.extend((row, column, values) for row, values in zip(rows, derivatives, strict=True))


def _newton(system: _System, z: np.ndarray, voltage: float) -> np.ndarray | None:
    for _ in range(30):
        residual, matrix = system.residual(z, voltage)
        step = bordered_solve(matrix, residual)
        size = np.max(np.abs(step))
        if not np.isfinite(size) or size > 1e3:
            return None
        z = z - step / max(1.0, size / 3)
        if size < 1e-9:
            return z
    return None


def solve(
    rough: RoughCell, voltage: float, columns: int = 40, cells: int = 40, first: float = 0.125
) -> Solution:
    """Steady state at `voltage` [V]; 2 `cells` rows, the first `first` * lambda_D high at either wall."""
    salt = rough.cell.electrolyte
    rows = graded_rows(first * salt.debye_length / rough.cell.width, cells)
    return _continue(_System(rough, columns, rows), voltage / salt.thermal_voltage)


def refined(
    rough: RoughCell, voltage: float, columns: int = 40, cells: int = 40
) -> tuple[Solution, Solution]:
    """The same mapping of rows with `cells` and, every cell halved, 2 `cells`; columns doubled too."""
    salt = rough.cell.electrolyte
    fine = graded_rows(0.06 * salt.debye_length / rough.cell.width, 2 * cells)
    target = voltage / salt.thermal_voltage
    coarse = _continue(_System(rough, columns, fine[::2]), target)
    return coarse, _continue(_System(rough, 2 * columns, fine), target)


def _continue(system: _System, target: float) -> Solution:
    z = np.zeros(system.size + 2)
    if system.wall.sites is not None:
        z[system.u_at] = -system.wall.energy
    reached, step = 0.0, float(np.copysign(5.0, target))
    while reached != target:
        wanted = target if abs(target - reached) <= abs(step) else reached + step
        trial = _newton(system, z, wanted)
        if trial is not None:
            z, reached, step = trial, wanted, 2 * step
        elif abs(step) < 0.05:
            raise NotConvergedError(f"stuck at {reached} V_T")
        else:
            step /= 2
    return _solution(system, z)


def _solution(system: _System, z: np.ndarray) -> Solution:
    grid, cell, n = system.grid, system.rough.cell, system.grid.size
    phi, li, u = z[grid.anode], z[n + grid.anode], z[system.u_at]
    ionic, metal, *_ = system.wall.local(np.exp(li), phi, 0.0, u)
    top = (np.exp(z[n + grid.counter]), z[grid.counter], 0.0, z[-1])
    length = grid.x[-1]
    current = grid.arc @ metal / length
    opposite = grid.flat @ counter_local(cell, cell.counter, False, *top)[0] / length
    coverage = np.full_like(phi, np.nan) if cell.sites is None else 1 / (1 + np.exp(-u))
    voltage = float(z[-1] * cell.electrolyte.thermal_voltage)
    imbalance = float(abs(current + opposite) / abs(current))
    return Solution(
        grid.x * cell.width,
        np.exp(li),
        phi,
        np.zeros_like(phi),
        coverage,
        metal,
        ionic,
        grid.arc * cell.width,
        voltage,
        float(current),
        imbalance,
    )
