"""The cell: a rectangle `length` × `width` whose lower side, the anode at y = h(x), may be rough."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from sim.config.quantities import File, Length, Number, PositiveLength, Seed
from sim.config.section import Problem, Section


class FlatProfile(Section):
    """h = 0."""

    kind: Literal["flat"] = "flat"


class Nucleus(Section):
    """One bump h = height · exp(−((x − position)/width)²); a negative height is a pit."""

    position: Length = Field(description="x of the bump's centre [m]")
    height: Length = Field(description="height of the bump, negative for a pit [m]")
    width: PositiveLength = Field(description="half width at 1/e of the height [m]")


class NucleiProfile(Section):
    """h = Σ height · exp(−((x − position)/width)²)."""

    kind: Literal["nuclei"]
    nuclei: tuple[Nucleus, ...] = Field(min_length=1, description="list of {position, height, width}")


class SinusoidProfile(Section):
    """h = amplitude · cos(2πx/wavelength + phase)."""

    kind: Literal["sinusoid"]
    amplitude: PositiveLength = Field(description="amplitude of the wave [m]")
    wavelength: PositiveLength = Field(description="wavelength along x [m]")
    phase: Number = Field(default=0.0, description="phase at x = 0 [rad]; 0 puts a crest there")


class RoughProfile(Section):
    """Random roughness of zero mean with a Gaussian correlation, a function of its seed alone."""

    kind: Literal["rough"]
    rms: PositiveLength = Field(description="root mean square height [m]")
    correlation_length: PositiveLength = Field(description="Gaussian correlation length along x [m]")
    seed: Seed = Field(description="seed of the random profile, an integer")


class TableProfile(Section):
    """h from a CSV file with columns x_m, y_m, interpolated."""

    kind: Literal["table"]
    file: File = Field(description="CSV with columns x_m,y_m; relative to this YAML file")


class MeshProfile(Section):
    """The whole cell from the user's own mesh."""

    kind: Literal["mesh"]
    file: File = Field(
        description="mesh (.msh, .vtu, .xdmf) with named boundaries anode and counter; relative to this YAML file"
    )


AnodeProfile = Annotated[
    FlatProfile | NucleiProfile | SinusoidProfile | RoughProfile | TableProfile | MeshProfile,
    Field(discriminator="kind"),
]


class Cell(Section):
    """Geometry of the cell."""

    length: PositiveLength = Field(description="extent along the electrodes, x [m]")
    width: PositiveLength = Field(
        description="distance between the electrodes, y, where the anode is flat [m]"
    )
    sides: Literal["symmetry", "periodic"] = Field(
        default="symmetry", description="condition at x = 0 and x = length"
    )
    anode_profile: AnodeProfile = Field(
        default=FlatProfile(), description="height h(x) of the lithium surface"
    )

    def problems(self) -> Iterator[Problem]:
        peak = _peak(self.anode_profile, self.length)
        if peak >= self.width:
            yield Problem(
                ("anode_profile",),
                f"the anode rises to {peak:.4g} m and touches the counter at width {self.width:g} m",
            )

    def mean_height(self) -> float | None:
        """Mean of h over x [m]; None where only the mesh knows it (table, mesh)."""
        profile, length = self.anode_profile, self.length
        if isinstance(profile, NucleiProfile):
            return sum(_mean_of_bump(nucleus, length) for nucleus in profile.nuclei)
        if isinstance(profile, SinusoidProfile):
            wave = 2 * math.pi / profile.wavelength
            sines = math.sin(wave * length + profile.phase) - math.sin(profile.phase)
            return profile.amplitude * sines / (wave * length)
        return 0.0 if isinstance(profile, (FlatProfile, RoughProfile)) else None


def _mean_of_bump(nucleus: Nucleus, length: float) -> float:
    """Mean over 0 < x < length of height · exp(−((x − position)/width)²) [m]."""
    right = math.erf((length - nucleus.position) / nucleus.width)
    left = math.erf(nucleus.position / nucleus.width)
    return nucleus.height * nucleus.width * math.sqrt(math.pi) / 2 * (right + left) / length


def _peak(profile: AnodeProfile, length: float, samples: int = 2001) -> float:
    """Highest point of an analytic profile [m]; 0 for the kinds that only the mesh knows."""
    if isinstance(profile, SinusoidProfile):
        return profile.amplitude
    if not isinstance(profile, NucleiProfile):
        return 0.0
    xs = (length * i / (samples - 1) for i in range(samples))
    return max(
        sum(n.height * math.exp(-(((x - n.position) / n.width) ** 2)) for n in profile.nuclei) for x in xs
    )
