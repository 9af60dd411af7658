"""The figure of the claim map: counts, what sites do, what decides the claims, and slices through the default."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.view.style import INK, PAGE_WIDTH, STYLE, letter, new_figure, save_figure
from sim.view.sweeps.claim_panels import (
    MODES,
    draw_counts,
    draw_effect,
    draw_parts,
    draw_plane,
    verdict_handles,
)
from sim.view.sweeps.claim_slices import ClaimSlice, draw_slice, line_handles, scale_of

_HEIGHT = 235.0  #: [mm]
_CLAIM = "control_2_above_pia"


@mpl.rc_context(STYLE)
def claim_figure(table: pd.DataFrame, slices: list[ClaimSlice]) -> Figure:
    """table: as claim-map.csv; slices: none or two."""
    figure = new_figure(PAGE_WIDTH, _HEIGHT if slices else 0.76 * _HEIGHT)
    grid = figure.add_gridspec(4 if slices else 3, 2, height_ratios=[0.8, 1, 1, 1][: 4 if slices else 3])
    counts = figure.add_subplot(grid[0, :])
    draw_counts(counts, table)
    counts.legend(handles=verdict_handles(), loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    effect, parts = (figure.add_subplot(grid[1, i]) for i in range(2))
    figure.colorbar(draw_effect(effect, table), ax=effect, label="part of the current through the sites (–)")
    draw_parts(parts, table)
    planes = [figure.add_subplot(grid[2, i]) for i in range(2)]
    for axes, mode in zip(planes, MODES, strict=True):
        draw_plane(axes, table, mode, _CLAIM)
    panels = [counts, effect, parts, *planes]
    if slices:
        below = [figure.add_subplot(grid[3, i]) for i in range(2)]
        norm = scale_of(slices)
        for axes, one in zip(below, slices, strict=True):
            mesh = draw_slice(axes, one, norm)
        bar = figure.colorbar(mesh, ax=below, label="CV(PIA) / CV(its bulk), 0.5 V")
        bar.ax.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
        panels += below
    star = Line2D([], [], ls="", marker="*", color=INK, ms=8, label="as shipped")
    figure.legend(handles=[star, *(line_handles() if slices else [])], loc="outside lower center", ncols=3)
    for i, axes in enumerate(panels):
        letter(axes, i)
    return figure


def draw_claim_map(
    table: pd.DataFrame, slices: list[ClaimSlice], folder: Path, *, pdf: bool = False
) -> list[Path]:
    """Write claim-map.png, and a PDF on request; returns the files."""
    return save_figure(claim_figure(table, slices), folder / "claim-map.png", pdf=pdf)
