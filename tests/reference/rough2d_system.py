"""Residual and Jacobian of the two-dimensional electroneutral cell of `rough2d.py` (equations there).

Each wall equation is a function of its neighbouring unknowns; its derivatives come from a complex step. The
two border unknowns b and V have dense rows and columns, which `bordered_solve` eliminates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from sim.verification.exact.parameters import FARADAY, Cell

from .mapped_grid import MappedGrid, Profile
from .wall2d import AnodeWall, SiteFields, counter_local, partials


@dataclass(frozen=True)
class RoughCell:
    """A cell of `length` [m] over `profile`; `counter` is "lithium" or "reservoir" (c0 at potential V)."""

    cell: Cell
    profile: Profile
    length: float = 1e-5
    closure: bool = True
    counter: str = "lithium"
    maps: SiteFields | None = None


class System:
    """Unknowns c (all nodes), psi and u (anode), psi (counter); border unknowns b and V."""

    def __init__(self, rough: RoughCell, columns: int, rows: int) -> None:
        self.rough, self.cell = rough, rough.cell
        width = rough.cell.width
        self.grid = grid = MappedGrid(
            rough.profile, rough.length, width, columns, np.linspace(0, 1, rows + 1)
        )
        divergence, flux, _ = grid.face_operators()
        self.laplace = (divergence @ flux).tocoo()
        self.wall = AnodeWall(rough.cell, grid.x * width, grid.arc_step * width, grid.arc * width,
        rough.closure,
                              rough.maps)  # fmt: skip
        salt = rough.cell.electrolyte
        self.j_unit = 2 * FARADAY * salt.diffusivity_li * salt.concentration / width
        walls = columns + 1
        self.at = [grid.size + k * walls + np.arange(walls) for k in range(3)]  # psi, u, psi of the counter
        self.size = grid.size + 3 * walls

    def unpack(self, z: np.ndarray) -> tuple[np.ndarray, ...]:
        """(c, phi, psi, u) of the anode and (c, phi, psi) of the counter."""
        grid, b = self.grid, z[-2]
        bottom, top = z[grid.anode], z[grid.counter]
        return bottom, np.log(bottom) + b, z[self.at[0]], z[self.at[1]], top, np.log(top) + b, z[self.at[2]]

    def _anode(self, z: np.ndarray, residual: np.ndarray, entries: list) -> None:
        c, _, psi, u = self.unpack(z)[:4]
        b, wall, grid = z[-2], self.wall, self.grid

        def local(c, psi, u, b):
            ionic, _, layer, balance = wall.local(c, np.log(c) + b, psi, u)
            return ionic * grid.arc / self.j_unit, layer, balance

        rows = (grid.anode, *self.at[:2])
        self._add(
            local,
            (c, psi, u, np.full_like(c, b)),
            rows,
            (grid.anode, *self.at[:2], self.size),
            residual,
            entries,
        )
        if wall.sites is None:
            return

        def hop(c_left, psi_left, u_left, c_right, psi_right, u_right):
            flow = wall.surface_current(
                np.log(c_left) + psi_left, u_left, np.log(c_right) + psi_right, u_right
            )
            return -flow * share[:-1], flow * share[1:]

        share = wall.per_site_divergence()
        columns = [
            part[side] for side in (slice(None, -1), slice(1, None)) for part in (grid.anode, *self.at[:2])
        ]
        rows = (self.at[1][:-1], self.at[1][1:])
        self._add(hop, tuple(z[part] for part in columns), rows, tuple(columns), residual, entries)

    def _counter(self, z: np.ndarray, residual: np.ndarray, entries: list) -> None:
        top, _, psi = self.unpack(z)[4:]
        grid, cell = self.grid, self.cell

        def local(c, psi, b, voltage):
            current, layer = counter_local(
                cell, cell.counter, self.rough.closure, c, np.log(c) + b, psi, voltage
            )
            return current * grid.flat / self.j_unit, layer

        arguments = (top, psi, np.full_like(top, z[-2]), np.full_like(top, z[-1]))
        columns = (grid.counter, self.at[2], self.size, self.size + 1)
        self._add(local, arguments, (grid.counter, self.at[2]), columns, residual, entries)

    @staticmethod
    def _add(function, arguments, rows, columns, residual, entries) -> None:
        """Add `function` to `residual` at `rows` and its derivatives to `entries`."""
        for row, value in zip(rows, function(*arguments), strict=True):
            residual[row] += value
        for column, derivatives in zip(columns, partials(function, arguments), strict=True):
            entries.extend(
                (row, np.broadcast_to(column, row.shape), values)
                for row, values in zip(rows, derivatives, strict=True)
            )

    def residual(self, z: np.ndarray, prescribed: tuple[str, float]) -> tuple[np.ndarray, sp.csc_matrix]:
        """Residual and Jacobian; `prescribed` is ("voltage", V/V_T) or ("current", mean j / j_unit)."""
        grid, n = self.grid, self.size
        residual = np.zeros(n + 2)
        residual[: grid.size] = self.laplace @ z[: grid.size]
        entries = [(self.laplace.row, self.laplace.col, self.laplace.data)]
        self._anode(z, residual, entries)
        reservoir = self.rough.counter == "reservoir"
        if not reservoir:
            self._counter(z, residual, entries)
        row, column, data = (np.concatenate(part) for part in zip(*entries, strict=True))
        if reservoir:
            keep = ~np.isin(row, grid.counter)
            fixed = np.concatenate([grid.counter, self.at[2]])
            row, column = np.append(row[keep], fixed), np.append(column[keep], fixed)
            data = np.append(data[keep], np.ones(len(fixed)))
            residual[grid.counter], residual[self.at[2]] = z[grid.counter] - 1, z[self.at[2]]
        matrix = sp.csr_matrix((data, (row, column)), shape=(n + 2, n + 2))
        return self._border(z, prescribed, residual, matrix)

    def _border(self, z, prescribed, residual, matrix):
        """The equations of b (inventory, or the reservoir's potential) and of V (given, or total current)."""
        grid, n = self.grid, self.size
        last = sp.lil_matrix((2, n + 2))
        if self.rough.counter == "reservoir":
            residual[n] = z[n] - z[n + 1]
            last[0, n], last[0, n + 1] = 1, -1
        else:
            residual[n] = grid.volume @ (z[: grid.size] - 1)
            last[0, : grid.size] = grid.volume
        if prescribed[0] == "voltage":
            residual[n + 1] = z[n + 1] - prescribed[1]
            last[1, n + 1] = 1
        else:
            # total ionic current of the anode: all its rows less the Laplacian
            ionic = self.wall.local(*self.unpack(z)[:4])[0] / self.j_unit
            residual[n + 1] = grid.arc @ ionic - prescribed[1] * grid.x[-1]
            laplace = self.laplace.tocsr()[grid.anode].sum(axis=0)
            last[1] = matrix[grid.anode].sum(axis=0) - np.append(
                laplace, np.zeros((1, n + 2 - grid.size)), axis=1
            )
        return residual, sp.vstack([matrix[:n], last]).tocsr()


def bordered_solve(matrix: sp.csr_matrix, residual: np.ndarray) -> np.ndarray:
    """Solve with the two dense last rows and columns eliminated."""
    n = matrix.shape[0] - 2
    factor = splu(matrix[:n, :n].tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0)
    right = np.column_stack([residual[:n], matrix[:n, n:].toarray()])
    columns = factor.solve(right)
    columns += factor.solve(right - matrix[:n, :n] @ columns)  # no pivoting: refined once
    lower = matrix[n:, :n].toarray()
    schur = matrix[n:, n:].toarray() - lower @ columns[:, 1:]
    border = np.linalg.solve(schur, residual[n:] - lower @ columns[:, 0])
    return np.append(columns[:, 0] - columns[:, 1:] @ border, border)
