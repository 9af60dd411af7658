"""How far every node is from the anode's metal: the axis on which a double layer can be seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.view.snapshot import Floats, Snapshot

#: Nodes handled at a time: bounds the table of distances between nodes and sides of the anode
_CHUNK = 4000


def distance_to_anode(snapshot: Snapshot, anode: pd.DataFrame) -> Floats:
    """(n,) shortest distance [m] of the nodes to the anode, which is the chain of the interface table's points.

    The sides are straight between the stored points, as they are in every figure; a node on the metal has 0.
    """
    corners = anode[["x_m", "y_m"]].to_numpy(dtype=float)
    nodes = np.column_stack([snapshot.x, snapshot.y])
    parts = [_to_chain(nodes[i : i + _CHUNK], corners) for i in range(0, len(nodes), _CHUNK)]
    return np.concatenate(parts)


def _to_chain(nodes: Floats, corners: Floats) -> Floats:
    """(n,) distance of (n, 2) nodes to the nearest of the sides between (m, 2) corners."""
    sides = np.diff(corners, axis=0)
    beside = nodes[:, None, :] - corners[None, :-1, :]
    along = (beside * sides).sum(axis=2) / np.maximum((sides**2).sum(axis=1), np.finfo(float).tiny)
    beside -= np.clip(along, 0.0, 1.0)[:, :, None] * sides
    return np.asarray(np.hypot(beside[:, :, 0], beside[:, :, 1]).min(axis=1))
