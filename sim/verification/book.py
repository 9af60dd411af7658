"""Performing cases and writing the book: Markdown pages, figures and HTML. Every rank performs, the first writes."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from sim import __version__
from sim.output.atomic import write_text, write_whole
from sim.verification.bench import Bench
from sim.verification.case import Case
from sim.verification.figures import case_figure
from sim.verification.html import write_html
from sim.verification.pages import SUMMARY, Performed, case_page, summary_page

HEAD = """
Every exact case of the simulator, one page each: the problem, the exact solution with its source, the config that runs
it, the comparison as a picture and as numbers, and the order of convergence where there is one. Page, figure and test
come from one definition in `sim/verification/cases/`; `sim verify` performs all of them and writes this book, the test
suite performs the same definitions at a smaller size on every change. Errors are relative to the exact value unless
the page says otherwise. An order of convergence must be met from both sides: too good is a mistake too.
"""


def perform(cases: Sequence[Case], comm: Any, *, full: bool, tell: Callable[[str], None]) -> list[Performed]:
    """Perform cases one after another, in scratch folders that are removed. Collective."""
    done = []
    for case in cases:
        scratch = Path(comm.bcast(tempfile.mkdtemp(prefix="sim-verify-") if comm.rank == 0 else None, root=0))
        began = time.monotonic()
        try:
            bench = Bench(comm, scratch, full=full, tell=tell)
            outcome = case.perform(bench)
        finally:
            comm.barrier()
            if comm.rank == 0:
                shutil.rmtree(scratch, ignore_errors=True)
        one = Performed(case, outcome, bench.shown, time.monotonic() - began)
        state = (
            "passed"
            if outcome.passed
            else "FAILED: " + "; ".join(outcome.failures or ["nothing was compared"])
        )
        tell(f"case {case.number}, {case.title}: {state} ({one.seconds:.1f} s)")
        done.append(one)
    return done


def write_book(performed: Sequence[Performed], folder: Path, *, full: bool) -> list[Path]:
    """Write pages, figures and HTML into a folder; returns the HTML files, the summary first."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = [one.case for one in performed]
    for index, one in enumerate(performed):
        figure = case_figure(one.outcome)
        if figure is not None:
            _save(figure, folder / f"{one.case.name}.svg")
        before = cases[index - 1] if index else None
        after = cases[index + 1] if index + 1 < len(cases) else None
        page = case_page(one, has_figure=figure is not None, before=before, after=after)
        write_text(folder / f"{one.case.name}.md", page)
    size = "at full size" if full else "at the small size of the test suite"
    write_text(folder / f"{SUMMARY}.md", summary_page(performed, f"{HEAD}\nVersion {__version__}, {size}."))
    return sorted(write_html(folder), key=lambda path: path.stem != "index")


def _save(figure: Figure, path: Path) -> None:
    """A figure as SVG, the same bytes for the same numbers."""
    with mpl.rc_context({"svg.hashsalt": path.stem, "svg.fonttype": "path"}):
        write_whole(path, lambda temporary: figure.savefig(temporary, metadata={"Date": None}))
