"""An experiment's folder opened in Python."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.loaded.html import experiment_html
from sim.loaded.plots import shown
from sim.view.errors import ViewError
from sim.view.experiments.record import ExperimentRecord


def is_experiment(folder: Path) -> bool:
    """Whether a folder's manifest names an experiment."""
    try:
        return "experiment" in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


@dataclass(frozen=True)
class LoadedExperiment:
    """One finished experiment."""

    folder: Path

    @cached_property
    def record(self) -> ExperimentRecord:
        """What the figures are drawn from; ViewError where the experiment is not finished."""
        return ExperimentRecord.from_folder(self.folder)

    @property
    def name(self) -> str:
        """Which experiment: polarisation, impedance, …"""
        return self.record.name

    @cached_property
    def summary(self) -> pd.Series:
        """Its results by name, the unit at the end of each."""
        return pd.Series(self.record.summary, name=self.name, dtype=object)

    @property
    def table(self) -> pd.DataFrame:
        """Its own table."""
        return self.record.table()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All of its tables by name."""
        return {path.stem: self.record.table(path.stem) for path in sorted(self.folder.glob("*.csv"))}

    def plot(self, name: str | None = None) -> Figure:
        """One of its figures, by default the first; ViewError names those there are."""
        found: dict[str, Figure] = import_module(f"sim.view.experiments.{self.name}").figures(self.record)
        chosen = next(iter(found), "") if name is None else name
        if chosen not in found:
            raise ViewError(f"{self.folder}: no figure '{chosen}'; there are {', '.join(found) or 'none'}")
        return shown(found[chosen])

    def __repr__(self) -> str:
        return f"<experiment {self.name} on {self.record.settings.title}, in {self.folder}>"

    def _repr_html_(self) -> str:
        return experiment_html(self.name, self.record.settings.title, self.summary)
