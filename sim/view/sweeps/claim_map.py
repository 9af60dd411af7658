"""The figure of the claim map: counts, what sites do, what decides the claims, and slices through the default."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from sim.view.style import PAGE_WIDTH, PNG, STYLE, letter, new_figure, save_figure
from sim.view.sweeps.claim_panels import (
    MODES,
    draw_counts,
    draw_effect,
    draw_parts,
    draw_plane,
    shipped_handles,
    verdict_handles,
)
from sim.view.sweeps.claim_slices import ClaimSlice, draw_slice, line_handles, scale_of
from sim.view.sweeps.words import logarithmic_ticks

_HEIGHTS = (46.0, 60.0, 56.0, 66.0)  #: of the rows [mm]
_CLAIM = "control_2_above_pia"


@mpl.rc_context(STYLE)
def claim_figure(table: pd.DataFrame, slices: list[ClaimSlice]) -> Figure:
    """table: as claim-map.csv; slices: none or two."""
    heights = _HEIGHTS if slices else _HEIGHTS[:-1]
    figure = new_figure(PAGE_WIDTH, sum(heights))
    rows = figure.subfigures(len(heights), 1, height_ratios=heights)
    panels = [_counts(rows[0], table), *_effects(rows[1], table), *_planes(rows[2], table)]
    if slices:
        panels += _slices(rows[3], slices)
    for i, axes in enumerate(panels):
        letter(axes, i)
    return figure


def _counts(row: SubFigure, table: pd.DataFrame) -> Axes:
    axes = row.subplots()
    draw_counts(axes, table)
    axes.legend(handles=verdict_handles(), loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return axes


def _effects(row: SubFigure, table: pd.DataFrame) -> list[Axes]:
    effect, parts = row.subplots(1, 2)
    row.colorbar(draw_effect(effect, table), ax=effect, label="current through the sites (–)")
    draw_parts(parts, table)
    return [effect, parts]


def _planes(row: SubFigure, table: pd.DataFrame) -> list[Axes]:
    planes = row.subplots(1, 2, sharey=True)
    for axes, mode in zip(planes, MODES, strict=True):
        draw_plane(axes, table, mode, _CLAIM)
    planes[1].set_ylabel("")
    return list(planes)


def _slices(row: SubFigure, slices: list[ClaimSlice]) -> list[Axes]:
    panels = list(row.subplots(1, len(slices), squeeze=False)[0])
    norm = scale_of(slices)
    for axes, one in zip(panels, slices, strict=True):
        mesh = draw_slice(axes, one, norm)
    bar = row.colorbar(mesh, ax=panels, label="CV(PIA) / CV(its bulk), 0.5 V", extend="both")
    logarithmic_ticks(bar.ax.yaxis)
    row.legend(handles=[*shipped_handles(), *line_handles()], loc="outside lower center", ncols=4)
    return panels


def draw_claim_map(
    table: pd.DataFrame, slices: list[ClaimSlice], folder: Path, *, formats: Sequence[str] = PNG
) -> list[Path]:
    """Write claim-map.png, and a PDF on request; returns the files."""
    return save_figure(claim_figure(table, slices), folder / "claim-map.png", formats=formats)
