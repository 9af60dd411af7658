"""Comparisons: one colour scale per row, what the bulk and the sites do, tables in both modes, the caption."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import synthetic_run as synthetic
from matplotlib.collections import TriMesh
from matplotlib.colors import to_hex

from sim.view import Run, ViewError, comparison_table, draw_comparison, draw_modes, draw_run
from sim.view.caption import caption
from sim.view.curves import along_figure, unevenness_figure
from sim.view.drop import lowest_potential
from sim.view.labels import number
from sim.view.modes import modes_figure, modes_table
from sim.view.panel import panel_figure
from sim.view.parts import factor, find_parts, parts_figure
from sim.view.style import curve
from sim.view.table import table_figure

ORDER = ("pp", "pia", "control-2", "control-3", "pia-bulk")


@pytest.fixture(scope="module")
def steady(runs: dict[str, Path]) -> list[Path]:
    """Folders at 0.5 V in the paper's order."""
    return [runs[name] for name in ORDER]


@pytest.fixture(scope="module")
def opened(steady: list[Path]) -> list[Run]:
    return [Run.from_folder(folder) for folder in steady]


def colour_scales(figure) -> list[tuple[float, float]]:
    """Limits of every field drawn, row by row."""
    meshes = [child for axes in figure.axes for child in axes.get_children() if isinstance(child, TriMesh)]
    return [(float(mesh.norm.vmin), float(mesh.norm.vmax)) for mesh in meshes]


def test_every_file_of_a_comparison(steady: list[Path], tmp_path: Path):
    written = draw_comparison(steady, tmp_path / "out", "four", formats=("png", "pdf"))
    expected = ["panel", "current", "history", "parts", "table"]
    names = {path.name for path in written}
    assert names == {f"four-{name}.{kind}" for name in expected for kind in ("png", "pdf")} | {
        "four-table.csv",
        "four-resolved.csv",
        "four-caption.md",
    }
    assert all(path.stat().st_size > 300 for path in written)
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_one_colour_scale_per_row(opened: list[Run]):
    scales = colour_scales(panel_figure(opened))
    potential, concentration = set(scales[:5]), set(scales[5:])
    assert len(scales) == 10
    assert len(potential) == len(concentration) == 1
    assert potential != concentration
    low, high = concentration.pop()
    assert low == pytest.approx(869, abs=40)  # the widest of the five
    assert high == pytest.approx(4130, abs=40)


def test_the_level_that_a_double_layer_gives_the_potential_takes_no_part_of_the_scale(runs: dict[str, Path]):
    """Two runs that differ by 100 mV everywhere look the same; the caption tells their levels."""
    pair = [Run.from_folder(runs[name]) for name in ("control-3", "pia-bulk")]
    before = panel_figure(pair).axes[0].collections[0].get_clim()
    pair[1].last_fields.data["phi_V"] = pair[1].last_fields.data["phi_V"] + 0.1
    assert panel_figure(pair).axes[0].collections[0].get_clim() == pytest.approx(before, abs=1e-9)
    levels = [number(lowest_potential(run.last_fields)) for run in pair]
    assert levels[0] != levels[1]
    assert f"(from left to right {', '.join(levels)} V against" in caption(pair, None)


def test_the_panel_carries_the_numbers_and_is_a_page_wide(opened: list[Run]):
    figure = panel_figure(opened)
    texts = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    assert "CV 0.286" in texts
    assert "CV 0.00300" in texts
    assert "max/⟨j⟩" in texts
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(180)
    labels = [axes.get_ylabel().replace("\n", " ") for axes in figure.axes]
    assert "potential φ − φ₀ (mV)" in labels
    assert "Li⁺ concentration (mol m⁻³)" in labels
    assert labels.count("y (µm)") == 2  # only at the left
    assert figure.texts[0].get_text() == "potentiostatic 0.5 V"


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_panel_of_any_number_of_runs(opened: list[Run], count: int):
    figure = panel_figure(opened[:count])
    figure.draw_without_rendering()
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    assert min(box.x0 for box in boxes) > 0
    assert 0.97 * figure.bbox.width < max(box.x1 for box in boxes) < figure.bbox.width
    assert figure.get_size_inches()[0] * 25.4 < 180.001


def test_the_bar_of_a_panel_makes_room_for_wide_numbers(runs: dict[str, Path]):
    run = Run.from_folder(runs["control-3"])
    run.last_fields.data["c_li_mol_m3"] = 123456 + run.last_fields.y / run.last_fields.y.max()
    figure = panel_figure([run])
    figure.draw_without_rendering()
    assert all(axes.get_tightbbox().x1 < figure.bbox.width for axes in figure.axes)


def test_currents_of_all_runs_in_their_colours(opened: list[Run]):
    absolute, relative = along_figure(opened).axes[:2]
    assert [to_hex(line.get_color()) for line in absolute.lines] == [curve(index).color for index in range(5)]
    assert absolute.get_ylabel().endswith("per arc length of the anode (A m⁻²)")
    assert relative.get_ylabel().endswith("(%)")
    peaks = [float(np.max(line.get_ydata())) for line in relative.lines]
    assert peaks[0] > 50 > peaks[2] > peaks[1]


