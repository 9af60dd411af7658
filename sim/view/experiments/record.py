"""An experiment's folder read back, and its figures drawn by the module of its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.view.errors import ViewError
from sim.view.settings import Settings, read_settings
from sim.view.style import PNG, save_figure


@dataclass(frozen=True)
class ExperimentRecord:
    """What a finished experiment left: its name, settings of the cell, summary and tables."""

    folder: Path
    name: str
    settings: Settings
    summary: dict[str, Any]

    @classmethod
    def from_folder(cls, folder: Path | str) -> ExperimentRecord:
        """Open a folder; ViewError where no finished experiment is in it."""
        folder = Path(folder)
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            name = str(manifest["experiment"])
            summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError) as error:
            raise ViewError(f"{folder}: no finished experiment here") from error
        return cls(folder, name, read_settings(folder / "config.yaml"), summary)

    def table(self, name: str | None = None) -> pd.DataFrame:
        """One of the tables, by default the experiment's own; empty where there is none."""
        path = self.folder / f"{name or self.name}.csv"
        return pd.read_csv(path) if path.exists() and path.stat().st_size > 1 else pd.DataFrame()


def draw_experiment(
    folder: Path | str, *, formats: Sequence[str] = PNG, out_dir: Path | None = None
) -> list[Path]:
    """Draw, by default into figures/, what the experiment's module makes of it; returns the files."""
    record = ExperimentRecord.from_folder(folder)
    place = record.folder / "figures" if out_dir is None else out_dir
    figures: Callable[[ExperimentRecord], dict[str, Figure]]
    figures = import_module(f"sim.view.experiments.{record.name}").figures
    written: list[Path] = []
    for name, figure in figures(record).items():
        written += save_figure(figure, place / f"{name}.png", formats=formats)
    return written
