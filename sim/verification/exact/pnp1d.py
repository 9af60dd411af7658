"""Steady one-dimensional Poisson-Nernst-Planck cell between two lithium electrodes with Stern layers.

    (ln c+)' = J/c+ - e/eps,   (ln c-)' = e/eps,   phi' = e/eps,   e' = -(c+ - c-)/(2 eps),   int c- dx = 1

in x/L, c/c0, phi/V_T, eps = lambda_D/L, J = j L/(F D+ c0); the anion flux is zero. Anode (x = 0, metal at 0):
-eps0 eps_r phi' = -C_S phi + sigma_s, F r + j_d = j; counter (x = L, metal at V):
eps0 eps_r phi' = C_S (V - phi) + sigma_s, j_d = -j; j is positive when it plates the anode. Rates at the
plane: `kinetics.py`; at steady state F r = j_p gives the coverage of the sites.
Method: Gauss collocation with polynomials of degree `degree` on elements that double in length away from
the walls (the first is lambda_D/2 or a sixteenth of the gap, whichever is smaller), Newton, continuation in V
or j. Unknowns: logarithms of concentrations, potential and field; no electrochemical potential and no weak
form. Source of the problem: Bazant, Chu & Bayly 2005, doi:10.1137/040609938.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from .collocation import Collocation, complex_step, graded_elements
from .kinetics import direct_current, steady_coverage, steady_site_current
from .parameters import FARADAY, Cell, Electrode, Electrolyte


class NotConvergedError(RuntimeError):
    """Newton's method with continuation could not reach the wanted state."""


@dataclass(frozen=True)
class Profile:
    """Solution: j [A/m^2], V [V], and x [m], c+ and c- [mol/m^3], phi [V] at the collocation nodes.

    `coverage` [-] is NaN without sites; `field` is -d(phi)/dx [V/m].
    """

    current: float
    voltage: float
    x: np.ndarray
    c_li: np.ndarray
    c_anion: np.ndarray
    phi: np.ndarray
    field: np.ndarray
    coverage: float


class _System:
    """Residual and Jacobian; unknowns (phi, e, ln c+, ln c-) node by node, then J and V."""

    def __init__(self, cell: Cell, degree: int, refine: int) -> None:
        self.cell, electrolyte = cell, cell.electrolyte
        self.eps = electrolyte.debye_length / cell.width
        ends = graded_elements(min(self.eps / 2, 1 / 16))
        for _ in range(refine):
            ends = np.sort(np.concatenate([ends, (ends[1:] + ends[:-1]) / 2]))
        self.grid = Collocation(ends, degree)
        self.n = len(self.grid.x)
        self.j_unit = FARADAY * electrolyte.diffusivity_li * electrolyte.concentration / cell.width
        self.e_unit = electrolyte.permittivity * electrolyte.thermal_voltage / electrolyte.debye_length

    def boundary(self, state: np.ndarray) -> np.ndarray:
        """Stern and kinetic conditions at both walls from (phi, e, ln c+) at 0, the same at 1, J and V."""
        phi0, e0, l0, phi1, e1, l1, flux, voltage = state
        cell = self.cell
        vt, scale = cell.electrolyte.thermal_voltage, cell.electrolyte.activity_scale
        stern = [electrode.stern_capacitance * vt / self.e_unit for electrode in (cell.anode, cell.counter)]
        fixed = [electrode.surface_charge / self.e_unit for electrode in (cell.anode, cell.counter)]
        plating = direct_current(cell.anode, scale * np.exp(l0), -phi0)
        if cell.sites is not None:
            plating = plating + steady_site_current(
                cell.sites, cell.anode.transfer_coefficient, vt, scale * np.exp(l0), -phi0
            )
        counter = direct_current(cell.counter, scale * np.exp(l1), voltage - phi1)
        # Stern conditions divided by the capacitance, so that an extremely thin layer is well scaled
        return np.array(
            [
                (e0 - stern[0] * phi0 + fixed[0]) / (1 + stern[0]),
                (-e1 + stern[1] * (voltage - phi1) + fixed[1]) / (1 + stern[1]),
                plating / self.j_unit - flux,
                counter / self.j_unit + flux,
            ]
        )

    def boundary_columns(self) -> np.ndarray:
        """Positions in the unknown vector of the arguments of `boundary`."""
        last = 4 * (self.n - 1)
        return np.array([0, 1, 2, last, last + 1, last + 2, 4 * self.n, 4 * self.n + 1])

    def residual(self, u: np.ndarray, prescribed: tuple[str, float]) -> tuple[np.ndarray, sp.csc_matrix]:
        """Residual and Jacobian; `prescribed` is ("voltage", V/V_T) or ("current", J)."""
        fields, flux = u[:-2].reshape(-1, 4), u[-2]
        at = self.grid.value @ fields
        e, li, anion = at[:, 1] / self.eps, np.exp(at[:, 2]), np.exp(at[:, 3])
        right = np.column_stack([e, -(li - anion) / (2 * self.eps), flux / li - e, e])
        bulk = (self.grid.slope @ fields - right).ravel()
        columns = self.boundary_columns()
        walls, wall_jacobian = self.boundary(u[columns]), complex_step(self.boundary, u[columns])
        position = 4 * self.n + (1 if prescribed[0] == "voltage" else 0)
        residual = np.concatenate([bulk, walls, [self.grid.weights @ anion - 1, u[position] - prescribed[1]]])
        lower = sp.lil_matrix((6, len(u)))
        lower[:4, columns] = wall_jacobian
        lower[4, 3:-2:4] = (self.grid.weights * anion) @ self.grid.value
        lower[5, position] = 1
        return residual, sp.vstack([self._bulk_jacobian(li, anion, flux), lower]).tocsc()

    def _bulk_jacobian(self, li: np.ndarray, anion: np.ndarray, flux: float) -> sp.csr_matrix:
        value, inverse = self.grid.value, 1 / self.eps
        jacobian = sp.kron(self.grid.slope, sp.identity(4))

        def block(row: int, column: int, factor: np.ndarray) -> sp.spmatrix:
            unit = sp.csr_matrix(([1.0], ([row], [column])), shape=(4, 4))
            return sp.kron(sp.diags(factor) @ value, unit)

        ones = np.ones_like(li)
        jacobian = (
            jacobian - block(0, 1, ones * inverse) - block(3, 1, ones * inverse) + block(2, 1, ones * inverse)
        )
        jacobian = (
            jacobian
            + block(1, 2, li * inverse / 2)
            - block(1, 3, anion * inverse / 2)
            + block(2, 2, flux / li)
        )
        flux_column = np.zeros((len(li), 4))
        flux_column[:, 2] = -1 / li
        return sp.hstack(
            [jacobian, sp.csr_matrix(flux_column.reshape(-1, 1)), sp.csr_matrix((4 * len(li), 1))]
        )


