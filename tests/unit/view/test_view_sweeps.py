"""Figures of sweeps: which one suits, what is on their axes, what a part of a sweep shows, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread

from sim.view.errors import ViewError
from sim.view.style import curve
from sim.view.sweeps import Request, draw_sensitivity, draw_sweep
from sim.view.sweeps.choice import sweep_figure
from sim.view.sweeps.columns import Table
from sim.view.sweeps.sensitivity import sensitivity_figure
from sim.view.sweeps.words import brief, short, with_unit, words_of, wrapped

DIFFUSIVITY, MODE = "interface.surface_diffusivity", "operation.mode"
KAPPA = "separator.conductivity"
MODES = ("potentiostatic", "galvanostatic")


def key(name: str, axis: str, scale: str, unit: str = "1") -> dict[str, str]:
    return {"long_name": name, "config_key": name, "axis": axis, "scale": scale, "units": unit}


def dataset(rows: list[tuple], names: list[str], status: list[str] | None = None) -> xr.Dataset:
    """A sweep's table of (base, values of the keys …): the CV grows with the conductivity, falls with D_s."""
    bases, *columns = zip(*rows, strict=True)
    coordinates: dict[str, object] = {"base": ("point", np.array(bases, dtype=object), {})}
    for number, (name, values) in enumerate(zip(names, columns, strict=True)):
        words = isinstance(values[0], str)
        unit = {DIFFUSIVITY: "m^2/s", KAPPA: "S/m"}.get(name, "1")
        scale = "words" if words else "logarithmic" if name == DIFFUSIVITY else "linear"
        axis = "random" if name.startswith("random") else str(number)
        coordinates[name] = (
            "point",
            np.array(values, dtype=object if words else float),
            key(name, axis, scale, unit),
        )
    cv = np.array([0.01 * (i + 1) for i in range(len(rows))])
    done = np.array(status or ["done"] * len(rows), dtype=object)
    cv[done != "done"] = np.nan
    variables = {
        "status": ("point", done, {}),
        "current_density_cv": ("point", cv, {"units": "1", "long_name": "CV"}),
        "current_density_mean_A_m2": ("point", 100 * cv, {"units": "A/m^2", "long_name": "mean"}),
        "mesh_error_current_density_cv": ("point", 0.1 * cv, {"units": "1", "long_name": "error"}),
    }
    return xr.Dataset(variables, coordinates, {"title": "A sweep"})


DS = np.geomspace(1e-11, 1e-7, 5).tolist()
KS = np.linspace(0.02, 0.1, 5).tolist()


def line(status: list[str] | None = None) -> xr.Dataset:
    return dataset([("pia", d, m) for d in DS for m in MODES], [DIFFUSIVITY, MODE], status)


def plane() -> xr.Dataset:
    return dataset([("pia", d, k) for d in DS for k in KS], [DIFFUSIVITY, KAPPA])


def chance(count: int) -> xr.Dataset:
    drawn = np.random.default_rng(0).random((40, count))
    return dataset([("pia", *row) for row in drawn.tolist()], [f"random.k{i}" for i in range(count)])


def draw(data: xr.Dataset, **asked: object) -> tuple[str, Figure]:
    return sweep_figure(Table(data), Request(**asked))  # type: ignore[arg-type]


def labels(figure: Figure) -> set[str]:
    found = {text for axes in figure.axes for text in (axes.get_xlabel(), axes.get_ylabel()) if text}
    return {text.replace("\n", " ") for text in found}


def all_inside(figure: Figure) -> bool:
    figure.draw_without_rendering()
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    return bool(min(box.x0, box.y0) >= -0.01 and box.x1 <= page[0] + 0.01 and box.y1 <= page[1] + 0.01)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (line(), "lines"),
        (plane(), "heatmap"),
        (chance(3), "scatter"),
        (chance(9), "parallel"),
        (dataset([("pia", m) for m in MODES], [MODE]), "lines"),
        (dataset([("a", d, k, s) for d in DS for k in KS for s in DS], ["x.a", "x.b", "x.c"]), "parallel"),
    ],
    ids=["one axis", "two axes", "random", "many random", "words", "three axes"],
)
def test_the_axes_choose_the_figure(data: xr.Dataset, kind: str):
    chosen, figure = draw(data)
    assert chosen == kind
    assert all_inside(figure)


