"""How the cell is driven and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictBool

from sim.config.quantities import ArealCapacity, CurrentDensity, Duration, Time, Voltage
from sim.config.section import Problem, Section

_SECONDS_PER_HOUR = 3600.0


class Operation(Section):
    """Drive of the cell. Keys of the mode that is not selected may be present and are not used."""

    alternatives: ClassVar = ((("current_density",), ("c_rate",)),)

    mode: Literal["potentiostatic", "galvanostatic"] = Field(
        description="potentiostatic holds the voltage, galvanostatic the current"
    )
    voltage: Voltage | None = Field(
        default=None,
        description="counter minus anode potential, positive plates the anode [V]; potentiostatic",
    )
    current_density: CurrentDensity | None = Field(
        default=None,
        description="cell current per cell length, positive plates the anode [A/m^2]; galvanostatic",
    )
    c_rate: Annotated[float, Field(strict=True)] | None = Field(
        default=None,
        description="current as a C-rate, positive plates the anode; galvanostatic, needs areal_capacity",
    )
    areal_capacity: ArealCapacity | None = Field(
        default=None, description="capacity that one C moves in an hour [C/m^2]"
    )
    duration: Duration = Field(
        default="steady", description="simulated time [s], or steady for the steady state"
    )
    output_times: tuple[Time, ...] = Field(
        default=(), description="times at which fields are written, met exactly [s]"
    )
    history: StrictBool = Field(
        default=False,
        description="with duration steady: also march from rest to the steady state, not only solve for it",
    )

    @property
    def applied_voltage(self) -> float:
        """Voltage of a potentiostatic run [V]; ValueError in a galvanostatic one."""
        if self.mode != "potentiostatic" or self.voltage is None:
            raise ValueError("a galvanostatic run has no applied voltage")
        return self.voltage

    @property
    def applied_current_density(self) -> float:
        """Current density of a galvanostatic run, c_rate · areal_capacity / 1 h [A/m²]; else ValueError."""
        if self.mode == "galvanostatic" and self.current_density is not None:
            return self.current_density
        if self.mode == "galvanostatic" and self.c_rate is not None and self.areal_capacity is not None:
            return self.c_rate * self.areal_capacity / _SECONDS_PER_HOUR
        raise ValueError("a potentiostatic run has no applied current density")

    def problems(self) -> Iterator[Problem]:
        if self.mode == "potentiostatic" and self.voltage is None:
            yield Problem(("voltage",), "required for 'mode: potentiostatic', e.g. '0.5 V'")
        if self.mode == "galvanostatic" and self.current_density is None and self.c_rate is None:
            yield Problem(
                ("current_density",),
                "required for 'mode: galvanostatic', e.g. '0.5 mA/cm^2'; or give 'c_rate'",
            )
        if self.mode == "galvanostatic" and self.c_rate is not None and self.areal_capacity is None:
            yield Problem(("areal_capacity",), "required with c_rate, e.g. '1 mAh/cm^2'")
        yield from self._timing()

    def _timing(self) -> Iterator[Problem]:
        if self.history and self.duration != "steady":
            yield Problem(
                ("history",), "only with 'duration: steady'; a run of a given duration always has its history"
            )
        if self.output_times and self.duration == "steady" and not self.history:
            yield Problem(
                ("output_times",), "a steady state has no times; give a duration, or 'history: true'"
            )
        for i, (before, time) in enumerate(zip((0.0, *self.output_times), self.output_times, strict=False)):
            if time <= before:
                yield Problem(("output_times", i), f"times must increase, got {time:g} s after {before:g} s")
            if isinstance(self.duration, float) and time > self.duration:
                yield Problem(
                    ("output_times", i), f"{time:g} s is after the end of the run at {self.duration:g} s"
                )
