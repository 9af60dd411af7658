"""Figures of one run: the files, their labels with units, and what is drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import synthetic_run as synthetic
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread

from sim.view import Run, ViewError, draw_run
from sim.view.along import current_figure
from sim.view.double_layer import double_layer_figure, has_double_layer
from sim.view.fields import bulk_limits, common_norm
from sim.view.figures import concentration_figure, potential_figure
from sim.view.history import history, history_figure, without_mean
from sim.view.labels import number
from sim.view.style import METAL, curve


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A finished run of its own."""
    return synthetic.write_run(tmp_path / "run", synthetic.PIA)


def axis_labels(figure: Figure) -> list[str]:
    """Every label that is not empty."""
    labels = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())]
    return [label for label in labels if label]


def all_inside(figure: Figure) -> bool:
    """Whether every text and everything else that is shown lies within the figure."""
    figure.draw_without_rendering()
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    return bool(min(box.x0, box.y0) >= 0 and box.x1 <= page[0] and box.y1 <= page[1])


def test_every_figure_is_written(folder: Path):
    written = draw_run(folder)
    names = ["potential", "concentration", "current", "double_layer", "history"]
    assert [path.name for path in written] == [f"{name}.png" for name in names]
    for path in written:
        assert path.parent == folder / "figures"
        picture = imread(path)
        assert min(picture.shape[:2]) > 400
        assert np.ptp(picture) > 0.5
    assert sorted(folder.glob("figures/*")) == sorted(written)  # no half-written file stays


def test_pdf_on_request(folder: Path):
    written = draw_run(folder, formats=("png", "pdf"))
    assert sum(path.suffix == ".pdf" and path.stat().st_size > 1000 for path in written) == 5


@pytest.mark.parametrize(
    "draw", [potential_figure, concentration_figure, current_figure, history_figure, double_layer_figure]
)
def test_every_axis_has_a_label_with_its_unit(runs: dict[str, Path], draw):
    figure = draw(Run.from_folder(runs["pia"]))
    assert len(axis_labels(figure)) >= 3
    assert all(label.endswith(")") for label in axis_labels(figure)), axis_labels(figure)


@pytest.mark.parametrize(("low", "step"), [(0.029135, 2.75e-4), (-0.1975, 1e-5), (0.0, 1.0), (1e4, 0.5)])
def test_no_text_is_cut_however_wide_the_numbers_of_the_colour_bar(
    runs: dict[str, Path], low: float, step: float
):
    run = Run.from_folder(runs["control-3-galvanostatic"])
    snapshot = run.last_fields
    snapshot.data["phi_V"] = low + step * snapshot.y / snapshot.y.max()
    figure = potential_figure(run)
    assert "potential φ (V)" in axis_labels(figure)
    assert all_inside(figure)
    assert all_inside(concentration_figure(run))


def test_the_heading_names_title_mode_and_limiting_current(runs: dict[str, Path]):
    title = potential_figure(Run.from_folder(runs["pia-galvanostatic"])).axes[0].get_title(loc="left")
    assert "PIA separator (N1 and N2 sites)" in title
    assert "galvanostatic 5 A m⁻² (0.5 C)" in title
    assert "j/jₗᵢₘ = 0.0054" in title


def test_a_long_title_is_cut_and_not_the_figure(folder: Path):
    text = (folder / "config.yaml").read_text(encoding="utf-8")
    text = text.replace("title: PIA separator (N1 and N2 sites)", f"title: {'very ' * 40}long")
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    figure = current_figure(Run.from_folder(folder))
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    assert box.x0 > -0.05
    assert box.x1 < figure.get_size_inches()[0] + 0.05


def test_the_whole_cell_in_micrometres_with_lithium_in_grey(runs: dict[str, Path]):
    axes = concentration_figure(Run.from_folder(runs["pp"])).axes[0]
    assert axes.get_xlim() == pytest.approx((0, 10))
    low, high = axes.get_ylim()
    assert low < 0 < 8 < high
    assert axes.get_aspect() == 1.0
    assert to_hex(axes.get_facecolor()) == METAL


def test_a_colour_scale_leaves_out_the_double_layer(runs: dict[str, Path]):
    snapshot = Run.from_folder(runs["pp"]).last_fields
    values = snapshot.field("c_li_mol_m3")
    low, high = bulk_limits(snapshot, "c_li_mol_m3")
    assert values.max() > 9000  # on the anode, within a nanometre
    assert low == pytest.approx(1370, abs=20)
    assert high == pytest.approx(3630, abs=20)


def test_a_field_that_does_not_vary_has_a_scale(runs: dict[str, Path]):
    snapshot = Run.from_folder(runs["pp"]).last_fields
    snapshot.data["flat"] = np.full_like(snapshot.x, 2500.0)
    norm = common_norm([snapshot], "flat")
    assert norm.vmin < 2500 < norm.vmax
    snapshot.data["lost"] = np.full_like(snapshot.x, np.nan)
    with pytest.raises(ViewError, match="no finite value"):
        common_norm([snapshot], "lost")


