"""``sim figures``: draw what finished folders hold, in any format, without running anything."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

DONE, WRONG_INPUT = 0, 2
#: where a comparison of several folders goes unless -o says otherwise
SEVERAL = Path("results") / "figures"


def run_figures(folders: Sequence[Path], output: Path | None, formats: Sequence[str]) -> int:
    """Draw, say where the files are and what is unfinished; returns the exit code."""
    from sim.sweeps.store import SweepFolderError
    from sim.view import ViewError

    try:
        written = _draw(folders, output, tuple(dict.fromkeys(formats)))
    except (ViewError, SweepFolderError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or output}: cannot be written: {error.strerror or error}")
    sys.stdout.write("".join(f"written: {path}\n" for path in written))
    return DONE


def _draw(folders: Sequence[Path], output: Path | None, formats: Sequence[str]) -> list[Path]:
    """Choose by what the folders are."""
    from sim.view.redraw import redraw_comparison, redraw_run, redraw_several
    from sim.view.report.kinds import COMPARISON, EXPERIMENT, RUN, kind_of

    if len(folders) > 1:
        return redraw_several(folders, output or SEVERAL, formats=formats)
    folder = folders[0]
    kind = kind_of(folder)
    if kind == RUN:
        _tell_status(folder)
        return redraw_run(folder, formats=formats, out_dir=output)
    if kind == COMPARISON:
        return redraw_comparison(folder, formats=formats, out_dir=output)
    if kind == EXPERIMENT:
        from sim.view.experiments.record import draw_experiment

        return draw_experiment(folder, formats=formats, out_dir=output)
    from sim.sweeps.table import sweep_dataset
    from sim.view.sweeps import draw_sweep

    return draw_sweep(sweep_dataset(folder), output or folder / "figures", formats=formats)


def _tell_status(folder: Path) -> None:
    """That a run is not finished, before what there is of it is drawn."""
    from sim.view import Run

    status = Run.from_folder(folder).status
    if status != "done":
        sys.stderr.write(f"{folder}: this run is not finished (status: {status}); drawing what is there\n")


def _refuse(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return WRONG_INPUT
