"""The figures of one run, from its folder alone: potential, concentration, current along the anode, history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.view.along import current_figure
from sim.view.double_layer import double_layer_figure, has_double_layer
from sim.view.errors import ViewError
from sim.view.fields import common_norm, draw_field, drawn_aspect
from sim.view.history import has_history, history_figure
from sim.view.interface_zoom import has_zoom, zoom_figure
from sim.view.labels import CONCENTRATION, POTENTIAL, Quantity, heading
from sim.view.reader import Run
from sim.view.sites import has_site_maps, sites_figure
from sim.view.streamlines import LINES
from sim.view.style import (
    COLUMN_WIDTH,
    CONCENTRATION_MAP,
    MM_PER_INCH,
    PNG,
    POTENTIAL_MAP,
    STYLE,
    new_figure,
    save_figure,
    texts_beside,
)
from sim.view.ticks import plain_numbers

#: margins and the colour bar of a field's figure [mm]; the cell takes what the bar with its texts leaves of the width
LEFT, TOP, BOTTOM, EDGE = 11.0, 12.0, 10.0, 1.5
BAR_GAP, BAR_WIDTH = 3.0, 3.5
#: Room for the texts of a colour bar before they are measured [mm]
BAR_TEXTS = 13.5


@mpl.rc_context(STYLE)
def field_figure(run: Run, name: str, quantity: Quantity, cmap: str, *, streams: int = 0) -> Figure:
    """One field of the cell at the last stored time, a colour bar as high as it, and so many streamlines of Li⁺."""
    snapshot = run.last_fields
    figure = new_figure(COLUMN_WIDTH, COLUMN_WIDTH)
    figure.set_layout_engine("none")
    axes, beside = figure.add_axes((0, 0, 1, 1), label="cell"), figure.add_axes((0, 0, 1, 1), label="bar")
    _place(figure, axes, beside, drawn_aspect(snapshot), BAR_TEXTS)
    colours = draw_field(axes, run, snapshot, name, common_norm([snapshot], name), cmap, streams=streams)
    ticks = MaxNLocator(7, steps=[1, 2, 2.5, 5, 10])  # the same whatever the bar's height
    bar = figure.colorbar(colours, cax=beside, ticks=ticks)
    bar.set_label(quantity.label)
    plain_numbers(bar)
    axes.set_title(heading(run), loc="left")
    _place(figure, axes, beside, drawn_aspect(snapshot), texts_beside(figure, beside))
    return figure


def _place(figure: Figure, axes: Axes, beside: Axes, aspect: float, texts: float) -> None:
    """Cell and colour bar at their sizes where the bar's texts are this wide [mm]; the page follows in height."""
    width = COLUMN_WIDTH - LEFT - BAR_GAP - BAR_WIDTH - texts - EDGE
    height = width * aspect
    page = height + TOP + BOTTOM
    figure.set_size_inches(COLUMN_WIDTH / MM_PER_INCH, page / MM_PER_INCH)
    bottom, tall = BOTTOM / page, height / page
    axes.set_position((LEFT / COLUMN_WIDTH, bottom, width / COLUMN_WIDTH, tall))
    beside.set_position(((LEFT + width + BAR_GAP) / COLUMN_WIDTH, bottom, BAR_WIDTH / COLUMN_WIDTH, tall))


def potential_figure(run: Run) -> Figure:
    """Electric potential in the cell [V]."""
    return field_figure(run, "phi_V", POTENTIAL, POTENTIAL_MAP)


def concentration_figure(run: Run) -> Figure:
    """Li⁺ concentration in the cell [mol/m³] with streamlines of the flux of Li⁺, where that is stored."""
    return field_figure(run, "c_li_mol_m3", CONCENTRATION, CONCENTRATION_MAP, streams=LINES)


def draw_run(
    folder: Path | str,
    *,
    formats: Sequence[str] = PNG,
    out_dir: Path | str | None = None,
    everything: bool = False,
) -> list[Path]:
    """Draws what a run folder has data for, by default into its figures/, and returns the files.

    What takes longer (the zoom on the double layer, the maps of the sites) is drawn where `everything` is asked for.
    A run that is still going or was killed gives the figures it can; ViewError where it has data for none.
    """
    run = Run.from_folder(folder)
    place = run.folder / "figures" if out_dir is None else Path(out_dir)
    wanted: list[tuple[str, bool, Callable[[Run], Figure]]] = [
        ("potential", bool(run.snapshots), potential_figure),
        ("concentration", bool(run.snapshots), concentration_figure),
        ("current", run.has_interface, current_figure),
        ("double_layer", has_double_layer(run), double_layer_figure),
        ("history", has_history(run), history_figure),
    ]
    if everything:
        wanted += [
            ("interface_zoom", has_zoom(run), zoom_figure),
            ("sites", has_site_maps(run), sites_figure),
        ]
    written: list[Path] = []
    for name, there, draw in wanted:
        if there:
            written += save_figure(draw(run), place / f"{name}.png", formats=formats)
    if not written:
        raise ViewError(f"{run.folder}: nothing to draw yet (status: {run.status})")
    return written
