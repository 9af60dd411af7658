"""``sim paraview``: a script that shows a run in ParaView."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.terminal.session import DONE, WRONG_INPUT


def run_paraview(folder: Path, output: Path | None) -> int:
    """Write the script and say how to use it; returns the exit code."""
    from sim.view.errors import ViewError
    from sim.view.paraview_script import write_paraview_script

    try:
        script = write_paraview_script(folder, output)
    except ViewError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_INPUT
    sys.stdout.write(
        f"written: {script}\n"
        f"in a window: paraview --script={script}\n"
        f"an image:    pvpython {script} --image cell.png\n"
    )
    return DONE
