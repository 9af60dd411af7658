"""A run folder, read back: settings, status, metrics, interface and fields.

A folder opens as far as it has data, also while its run goes on or after it was killed; what is asked for and not
there raises ViewError with the file's name. Nothing here needs the solver.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.view.errors import ViewError
from sim.view.settings import Settings, read_settings
from sim.view.snapshot import Floats, Snapshot, list_snapshots, read_snapshot

CURRENT = "current_density_A_m2"
#: Mean over largest value below which a relative deviation is rounding errors.
NO_MEAN = 1e-9
_WARNINGS = "warnings"


@dataclass(frozen=True)
class Run:
    """One run folder. Tables carry the unit of a column in its name; missing values are nan."""

    folder: Path
    settings: Settings
    status: str  #: running, done, failed or interrupted; unknown without a manifest
    summary: dict[str, float]  #: final metrics; empty before the end
    metrics: pd.DataFrame  #: a row per accepted step; empty before the first
    warnings: tuple[str, ...] = ()  #: what the run itself warns of

    @classmethod
    def from_folder(cls, folder: Path | str) -> Run:
        """Open a folder; ViewError where it is no run folder or a file in it is broken."""
        folder = Path(folder)
        if not folder.is_dir():
            raise ViewError(f"{folder}: there is no such folder")
        if not (folder / "config.yaml").is_file():
            raise ViewError(f"{folder}: not a run folder, it has no config.yaml")
        manifest, summary = _read_json(folder / "manifest.json"), _read_json(folder / "summary.json")
        return cls(
            folder=folder,
            settings=read_settings(folder / "config.yaml"),
            status=str(manifest.get("status", "unknown")),
            summary={key: _number(value) for key, value in summary.items() if key != _WARNINGS},
            metrics=_read_table(folder / "metrics.csv"),
            warnings=tuple(map(str, summary.get(_WARNINGS, ()))),
        )

    def require_done(self) -> Run:
        """This run; ViewError unless it is finished and has its summary."""
        if self.status != "done":
            raise ViewError(f"{self.folder}: this run is not finished (status: {self.status})")
        if not self.summary:
            raise ViewError(f"{self.folder}: a finished run without summary.json")
        return self

    def metric(self, name: str) -> float:
        """A final metric by its name with unit: from the summary, else from the last step; nan where unknown."""
        if name in self.summary:
            return self.summary[name]
        if name in self.metrics.columns and len(self.metrics):
            return _number(self.metrics[name].iloc[-1])
        return math.nan

    @cached_property
    def interface(self) -> pd.DataFrame:
        """Along the anode at the last time, by x; ViewError before there is one."""
        table = _read_table(self.folder / "interface.csv")
        needed = {"x_m", "y_m", "arc_length_m", CURRENT}
        if table.empty:
            raise ViewError(f"{self.folder}: no interface.csv yet (status: {self.status})")
        if not needed <= set(table.columns):
            missing = ", ".join(sorted(needed - set(table.columns)))
            raise ViewError(f"{self.folder / 'interface.csv'}: columns are missing: {missing}")
        return table.sort_values("arc_length_m", kind="stable").reset_index(drop=True)

    @property
    def has_interface(self) -> bool:
        """Whether the anode's table is there."""
        return (self.folder / "interface.csv").is_file()

    @property
    def has_sites(self) -> bool:
        """Whether lithium may also reach the metal through an adsorbed state."""
        return bool(self.settings.sites)

    @property
    def snapshots(self) -> list[tuple[float, Path]]:
        """(time [s], file) of every stored field, in order."""
        return list_snapshots(self.folder / "fields" / "bulk.pvd")

    def fields(self, index: int = -1) -> Snapshot:
        """Fields of the cell at a stored time, by default the last; ViewError where there is none."""
        stored = self.snapshots
        if not stored:
            raise ViewError(f"{self.folder}: no fields are stored (status: {self.status})")
        time, path = stored[index]
        return read_snapshot(path, time)

    @cached_property
    def last_fields(self) -> Snapshot:
        """Fields of the cell at the last stored time."""
        return self.fields(-1)


def mean_along_anode(table: pd.DataFrame, column: str = CURRENT) -> float:
    """Arc-length mean ∫f ds/∫ds of a column of an interface table, in the column's unit."""
    arc = table["arc_length_m"].to_numpy(dtype=float)
    values = table[column].to_numpy(dtype=float)
    if arc.size < 2:
        return float(values.mean())
    return float(np.trapezoid(values, arc) / (arc[-1] - arc[0]))


def relative_to_mean(table: pd.DataFrame, column: str = CURRENT) -> Floats:
    """f/⟨f⟩ along the anode; nan where there is no mean to speak of, such as without a current."""
    values = table[column].to_numpy(dtype=float)
    mean = mean_along_anode(table, column)
    if not abs(mean) > NO_MEAN * float(np.abs(values).max(initial=0.0)):
        return np.full_like(values, np.nan)
    return values / mean


def micrometres(values: Floats | pd.Series) -> Floats:
    """Metres to µm."""
    return np.asarray(values, dtype=float) * 1e6


def _number(value: Any) -> float:
    """A JSON or CSV value as a float; nan for null and for what is no number."""
    try:
        return math.nan if value is None else float(value)
    except (TypeError, ValueError):
        return math.nan


def _read_json(path: Path) -> dict[str, Any]:
    """A JSON mapping; empty where the file is missing."""
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ViewError(f"{path}: not readable JSON: {error}") from error
    if not isinstance(content, dict):
        raise ViewError(f"{path}: not a mapping of names to values")
    return content


def _read_table(path: Path) -> pd.DataFrame:
    """A CSV with a header; empty where the file is missing or has no rows."""
    if not path.is_file():
        return pd.DataFrame()
    try:
        return pd.read_csv(path)
    except pd.errors.EmptyDataError:
        return pd.DataFrame()
    except (OSError, ValueError) as error:
        raise ViewError(f"{path}: not a readable table: {error}") from error
