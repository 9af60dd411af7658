"""Settings of the virtual experiments (`sim experiment NAME CONFIG`); a plain run ignores them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.config.quantities import (
    ArealResistance,
    Count,
    CurrentDensity,
    Frequency,
    PositiveVoltage,
    Time,
    Voltage,
)
from sim.config.section import Problem, Section, with_defaults


class CurrentRange(Section):
    """Equally spaced currents, on a linear or logarithmic scale, both ends included."""

    start: CurrentDensity = Field(description="first current density, plating positive [A/m^2]")
    stop: CurrentDensity = Field(description="last current density [A/m^2]")
    points: Annotated[int, Field(strict=True, ge=2)] = Field(default=11, description="number of currents")
    spacing: Literal["linear", "logarithmic"] = Field(default="linear", description="spacing of the currents")

    def problems(self) -> Iterator[Problem]:
        if self.spacing == "logarithmic" and self.start * self.stop <= 0:
            yield Problem(("spacing",), "logarithmic needs a start and a stop of one sign, neither zero")

    def values(self) -> tuple[float, ...]:
        """The currents [A/m^2]."""
        steps = [i / (self.points - 1) for i in range(self.points)]
        if self.spacing == "logarithmic":
            return tuple(self.start * (self.stop / self.start) ** s for s in steps)
        return tuple(self.start + (self.stop - self.start) * s for s in steps)


class Polarisation(Section):
    """Steady cell voltage against current, and the Tafel fit."""

    alternatives: ClassVar = ((("current_density",), ("current_range",)),)

    current_density: tuple[CurrentDensity, ...] | None = Field(
        default=None, description="list of currents; absent: up to 0.9 of the limiting current"
    )
    current_range: CurrentRange | None = Field(
        default=None, description="{start, stop, points, spacing} instead of a list of currents"
    )
    tafel_window: tuple[PositiveVoltage, PositiveVoltage] = Field(
        default=(0.02, 0.2), description="overpotentials used for the Tafel fit, smallest and largest [V]"
    )
    series_resistance: ArealResistance = Field(
        default=0.0, description="resistance outside the cell, adds j times itself to the voltage [ohm*m^2]"
    )

    def problems(self) -> Iterator[Problem]:
        if self.current_density is not None and not self.current_density:
            yield Problem(("current_density",), "expected at least one current density")
        if self.tafel_window[0] >= self.tafel_window[1]:
            yield Problem(("tafel_window",), "the smaller overpotential comes first")

    def currents(self) -> tuple[float, ...] | None:
        """The stated currents [A/m^2]; None: left to the experiment."""
        return self.current_range.values() if self.current_range is not None else self.current_density


class Impedance(Section):
    """Linear response to a small alternating current about a steady state."""

    highest_frequency: Frequency = Field(default=1e6, description="first frequency [Hz]")
    lowest_frequency: Frequency = Field(default=1e-2, description="last frequency [Hz]")
    points_per_decade: Count = Field(default=10, description="frequencies per decade")
    frequencies: tuple[Frequency, ...] | None = Field(
        default=None, description="these frequencies instead [Hz]"
    )
    bias: Literal["rest", "operation"] = Field(
        default="rest", description="the steady state: at rest (no current), or that of the operation's drive"
    )

    def problems(self) -> Iterator[Problem]:
        if self.lowest_frequency >= self.highest_frequency:
            yield Problem(("lowest_frequency",), "must be below highest_frequency")
        if self.frequencies is not None and not self.frequencies:
            yield Problem(("frequencies",), "expected at least one frequency")


class Transference(Section):
    """Bruce-Vincent: a small voltage step, initial and steady current, resistances before and after."""

    voltage: PositiveVoltage = Field(
        default=2e-5,
        description="the step [V]; small: kinetics are not linear, and the bulk may take but a hundredth",
    )


class Sand(Section):
    """Current steps to the depletion of salt at the plating electrode."""

    current_density: tuple[CurrentDensity, ...] | None = Field(
        default=None, description="currents; absent: 1.5, 2 and 3 times the limiting current"
    )

    def problems(self) -> Iterator[Problem]:
        if self.current_density is not None and not self.current_density:
            yield Problem(("current_density",), "expected at least one current density")


class Relaxation(Section):
    """Open circuit after a polarisation with the operation's drive."""

    polarisation: Time | None = Field(
        default=None,
        description="time under the drive [s]; absent: the operation's duration, or to the steady state",
    )
    duration: Time | None = Field(
        default=None, description="time at open circuit [s]; absent: until the voltage is gone"
    )


class Pulse(Section):
    """One part of a cycle: a current, a voltage, or open circuit when neither is given."""

    alternatives: ClassVar = ((("current_density",), ("voltage",)),)

    current_density: CurrentDensity | None = Field(
        default=None, description="current, plating positive [A/m^2]"
    )
    voltage: Voltage | None = Field(default=None, description="cell voltage, positive plates the anode [V]")
    duration: Time = Field(description="how long [s]")


class Cycle(Section):
    """Pulses one after another, repeated: plating and stripping, pulse plating, pulse reverse."""

    pulses: tuple[Pulse, ...] = Field(
        default=(),
        description="list of {current_density | voltage, duration}; absent: plating and stripping with the operation's "
        "drive, a tenth of the time at open circuit after each",
    )
    repeats: Count = Field(default=3, description="how often the pulses are repeated")
    voltage_limit: PositiveVoltage | None = Field(
        default=None, description="a pulse of current ends early at this voltage of either sign [V]"
    )


class Experiments(Section):
    """Settings of each virtual experiment."""

    polarisation: Polarisation = with_defaults("voltage against current, Tafel fit")
    impedance: Impedance = with_defaults("impedance spectrum")
    transference: Transference = with_defaults("Bruce-Vincent transference number")
    sand: Sand = with_defaults("time to depletion")
    relaxation: Relaxation = with_defaults("open circuit after polarisation")
    cycle: Cycle = with_defaults("plating and stripping, pulses")


#: every experiment that has a command
NAMES = ("polarisation", "impedance", "transference", "sand", "relaxation", "cycle", "paper")
#: experiments that bring a shipped config (below ``configs/``) of their own; the others need one
OWN_CONFIGS = {"paper": "paper/pia-symmetric"}
