"""The coverage of the anode's sites at the start: one number, a wave, or a table along x."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from sim.config.quantities import File, Number, OpenFraction, PositiveLength
from sim.config.section import PLAIN, Problem, Section


class SinusoidCoverage(Section):
    """theta = mean + amplitude cos(2 pi x/wavelength + phase)."""

    kind: Literal["sinusoid"]
    mean: OpenFraction = Field(description="mean coverage, 0 to 1 [1]")
    amplitude: Number = Field(description="amplitude of the wave [1]")
    wavelength: PositiveLength = Field(description="wavelength along x [m]")
    phase: Number = Field(default=0.0, description="phase at x = 0 [rad]; 0 puts a crest there")

    def problems(self) -> Iterator[Problem]:
        if not 0 < self.mean - abs(self.amplitude) <= self.mean + abs(self.amplitude) < 1:
            yield Problem(
                ("amplitude",),
                f"must leave the coverage between 0 and 1 around {self.mean:g}, got {self.amplitude:g}",
            )


class TableCoverage(Section):
    """Coverage from a CSV file with columns x_m, coverage, interpolated."""

    kind: Literal["table"]
    file: File = Field(description="CSV with columns x_m,coverage; relative to this YAML file")


def _kind(value: Any) -> str | None:
    """Which member of the union a value is: a mapping says so itself, anything else is to be a number."""
    if isinstance(value, dict):
        kind = value.get("kind")
        return kind if isinstance(kind, str) else None
    return getattr(value, "kind", PLAIN)


InitialCoverage = Annotated[
    Annotated[OpenFraction, Tag(PLAIN)]
    | Annotated[SinusoidCoverage, Tag("sinusoid")]
    | Annotated[TableCoverage, Tag("table")],
    Discriminator(_kind),
]
