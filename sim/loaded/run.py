"""A run folder opened in Python: config, numbers, interface, fields and figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.config import ConfigError, RunConfig, load_config
from sim.loaded.html import run_html
from sim.loaded.plots import RunPlots
from sim.view.anode_series import anode_series
from sim.view.errors import ViewError
from sim.view.moments import nearest
from sim.view.reader import Run
from sim.view.snapshot import Floats

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class LoadedRun:
    """One run, finished or not. Names of columns end with their unit; what is not known is nan."""

    run: Run

    @classmethod
    def from_folder(cls, folder: Path | str) -> LoadedRun:
        """Open a folder; ViewError where it is no run folder."""
        return cls(Run.from_folder(folder))

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.run.folder

    @property
    def name(self) -> str:
        """Name of the config."""
        return self.run.settings.name

    @property
    def title(self) -> str:
        """Title of the config."""
        return self.run.settings.title

    @property
    def status(self) -> str:
        """running, done, failed or interrupted; unknown without a manifest."""
        return self.run.status

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the run warns of: read them before using a number."""
        return self.run.warnings

    @cached_property
    def config(self) -> RunConfig:
        """The resolved config, all values in SI.

        ViewError where this version does not know it, or a table or picture that it names is not there any more.
        """
        try:
            return load_config(self.folder / "config.yaml")
        except ConfigError as error:
            raise ViewError(
                f"{self.folder / 'config.yaml'}: not a config of this version: {error}"
            ) from error

    @cached_property
    def summary(self) -> pd.Series:
        """Final numbers by name; empty before the end."""
        return pd.Series(self.run.summary, name=self.name, dtype=float)

    @property
    def metrics(self) -> pd.DataFrame:
        """A row per accepted step; a steady state that was solved directly has one, at infinite time."""
        return self.run.metrics

    @property
    def interface(self) -> pd.DataFrame:
        """Along the anode at the last time, by arc length."""
        return self.run.interface

    def interface_series(self) -> xr.Dataset:
        """Along the anode at every stored time: dimensions time_s [s] and arc_length_m [m]."""
        return anode_series(self.run)

    @cached_property
    def times(self) -> Floats:
        """Times at which fields are stored [s]; a steady state stands at zero."""
        return np.array([time for time, _ in self.run.snapshots])

    def fields(self, time: float | None = None) -> Any:
        """Fields as a pyvista.UnstructuredGrid at the stored time nearest to this one [s], by default the last.

        Points in metres; arrays phi_V, c_li_mol_m3, c_anion_mol_m3 and the flux of Li⁺; its time is in
        field_data["time_s"].
        """
        stored = self.run.snapshots
        if not stored:
            raise ViewError(f"{self.folder}: no fields are stored (status: {self.status})")
        try:
            import pyvista
        except ImportError as error:
            raise ViewError(f"fields as a grid need pyvista: {error}") from error
        at, path = stored[nearest(stored, time)]
        grid = pyvista.read(path)
        grid.field_data["time_s"] = np.array([at])
        return grid

    @property
    def plot(self) -> RunPlots:
        """Figures: .plot.current() and others; `.plot.names` lists those that this run has data for."""
        return RunPlots(self.run)

    def __repr__(self) -> str:
        return f"<run {self.name}: {self.title}, {self.run.settings.drive}, {self.status}, in {self.folder}>"

    def _repr_html_(self) -> str:
        return run_html(self.run)