def test_unevenness_against_time_on_two_logarithmic_axes(opened: list[Run]):
    axes = unevenness_figure(opened).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert (axes.get_xlabel(), len(axes.lines)) == ("time (s)", 5)
    assert min(float(np.min(line.get_xdata())) for line in axes.lines) >= 1e-6


def test_the_caption_names_the_runs_with_a_gap_in_their_history(opened: list[Run], tmp_path: Path):
    run = Run.from_folder(synthetic.write_run(tmp_path / "control-2", synthetic.CONTROL_2))
    assert "This concerns" not in caption(opened, None)
    run.metrics.loc[run.metrics["time_s"] < 1e-3, "current_density_mean_A_m2"] *= -1
    said = caption([opened[0], run], None)
    assert "changes its sign" in said
    assert "This concerns Control 2 (N1 sites only)." in said


def test_without_histories_no_figure_of_them(runs: dict[str, Path], tmp_path: Path):
    folders = [runs[f"{name}-galvanostatic"] for name in ORDER]
    assert "g-history.png" not in [path.name for path in draw_comparison(folders, tmp_path, "g")]


def test_bulk_and_sites_are_told_apart_by_configs(opened: list[Run]):
    parts = find_parts(opened)
    assert parts is not None
    assert (parts.baseline, parts.bulk, parts.with_sites) == (0, 4, (1, 2, 3))
    texts = " ".join(text.get_text() for text in parts_figure(opened, parts).axes[0].texts)
    assert "bulk ÷ 8.6" in texts
    assert "sites ÷ 11" in texts
    assert find_parts(opened[:4]) is None


def test_the_axis_of_the_parts_has_numbers_to_read_by(opened: list[Run]):
    parts = find_parts(opened)
    assert parts is not None
    figure = parts_figure(opened, parts)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    low, high = axes.get_xlim()
    shown = [
        label.get_text()
        for value, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
        if low < value < high
    ]
    assert {"0.005", "0.01", "0.02", "0.05", "0.1", "0.2"} <= set(shown)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0.286, 0.033, "÷ 8.7"),
        (0.01, 0.02, "× 2.0"),
        (0.033, 0.0331, "× 1.00"),
        (0.0331, 0.033, "× 1.00"),
        (0.00823, 0.00814, "÷ 1.01"),
        (0.0331, 0.0269, "÷ 1.23"),
        (0.823, 0.835, "× 1.01"),
    ],
)
def test_factors(start: float, end: float, text: str):
    assert factor(start, end) == text


def test_the_table_has_a_row_per_run_in_order(steady: list[Path]):
    table = comparison_table(steady)
    assert tuple(table["name"]) == ORDER
    assert set(table["mode"]) == {"potentiostatic"}
    assert table["current_density_cv"].iloc[0] == pytest.approx(0.286, rel=1e-3)
    assert table["coverage_mean"].isna().tolist() == [True, False, False, False, True]
    assert table["mesh_error_current_density_cv"].iloc[1] == pytest.approx(0.004 * 0.003)


def test_the_table_as_a_picture_names_units(steady: list[Path]):
    texts = [text.get_text() for text in table_figure(comparison_table(steady)).axes[0].texts]
    assert "mean plating current density (A m⁻²)" in texts
    assert "cell voltage (V)" in texts
    assert "(3.00 ± 0.02)×10⁻³" in texts, "the CV with the error of its mesh"
    assert "310.0 ± 0.4" in texts
    assert "potentiostatic 0.5 V" in texts


def test_no_text_of_a_table_runs_into_the_next(runs: dict[str, Path], steady: list[Path]):
    table = comparison_table(steady)
    table["mesh_error_current_density_mean_A_m2"] = 0.02
    table["mesh_error_current_density_cv"] = 1.2e-5
    driven = comparison_table([runs[f"{name}-galvanostatic"] for name in ORDER])
    for figure in (table_figure(table), modes_figure(table, driven)):
        figure.draw_without_rendering()
        boxes = [
            text.get_window_extent() for axes in figure.axes for text in axes.texts if text.get_text().strip()
        ]
        for index, box in enumerate(boxes):
            assert 0 <= box.x0 < box.x1 <= figure.bbox.width
            in_line = [b for b in boxes[:index] if abs(b.y0 + b.y1 - box.y0 - box.y1) < box.height]
            assert not any(box.x0 < b.x1 and b.x0 < box.x1 for b in in_line)


def test_the_field_outside_the_double_layer_is_told_where_it_is_known(tmp_path: Path):
    folder = synthetic.write_run(tmp_path / "pp", synthetic.PP)
    assert "outer_field_cv" not in comparison_table([folder]).columns
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8")) | {"outer_field_cv": 0.06}
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    table = comparison_table([folder])
    assert table["outer_field_cv"].tolist() == [0.06]
    texts = [text.get_text() for text in table_figure(table).axes[0].texts]
    assert "CV of the normal field outside the double layer (–)" in texts


