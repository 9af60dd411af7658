"""Makes the run folders that the viewers open, in the simulator's environment: python -m tests.viewers.make_runs FOLDER

`steady` and `transient` are finished, `killed` is a march that kill -9 ended.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.system.commands import COARSE, CONFIGS, settings, sim, start, status, wait_for

#: PIA's steady state on a mesh that is quick and still rough
STEADY = (CONFIGS / "pia.yaml", *settings(mesh__columns=12, output__figures="false"))
#: the first millisecond of its charging: some 70 steps in three seconds
TRANSIENT = (
    CONFIGS / "pia.yaml",
    *COARSE,
    *settings(operation__duration="1 ms", operation__output_times="[1 us, 10 us, 1 ms]"),
)
#: the fields at 10 us are there after two thirds of the steps
MIDDLE = "fields/interface_0002.vtu"


def finish(folder: Path, arguments: tuple[object, ...]) -> None:
    """A run to its end."""
    done = sim("run", *arguments, "-o", folder, cwd=folder.parent)
    if done.returncode:
        sys.exit(done.stderr)


def kill(folder: Path, arguments: tuple[object, ...]) -> None:
    """A run that is killed while it marches."""
    process = start("run", *arguments, "-o", folder, cwd=folder.parent)
    wait_for(folder / MIDDLE, process)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    if status(folder) != "running":
        sys.exit(f"{folder}: should have been killed while it ran, but is {status(folder)}")


def main(folder: Path) -> None:
    """All of them."""
    finish(folder / "steady", STEADY)
    finish(folder / "transient", TRANSIENT)
    kill(folder / "killed", TRANSIENT)


if __name__ == "__main__":
    os.umask(0o022)
    main(Path(sys.argv[1]).resolve())
