"""The figures in the report of a run, with captions and texts for those who cannot see them."""

from __future__ import annotations

from sim.view.along import current_figure
from sim.view.double_layer import double_layer_figure, has_double_layer
from sim.view.figures import concentration_figure, potential_figure
from sim.view.history import has_history, history_figure
from sim.view.interface_zoom import has_zoom, zoom_figure
from sim.view.reader import Run
from sim.view.report.pictures import Picture
from sim.view.sites import has_site_maps, sites_figure


def run_pictures(run: Run) -> list[Picture]:
    """The figures that the run has data for: fields, along the anode, against time."""
    return [*_fields(run), *_curves(run)]


def _fields(run: Run) -> list[Picture]:
    """Maps of the cell and of the double layer at the last stored time."""
    title, at = run.settings.title, f"{run.settings.title}, {run.settings.drive}"
    found = []
    if run.snapshots:
        found += [
            Picture(
                lambda: concentration_figure(run),
                f"Li⁺ concentration at the last stored time, with lines along the flux of Li⁺ where the run has "
                f"stored it. {at}. Lithium is grey; the scale leaves out the double layers, thinner than a pixel.",
                f"Map of the Li⁺ concentration in the cell of {title}, anode below",
                vector=False,
            ),
            Picture(
                lambda: potential_figure(run),
                f"Electric potential against the anode's metal at the last stored time. {at}.",
                f"Map of the electric potential in the cell of {title}, anode below",
                vector=False,
            ),
        ]
    if has_zoom(run):
        found.append(
            Picture(
                lambda: zoom_figure(run),
                "The double layer: potential and Li⁺ concentration along the anode, against the logarithm of the "
                "distance from the lithium.",
                f"Maps of potential and concentration near the anode of {title}, distance in nanometres",
                vector=False,
            )
        )
    return found


def _curves(run: Run) -> list[Picture]:
    """Curves along the anode, away from it, and against time."""
    title = run.settings.title
    found = []
    if run.has_interface:
        found.append(
            Picture(
                lambda: current_figure(run),
                "Plating current along the anode, by its channels where there are sites, over the anode's shape.",
                f"Curves of the plating current along the anode of {title}",
            )
        )
    if has_site_maps(run):
        found.append(
            Picture(
                lambda: sites_figure(run),
                "The sites along the anode: how many there are, how strongly they hold lithium, and what they carry.",
                f"Curves of the sites along the anode of {title}",
            )
        )
    if has_double_layer(run):
        found.append(
            Picture(
                lambda: double_layer_figure(run),
                "The double layer above the highest and the lowest point of the anode: potential and concentrations "
                "against the logarithm of the distance from the lithium, at the mesh's own nodes.",
                f"Curves of potential and concentrations against the distance from the lithium of {title}",
            )
        )
    if has_history(run):
        found.append(
            Picture(
                lambda: history_figure(run),
                "Against time: unevenness, mean current and cell voltage.",
                f"Curves of unevenness, current and voltage of {title} against time",
            )
        )
    return found
