"""The render of a run: where things stand, what is coloured how, and what happens where nothing can be rendered."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import synthetic_run as synthetic
from marched_run import write_marched
from matplotlib.image import imread

from sim.view import Run, ViewError
from sim.view.anode_series import anode_at
from sim.view.moments import nearest, say_time
from sim.view.reader import CURRENT, mean_along_anode
from sim.view.render import FIELDS, draw_render
from sim.view.render.axonometry import View, axes, project
from sim.view.render.geometry import anode_surface, build_stage, field_plane, refined
from sim.view.render.page import current_norm, render_figure
from sim.view.render.screen import screen

pytest.importorskip("pyvista")


@pytest.fixture(scope="module")
def marched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_marched(tmp_path_factory.mktemp("render") / "run", synthetic.PP)


def stage_of(folder: Path):
    run = Run.from_folder(folder)
    snapshot = run.last_fields
    return snapshot, build_stage(snapshot, anode_at(run, snapshot.time))


def test_the_picture_is_whole_and_has_both_colour_scales(marched: Path, tmp_path: Path):
    written = draw_render(marched, tmp_path / "new" / "render.png")
    picture = imread(written)
    assert picture.shape[:2] == (900, 1600)
    assert sorted(written.parent.iterdir()) == [written]
    scene = picture[:, :1200, :3]
    coloured = scene[np.ptp(scene, axis=2) > 0.3]
    assert len(coloured) > 0.15 * scene.shape[0] * scene.shape[1]
    blue_green = (coloured[:, 1] > coloured[:, 0]) & (coloured[:, 2] > 0.3)  # of the field
    red_yellow = (coloured[:, 0] > 0.7) & (coloured[:, 2] < 0.6)  # of the current
    assert blue_green.sum() > 20_000
    assert red_yellow.sum() > 20_000


def test_words_units_mode_and_numbers_stand_on_the_page(marched: Path):
    run = Run.from_folder(marched)
    snapshot = run.fields(2)
    with screen():
        figure = render_figure(run, snapshot, anode_at(run, snapshot.time), "phi")
    texts = [text.get_text() for text in figure.texts]
    texts += [text.get_text() for one in figure.axes for text in (*one.texts, one.yaxis.label)]
    said = "\n".join(texts)
    assert "potentiostatic 0.5 V" in said
    assert "= 0.20" in said  # the share of the limiting current at this time, not the last
    assert "t = 50.0 ms" in said
    assert "potential φ (V)" in said
    assert "plating current density\nper arc length (A m⁻²)" in said
    assert "x along the anode (µm)" in said
    assert "nothing varies in depth" in said


def test_colours_of_the_field_leave_out_the_double_layer(marched: Path):
    snapshot, _ = stage_of(marched)
    with screen():
        run = Run.from_folder(marched)
        figure = render_figure(run, snapshot, anode_at(run, snapshot.time), "c_li")
    bar = next(one for one in figure.axes if "concentration" in one.get_ylabel())
    low, high = bar.get_ylim()
    assert high < 0.7 * snapshot.field("c_li_mol_m3").max()
    assert low > 0


def test_the_chart_counts_from_zero_and_holds_every_current(marched: Path):
    _, stage = stage_of(marched)
    heights = stage.chart(stage.current) - stage.zero
    assert np.allclose(heights / stage.current, stage.per_current)
    assert stage.base == stage.zero <= stage.chart(stage.current).min()
    assert stage.chart(stage.current).max() < stage.height.min()


def test_a_stripping_current_hangs_below_zero(marched: Path):
    run = Run.from_folder(marched)
    table = run.interface.assign(**{CURRENT: -run.interface[CURRENT]})
    stage = build_stage(run.last_fields, table)
    assert stage.zero > stage.chart(stage.current).max()
    assert stage.chart(stage.current).min() == pytest.approx(stage.base)


def test_the_surface_carries_the_current_at_its_place(marched: Path):
    _, stage = stage_of(marched)
    surface = anode_surface(stage)
    top = np.argmax(surface.points[:, 2])
    assert surface.values[top] == pytest.approx(stage.current[np.argmax(stage.height)])
    assert set(np.round(surface.points[:, 1], 9)) == {0.0, round(stage.depth, 9)}


def test_wall_layers_are_not_drawn(marched: Path):
    snapshot, stage = stage_of(marched)
    plane = field_plane(snapshot, stage, "phi_V")
    assert len(plane.faces) < len(snapshot.triangles)
    drawn = plane.points[np.unique(plane.faces)]
    assert np.ptp(drawn[:, 2]) > 0.996 * stage.width


def test_refining_passes_through_the_nodes_and_is_exact_for_parabolas():
    x = np.linspace(-1, 1, 9)
    fine = refined(x)
    assert np.allclose(refined(3 * x**2 - x + 1), 3 * fine**2 - fine + 1)
    assert set(np.round(x, 12)) <= set(np.round(fine, 12))
    assert refined(np.arange(4.0)).size == 4  # not the nodes of quadratic edges


def test_the_projection_keeps_the_window():
    right, up, towards = axes()
    assert np.allclose(np.array([right, up, towards]) @ np.array([right, up, towards]).T, np.eye(3))
    corners = np.array([[x, y, z] for x in (0, 10) for y in (0, 4) for z in (-3, 8)], dtype=float)
    seen = View.around(corners, margin=0.0).fractions(corners)
    assert seen.min(axis=0) == pytest.approx([0, 0]) and seen.max(axis=0) == pytest.approx([1, 1])
    assert project(np.array([[0.0, 0.0, 1.0]]))[0, 1] > 0  # up is up
    assert project(np.array([[0.0, 1.0, 0.0]]))[0, 1] > 0  # what is behind stands higher: seen from above


def test_an_even_current_is_not_drawn_as_an_uneven_one():
    norm = current_norm(np.array([100.0, 100.0001]))
    assert norm.vmax - norm.vmin == pytest.approx(2.0, rel=1e-3)
    assert (current_norm(np.zeros(3)).vmin, current_norm(np.zeros(3)).vmax) == (-0.5, 0.5)


def test_the_nearest_stored_time(marched: Path):
    stored = Run.from_folder(marched).snapshots
    assert [nearest(stored, time) for time in (None, 0.0, 0.04, 99.0)] == [-1, 0, 2, 3]
    assert say_time(0.0478) == "47.8 ms"


def test_the_anode_of_each_time(marched: Path):
    run = Run.from_folder(marched)
    means = [mean_along_anode(anode_at(run, time)) for time, _ in run.snapshots]
    assert means[0] == 0 and means[1] < means[2] < means[3]
    with pytest.raises(ViewError, match=r"the anode at 7 s is not stored"):
        anode_at(run, 7.0)


def test_a_run_without_fields_or_of_another_format(marched: Path, tmp_path: Path):
    bare = tmp_path / "bare"
    shutil.copytree(marched, bare)
    shutil.rmtree(bare / "fields")
    with pytest.raises(ViewError, match="no fields are stored"):
        draw_render(bare, tmp_path / "a.png")
    with pytest.raises(ViewError, match=r"written as \.png"):
        draw_render(marched, tmp_path / "a.jpg")
    assert set(FIELDS) == {"c_li", "phi"}


def test_without_any_screen_it_says_so_in_one_line(marched, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.view.render.screen._needs_server", lambda: True)
    monkeypatch.setattr("sim.view.render.screen.shutil.which", lambda name: None)
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(ViewError, match="install Xvfb") as caught:
        draw_render(marched, tmp_path / "a.png")
    assert "\n" not in str(caught.value)
    monkeypatch.setenv("DISPLAY", ":4711")  # nobody is there, and VTK would end this process
    with pytest.raises(ViewError, match=r":4711 does not answer"):
        draw_render(marched, tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_start(marched, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.view.render.screen._needs_server", lambda: True)
    monkeypatch.setattr("sim.view.render.screen.shutil.which", lambda name: "/bin/false")
    with pytest.raises(ViewError, match="/bin/false does not start"):
        draw_render(marched, tmp_path / "a.png")