@pytest.mark.parametrize("kind", ["lines", "heatmap", "parallel", "scatter"])
def test_every_kind_is_written(tmp_path: Path, kind: str):
    written = draw_sweep(plane(), tmp_path / "figures", Request(kind), formats=("png", "pdf"))
    assert [path.name for path in written] == [f"{kind}.png", f"{kind}.pdf"]
    assert np.ptp(imread(written[0])) > 0.5
    assert sorted((tmp_path / "figures").iterdir()) == sorted(written)


def test_lines_show_the_numbers_with_their_units_and_mesh_errors():
    _, figure = draw(line(), y=("current_density_cv",))
    (axes,) = figure.axes
    assert labels(figure) == {"surface diffusivity (m²\u00a0s⁻¹)", "CV of the plating current"}
    assert axes.get_xscale() == "log"
    first = axes.containers[0]
    np.testing.assert_allclose(first.lines[0].get_xdata(), DS)
    np.testing.assert_allclose(first.lines[0].get_ydata(), [0.01, 0.03, 0.05, 0.07, 0.09])
    bars = first.lines[2][0].get_segments()
    np.testing.assert_allclose(
        [bar[:, 1] for bar in bars], [(0.9 * y, 1.1 * y) for y in (0.01, 0.03, 0.05, 0.07, 0.09)]
    )
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(MODES)
    assert legend.get_title().get_text() == "mode"


def test_a_part_of_a_sweep_says_what_is_missing_and_keeps_the_axes_of_the_whole():
    status = ["done"] * 7 + ["failed", "missing", "missing"]
    _, figure = draw(line(status), y=("current_density_cv",))
    assert figure.get_suptitle() == "A sweep\n7 of 10 points; 1 failed, 2 missing"
    assert len(figure.axes[0].containers) == 2
    column = Table(line(status)).column(DIFFUSIVITY)
    assert column.levels == DS


def test_a_base_that_the_key_does_not_change_is_a_level_line_and_no_other_is():
    rows = [("pp", 1e-9), *(("pia", d) for d in DS)]
    status = ["done", "done", *["missing"] * 4]
    _, figure = draw(dataset(rows, [DIFFUSIVITY], status), y=("current_density_cv",))
    level = [one for one in figure.axes[0].lines if one.get_linestyle() == ":"]
    assert [one.get_ydata()[0] for one in level] == [0.01]
    assert [one.get_label() for one in level] == ["pp"]


def test_a_heat_map_has_each_point_in_its_place():
    _, figure = draw(plane(), x=DIFFUSIVITY, y=("conductivity", "current_density_cv"))
    mesh = figure.axes[0].collections[0]
    values = mesh.get_array().reshape(5, 5)
    np.testing.assert_allclose(values, 0.01 * (1 + np.arange(25)).reshape(5, 5).T)
    assert labels(figure) == {
        "surface diffusivity (m²\u00a0s⁻¹)",
        "conductivity (S\u00a0m⁻¹)",
        "CV of the plating current",
    }
    edges = mesh.get_coordinates()[0, :, 0]
    np.testing.assert_allclose(np.sqrt(edges[1:] * edges[:-1]), DS)


def test_a_scatter_matrix_has_every_pair_once():
    _, figure = draw(chance(3), y=("current_density_cv",))
    assert len([axes for axes in figure.axes if axes.collections]) == 6
    assert labels(figure) == {"k0", "k1", "k2", "CV of the plating current"}


def test_parallel_axes_run_from_the_least_to_the_largest_value():
    _, figure = draw(plane(), kind="parallel", y=("current_density_cv",))
    lines = np.array(figure.axes[0].collections[0].get_segments())
    assert lines.shape == (25, 3, 2)
    np.testing.assert_allclose(sorted(lines[:, 0, 1])[::5], [0, 0.25, 0.5, 0.75, 1], atol=1e-12)


