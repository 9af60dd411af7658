"""Figures of a sweep from its table alone: curves, heat maps, parallel axes, scatter matrices, Sobol indices.

`draw_sweep` takes the dataset of table.nc (``xarray.open_dataset``) and writes a file; `draw_sensitivity` takes the
table of the indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.view.style import PNG, save_figure
from sim.view.sweeps.choice import KINDS, Request, sweep_figure
from sim.view.sweeps.columns import Table
from sim.view.sweeps.sensitivity import sensitivity_figure

__all__ = ["KINDS", "Request", "draw_sensitivity", "draw_sweep"]


def draw_sweep(
    data: Any, folder: Path, request: Request | None = None, *, formats: Sequence[str] = PNG
) -> list[Path]:
    """Draw what is done of a sweep into ``folder/KIND.png``, in each of the formats (png, pdf, svg); returns the files.

    data: the dataset; request: what to draw, by default what suits the axes.
    Raises ViewError where nothing is done or the request does not fit.
    """
    kind, figure = sweep_figure(Table(data), request or Request())
    return save_figure(figure, folder / f"{kind}.png", formats=formats)


def draw_sensitivity(table: Any, title: str, folder: Path, *, formats: Sequence[str] = PNG) -> list[Path]:
    """Draw Sobol indices into ``folder/sensitivity.png``, in each of the formats (png, pdf, svg); returns the files."""
    return save_figure(sensitivity_figure(table, title), folder / "sensitivity.png", formats=formats)
