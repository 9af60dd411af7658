"""The mesh that a tolerance asks for, found by solving on a few.

The error of a mesh is estimated for its columns and for its rows apart: the metric on meshes with r = 1.6 times fewer
and more of the one, the other kept, gives Roache's index (`mesh_study.estimate`); the sum of both is the error. Where
it is above the tolerance, the direction with more than half of the tolerance gets as many more steps of r as its order
asks for, and the estimate is made anew on that mesh. The search begins below the default mesh, where a solve costs a
tenth of a second, so that a loose tolerance gets a small mesh and what does not vary along x two columns.

A run of a stated duration is repeated on every mesh; one for a steady state, also by a history, is solved directly.

Judged are the mean current density, relative, and its coefficient of variation, which is relative to the mean already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from sim.config import RunConfig
from sim.domain.errors import DomainError
from sim.domain.refine import refined
from sim.output.atomic import write_json
from sim.output.folder import write_table
from sim.simulation import Monitor
from sim.solve.errors import SolverGaveUp
from sim.studies.mesh_study import (
    LOWEST_ORDER,
    PREFIX,
    RATIO,
    Estimate,
    estimate,
    solve_aside,
    without_output,
)

MEAN, SPREAD = "current_density_mean_A_m2", "current_density_cv"
TABLE = "mesh_tolerance.csv"
#: steps of r from the default mesh: where the search begins, how far one round goes, and where it ends
FIRST_COLUMNS, FIRST_ROWS = -1, -2
LONGEST_STRIDE = 4
MOST_STEPS = 7

#: steps of r in columns and in rows
Place = tuple[int, int]
Solve = Callable[[Place], Mapping[str, float]]


@dataclass(frozen=True)
class Judged:
    """One mesh and its errors: of the mean current density [A/m^2], of its CV, and what is held against the tolerance
    (the larger of both, the first relative) for columns and rows."""

    place: Place
    mean: float
    spread: float
    mean_error: float
    spread_error: float
    columns: float
    rows: float
    orders: tuple[float, float]  #: of the metric with the larger error, columns and rows

    @property
    def error(self) -> float:
        """What is held against the tolerance."""
        return self.columns + self.rows


@dataclass
class Search:
    """Meshes that were tried for a tolerance; ``solve`` gives the metrics of one, NaN where the solver gave up."""

    tolerance: float
    highest_order: float
    solve: Solve
    known: dict[Place, Mapping[str, float]] = field(default_factory=dict)
    tried: list[Judged] = field(default_factory=list)

    def find(self) -> Judged:
        """The first mesh within the tolerance. Raises DomainError where MOST_STEPS are not enough."""
        place = (FIRST_COLUMNS, FIRST_ROWS)
        while True:
            found = self.judge(place)
            self.tried.append(found)
            if found.error <= self.tolerance:
                return found
            place = self._next(found)
            if max(place) > MOST_STEPS:
                raise DomainError(
                    f"no mesh of at most {RATIO**MOST_STEPS:.0f} times the default's columns and rows is within "
                    f"{self.tolerance:g}: the last one tried errs by about {found.error:.1e}"
                )

    def judge(self, place: Place) -> Judged:
        """The errors of one mesh."""
        base = self._metrics(place)
        means, spreads = ([self._estimate(place, axis, name) for axis in (0, 1)] for name in (MEAN, SPREAD))
        size = abs(base[MEAN]) if base[MEAN] else math.inf
        worst = [
            max((_part(mean, size), mean.order), (_part(spread, 1.0), spread.order), key=itemgetter(0))
            for mean, spread in zip(means, spreads, strict=True)
        ]
        return Judged(
            place,
            base[MEAN],
            base[SPREAD],
            sum(one.error for one in means),
            sum(one.error for one in spreads),
            worst[0][0],
            worst[1][0],
            (worst[0][1], worst[1][1]),
        )

    def _estimate(self, place: Place, axis: int, metric: str) -> Estimate:
        """The error of the metric from fewer and more columns (axis 0) or rows (1)."""
        fewer, more = (
            (place[0] + step, place[1]) if axis == 0 else (place[0], place[1] + step) for step in (-1, 1)
        )
        values = [self._metrics(one)[metric] for one in (fewer, place, more)]
        return estimate(values[0], values[1], values[2], self.highest_order)

    def _metrics(self, place: Place) -> Mapping[str, float]:
        if place not in self.known:
            self.known[place] = self.solve(place)
        return self.known[place]

    def _next(self, found: Judged) -> Place:
        """As many steps as the errors and their orders ask for, in each direction that has more than its half."""
        strides = []
        for error, order in zip((found.columns, found.rows), found.orders, strict=True):
            excess = error / (0.5 * self.tolerance)
            if excess <= 1.0:
                strides.append(0)
            elif math.isinf(excess):
                strides.append(1)
            else:
                power = min(max(order, LOWEST_ORDER), self.highest_order)
                stride = math.ceil(math.log(excess) / (power * math.log(RATIO)))
                strides.append(min(stride, LONGEST_STRIDE))
        return found.place[0] + strides[0], found.place[1] + strides[1]


def _part(found: Estimate, size: float) -> float:
    """The error as part of a size, infinite where one of the meshes has no solution."""
    part = found.error / size
    return math.inf if math.isnan(part) else part


@dataclass(frozen=True)
class Meshed:
    """The config with the mesh found, and the search that found it."""

    config: RunConfig
    found: Judged
    search: Search

    def settings(self) -> str:
        """The mesh as options of `sim run`, to have it again without a search."""
        mesh = self.config.mesh
        return (
            f"--set mesh.columns={mesh.columns} --set mesh.wall_cell='{mesh.wall_cell:.6g} m' "
            f"--set mesh.growth={mesh.growth:.6g} --set mesh.max_cell='{mesh.max_cell:.6g} m'"
        )


def mesh_for(config: RunConfig, tolerance: float, comm: Any, monitor: Monitor) -> Meshed:
    """The config on the mesh that keeps the errors of mean current density and CV below ``tolerance`` [1]. Collective.

    Raises DomainError for a user's own mesh, or where no mesh tried is fine enough; what ``simulation.run`` raises.
    """
    own = without_output(config)

    def solve(place: Place) -> Mapping[str, float]:
        finer = at(own, place)
        try:
            summary = solve_aside(finer, f"for a tolerance of {tolerance:g}, {_words(place)}", comm, monitor)
        except SolverGaveUp:
            return {MEAN: math.nan, SPREAD: math.nan}
        return {name: math.nan if summary[name] is None else float(summary[name]) for name in (MEAN, SPREAD)}

    search = Search(tolerance, 2.0 * config.mesh.order, solve)
    found = search.find()
    return Meshed(at(config, found.place), found, search)


def at(config: RunConfig, place: Place) -> RunConfig:
    """The config with so many steps of columns and rows more than it states or has by default."""
    return refined(config, RATIO ** place[0], RATIO ** place[1])


def _words(place: Place) -> str:
    return f"columns x {RATIO ** place[0]:.2f}, rows x {RATIO ** place[1]:.2f}"


def attach_tolerance(
    folder: Path | None, summary: Mapping[str, Any], meshed: Meshed, comm: Any
) -> dict[str, Any]:
    """The summary with the tolerance and the errors, written into the folder with the table of the search (rank 0)."""
    search, found = meshed.search, meshed.found
    whole = dict(summary) | {
        "mesh_tolerance": search.tolerance,
        f"{PREFIX}{MEAN}": found.mean_error,
        f"{PREFIX}{SPREAD}": found.spread_error,
    }
    if comm.rank == 0 and folder is not None:
        header = ["columns_factor", "rows_factor", MEAN, SPREAD, "error_of_columns", "error_of_rows"]
        rows = [
            [
                *(f"{RATIO**step:.6g}" for step in one.place),
                *(f"{value:.9g}" for value in (one.mean, one.spread, one.columns, one.rows)),
            ]
            for one in search.tried
        ]
        write_table(folder / TABLE, header, rows)
        write_json(folder / "summary.json", whole)
    return whole
