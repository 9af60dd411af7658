"""``sim animate``: the stored times of a run as MP4 or GIF, with a bar on a terminal."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.view.errors import ViewError

DONE, WRONG_INPUT = 0, 2


def run_animate(folder: Path, out: Path | None, fps: float) -> int:
    """Write the animation, by default DIR/animation.mp4; returns the exit code.

    SIGTERM ends it as Ctrl-C does: nothing half-written stays.
    """
    from sim.view.animate import animate

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(stderr=True)
    columns = (TextColumn("frames"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("frames", total=None)

            def progress(done: int, of: int) -> None:
                bar.update(task, completed=done, total=of)

            written = animate(folder, out or folder / "animation.mp4", fps=fps, progress=progress)
    except (ViewError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_INPUT
    sys.stdout.write(f"written: {written}\n")
    return DONE
