"""The double layer at the anode: potential and concentrations against the logarithm of the distance to the lithium.

Sampled along the mesh's own columns of nodes above the highest and the lowest point of the anode, so nothing is
interpolated. A mesh without columns, such as a user's triangles, gives no such figure.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.labels import POTENTIAL, heading
from sim.view.reader import Run
from sim.view.snapshot import Ints, Snapshot
from sim.view.style import COLUMN_WIDTH, STYLE, Curve, curve, new_figure

FEWEST_NODES = 8
NANOMETRE = 1e-9
#: A column's nodes share their x up to this part of the cell's length.
SAME_X = 1e-7


def has_double_layer(run: Run) -> bool:
    """Whether the run resolves double layers and its mesh has a column of nodes above the anode."""
    if run.settings.electrostatics != "poisson" or not run.snapshots or not run.has_interface:
        return False
    return len(_columns(run, run.last_fields)) > 0


def _columns(run: Run, snapshot: Snapshot) -> list[tuple[str, Ints]]:
    """(where, nodes from the anode outwards) above the highest and the lowest point of the anode."""
    anode = run.interface
    heights = anode["y_m"].to_numpy(dtype=float)
    x = anode["x_m"].to_numpy(dtype=float)
    flat = float(np.ptp(heights)) < 1e-3 * run.settings.width
    places = (
        [("flat anode", int(len(x) // 2))]
        if flat
        else [
            ("highest bump", int(np.argmax(heights))),
            ("lowest valley", int(np.argmin(heights))),
        ]
    )
    columns = []
    for where, at in places:
        nearest = snapshot.x[np.argmin(np.abs(snapshot.x - x[at]))]
        nodes = np.flatnonzero(np.abs(snapshot.x - nearest) < SAME_X * run.settings.length)
        if nodes.size >= FEWEST_NODES:
            columns.append((where, nodes[np.argsort(snapshot.y[nodes])]))
    return columns


def _plot(axes: Axes, snapshot: Snapshot, nodes: Ints, name: str, label: str, look: Curve) -> None:
    """One field along a column; its first node, on the metal, has no logarithm and is left out."""
    distance = (snapshot.y[nodes] - snapshot.y[nodes[0]]) / NANOMETRE
    away = distance > 0
    axes.plot(distance[away], snapshot.field(name)[nodes][away], label=label, **look.line)


@mpl.rc_context(STYLE)
def double_layer_figure(run: Run) -> Figure:
    """Potential, Li⁺ and anion from 0.01 nm above the lithium to the middle of the cell."""
    snapshot = run.last_fields
    figure = new_figure(COLUMN_WIDTH, 95)
    top, bottom = figure.subplots(2, 1, sharex=True)
    for index, (where, nodes) in enumerate(_columns(run, snapshot)):
        nodes = nodes[snapshot.y[nodes] < 0.5 * (snapshot.y.min() + snapshot.y.max())]
        dashes = "-" if index == 0 else (0, (4, 1.5))
        _plot(top, snapshot, nodes, "phi_V", f"φ, {where}", Curve(curve(4).color, dashes, ""))
        _plot(bottom, snapshot, nodes, "c_li_mol_m3", f"Li⁺, {where}", Curve(curve(1).color, dashes, ""))
        if "c_anion_mol_m3" in snapshot.data:
            _plot(
                bottom,
                snapshot,
                nodes,
                "c_anion_mol_m3",
                f"anion, {where}",
                Curve(curve(0).color, dashes, ""),
            )
    top.set_ylabel(POTENTIAL.label)
    bottom.set_ylabel("concentration (mol m⁻³)")
    bottom.set_xscale("log")
    bottom.set_xlabel("distance from the lithium, along y (nm)")
    for axes in (top, bottom):
        axes.grid(True)
        axes.ticklabel_format(axis="y", useOffset=False)
        axes.legend(loc="best")
    figure.align_ylabels()
    figure.suptitle(heading(run))
    return figure
