"""Reports: nothing outside the file, numbers of summary.json, sources of the shipped configs, what is unfinished."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import synthetic_run as synthetic
import xarray as xr

from sim.config.shipped_values import shipped_values
from sim.terminal.report import known_configs, run_report
from sim.view.errors import ViewError
from sim.view.reader import Run
from sim.view.report import write_report
from sim.view.report.assumptions import read_values, source_of
from sim.view.report.fields import FIELDS, MOST_TIMES, collect_maps
from sim.view.report.grids import ColumnSampler, Grids
from sim.view.report.kinds import runs_of
from sim.view.report.markup import element, markdown, text
from sim.view.report.names import readable, words_and_unit
from sim.view.report.packing import Numbers, rounded
from sim.view.snapshot import Snapshot

LARGEST = 10e6
FOUR = ("pp", "pia", "control-2", "control-3")


class Page(HTMLParser):
    """What a page refers to, its numbers, blocks and text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.references: list[tuple[str, str, str]] = []
        self.numbers: list[float] = []
        self.alts: list[str | None] = []
        self.blocks: dict[str, str] = {}
        self.tags: list[str] = []
        self.said = ""
        self._block = ""
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        self.references += [(tag, key, named[key] or "") for key in ("src", "href", "srcset") if key in named]
        if tag == "data":
            self.numbers.append(float(named["value"] or "nan"))
        if tag == "img":
            self.alts.append(named.get("alt"))
        self._block = named.get("id") or "program" if tag == "script" else "style" if tag == "style" else ""

    def handle_endtag(self, tag: str) -> None:
        self._block = ""

    def handle_data(self, data: str) -> None:
        if self._block:
            self.blocks[self._block] = self.blocks.get(self._block, "") + data
        else:
            self.said += data

    @property
    def content(self) -> dict:
        return json.loads(gzip.decompress(b64decode(self.blocks["packed-content"])))

    @property
    def values(self) -> np.ndarray:
        """All packed numbers, as the page's program unpacks them."""
        planes = np.frombuffer(gzip.decompress(b64decode(self.blocks["packed-numbers"])), np.uint8)
        return planes.reshape(4, -1).T.copy().view(">f4").ravel().astype(float)


@pytest.fixture(scope="module")
def known():
    return known_configs()


@pytest.fixture(scope="module")
def comparison(runs, known, tmp_path_factory) -> Page:
    target = tmp_path_factory.mktemp("report") / "four.html"
    return Page(write_report([runs[name] for name in FOUR], target, known))


@pytest.fixture(scope="module")
def single(runs, known, tmp_path_factory) -> Page:
    return Page(write_report([runs["pia"]], tmp_path_factory.mktemp("report") / "pia.html", known))


@pytest.fixture
def quick(single, comparison, monkeypatch):
    """For tests that look at no picture: each is an empty one, and plotly is left out."""
    monkeypatch.setattr("sim.view.report.pictures.Picture.encoded", lambda self: ("svg+xml", b"<svg/>", 100))
    monkeypatch.setattr("sim.view.report.page._plotly", lambda: "")


def fresh(folder: Path, **changes: object) -> Path:
    """A run folder of its own, with other entries in its manifest."""
    synthetic.write_run(folder, synthetic.PIA)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))
    return folder


def retitled(folder: Path, title: str) -> Path:
    config = folder / "config.yaml"
    config.write_text(re.sub(r"^title: .*$", f"title: '{title}'", config.read_text(), flags=re.MULTILINE))
    return folder


@pytest.mark.parametrize("which", ["single", "comparison"])
def test_nothing_is_outside_the_file(which, request):
    page = request.getfixturevalue(which)
    loaded = [(tag, address) for tag, _, address in page.references if tag != "a"]
    assert loaded and all(address.startswith("data:") for _, address in loaded), loaded
    links = [address for tag, _, address in page.references if tag == "a"]
    assert all(address.startswith(("#", "https://")) for address in links)
    style = page.blocks["style"]
    assert "url(" not in style and "@import" not in style
    assert {"link", "iframe", "object", "base"}.isdisjoint(page.tags)
    program = page.blocks["program"]
    assert not re.search(r"fetch\(|XMLHttpRequest|https?:", program)
    assert '<html lang="en">' in page.source and "<title>" in page.source
    assert page.alts and all(page.alts)


