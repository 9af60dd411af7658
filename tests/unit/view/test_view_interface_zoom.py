"""The zoom on the double layer: true distances from the metal, from below a nanometre on, labels and units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import synthetic_run as synthetic
from matplotlib.colors import LogNorm

from sim.view import Run
from sim.view.interface_zoom import has_zoom, zoom_figure, zoom_on
from sim.view.near_anode import distance_to_anode
from sim.view.sites import has_site_maps, sites_figure
from sim.view.snapshot import Snapshot


def test_the_distance_is_the_shortest_and_not_that_along_y():
    """Under a slope of 45° the nearest point of the metal lies beside; beyond an end it is the end."""
    ramp = pd.DataFrame({"x_m": [0.0, 1e-6, 2e-6], "y_m": [0.0, 1e-6, 1e-6]})
    x, y = np.array([0.5e-6, 0.5e-6, 1.5e-6, 2.0e-6]), np.array([0.5e-6, 0.5e-6 + 1e-9, 3e-6, 1e-6])
    nodes = Snapshot(0.0, x, y, np.array([[0, 1, 2]]), {})
    assert distance_to_anode(nodes, ramp) == pytest.approx([0.0, 1e-9 / np.sqrt(2), 2e-6, 0.0], abs=1e-18)


def test_many_nodes_are_handled_in_parts_without_a_seam(
    runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
):
    run = Run.from_folder(runs["pp"])
    whole = distance_to_anode(run.last_fields, run.interface)
    monkeypatch.setattr("sim.view.near_anode._CHUNK", 37)
    assert distance_to_anode(run.last_fields, run.interface) == pytest.approx(whole, abs=0)


def test_the_zoom_reaches_below_a_nanometre(runs: dict[str, Path]):
    run = Run.from_folder(runs["pp"])
    assert has_zoom(run)
    zoom = zoom_on(run, run.last_fields)
    assert zoom is not None
    assert zoom.nearest < 0.1
    assert zoom.farthest == pytest.approx(0.25e9 * synthetic.WIDTH)
    field = zoom_figure(run).axes[0]
    low, high = field.get_ylim()
    assert low == pytest.approx(np.log10(zoom.nearest))
    assert high == pytest.approx(np.log10(zoom.farthest))
    ticks = [text.get_text() for text in field.get_yticklabels()]
    assert ticks == ["0.1", "1", "10", "100", "1000"]


def test_colours_are_where_the_values_are(runs: dict[str, Path]):
    """Within one Debye length the concentration has its layer, whatever the height of the bump beneath."""
    run = Run.from_folder(runs["pp"])
    snapshot = run.last_fields
    zoom = zoom_on(run, snapshot)
    assert zoom is not None
    salt = snapshot.field("c_li_mol_m3") / np.sqrt(
        snapshot.field("c_li_mol_m3") * snapshot.field("c_anion_mol_m3")
    )
    near = np.unique(zoom.triangles[(zoom.decade[zoom.triangles] < np.log10(0.3)).all(axis=1)])
    far = np.unique(zoom.triangles[(zoom.decade[zoom.triangles] > np.log10(10)).all(axis=1)])
    assert salt[near].min() > np.exp(1)
    assert salt[far].max() < np.exp(0.1)


def test_labels_units_and_the_debye_length(runs: dict[str, Path]):
    figure = zoom_figure(Run.from_folder(runs["pia"]))
    labels = {axes.get_ylabel().replace("\n", " ") for axes in figure.axes}
    assert {
        "distance from the lithium (nm)",
        "potential φ (V)",
        "Li⁺ concentration (mol m⁻³)",
        "h (µm)",
    } == labels
    assert "x along the anode (µm)" in {axes.get_xlabel() for axes in figure.axes}
    assert "Debye length, 1.0 nm" in figure.axes[0].get_title(loc="right")
    dashed = [line for line in figure.axes[1].lines if line.get_linestyle() == "--"]
    assert [line.get_ydata()[0] for line in dashed] == [pytest.approx(0.0)]  # log10 of 1 nm
    assert isinstance(figure.axes[1].collections[0].norm, LogNorm)
    assert not isinstance(figure.axes[0].collections[0].norm, LogNorm)


def test_no_zoom_without_double_layers(runs: dict[str, Path]):
    run = Run.from_folder(runs["pp"])
    neutral = replace(run, settings=replace(run.settings, electrostatics="electroneutral"))
    assert not has_zoom(neutral)
    snapshot = run.last_fields
    coarse = replace(snapshot, y=np.where(snapshot.y < 0.6e-6, 0.0, snapshot.y))
    flat = run.interface.assign(y_m=-1e-6)
    run.__dict__["interface"] = flat
    assert zoom_on(run, coarse) is None


@pytest.mark.parametrize(
    ("name", "label", "scale"),
    [("pia", "coverage θ\n(–)", "linear"), ("control-2", "free sites\n1 − θ (–)", "log"),
     ("control-3", "coverage θ\n(–)", "log")],
)  # fmt: skip
def test_site_maps_and_coverage(runs: dict[str, Path], name: str, label: str, scale: str):
    run = Run.from_folder(runs[name])
    assert has_site_maps(run)
    figure = sites_figure(run)
    labels = [axes.get_ylabel() for axes in figure.axes]
    assert all(label.endswith(")") for label in labels)
    assert labels[3] == label
    assert figure.axes[3].get_yscale() == scale
    # 2e-5 mol/m² are twelve sites per nm²
    assert figure.axes[0].lines[0].get_ydata() == pytest.approx(12.044, abs=0.01)


def test_no_site_maps_without_sites(runs: dict[str, Path]):
    assert not has_site_maps(Run.from_folder(runs["pp"]))