def _newton(
    system: _System, u: np.ndarray, prescribed: tuple[str, float], tolerance: float = 1e-10
) -> np.ndarray | None:
    for _ in range(30):
        residual, jacobian = system.residual(u, prescribed)
        step = splu(jacobian).solve(residual)
        size = np.max(np.abs(step) / (1 + np.abs(u)))
        if not np.isfinite(size) or size > 1e4:
            return None
        u = u - step / max(1.0, size)
        if size < tolerance:
            return u
    return None


def _continue(system: _System, kind: str, target: float, first: float) -> np.ndarray:
    """Steps from rest to `target` in voltage or current: halved where Newton fails, else doubled."""
    u, reached, step = np.zeros(4 * system.n + 2), 0.0, np.sign(target) * first
    rest = _newton(system, u, (kind, 0.0))
    if rest is None:
        raise NotConvergedError("no equilibrium at rest")
    u = rest
    while reached != target:
        wanted = target if abs(target - reached) <= abs(step) else reached + step
        trial = _newton(system, u, (kind, wanted))
        if trial is None:
            step /= 2
            if abs(step) < 1e-3 * first:
                raise NotConvergedError(f"stuck at {kind} {reached}")
            continue
        u, reached, step = trial, wanted, 2 * step
    return u


def solve(
    cell: Cell, voltage: float | None = None, current: float | None = None, degree: int = 10, refine: int = 0
) -> Profile:
    """Steady state at `voltage` [V] (potentiostatic) or `current` [A/m^2] (galvanostatic); give exactly one.

    `degree` and `refine` (halvings of every element) measure the discretisation error, below 1e-8 by default.
    """
    system, vt = _System(cell, degree, refine), cell.electrolyte.thermal_voltage
    if voltage is not None and current is None:
        u = _continue(system, "voltage", voltage / vt, 4.0)
    elif current is not None and voltage is None:
        u = _continue(system, "current", current / system.j_unit, 0.5)
    else:
        raise ValueError("give either the voltage or the current")
    fields, c0 = u[:-2].reshape(-1, 4), cell.electrolyte.concentration
    coverage = np.nan
    if cell.sites is not None:
        activity = np.exp(fields[0, 2]) * cell.electrolyte.activity_scale
        coverage = steady_coverage(cell.sites, cell.anode.transfer_coefficient, vt, activity, -fields[0, 0])
    return Profile(
        float(u[-2] * system.j_unit),
        float(u[-1] * vt),
        system.grid.x * cell.width,
        c0 * np.exp(fields[:, 2]),
        c0 * np.exp(fields[:, 3]),
        vt * fields[:, 0],
        -vt / cell.electrolyte.debye_length * fields[:, 1],
        float(coverage),
    )


def dimensionless_voltage(epsilon: float, delta: float, current: float, exchange: float = 10.0) -> float:
    """Case 7: v [V_T] at j [j_lim]; eps = lambda_D/L, delta = Stern/Debye length, j0 / j_lim = `exchange`."""
    electrolyte = Electrolyte(1e-10, 1e-10)
    width = electrolyte.debye_length / epsilon
    limit = electrolyte.limiting_current(width)
    wall = Electrode(exchange * limit, stern_thickness=delta * electrolyte.debye_length)
    return (
        solve(Cell(electrolyte, wall, wall, width), current=current * limit).voltage
        / electrolyte.thermal_voltage
    )
