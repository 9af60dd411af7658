"""Periodic sides: every continuous unknown at x = L is the one at x = 0 at the same height.

The dofs of the right side (slaves) are eliminated from the assembled system: rows and columns are added to those of
their partners on the left (masters), the slave's own row becomes the identity with nothing on its right-hand side, and
its value is copied. Test functions are tied likewise, so that what leaves through one side enters through the other.
The tables are the same on all ranks; a master and its slave may belong to different ones. Without pairs nothing is
sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.solve.parallel import joined
from sim.solve.spaces import Block

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

#: how far from a side, relative to the length, its dofs may lie; no column of cells is that narrow
ON_SIDE = 2e-6
#: how far apart [units of the mesh] partners may lie in y: a hundredth of a wall cell, ten times what is let pass in a
#: user's mesh (``sim.domain.domain``)
SAME_HEIGHT = 1e-8


@dataclass(frozen=True)
class SidePairs:
    """Combined indices of all ranks' slaves, increasing, and of their masters; ``n_local`` indices are this rank's."""

    comm: Any
    first: int
    n_local: int
    slaves: Indices
    masters: Indices

    def is_here(self, indices: Indices) -> npt.NDArray[np.bool_]:
        """Which combined indices belong to this rank."""
        return (indices >= self.first) & (indices < self.first + self.n_local)

    @cached_property
    def own_slaves(self) -> Indices:
        """Positions of this rank's slaves in its owned values, increasing."""
        return self.slaves[self.is_here(self.slaves)] - self.first

    def merged(self, indices: Indices) -> Indices:
        """Combined indices with every slave replaced by its master."""
        if not self.slaves.size:
            return indices
        place = np.minimum(np.searchsorted(self.slaves, indices), self.slaves.size - 1)
        return np.where(self.slaves[place] == indices, self.masters[place], indices)

    def fold(self, vector: Array) -> None:
        """Add the slaves' entries of a functional to their masters' and clear them; sums stay. Collective."""
        if not self.slaves.size:
            return
        # ranks own increasing ranges, so joining them rank by rank gives the order of the table
        moved = joined(self.comm, vector[self.own_slaves])
        vector[self.own_slaves] = 0.0
        here = self.is_here(self.masters)
        vector[self.masters[here] - self.first] += moved[here]

    def copy(self, values: Array) -> None:
        """Give the slaves their masters' values. Collective."""
        if not self.slaves.size:
            return
        order = np.argsort(self.masters)
        here = self.masters[order][self.is_here(self.masters[order])]
        known = np.empty(self.slaves.size)
        known[order] = joined(self.comm, values[here - self.first])
        values[self.own_slaves] = known[self.is_here(self.slaves)]


class Exchange:
    """Sends entries of a matrix to the ranks that own their merged rows; the same entries every time."""

    def __init__(self, pairs: SidePairs, rows: Indices) -> None:
        self._comm = pairs.comm
        self._stays = pairs.is_here(rows)
        away = joined(self._comm, rows[~self._stays])
        self._taken = pairs.is_here(away)
        self._idle = away.size == 0
        if self._idle:  # as many as there are entries: not kept for nothing
            self._stays = self._taken = np.empty(0, dtype=bool)

    def __call__(self, entries: Any) -> Any:
        """This rank's own entries, then those that other ranks have for it. Collective."""
        if self._idle:
            return entries
        received = joined(self._comm, entries[~self._stays])[self._taken]
        return np.concatenate([entries[self._stays], received])


def pair_sides(
    comm: Any, blocks: list[Block], starts: Indices, first: int, n_local: int, length: float | None
) -> SidePairs:
    """Pairs of all continuous components over sides at x = 0 and ``length`` (``None``: the sides are not periodic).

    ``starts``: position of each block in this rank's owned values. A component that reaches one side only (a patch of
    sites) has no pair there, and none has dofs on the sides if it is discontinuous. Collective.
    """
    slaves: list[Indices] = [np.empty(0, dtype=np.int64)]
    masters: list[Indices] = [np.empty(0, dtype=np.int64)]
    if length is not None:
        for points, positions in _continuous_dofs(blocks, starts):
            left, right = (
                _side_table(comm, points, positions + first, np.abs(points[:, 0] - x) < ON_SIDE * length)
                for x in (0.0, length)
            )
            partner, matches = _partners(left[0], right[0])
            slaves.append(right[1][matches])
            masters.append(left[1][partner[matches]])
    all_slaves, all_masters = np.concatenate(slaves), np.concatenate(masters)
    order = np.argsort(all_slaves)
    return SidePairs(comm, first, n_local, all_slaves[order], all_masters[order])


def _continuous_dofs(blocks: list[Block], starts: Indices) -> Iterator[tuple[Array, Indices]]:
    """Points and positions in the owned values, component by component."""
    for block, start in zip(blocks, starts, strict=True):
        for name in block.names:
            if block.is_continuous(name):
                points, dofs = block.owned_points(name)
                yield points, dofs + start


def _side_table(
    comm: Any, points: Array, indices: Indices, on_side: npt.NDArray[np.bool_]
) -> tuple[Array, Indices]:
    """(y, combined index) of one component's dofs on one side, all ranks', by increasing y."""
    heights, names = joined(comm, points[on_side, 1]), joined(comm, indices[on_side])
    order = np.argsort(heights)
    return heights[order], names[order]


def _partners(left: Array, right: Array) -> tuple[Indices, npt.NDArray[np.bool_]]:
    """For every height on the right the nearest one on the left, and whether it is the same height."""
    if not left.size:
        return np.zeros(right.size, dtype=np.int64), np.zeros(right.size, dtype=bool)
    nearest = np.searchsorted((left[1:] + left[:-1]) / 2, right)
    return nearest, np.abs(left[nearest] - right) < SAME_HEIGHT