def test_links_inside_lead_somewhere(comparison):
    for _, _, address in comparison.references:
        if address.startswith("#"):
            assert f'id="{address[1:]}"' in comparison.source


def test_four_runs_are_of_a_sensible_size(comparison):
    assert len(comparison.source.encode()) < LARGEST


def test_identities_are_unique(comparison):
    names = re.findall(r'\sid="([^"]+)"', comparison.source)
    assert len(names) == len(set(names))


def test_numbers_are_those_of_the_summary(single, runs):
    summary = json.loads((runs["pia"] / "summary.json").read_text())
    wanted = [v for k, v in summary.items() if isinstance(v, float) and not k.startswith("mesh_error_")]
    assert wanted and set(wanted) <= set(single.numbers)
    assert "± " in single.said  # the synthetic CV has a mesh error


def test_words_give_the_share_of_the_limit(single, runs):
    share = Run.from_folder(runs["pia"]).metric("j_over_j_lim")
    assert f"{100 * share:.1f}\u00a0% of the limiting current" in single.said


def test_the_comparison_tells_runs_apart(comparison):
    titles = [one["title"] for one in comparison.content["maps"]["runs"]]
    assert len(set(titles)) == 4
    table = comparison.content["tables"][0]
    run = next(column for column in table["columns"] if column["name"] == "run")
    assert list(dict.fromkeys(run["values"])) == titles


def test_packed_fields_are_those_of_the_run(single, runs):
    """At the middle of the cell, where the synthetic fields are smooth, and in the double layer."""
    shown = single.content["maps"]["runs"][0]
    x, y, d = (1e-6 * np.array(shown[axis]) for axis in ("x", "y", "d"))
    d *= 1e-3
    for view, up in (("cell", y[:, None] + 0 * x), ("wall", synthetic.height(x) + d[:, None])):
        start = shown[view]["c_li_mol_m3"][-1]
        found = single.values[start : start + up.size].reshape(up.shape)
        above = np.maximum(up, synthetic.height(x))
        points = np.stack([np.broadcast_to(x, up.shape).ravel(), above.ravel()], axis=1)
        exact = synthetic.bulk_fields(points, synthetic.PIA, 1.0)["c_li_mol_m3"].reshape(up.shape)
        away = up - synthetic.height(x) > 20 * synthetic.DEBYE
        inside = np.isfinite(found)
        assert (inside == (up >= synthetic.height(x)))[np.abs(up - synthetic.height(x)) > 1e-8].all()
        np.testing.assert_allclose(found[inside & away], exact[inside & away], rtol=1e-3)
        if view == "wall":
            assert d[0] == pytest.approx(1e-10)
            np.testing.assert_allclose(found, exact, rtol=0.03)  # P2 through an exponential on a graded mesh


def square(columns: int = 5, rows: int = 7) -> Snapshot:
    """Nodes in columns over a slanted ground, a field that is quadratic along x and y."""
    x, level = np.meshgrid(np.linspace(0, 1e-5, columns), np.linspace(0, 1, rows) ** 1, indexing="ij")
    y = 8e-6 * level + 1e-6 * (x / 1e-5) * (1 - level)
    values = 2 + (x / 1e-5) ** 2 + 3 * (y / 8e-6) ** 2 - (x / 1e-5) * (y / 8e-6)
    return Snapshot(0.0, x.ravel(), y.ravel(), np.empty((0, 3), int), {"f": values.ravel()})


def test_columns_are_read_as_quadratic_elements():
    snapshot = square()
    x, y = np.linspace(1e-8, 9.99e-6, 31), np.linspace(1.2e-6, 7.9e-6, 23)
    sampler = ColumnSampler.of(snapshot, x)
    assert sampler is not None
    found = sampler.at(snapshot.data["f"], np.repeat(y[:, None], x.size, axis=1))
    exact = 2 + (x / 1e-5) ** 2 + 3 * (y[:, None] / 8e-6) ** 2 - (x / 1e-5) * (y[:, None] / 8e-6)
    # on a slanted element a quadratic of y is no exact quadratic of the element, but nearly
    np.testing.assert_allclose(found, exact, rtol=2e-3)
    np.testing.assert_allclose(sampler.surface, 1e-6 * x / 1e-5, atol=1e-18)
    assert np.isnan(sampler.at(snapshot.data["f"], np.full((1, x.size), -1e-9))).all()


