"""Simulator of lithium plating through battery separators: fields in the cell, current along the lithium."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sim.loaded.open import Loaded

__version__ = "0.1.0"


def load(folder: Path | str) -> Loaded:
    """Results in Python: ``sim.load("results/pia")`` opens the folder of a run, comparison, sweep or experiment.

    A run has config, status, summary, metrics, interface, interface_series(), times, fields(time) and plot; a
    comparison runs, table and plot; a sweep table, dataset, run(id) and plot; an experiment summary, table and plot.
    No solver is needed. Raises sim.view.ViewError, which says what is wrong with a folder.
    """
    from sim.loaded.open import (
        load as open_folder,  # what it imports takes a second: not with every `import sim`
    )

    return open_folder(folder)