def test_channels_are_drawn_where_there_are_sites(runs: dict[str, Path]):
    def drawn(name: str) -> str:
        return " ".join(
            str(line.get_label()) for line in current_figure(Run.from_folder(runs[name])).axes[0].lines
        )

    assert "direct" in drawn("pia")
    assert "adsorbed" in drawn("pia")
    assert "direct" not in drawn("pp")
    assert "direct" not in drawn("pia-bulk")
    assert "mean" in drawn("pp")


def test_a_history_starts_with_plating_and_ends_before_infinity(folder: Path):
    run = Run.from_folder(folder)
    run.metrics.loc[len(run.metrics) - 1, "time_s"] = np.inf
    time = history(run)["time_s"]
    assert time.min() >= 1e-6 > time.min() / 2
    assert len(time) == (run.metrics["time_s"] >= 1e-6).sum() - 1


def test_a_history_that_ends_early_is_shown_whole(folder: Path):
    run = Run.from_folder(folder)
    run.metrics["time_s"] *= 1e-7
    assert len(history(run)) == len(run.metrics) - 1


@pytest.mark.parametrize("start", [-100.0, 1.0])
def test_no_cv_where_the_mean_current_turns(folder: Path, start: float):
    run = Run.from_folder(folder)
    mean = np.linspace(start, 100.0, len(run.metrics))
    run.metrics["current_density_mean_A_m2"] = mean
    lost = without_mean(run.metrics)
    turns = mean[1:] * mean[:-1] < 0
    assert lost[:-1][turns].all()
    assert lost[1:][turns].all()
    assert lost.sum() == 2 * turns.sum()
    shown = history(run)
    assert shown["current_density_cv"].isna().tolist() == lost[-len(shown) :].tolist()
    assert shown["ionic_current_density_cv"].isna().tolist() == lost[-len(shown) :].tolist()
    assert shown["current_density_mean_A_m2"].notna().all()
    says = "no CV where" in history_figure(run).axes[0].get_title(loc="left")
    assert says == lost[-len(shown) :].any()


def test_the_unevenness_fills_its_axis_and_shows_both_currents(folder: Path):
    run = Run.from_folder(folder)
    run.metrics["ionic_current_density_cv"] = run.metrics["current_density_cv"]
    axes = history_figure(run).axes[0]
    low, high = axes.get_ylim()
    drawn = np.concatenate([np.asarray(line.get_ydata()) for line in axes.lines])
    assert drawn.min() / 1.5 < low < drawn.min() < drawn.max() < high < 1.5 * drawn.max()
    assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()


def test_a_direct_steady_run_has_no_history(runs: dict[str, Path]):
    written = draw_run(runs["pp-galvanostatic"])
    assert "history.png" not in [path.name for path in written]


def test_no_double_layer_without_columns_above_the_anode(folder: Path):
    text = (folder / "config.yaml").read_text(encoding="utf-8")
    assert has_double_layer(Run.from_folder(folder))
    (folder / "config.yaml").write_text(text.replace("poisson", "electroneutral"), encoding="utf-8")
    assert not has_double_layer(Run.from_folder(folder))


def test_a_killed_run_gives_the_figures_it_can(folder: Path):
    for name in ("summary.json", "interface.csv", "metrics.csv"):
        (folder / name).unlink()
    (folder / "manifest.json").write_text('{"status": "running"}', encoding="utf-8")
    assert [path.name for path in draw_run(folder)] == ["potential.png", "concentration.png"]
    assert "run running" in potential_figure(Run.from_folder(folder)).axes[0].get_title(loc="left")


def test_nothing_to_draw_is_an_error(folder: Path):
    for name in ("summary.json", "interface.csv", "metrics.csv"):
        (folder / name).unlink()
    shutil.rmtree(folder / "fields")
    with pytest.raises(ViewError, match="nothing to draw yet"):
        draw_run(folder)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.02863, "0.0286"),
        (304.4, "304"),
        (2.1e-12, "2.10×10⁻¹²"),
        (-3.3e-14, "−3.30×10⁻¹⁴"),
        (0.0, "0"),
        (float("nan"), "–"),
        (0.9996, "1.00"),
        (12345.0, "12300"),
    ],
)
def test_numbers_as_a_reader_writes_them(value: float, text: str):
    assert number(value) == text


def test_curves_differ_in_colour_and_in_dashes_or_marker():
    looks = [curve(index) for index in range(5)]
    assert len({look.color for look in looks}) == len({look.marker for look in looks}) == 5
    assert curve(7) == curve(0)