def test_parallel_lines_have_the_colour_of_their_point():
    _, figure = draw(plane(), kind="parallel", y=("current_density_cv",), colour="conductivity")
    drawn = figure.axes[0].collections[0]
    heights = [line[1][1] for line in drawn.get_segments()]
    for height, colour in zip(heights, drawn.get_colors(), strict=True):
        assert to_hex(colour) == curve(round(4 * height)).color


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"x": "surface_difusivity"}, "did you mean"),
        ({"y": ("nonsense",)}, "there are: base, interface.surface_diffusivity"),
        ({"kind": "lines", "y": ("mode",)}, "takes metrics"),
    ],
)
def test_what_does_not_fit_is_said(asked: dict, message: str):
    with pytest.raises(ViewError, match=message):
        draw(line(), **asked)


def test_sweeps_without_a_suitable_figure():
    with pytest.raises(ViewError, match="nothing to draw"):
        draw(line(["missing"] * 10))
    with pytest.raises(ViewError, match="crossed grid"):
        draw(chance(3), kind="heatmap")
    with pytest.raises(ViewError, match="no line"):
        draw(dataset([("pia", 1e-9)], [DIFFUSIVITY]), kind="lines")
    with pytest.raises(ViewError, match="two axes"):
        draw(dataset([("pia", d) for d in DS], [DIFFUSIVITY]), kind="heatmap")
    with pytest.raises(ViewError, match="panels are too many"):
        rows = [("pia", float(a), float(b), float(c)) for a in range(2) for b in range(2) for c in range(20)]
        draw(dataset(rows, ["x.a", "x.b", "x.c"]), kind="lines", x="x.a", colour="x.b")


def indices() -> pd.DataFrame:
    rows = []
    for metric in ("current_density_cv", "outer_field_cv"):
        for number, name in enumerate((KAPPA, DIFFUSIVITY)):
            total = 0.3 + 0.4 * number
            start = {"group": "pia", "metric": metric, "key": name, "total": total, "first_order": total / 2}
            ends = {"total_low": total - 0.1, "total_high": total + 0.2}
            rows.append({**start, **ends, "first_order_low": 0.0, "first_order_high": 0.5})
    return pd.DataFrame(rows)


def test_sensitivity_is_bars_with_intervals_the_largest_first(tmp_path: Path):
    figure = sensitivity_figure(indices(), "A sweep")
    assert all_inside(figure)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["surface diffusivity", "conductivity"]
    assert [bar.get_width() for bar in axes.containers[1]] == pytest.approx([0.7, 0.3])
    (interval, _) = axes.containers[1].errorbar.lines[2][0].get_segments()
    np.testing.assert_allclose(interval[:, 0], [0.6, 0.9])
    (path,) = draw_sensitivity(indices(), "A sweep", tmp_path)
    assert path.name == "sensitivity.png"


def test_keys_of_the_same_words_are_told_apart():
    data = dataset([("pia", a, b) for a in KS for b in DS], ["anode.exchange_rate", "counter.exchange_rate"])
    _, figure = draw(data)
    assert {"anode exchange rate", "counter exchange rate"} < labels(figure)


def test_words():
    assert words_of("interface.sites.N1.density") == "N1 density"
    assert with_unit("κ", "S/m") == "κ (S\u00a0m⁻¹)"
    assert with_unit("k", "1/s") == "k (s⁻¹)"
    assert with_unit("R", "ohm*m^2") == "R (Ω\u00a0m²)"
    assert with_unit("CV", "1") == "CV"
    assert wrapped("one two (m²\u00a0s⁻¹)", 8) == "one two\n(m²\u00a0s⁻¹)"
    assert [brief(v) for v in (0.02, 1e-7, 2.5e-9, 100.0, 0.0)] == ["0.02", "10⁻⁷", "2.5×10⁻⁹", "100", "0"]
    assert short("a" * 40) == "a" * 12 + "…" + "a" * 11