def test_nodes_without_columns_are_read_linearly(runs):
    run = Run.from_folder(runs["pia"])
    snapshot = run.last_fields
    crooked = Snapshot(
        0.0,
        snapshot.x + 3e-8 * np.sin(1e6 * snapshot.y) * (snapshot.x > 0) * (snapshot.x < 1e-5),
        snapshot.y,
        snapshot.triangles,
        snapshot.data,
    )
    grids = Grids.of(run, crooked)
    assert not grids.exact
    found = grids.cell(crooked.x + 2 * crooked.y)
    known = np.isfinite(found)
    assert known.mean() > 0.85
    np.testing.assert_allclose(found[known], (grids.x + 2 * grids.y[:, None])[known], rtol=1e-6)


def test_rounding_keeps_four_digits():
    values = np.array([1.23456789, -2500.123, 1e-12, np.nan, 0.0])
    kept = rounded(values)
    assert np.isnan(kept[3]) and kept[4] == 0
    np.testing.assert_allclose(kept[:3], values[:3], rtol=4e-5)
    numbers = Numbers()
    assert (numbers.add(values[:2]), numbers.add(values[2:])) == (0, 2)


def test_a_long_march_gives_its_first_and_last_time(runs, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(runs["pia"], folder)
    sets = "".join(
        f'<DataSet timestep="{t}" part="0" file="bulk_{int(t > 0):04d}.vtu"/>' for t in np.linspace(0, 3, 40)
    )
    (folder / "fields" / "bulk.pvd").write_text(
        f'<VTKFile type="Collection"><Collection>{sets}</Collection></VTKFile>'
    )
    (shown,) = collect_maps([Run.from_folder(folder)], ["one"]).content["runs"]
    assert len(shown["times"]) == MOST_TIMES
    assert shown["times"][0] == "0 s" and shown["times"][-1] == "3.00 s, steady state"
    assert all(len(shown["cell"][name]) == MOST_TIMES for name in FIELDS)


@pytest.mark.parametrize(
    ("status", "words"), [("running", "still going"), ("failed", "failed"), ("interrupted", "stopped")]
)
def test_an_unfinished_run_says_so(tmp_path, known, status, words, quick):
    folder = fresh(tmp_path / "run", status=status, reason="the solver gave up at 3 s")
    (folder / "summary.json").unlink()
    (folder / "log.txt").write_text("2026-01-01  started\n2026-01-01  step 7\n")
    page = Page(write_report([folder], tmp_path / "r.html", known))
    assert words in page.said and "the solver gave up at 3 s" in page.said and "step 7" in page.said
    assert "its numbers are no result" in page.said
    assert "img" in page.tags


def test_a_run_of_which_little_is_left_still_opens(tmp_path, known, quick):
    folder = fresh(tmp_path / "run", status="running")
    for name in ("summary.json", "metrics.csv", "interface.csv"):
        (folder / name).unlink()
    shutil.rmtree(folder / "fields")
    page = Page(write_report([folder], tmp_path / "r.html", known))
    assert "No step of it is stored" in page.said and "packed-content" not in page.blocks
    assert "separator.conductivity" in page.said


def test_a_comparison_with_an_unfinished_run_says_so(runs, tmp_path, known, quick):
    folder = fresh(tmp_path / "run", status="interrupted")
    page = Page(write_report([runs["pp"], folder], tmp_path / "r.html", known))
    assert "1 of 2 runs not finished" in page.said and "stopped before its end" in page.said


def test_titles_are_text(tmp_path, known, quick):
    evil = "<b>bold</b> & <script>alert(1)</script>"
    folder = retitled(fresh(tmp_path / "run"), evil)
    other = retitled(fresh(tmp_path / "other"), evil)
    for folders in ([folder], [folder, other]):
        page = Page(write_report(folders, tmp_path / "r.html", known))
        assert "<b>bold" not in page.source and "<script>alert" not in page.source
        assert evil in page.said
    assert markdown("<img src=x> ![a](http://b/c.png) **d**") == (
        '<p>&lt;img src=x&gt; !<a href="http://b/c.png">a</a> <strong>d</strong></p>\n'
    )
    assert element("p", "<", title='"') == '<p title="&quot;">&lt;</p>'


def test_both_modes_of_a_demo_stand_in_one_report(runs, tmp_path, known, quick):
    for mode, suffix in (("0.5V", ""), ("0.5C", "-galvanostatic")):
        for name in ("pp", "pia"):
            shutil.copytree(runs[name + suffix], tmp_path / "demo" / "runs" / mode / name)
    found = runs_of(tmp_path / "demo")
    assert [f"{run.parent.name}/{run.name}" for run in found] == [
        "0.5V/pia",
        "0.5V/pp",
        "0.5C/pia",
        "0.5C/pp",
    ]
    (tmp_path / "demo" / "potentiostatic-table.csv").write_text("name\npp\npia\n")
    assert [run.name for run in runs_of(tmp_path / "demo")] == ["pp", "pia", "pp", "pia"]
    page = Page(write_report([tmp_path / "demo"], tmp_path / "r.html", known))
    titles = [one["title"] for one in page.content["maps"]["runs"]]
    assert len(set(titles)) == 4 and "PP separator, 0.5 V" in titles
    assert page.said.count("0.5 V and 0.5 C cannot both hold.") == 1


def test_sources_are_those_of_the_shipped_configs(runs, known):
    values = read_values(runs["pia"] / "config.yaml")
    at = lambda key, value=None: source_of(key, value or values[key], "pia", known)  # noqa: E731
    assert at("separator.conductivity") == "paper Fig. 3A"
    assert at("temperature").startswith("assumed")
    assert at("anode.stern.thickness") == "assumed: one solvent diameter, permittivity of the liquid"
    assert at("interface.sites.N1.adsorption_energy") == "paper Fig. 4C"
    assert at("interface.plating_rate").startswith("calibrated")
    assert at("solver.newton_tolerance") == "default of the program"
    assert at("separator.conductivity", "0.5 S/m").startswith(
        "set for this run; source not stated (shipped: "
    )
    assert at("interface.sites.N3.charge", "1").startswith("set for this run; source not stated")


def test_shipped_physical_values_have_a_source(known):
    """A comment says where each comes from; only numerics, switches and the end of the run may be the program's own."""
    own = ("name", "title", "mesh", "solver", "output")
    unsaid = {
        key
        for config in known
        for key in config.values
        if key.split(".")[0] not in own and config.source(key) == "not stated"
    }
    assert unsaid == {"operation.duration"}


def test_shipped_values_are_read_from_their_lines():
    pia = next(one for one in shipped_values() if one.name == "pia")
    assert pia.comments["electrolyte.concentration"].startswith("paper, COMSOL")
    assert "separator.porosity" in pia.stated and "mesh.growth" not in pia.stated


def test_contradictions_are_told_where_they_apply(single, runs, tmp_path, known, quick):
    assert "0.5 V and 0.5 C cannot both hold." in single.said
    assert "t₊ = 0.78 cannot come from positive fixed charge." in single.said
    assert "Two constants are fitted." in single.said
    folder = fresh(tmp_path / "run")
    config = folder / "config.yaml"
    changed = (
        config.read_text().replace("voltage: 0.5 V", "voltage: 0.1 V").replace("2500.0 mol", "1000.0 mol")
    )
    config.write_text(changed.replace("plating_rate: 3.2", "plating_rate: 32.0"))
    page = Page(write_report([folder], tmp_path / "r.html", known))
    assert "cannot both hold" not in page.said and "2500 mol/m³ in the paper" not in page.said
    assert "are not the values fitted to PIA" in page.said


def dataset(done: int) -> xr.Dataset:
    """A sweep of four points, so many of which are done."""
    status = np.array(["done"] * done + ["failed"] * (done < 4) + ["missing"] * (3 - done), dtype=object)
    cv = np.where(np.arange(4) < done, 0.01 * np.arange(1, 5), np.nan)
    key = {"config_key": "separator.conductivity", "units": "S/m", "axis": "0", "scale": "linear"}
    coordinates = {
        "index": ("point", np.arange(4), {}),
        "id": ("point", np.array(list("abcd"), dtype=object), {}),
        "base": ("point", np.array(["pia"] * 4, dtype=object), {}),
        "separator.conductivity_S_m": ("point", np.array([0.02, 0.04, 0.06, 0.08]), key),
    }
    variables = {
        "status": ("point", status, {}),
        "reason": ("point", np.array([""] * done + ["no <convergence>"] * (4 - done), dtype=object), {}),
        "warnings": ("point", np.zeros(4, int), {}),
        "current_density_cv": ("point", cv, {"units": "1", "long_name": "CV"}),
    }
    return xr.Dataset(
        variables, coordinates, {"title": "A <b>sweep</b>", "sweep": "s", "sweep_file": "name: s\n"}
    )


def sweep_folder(root: Path, runs: dict[str, Path], done: int) -> Path:
    for name in "abcd"[:done]:
        shutil.copytree(runs["pia"], root / "points" / name, ignore=shutil.ignore_patterns("fields"))
    root.mkdir(exist_ok=True)
    (root / "plan.csv").write_text("index,id\n0,a\n")
    return root


def test_a_sweep_has_its_points(runs, tmp_path, known, quick):
    folder = sweep_folder(tmp_path / "sweep", runs, 4)
    page = Page(write_report([folder], tmp_path / "r.html", known, dataset(4)))
    assert "4 of 4 points are done" in page.said and "A <b>sweep</b>" in page.said
    assert {0.01, 0.02, 0.03, 0.04} <= set(page.numbers)
    (table,) = page.content["tables"]
    assert (table["x"], table["y"]) == ("separator.conductivity_S_m", "current_density_cv")
    assert "img" in page.tags and "name: s" in page.said and "paper Fig. 3A" in page.said


@pytest.mark.parametrize("done", [0, 2])
def test_a_part_of_a_sweep_says_so(runs, tmp_path, known, done, quick):
    folder = sweep_folder(tmp_path / "sweep", runs, done)
    page = Page(write_report([folder], tmp_path / "r.html", known, dataset(done)))
    assert f"{done} of 4 points are done" in page.said and "no <convergence>" in page.said
    assert ("packed-content" in page.blocks) == bool(done)


def experiment_folder(root: Path, runs: dict[str, Path], status: str = "done") -> Path:
    root.mkdir()
    shutil.copy(runs["pp"] / "config.yaml", root / "config.yaml")
    (root / "manifest.json").write_text(
        json.dumps({"status": status, "experiment": "polarisation", "reason": "no <x>"})
    )
    return root


def test_an_experiment_has_its_tables_remarks_and_pages(runs, tmp_path, known, monkeypatch, quick):
    folder = experiment_folder(tmp_path / "e", runs)
    (folder / "summary.json").write_text(
        json.dumps(
            {"points": 3, "resistance_ohm_m2": 0.0123456, "remarks": ["mind <the> gap"], "skipped": []}
        )
    )
    (folder / "polarisation.csv").write_text("voltage_V,current_density_A_m2\n0.1,1.5\n0.2,2.5\n0.3,3.5\n")
    (folder / "page.md").write_text("# A page\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    monkeypatch.setattr("sim.view.experiments.polarisation.figures", lambda record: {})
    page = Page(write_report([folder], tmp_path / "r.html", known))
    assert {3.0, 0.0123456, 0.1, 2.5} <= set(page.numbers)
    assert "mind <the> gap" in page.said and "resistance (Ω\u00a0m²)" in page.said and "A page" in page.said
    assert page.content["tables"][0]["y"] == "current_density_A_m2"


def test_a_failed_experiment_says_why(runs, tmp_path, known, quick):
    page = Page(write_report([experiment_folder(tmp_path / "e", runs, "failed")], tmp_path / "r.html", known))
    assert "not finished (status: failed)" in page.said and "no <x>" in page.said


def test_what_is_no_result_is_refused(runs, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ViewError, match="holds no run, comparison, sweep or experiment"):
        write_report([tmp_path / "empty"], tmp_path / "r.html")
    with pytest.raises(ViewError, match="several folders must be runs"):
        write_report([runs["pp"], experiment_folder(tmp_path / "e", runs)], tmp_path / "r.html")
    assert run_report([tmp_path / "nowhere"], None) == 2
    assert "nowhere: there is no such folder" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_names_and_values_read_well():
    assert words_and_unit("bulk_resistance_ohm_m2") == ("bulk resistance", "Ω m²")
    assert words_and_unit("current_density_cv") == ("CV of the plating current", "")
    assert readable("1e-05 m") == "10⁻⁵\u00a0m" and readable("7.5e+17 1/m^2") == "7.5×10¹⁷\u00a01/m²"
    assert readable("potentiostatic") == "potentiostatic" and readable("2500.0 mol/m^3") == "2500\u00a0mol/m³"
    assert text("j/j$_\\mathrm{lim}$ < 1 A m⁻²") == "j/j<sub>lim</sub> &lt; 1 A\u00a0m⁻²"
