"""A sweep folder opened in Python, at any time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.config import ConfigError
from sim.loaded.html import sweep_html
from sim.loaded.plots import shown
from sim.loaded.run import LoadedRun
from sim.sweeps.store import SweepFolderError, SweepStore
from sim.sweeps.table import sweep_dataset, sweep_frame
from sim.view.errors import ViewError
from sim.view.sweeps.choice import Request, sweep_figure
from sim.view.sweeps.columns import Table

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class LoadedSweep:
    """One sweep, also a part of it; its tables are read when they are first asked for."""

    folder: Path

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Inputs, status and metrics over the dimension ``point``, with units; ViewError where it cannot be read."""
        try:
            return sweep_dataset(self.folder)
        except (SweepFolderError, ConfigError) as error:
            raise ViewError(str(error)) from error

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per planned point, as in table.csv: inputs in SI, status, wall time and metrics."""
        return sweep_frame(self.dataset)

    @property
    def title(self) -> str:
        """Title of the sweep."""
        return str(self.dataset.attrs.get("title") or self.dataset.attrs.get("sweep", ""))

    @property
    def status(self) -> dict[str, int]:
        """How many points are done, failed and missing."""
        return {word: int(self.dataset.attrs[f"points_{word}"]) for word in ("done", "failed", "missing")}

    def run(self, identity: str) -> LoadedRun:
        """The run of one point, by its id in the table."""
        return LoadedRun.from_folder(SweepStore(self.folder).folder(identity))

    def plot(
        self,
        kind: str | None = None,
        *,
        x: str | None = None,
        y: tuple[str, ...] = (),
        colour: str | None = None,
    ) -> Figure:
        """The figure of `sim sweep plot`: lines, heatmap, parallel or scatter, by default what suits the axes.

        x and colour: a config key or metric, y: metrics; ViewError where they do not fit the sweep.
        """
        return shown(sweep_figure(Table(self.dataset), Request(kind, x, tuple(y), colour))[1])

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {word}" for word, number in self.status.items() if number)
        return f"<sweep {self.title}: {counts}, in {self.folder}>"

    def _repr_html_(self) -> str:
        return sweep_html(self.title, self.status, self.table)
