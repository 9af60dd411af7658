"""Figures of loaded results: matplotlib figures that a notebook shows and a script saves."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from sim.view.along import current_figure
from sim.view.anode_series import anode_at
from sim.view.both_fields import both_fields_figure
from sim.view.double_layer import double_layer_figure, has_double_layer
from sim.view.errors import ViewError
from sim.view.figures import concentration_figure, potential_figure
from sim.view.history import has_history, history_figure
from sim.view.interface_zoom import has_zoom, zoom_figure
from sim.view.moments import nearest
from sim.view.reader import Run
from sim.view.sites import has_site_maps, sites_figure

#: dots per inch in a notebook, fewer where a figure would be wider than a cell [pixels]
SCREEN_DPI, CELL_WIDTH = 110.0, 900.0


def shown(figure: Figure) -> Figure:
    """The figure, which a notebook now shows by itself: figures made without pyplot have no picture otherwise."""
    vars(figure)["_repr_png_"] = partial(_png, figure)
    return figure


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    dpi = min(SCREEN_DPI, CELL_WIDTH / float(figure.get_figwidth()))
    figure.savefig(buffer, format="png", dpi=dpi)
    return buffer.getvalue()


@dataclass(frozen=True)
class RunPlots:
    """The figures of one run. Each raises ViewError where the run has no data for it."""

    run: Run

    @property
    def names(self) -> tuple[str, ...]:
        """Those that this run has data for."""
        fields, anode = bool(self.run.snapshots), self.run.has_interface
        there = {
            "fields": fields,
            "potential": fields,
            "concentration": fields,
            "current": anode,
            "double_layer": has_double_layer(self.run),
            "interface_zoom": has_zoom(self.run),
            "coverage": has_site_maps(self.run),
            "history": has_history(self.run),
            "render": fields,
        }
        return tuple(name for name, known in there.items() if known)

    def fields(self, time: float | None = None) -> Figure:
        """Potential and Li⁺ concentration side by side at the stored time nearest to this one [s]; the last."""
        self._require("fields")
        return shown(both_fields_figure(self.run, self.run.fields(nearest(self.run.snapshots, time))))

    def potential(self) -> Figure:
        """Electric potential in the cell at the last time."""
        return self._drawn("potential", potential_figure)

    def concentration(self) -> Figure:
        """Li⁺ concentration in the cell at the last time."""
        return self._drawn("concentration", concentration_figure)

    def current(self) -> Figure:
        """Plating current along the anode, by channels."""
        return self._drawn("current", current_figure)

    def double_layer(self) -> Figure:
        """Potential and concentrations against the logarithm of the distance to the lithium."""
        return self._drawn("double_layer", double_layer_figure)

    def interface_zoom(self) -> Figure:
        """Potential and concentration by place along the anode and logarithm of the distance to it."""
        return self._drawn("interface_zoom", zoom_figure)

    def coverage(self) -> Figure:
        """Coverage of the sites along the anode, with their number, energy and charge."""
        return self._drawn("coverage", sites_figure)

    def history(self) -> Figure:
        """Unevenness, mean current and cell voltage against time."""
        return self._drawn("history", history_figure)

    def render(self, field: str = "c_li", time: float | None = None) -> Figure:
        """The current over the anode in depth, with a field (c_li or phi) behind it; needs pyvista and a screen."""
        from sim.view.render.page import FIELDS, render_figure
        from sim.view.render.screen import screen

        self._require("render")
        if field not in FIELDS:
            raise ViewError(f"no field '{field}' can be rendered; there are {', '.join(FIELDS)}")
        snapshot = self.run.fields(nearest(self.run.snapshots, time))
        with screen():
            return shown(render_figure(self.run, snapshot, anode_at(self.run, snapshot.time), field))

    def _drawn(self, name: str, draw: Callable[[Run], Figure]) -> Figure:
        self._require(name)
        return shown(draw(self.run))

    def _require(self, name: str) -> None:
        if name not in self.names:
            has = ", ".join(self.names) or "none"
            raise ViewError(
                f"{self.run.folder}: no data for '{name}' (status: {self.run.status}); figures: {has}"
            )

    def __repr__(self) -> str:
        return f"<figures: {', '.join(self.names) or 'none'}>"
