"""Where each block's unknowns stand in the combined system: rank by rank, block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import la
from mpi4py import MPI

from sim.solve.periodic import pair_sides
from sim.solve.spaces import Block

Array = npt.NDArray[np.float64]


class Numbering:
    """Where each block's dofs stand in the combined unknown vector, and which are tied over periodic sides."""

    def __init__(self, comm: MPI.Comm, blocks: list[Block], period: float | None = None) -> None:
        self.comm = comm
        self.blocks = blocks
        self.maps = [block.function.function_space.dofmap.index_map for block in blocks]
        sizes = np.array([index_map.size_local for index_map in self.maps], dtype=np.int64)
        self.offsets = np.concatenate([[0], np.cumsum(sizes)])
        everyone = np.array(comm.allgather(sizes))
        self._rank_start = np.concatenate([[0], np.cumsum(everyone.sum(axis=1))])
        self._within = np.concatenate(
            [np.zeros((comm.size, 1), np.int64), np.cumsum(everyone, axis=1)], axis=1
        )
        self._block_start = np.concatenate(
            [np.zeros((1, len(blocks)), np.int64), np.cumsum(everyone, axis=0)]
        )
        self.n_local, self.n_global = int(sizes.sum()), int(everyone.sum())
        self.first = int(self._rank_start[comm.rank])
        self.pairs = pair_sides(comm, blocks, self.offsets[:-1], self.first, self.n_local, period)
        #: where linear forms of each block are assembled, one after the other, before they are copied
        self.scratch = [la.vector(index_map, 1) for index_map in self.maps]

    def columns(self, block: int, ghosts: Any, owners: Any) -> npt.NDArray[np.int64]:
        """Combined global index of a block's local columns, owned then ghosts."""
        rank, n = self.comm.rank, self.maps[block].size_local
        own = self.first + self._within[rank, block] + np.arange(n)
        owners = np.asarray(owners, dtype=np.int64)
        there = self._rank_start[owners] + self._within[owners, block]
        return np.concatenate([own, there + np.asarray(ghosts) - self._block_start[owners, block]])

    def pack(self) -> Array:
        """Owned values of all blocks."""
        parts = zip(self.blocks, self.maps, strict=True)
        return np.concatenate([block.function.x.array[: m.size_local] for block, m in parts])

    def unpack(self, values: Array) -> None:
        """Set all blocks from owned values, tied ones from their masters', and update their ghosts."""
        values = values.copy()
        self.pairs.copy(values)
        for number, block in enumerate(self.blocks):
            start, stop = self.offsets[number], self.offsets[number + 1]
            block.function.x.array[: stop - start] = values[start:stop]
            block.function.x.scatter_forward()
