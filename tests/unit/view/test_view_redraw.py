"""Figures drawn anew from finished folders: formats, text that stays text, other places, what is unfinished."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import synthetic_run as synthetic

from sim.terminal.figures import run_figures
from sim.view import Run, ViewError
from sim.view.along import current_figure
from sim.view.redraw import redraw_comparison, redraw_run, redraw_several
from sim.view.style import save_figure

SVG = "{http://www.w3.org/2000/svg}"
PATHS_OF_MESH = (
    100_000  #: bytes that a colour mesh of 6,000 triangles would pass by far if it were not a picture
)


@pytest.fixture(scope="module")
def vector(runs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All figures of PIA as SVG and PDF in a place of their own."""
    return redraw_run(runs["pia"], formats=("svg", "pdf"), out_dir=tmp_path_factory.mktemp("out"))


def texts(path: Path) -> str:
    return " ".join("".join(text.itertext()) for text in ET.parse(path).iter(f"{SVG}text"))


def test_all_figures_in_both_formats_away_from_the_folder(runs: dict[str, Path], vector: list[Path]):
    names = {"potential", "concentration", "current", "double_layer", "history", "interface_zoom", "sites"}
    assert {path.stem for path in vector} == names
    assert {path.suffix for path in vector} == {".svg", ".pdf"}
    assert len(vector) == 2 * len(names)
    assert all(path.parent != runs["pia"] / "figures" for path in vector)


def test_text_stays_text(vector: list[Path]):
    """It can be searched and its font changed; a label is not a bundle of outlines."""
    by_name = {path.name: path for path in vector}
    assert "Li⁺ concentration (mol m⁻³)" in texts(by_name["concentration.svg"])
    assert "adsorbed state" in texts(by_name["current.svg"])
    for path in vector:
        if path.suffix == ".svg":
            assert "(µm)" in texts(path) or "(nm)" in texts(path) or "(s)" in texts(path)
        else:
            assert b"/CIDFontType2" in path.read_bytes()  # TrueType, not outlines


def test_colours_are_a_picture_and_lines_are_lines(vector: list[Path]):
    for path in vector:
        assert path.stat().st_size < 1_000_000
        if path.name in ("concentration.svg", "interface_zoom.svg"):
            text = path.read_text(encoding="utf-8")
            assert text.count("<image") >= 1
            assert sum(len(one.get("d", "")) for one in ET.parse(path).iter(f"{SVG}path")) < PATHS_OF_MESH


def test_the_same_figure_is_the_same_file(runs: dict[str, Path], vector: list[Path], tmp_path: Path):
    again = save_figure(
        current_figure(Run.from_folder(runs["pia"])), tmp_path / "current.png", formats=("svg", "pdf")
    )
    for second in again:
        first = next(path for path in vector if path.name == second.name)
        assert first.read_bytes() == second.read_bytes(), first.name


def test_a_demo_is_redrawn_mode_by_mode(runs: dict[str, Path], tmp_path: Path):
    for mode, suffix in (("0.5V", ""), ("0.5C", "-galvanostatic")):
        for name in ("pp", "pia"):
            target = tmp_path / "demo" / "runs" / mode / name
            shutil.copytree(runs[name + suffix], target, ignore=shutil.ignore_patterns("fields"))
    written = redraw_comparison(tmp_path / "demo", formats=("svg",))
    names = {path.name for path in written}
    assert {"potentiostatic-current.svg", "galvanostatic-current.svg", "demo-modes.svg"} <= names
    assert "potentiostatic-caption.md" in names
    assert all(path.parent == tmp_path / "demo" for path in written)
    assert not list((tmp_path / "demo").glob("*.png"))


def test_several_runs_side_by_side_and_only_runs(runs: dict[str, Path], tmp_path: Path):
    written = redraw_several([runs["pia"], runs["pp"]], tmp_path, formats=("svg",))
    assert "comparison-panel.svg" in [path.name for path in written]
    panel = texts(tmp_path / "comparison-panel.svg")
    assert panel.index("PIA") < panel.index("PP")  # in the order given
    with pytest.raises(ViewError, match="not a run folder"):
        redraw_several([runs["pia"], tmp_path], tmp_path)


def test_a_killed_run_is_drawn_and_said_to_be_unfinished(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = synthetic.write_run(tmp_path / "run", synthetic.Fake("pia", 0.03, 300.0, 0.5, status="running"))
    (folder / "summary.json").unlink()
    (folder / "fields" / "bulk_0001.vtu").unlink()  # the index names it, the run did not come so far
    assert run_figures([folder], None, ["svg", "svg"]) == 0
    said = capsys.readouterr()
    assert "not finished (status: running)" in said.err
    assert said.out.count("written: ") == len(list((folder / "figures").iterdir())) == 7
    assert "run running" in texts(folder / "figures" / "concentration.svg")


def test_what_cannot_be_drawn_is_said_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run_figures([tmp_path / "none"], None, ["png"]) == 2
    assert run_figures([tmp_path], None, ["png"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
