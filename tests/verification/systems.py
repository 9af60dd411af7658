"""The compiled cell below `simulation.run`, for tests of what the solver is made of: Jacobian, Newton, orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse
from mpi4py import MPI

from sim.domain.domain import make_domain
from sim.solve.drive import apply_drive, drive_of, hold_inventories, is_galvanostatic
from sim.solve.initial import set_rest
from sim.solve.model import CellModel
from sim.solve.system import CellSystem, TimeLevel

from .cells import config_of


def compiled(mapping: Mapping[str, Any], *, steady: bool) -> tuple[CellModel, CellSystem]:
    """Model and system at rest, with the drive applied and the inventories held."""
    config = config_of(mapping)
    model = CellModel(config, make_domain(config, MPI.COMM_WORLD))
    system = CellSystem(model, galvanostatic=is_galvanostatic(config), steady=steady)
    set_rest(model)
    hold_inventories(system)
    apply_drive(drive_of(config), model, system)
    return model, system


def whole_residual(system: CellSystem, level: TimeLevel) -> np.ndarray:
    """Residual of blocks and constraints."""
    return np.concatenate([system.residual(level), system.constraint_residual(level)])


def whole_product(
    system: CellSystem, level: TimeLevel, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The bordered Jacobian J (of blocks and global unknowns, from the parts that Newton solves with): J d
    and |J| |d|.

    A pinned row is the identity, it fixes the level of a species; its own equation is not solved and counts
    as zero here.
    """
    n = system.numbering.n_local
    matrix = system._matrix.assemble(level.weight, pin=bool(system.borders))
    starts, names, entries = matrix.getValuesCSR()
    blocks = scipy.sparse.csr_matrix((entries, names, starts), shape=(n, n))
    columns = np.array([border.column(level.weight) for border in system.borders]).reshape(-1, n).T
    rows = np.array([border.row(level.weight) for border in system.borders]).reshape(-1, n)
    corner = np.array([border.corner(level.weight) for border in system.borders]).reshape(
        len(rows), len(rows)
    )
    jacobian = scipy.sparse.bmat([[blocks, columns], [rows, corner]]).tolil() if len(rows) else blocks.tolil()
    jacobian[system.pinned] = 0.0
    jacobian = jacobian.tocsr()
    return jacobian @ direction, abs(jacobian) @ abs(direction)


def whole_state(system: CellSystem) -> np.ndarray:
    """Values of blocks and global unknowns."""
    return np.concatenate([system.numbering.pack(), system.globals])


def set_whole_state(system: CellSystem, values: np.ndarray) -> None:
    """Set them."""
    n = system.numbering.n_local
    system.set_state(values[:n], values[n:])
