"""Mesh, solver and output: how a run is computed and kept, never what it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from sim.config.quantities import Count, OpenFraction, PositiveLength, Time
from sim.config.section import Problem, Section


class Mesh(Section):
    """Mesh of the cell: columns along x, rows that grow from each electrode."""

    wall_cell: PositiveLength | None = Field(
        default=None,
        description="height of the first cell at the electrodes [m]; absent: a tenth of the Debye length "
        "(electroneutral: width/200)",
    )
    growth: Annotated[float, Field(strict=True, ge=1)] = Field(
        default=2.0, description="growth of the cells from row to row [1]"
    )
    max_cell: PositiveLength | None = Field(
        default=None, description="largest size of a cell [m]; absent: width/16"
    )
    order: Literal[1, 2] = Field(default=2, description="polynomial order of the elements")
    columns: Annotated[int, Field(strict=True, ge=2)] | None = Field(
        default=None, description="number of cells along x; absent: from the profile and the site maps"
    )

    def problems(self) -> Iterator[Problem]:
        if self.wall_cell is not None and self.max_cell is not None and self.wall_cell > self.max_cell:
            yield Problem(("max_cell",), f"must not be below wall_cell ({self.wall_cell:g} m)")


class Solver(Section):
    """Tolerances and limits of Newton's method and of time marching."""

    newton_tolerance: OpenFraction = Field(
        default=1e-10, description="Newton: largest update of a potential that counts as solved [kT]"
    )
    max_newton_iterations: Count = Field(
        default=50, description="Newton: iterations before a step counts as failed"
    )
    time_tolerance: OpenFraction = Field(
        default=1e-3, description="marching: accepted error of the potentials per step [kT]"
    )
    first_step: Time = Field(default=1e-8, description="marching: first time step [s]")
    max_step: Time | None = Field(
        default=None, description="marching: largest time step [s]; absent: no limit"
    )
    max_steps: Count = Field(
        default=10_000, description="marching: accepted steps before the run counts as failed"
    )
    steady_tolerance: OpenFraction = Field(
        default=1e-6,
        description="marching: steady when no potential would change more in twice the time passed [kT]",
    )


class Output(Section):
    """What a run leaves besides its metrics."""

    fields: StrictBool = Field(default=True, description="write the fields for ParaView (.pvd and .vtu)")
    figures: StrictBool = Field(default=True, description="draw the figures of the run folder")
