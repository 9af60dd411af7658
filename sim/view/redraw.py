"""The figures of finished folders drawn anew, without running anything: other formats, another place, all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.view.comparison import draw_comparison
from sim.view.errors import ViewError
from sim.view.figures import draw_run
from sim.view.modes import draw_modes
from sim.view.reader import Run
from sim.view.report.kinds import runs_of
from sim.view.style import PNG
from sim.view.table import comparison_table

STEM = "comparison"
#: the two modes of a demo, in the order of its figure of both
MODES = ("potentiostatic", "galvanostatic")


def redraw_run(folder: Path, *, formats: Sequence[str] = PNG, out_dir: Path | None = None) -> list[Path]:
    """All figures of one run, also of one that is unfinished as far as it came; returns the files."""
    return draw_run(folder, formats=formats, out_dir=out_dir, everything=True)


def redraw_comparison(
    folder: Path, *, formats: Sequence[str] = PNG, out_dir: Path | None = None
) -> list[Path]:
    """All figures of what `sim compare` or `sim demo` left, by default in their place; returns the files.

    The runs of a demo are compared mode by mode, and the modes with each other. ViewError where a run is unfinished.
    """
    place = folder if out_dir is None else out_dir
    runs = runs_of(folder)
    by_mode: dict[str, list[Path]] = {}
    for run in runs:
        by_mode.setdefault(Run.from_folder(run).settings.mode, []).append(run)
    if not _is_demo(by_mode):
        return draw_comparison(runs, place, STEM, formats=formats)
    written = [
        path for mode in MODES for path in draw_comparison(by_mode[mode], place, mode, formats=formats)
    ]
    tables = [comparison_table(by_mode[mode]) for mode in MODES]
    return written + draw_modes(tables[0], tables[1], place, "demo", formats=formats)


def _is_demo(by_mode: dict[str, list[Path]]) -> bool:
    """Whether the same runs are there in both modes."""
    names = [[run.name for run in by_mode.get(mode, [])] for mode in MODES]
    return names[0] == names[1] != [] and set(by_mode) == set(MODES)


def redraw_several(folders: Sequence[Path], out_dir: Path, *, formats: Sequence[str] = PNG) -> list[Path]:
    """Runs of any folders side by side, in the order given; returns the files."""
    for folder in folders:
        if not (folder / "config.yaml").is_file():
            raise ViewError(f"{folder}: not a run folder; several folders are compared run by run")
    return draw_comparison(folders, out_dir, STEM, formats=formats)
