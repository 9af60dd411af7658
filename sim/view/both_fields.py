"""Potential and Li⁺ concentration of one run side by side, at any stored time."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.view.fields import common_norm, draw_field, drawn_aspect
from sim.view.labels import CONCENTRATION, POTENTIAL
from sim.view.moments import metrics_at, say_drive, say_time
from sim.view.reader import Run
from sim.view.snapshot import Snapshot
from sim.view.style import CONCENTRATION_MAP, PAGE_WIDTH, POTENTIAL_MAP, STYLE, new_figure

#: the cell's share of a column of the page, what stands above and below it [mm]
SHARE, AROUND = 0.74, 30.0
FIELDS = (("phi_V", POTENTIAL, POTENTIAL_MAP), ("c_li_mol_m3", CONCENTRATION, CONCENTRATION_MAP))


@mpl.rc_context(STYLE)
def both_fields_figure(run: Run, snapshot: Snapshot) -> Figure:
    """Both fields with colour bars, which leave out the double layers; title with mode and time."""
    height = SHARE * 0.5 * PAGE_WIDTH * drawn_aspect(snapshot) + AROUND
    figure = new_figure(PAGE_WIDTH, height)
    for axes, (name, quantity, cmap) in zip(figure.subplots(1, 2), FIELDS, strict=True):
        colours = draw_field(axes, run, snapshot, name, common_norm([snapshot], name), cmap)
        figure.colorbar(colours, ax=axes, location="top", aspect=32, pad=0.02).set_label(quantity.label)
    said = [say_drive(run, metrics_at(run, snapshot.time))]
    if len(run.snapshots) > 1:
        said.append(f"t = {say_time(snapshot.time)}")
    figure.suptitle(f"{run.settings.title}\n{'  ·  '.join(said)}")
    return figure
