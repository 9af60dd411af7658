"""Which kind of result a folder holds."""

from __future__ import annotations

from pathlib import Path

from sim.loaded.experiment import LoadedExperiment, is_experiment
from sim.loaded.run import LoadedRun
from sim.loaded.runs import LoadedRuns, find_runs
from sim.loaded.sweep import LoadedSweep
from sim.view.errors import ViewError

Loaded = LoadedRun | LoadedRuns | LoadedSweep | LoadedExperiment


def load(folder: Path | str) -> Loaded:
    """The result in a folder: a run, a sweep, an experiment, or several runs (a comparison, a demo, a folder of runs).

    ViewError where there is no such folder, or none of these is in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ViewError(f"{folder}: there is no such folder")
    if (folder / "plan.csv").is_file():
        return LoadedSweep(folder)
    if (folder / "config.yaml").is_file():
        return LoadedExperiment(folder) if is_experiment(folder) else LoadedRun.from_folder(folder)
    if find_runs(folder):
        return LoadedRuns.from_folder(folder)
    raise ViewError(f"{folder}: no result in it: neither a run, nor a comparison, a sweep or an experiment")