def test_both_modes_side_by_side(runs: dict[str, Path], steady: list[Path], tmp_path: Path):
    held = comparison_table(steady)
    driven = comparison_table([runs[f"{name}-galvanostatic"] for name in ORDER])
    csv, png = draw_modes(held, driven, tmp_path, "demo")
    table = pd.read_csv(csv)
    assert (csv.name, png.name) == ("demo-modes.csv", "demo-modes.png")
    assert table["potentiostatic_current_density_cv"].iloc[0] == pytest.approx(0.286, rel=1e-3)
    assert table["galvanostatic_current_density_mean_A_m2"].iloc[0] == pytest.approx(5.0, rel=0.5)
    texts = [text.get_text() for text in modes_figure(held, driven).axes[0].texts]
    assert "potentiostatic 0.5 V" in texts
    assert "galvanostatic 5 A m⁻² (0.5 C)" in texts
    with pytest.raises(ViewError, match="different runs"):
        modes_table(held, driven.iloc[::-1])


def test_the_caption_states_mode_assumptions_and_mesh(steady: list[Path], tmp_path: Path):
    draw_comparison(steady, tmp_path, "four")
    text = (tmp_path / "four-caption.md").read_text(encoding="utf-8")
    for said in (
        "potentiostatic 0.5 V",
        "G_ref = 0.4175 eV",
        "k_p = 3.2 1/s",
        "same anode profile",
        "controls inherit PIA's",
        "÷ 8.6",
        "grid convergence index",
        "CV of the plating current 0.40 %",
        "(3.00 ± 0.02)×10⁻³",
    ):
        assert said in text


def test_the_caption_of_runs_without_mesh_error_says_so(steady: list[Path], tmp_path: Path):
    draw_comparison([steady[0], steady[2]], tmp_path, "two")
    text = (tmp_path / "two-caption.md").read_text(encoding="utf-8")
    assert "No mesh error was estimated" in text
    assert "not told apart" in text


def test_the_caption_does_not_claim_what_the_configs_deny(runs: dict[str, Path], tmp_path: Path):
    folder = synthetic.write_run(tmp_path / "pia", synthetic.PIA)
    text = (folder / "config.yaml").read_text(encoding="utf-8")
    text = text.replace("height: 1e-06 m", "height: 2e-06 m").replace("3.2 1/s", "6.4 1/s")
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    alone = caption([Run.from_folder(folder)], None)
    assert "k_p = 6.4 1/s in all runs with sites: not the values fitted" in alone
    both = caption([Run.from_folder(folder), Run.from_folder(runs["control-2"])], None)
    assert "G_ref and k_p differ" in both
    assert "anode profiles of these runs differ" in both


def test_runs_of_different_modes_are_named_by_theirs(runs: dict[str, Path], tmp_path: Path):
    mixed = [Run.from_folder(runs[name]) for name in ("pp", "pp-galvanostatic")]
    texts = [text.get_text() for axes in panel_figure(mixed).axes for text in axes.texts]
    assert any(text.startswith("0.5 V: ") for text in texts)
    assert any(text.startswith("5 A m⁻²: ") for text in texts)
    assert along_figure(mixed).axes[0].lines[1].get_label() == "PP separator, 5 A m⁻²"
    assert find_parts([*mixed, *[Run.from_folder(runs[name]) for name in ("pia", "pia-bulk")]]) is None
    draw_comparison([runs["pp"], runs["pia-galvanostatic"]], tmp_path, "mixed")
    text = (tmp_path / "mixed-caption.md").read_text(encoding="utf-8")
    assert "potentiostatic 0.5 V, galvanostatic 5 A m⁻² (0.5 C)" in text


def test_runs_without_fields_have_no_panel(runs: dict[str, Path], tmp_path: Path):
    folder = synthetic.write_run(tmp_path / "pp", synthetic.PP)
    shutil.rmtree(folder / "fields")
    names = [path.name for path in draw_comparison([folder, runs["pia"]], tmp_path / "out", "two")]
    assert "two-panel.png" not in names
    assert "two-current.png" in names


@pytest.mark.parametrize("mean", [0.0, 100.0])
def test_flat_currents_and_none_at_all_are_drawn(tmp_path: Path, mean: float):
    even = synthetic.Fake("pp", 0.0, mean)
    folder = synthetic.write_run(tmp_path / "even", even)
    for name, column in (("interface.csv", "current_density_A_m2"), ("metrics.csv", "current_density_cv")):
        table = pd.read_csv(folder / name)
        table[column] = mean if name == "interface.csv" else 0.0
        table.to_csv(folder / name, index=False)
    draw_run(folder)
    draw_comparison([folder, folder], tmp_path / "out", "even")


def test_an_unfinished_or_empty_folder_is_an_error(runs: dict[str, Path], tmp_path: Path):
    folder = synthetic.write_run(tmp_path / "pp", synthetic.PP)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | {"status": "failed"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ViewError, match=r"not finished \(status: failed\)"):
        draw_comparison([folder, runs["pia"]], tmp_path, "x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ViewError, match="not a run folder"):
        comparison_table([tmp_path / "empty"])
    with pytest.raises(ViewError, match="at least one"):
        draw_comparison([], tmp_path, "x")
