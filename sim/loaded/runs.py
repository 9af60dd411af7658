"""Several runs opened in Python: a comparison, a demo, or any folder with run folders in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.loaded.experiment import is_experiment
from sim.loaded.html import runs_html
from sim.loaded.plots import shown
from sim.loaded.run import LoadedRun
from sim.view.curves import along_figure, unevenness_figure, with_history
from sim.view.errors import ViewError
from sim.view.labels import drives
from sim.view.panel import panel_figure
from sim.view.parts import find_parts, parts_figure
from sim.view.reader import Run
from sim.view.table import table_of

#: how deep run folders are looked for: results/demo/runs/0.5V/pia, from its runs on
DEPTH = 2


@dataclass(frozen=True)
class LoadedRuns:
    """Runs by their place in the folder, such as "pia" or "0.5V/pia"; those of a comparison in its order."""

    folder: Path
    runs: Mapping[str, LoadedRun]

    @classmethod
    def from_folder(cls, folder: Path | str) -> LoadedRuns:
        """Open every run in a folder; ViewError where there is none."""
        folder = Path(folder)
        found = find_runs(folder)
        if not found:
            raise ViewError(f"{folder}: there are no run folders in it")
        return cls(folder, {key: LoadedRun.from_folder(path) for key, path in found.items()})

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per finished run, by its place: name, title, mode, drive, metrics and their mesh errors."""
        done = {key: one.run for key, one in self.runs.items() if one.status == "done"}
        return table_of(list(done.values())).set_axis(pd.Index(done, name="run"))

    @property
    def plot(self) -> RunsPlots:
        """Figures of the finished runs side by side."""
        done = [one.run for one in self.runs.values() if one.status == "done"]
        if not done:
            raise ViewError(f"{self.folder}: none of these runs is finished")
        return RunsPlots(done)

    def within(self, place: str) -> LoadedRuns:
        """Those below a place, such as "0.5V" of a demo; ViewError where there are none."""
        kept = {
            key.removeprefix(f"{place}/"): one
            for key, one in self.runs.items()
            if key.startswith(f"{place}/")
        }
        if not kept:
            places = sorted({key.rpartition("/")[0] for key in self.runs if "/" in key})
            raise ViewError(
                f"{self.folder}: no runs within '{place}'; there is {', '.join(places) or 'no such place'}"
            )
        return LoadedRuns(self.folder, kept)

    def __getitem__(self, key: str) -> LoadedRun:
        """One run; ViewError names those there are."""
        if key not in self.runs:
            raise ViewError(f"{self.folder}: no run '{key}'; there are {', '.join(self.runs)}")
        return self.runs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def __repr__(self) -> str:
        return f"<{len(self)} runs in {self.folder}: {', '.join(self.runs)}>"

    def _repr_html_(self) -> str:
        return runs_html(str(self.folder), self.table)


@dataclass(frozen=True)
class RunsPlots:
    """The figures of a comparison; runs of one drive belong into one (`within`)."""

    runs: list[Run]

    def panel(self) -> Figure:
        """Fields and current of every run side by side, on shared colour scales."""
        return shown(panel_figure(self._of_one_drive()))

    def current(self) -> Figure:
        """Plating currents along the anode."""
        return shown(along_figure(self._of_one_drive()))

    def history(self) -> Figure:
        """Unevenness against time of the runs that were marched."""
        if not with_history(self._of_one_drive()):
            raise ViewError("none of these runs was marched in time (operation.history)")
        return shown(unevenness_figure(self.runs))

    def parts(self) -> Figure:
        """What the bulk does to the unevenness and what the sites do."""
        parts = find_parts(self._of_one_drive())
        if parts is None:
            raise ViewError(
                "to tell the bulk's part from the sites', a run of the bulk alone must be among the runs"
            )
        return shown(parts_figure(self.runs, parts))

    def _of_one_drive(self) -> list[Run]:
        found = drives(self.runs)
        if len(found) > 1:
            raise ViewError(
                f"these runs are of different drives ({', '.join(found)}): choose some with .within(PLACE)"
            )
        return self.runs


def find_runs(folder: Path) -> dict[str, Path]:
    """Run folders by their place below a study's runs/, or below the folder itself.

    In the order of the comparison's table where there is one, else by name.
    """
    root = folder / "runs" if (folder / "runs").is_dir() else folder
    order = _order(folder)
    paths = sorted(_below(root, DEPTH), key=lambda path: (path.parent, order.get(path.name, len(order))))
    return {path.relative_to(root).as_posix(): path for path in paths}


def _order(folder: Path) -> dict[str, int]:
    """Place of each run's name in the table of a comparison; empty without one."""
    for table in sorted(folder.glob("*-table.csv")):
        names = pd.read_csv(table).get("name", pd.Series(dtype=str))
        return {str(name): place for place, name in enumerate(names)}
    return {}


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Run folders by name, not looking into them for others."""
    for path in sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")):
        if (path / "config.yaml").is_file():
            if not is_experiment(path):
                yield path
        elif depth > 1:
            yield from _below(path, depth - 1)
