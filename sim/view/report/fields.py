"""The interactive view of fields: what of which runs goes into the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.view.fields import bulk_limits
from sim.view.labels import CONCENTRATION, POTENTIAL, Quantity, number
from sim.view.reader import Run, micrometres
from sim.view.report.grids import Grids
from sim.view.report.packing import Numbers
from sim.view.snapshot import Snapshot

#: fields in the order of the choice, with the names of plotly's colour maps
FIELDS: dict[str, tuple[Quantity, str]] = {
    "c_li_mol_m3": (CONCENTRATION, "Viridis"),
    "phi_V": (POTENTIAL, "Plasma"),
    "c_anion_mol_m3": (Quantity("anion concentration", "mol m⁻³"), "Cividis"),
}
#: fields at one time of one run that a page holds at most, and times of one run
MOST_MAPS, MOST_TIMES = 75, 16


@dataclass
class Maps:
    """Fields of several runs on grids."""

    numbers: Numbers
    runs: list[dict[str, Any]] = field(default_factory=list)
    limits: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    steps: dict[str, list[str]] = field(
        default_factory=dict
    )  #: how fine the grids are, in words -> titles of runs

    @property
    def resolution(self) -> str:
        """How fine the grids are, run by run where they differ."""
        if len(self.steps) == 1:
            return next(iter(self.steps))
        return "; ".join(f"{words} ({', '.join(titles)})" for words, titles in self.steps.items())

    @property
    def content(self) -> dict[str, Any]:
        """For the page's program."""
        shown = {
            name: {"label": quantity.words, "unit": quantity.unit, "colours": colours, **self.limits[name]}
            for name, (quantity, colours) in FIELDS.items()
            if name in self.limits
        }
        return {"runs": self.runs, "fields": shown}


def collect_maps(runs: Sequence[Run], titles: Sequence[str]) -> Maps:
    """The fields of the runs that have some; titles: as the choice shows them."""
    maps = Maps(Numbers())
    stored = [(run, title) for run, title in zip(runs, titles, strict=True) if run.snapshots]
    most = min(MOST_TIMES, max(MOST_MAPS // (len(FIELDS) * max(len(stored), 1)), 1))
    for run, title in stored:
        _add_run(maps, run, title, most)
    return maps


def _add_run(maps: Maps, run: Run, title: str, most: int) -> None:
    """Fields of a run at up to so many times, the first and the last among them."""
    stored = run.snapshots
    chosen = np.unique(np.linspace(len(stored) - 1, 0, most).round().astype(int)) if most > 1 else [-1]
    snapshots = [run.fields(int(index)) for index in chosen]
    grids = Grids.of(run, snapshots[-1])
    maps.steps.setdefault(_resolution(grids), []).append(title)
    entry: dict[str, Any] = {
        "title": title,
        "times": [_time(run, snapshot.time, last=snapshot is snapshots[-1]) for snapshot in snapshots],
        "x": _list(micrometres(grids.x)),
        "y": _list(micrometres(grids.y)),
        "d": _list(1e9 * grids.distance),
        "anode": _anode(run),
        "cell": {},
        "wall": {},
    }
    for name in FIELDS:
        if all(name in snapshot.data for snapshot in snapshots):
            _add_field(maps, entry, name, snapshots, grids)
    maps.runs.append(entry)


def _add_field(
    maps: Maps, entry: dict[str, Any], name: str, snapshots: Sequence[Snapshot], grids: Grids
) -> None:
    """One field at all times on both grids, and its part of the scales that runs and times share."""
    entry["cell"][name], entry["wall"][name] = [], []
    limits = maps.limits.setdefault(name, {"cell": [], "wall": []})
    for snapshot in snapshots:
        values = snapshot.field(name)
        entry["cell"][name].append(maps.numbers.add(grids.cell(values)))
        _widen(limits["cell"], *bulk_limits(snapshot, name))
        if grids.distance.size:
            near = grids.wall(values)
            entry["wall"][name].append(maps.numbers.add(near))
            _widen(limits["wall"], float(np.nanmin(near)), float(np.nanmax(near)))


def _widen(limits: list[float], low: float, high: float) -> None:
    limits[:] = [min([low, *limits[:1]]), max([high, *limits[1:]])]


def _resolution(grids: Grids) -> str:
    """How fine the grids are and how the values got there."""
    how = (
        "the quadratic elements of the mesh"
        if grids.exact
        else "lines between neighbouring nodes of the mesh"
    )
    step = 1e9 * float(grids.x[1] - grids.x[0])
    return f"{grids.x.size} × {grids.y.size} points {number(step)} nm apart, by {how}"


def _time(run: Run, time: float, *, last: bool) -> str:
    """A stored time as a reader says it; a steady state that was solved directly has none."""
    steady = last and run.metric("steady") == 1
    if steady and not (math.isfinite(time) and time > 0):
        return "steady state"
    if not math.isfinite(time):
        return "time unknown"
    return f"{_duration(time)}, steady state" if steady else _duration(time)


def _duration(time: float) -> str:
    """A time [s] in the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if time >= size or time == 0:
            return f"{number(time / size)} {unit}"
    return f"{number(time)} s"


def _anode(run: Run) -> dict[str, list[float]] | None:
    """The surface of the lithium in µm."""
    if not run.has_interface:
        return None
    table = run.interface
    return {"x": _list(micrometres(table["x_m"])), "y": _list(micrometres(table["y_m"]))}


def _list(values: np.ndarray) -> list[float]:
    return [float(f"{value:.7g}") for value in values]
