"""The parts of a mesh's boundary that a file does not name, found from the geometry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.domain.aliases import Floats, Ints
from sim.domain.arrays import BOUNDARY_NAMES, Boundary, MeshArrays, find_edges
from sim.domain.errors import DomainError

#: How straight a side is: vertices of one side differ by less than this part of the cell's extent.
STRAIGHTNESS = 1e-9
#: How far a named side may lie from its end of the cell, relative to the length.
SIDE_TOLERANCE = 1e-6


def complete_boundary(arrays: MeshArrays, path: Path) -> MeshArrays:
    """The mesh with every facet of its boundary tagged, and only those.

    Facets that the file names keep their part. The others: a straight side at x min or x max; without names
    also the counter electrode at y max, and the anode is all the rest. An edge is on a straight side when
    both its vertices are, which no corner facet satisfies for two sides, however short it is. Raises
    DomainError where an electrode has no facets, a named facet is not on the boundary, or a facet belongs to
    no part.
    """
    edges, _ = arrays.boundary_edges()
    tags = _given(edges, arrays, path)
    electrodes_named = bool(np.any(tags == Boundary.ANODE) and np.any(tags == Boundary.COUNTER))
    guess = _by_position(edges, arrays.points, electrodes_named)
    tags = np.where(tags > 0, tags, guess)
    loose = int(np.sum(tags == 0))
    if loose:
        raise DomainError(
            f"{path}: {loose} facets of the boundary are neither anode nor counter and lie on no straight "
            "side; name them anode, counter, left or right"
        )
    _check_places(edges, tags, arrays.points, path)
    return replace(arrays, facets=edges, facet_tags=tags)


def _check_places(edges: Ints, tags: Ints, points: Floats, path: Path) -> None:
    """DomainError unless the counter lies above the anode and the sides at the ends in x."""
    ends = points[edges]
    for part in (Boundary.ANODE, Boundary.COUNTER):
        if not np.any(tags == part):
            raise DomainError(f"{path}: no facet of the boundary is the {BOUNDARY_NAMES[part]}")
    if ends[tags == Boundary.ANODE][..., 1].mean() >= ends[tags == Boundary.COUNTER][..., 1].mean():
        raise DomainError(f"{path}: the counter must lie above the anode (larger y)")
    x = points[:, 0]
    for part, place in ((Boundary.SIDE_LEFT, x.min()), (Boundary.SIDE_RIGHT, x.max())):
        if np.any(np.abs(ends[tags == part][..., 0] - place) > SIDE_TOLERANCE * np.ptp(x)):
            raise DomainError(
                f"{path}: {BOUNDARY_NAMES[part]} must be the straight side at x = {place:.6g} m"
            )


def _given(edges: Ints, arrays: MeshArrays, path: Path) -> Ints:
    """The file's own tag of every boundary edge, 0 where it has none."""
    place = find_edges(edges, arrays.facets)
    if np.any(place < 0):
        name = BOUNDARY_NAMES[Boundary(int(arrays.facet_tags[place < 0][0]))]
        raise DomainError(f"{path}: a line named {name} is not on the boundary of the cells")
    tags = np.zeros(edges.shape[0], dtype=np.int64)
    tags[place] = arrays.facet_tags
    return tags


def _by_position(edges: Ints, points: Floats, electrodes_named: bool) -> Ints:
    """The part each edge lies on by its vertices' coordinates, 0 for none."""
    low, high = points.min(axis=0), points.max(axis=0)
    slack = STRAIGHTNESS * float(np.max(high - low))
    ends = points[edges]

    def both(on: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(on.all(axis=1))

    tags = np.zeros(edges.shape[0], dtype=np.int64)
    if not electrodes_named:
        tags[:] = Boundary.ANODE
        tags[both(np.abs(ends[..., 1] - high[1]) <= slack)] = Boundary.COUNTER
    upright = np.abs(ends[:, 1, 1] - ends[:, 0, 1]) > np.abs(ends[:, 1, 0] - ends[:, 0, 0])
    tags[upright & both(np.abs(ends[..., 0] - low[0]) <= slack)] = Boundary.SIDE_LEFT
    tags[upright & both(np.abs(ends[..., 0] - high[0]) <= slack)] = Boundary.SIDE_RIGHT
    return tags
