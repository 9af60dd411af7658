"""The notebook in docs/ is executed anew, and its numbers are those that are committed."""

from __future__ import annotations

import re
import sys
from importlib import util
from pathlib import Path

import pytest

pytest.importorskip("nbclient")
pytest.importorskip("pyvista")

DOCS = Path(__file__).resolve().parents[2] / "docs"
NOTEBOOK = DOCS / "first-look.ipynb"
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w|\.\w)")
#: what another machine's rounding and time steps may change
TOLERANCE = 2e-3
LARGEST = 400_000


def executor():
    """docs/execute.py as a module."""
    spec = util.spec_from_file_location("execute_notebook", DOCS / "execute.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts(notebook) -> list[list[str]]:
    """What each cell of code says in words and numbers, and for a figure that it is one."""
    said = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", ())
        one = [output.get("text") or output.data.get("text/plain", "") for output in outputs]
        said.append(["a figure" if text.startswith("<Figure") else text for text in one])
    return said


def split(text: str) -> tuple[str, list[float]]:
    """Words with the places of numbers, and the numbers."""
    return re.sub(r"\s+", " ", NUMBER.sub("#", text)), [float(found) for found in NUMBER.findall(text)]


def test_numbers_are_found_where_they_are():
    assert split("CV 0.0269, 1e-09 m2/s, -3 in 0.5V") == ("CV #, # m2/s, # in 0.5V", [0.0269, 1e-9, -3.0])


def test_the_committed_notebook_is_small_and_of_no_machine():
    import nbformat

    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < LARGEST
    assert not re.search(r"/(home|root|tmp|work|usr|Users)/", text)
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    pictures = [o for c in notebook.cells for o in c.get("outputs", ()) if "image/png" in o.get("data", {})]
    assert len(pictures) >= 5


@pytest.mark.slow
def test_executed_anew_it_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import nbformat

    for name in ("JUPYTER_PATH", "IPYTHONDIR", "PYTHONPATH"):  # set by the executor: put back afterwards
        monkeypatch.setenv(name, "" if name != "PYTHONPATH" else str(DOCS.parent))
    fresh = executor().execute(NOTEBOOK, tmp_path / "fresh.ipynb")
    assert (tmp_path / "fresh.ipynb").is_file()
    kept = nbformat.read(NOTEBOOK, as_version=4)
    wrong = []
    for number, (now, then) in enumerate(zip(texts(fresh), texts(kept), strict=True)):
        for one, other in zip(now, then, strict=True):
            (words, found), (committed_words, committed) = split(one), split(other)
            if words != committed_words:
                wrong.append(f"cell {number}: {words!r} instead of {committed_words!r}")
            elif found != pytest.approx(committed, rel=TOLERANCE):
                wrong.append(f"cell {number}: {found} instead of {committed}")
    assert not wrong, "\n".join(wrong)
    assert sys.executable not in (tmp_path / "fresh.ipynb").read_text(encoding="utf-8")
