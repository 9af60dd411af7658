"""`sim verify`: the book of a case, all cases on two ranks, and what a failing case or a wrong number says."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.verification.cases import all_cases
from tests.system.commands import sim


def test_the_book_of_one_case(tmp_path: Path) -> None:
    done = sim("verify", 3, "--small", "-o", "book", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "book").iterdir()}
    page = "case-03-reversible"
    assert names == {"README.md", "index.html", f"{page}.md", f"{page}.html", f"{page}.svg"}
    ElementTree.parse(tmp_path / "book" / f"{page}.svg")
    html = (tmp_path / "book" / f"{page}.html").read_text()
    assert f'src="{page}.svg"' in html
    assert "http" not in html.replace("http://www.w3.org", ""), "nothing is fetched"
    assert f"]({page}.md)" in (tmp_path / "book" / "README.md").read_text()


def test_no_such_case(tmp_path: Path) -> None:
    done = sim("verify", 99, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip() == "no case 99; there are 1 to 17"
    assert not list(tmp_path.iterdir())


@pytest.mark.mpi
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mpirun") is None, reason="needs mpirun")
def test_every_case_on_two_ranks(tmp_path: Path) -> None:
    done = sim("verify", "--small", "--no-book", cwd=tmp_path, ranks=2, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(": passed") == len(all_cases())
