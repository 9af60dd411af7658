"""Parsl's interchange, which hands points to workers, as ``python -m sim.sweeps.interchange PARENT``.

Parsl's own command outlives a sweep that was killed, and dies of the Ctrl-C that is meant for the sweep.
"""

from __future__ import annotations

import os
import signal
import sys

from sim.sweeps.lifeline import end_with
from sim.sweeps.versions import run_interchange


def main() -> None:
    """Run the interchange until it is told to end, or its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(int(sys.argv[1]), lambda: os._exit(0))
    run_interchange()


if __name__ == "__main__":
    main()
