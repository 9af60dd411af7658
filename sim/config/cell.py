"""The cell: a rectangle `length` × `width` whose lower side, the anode at y = h(x), may be rough."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from sim.config.quantities import File, Length, Number, PositiveLength, Seed
from sim.config.section import Problem, Section, with_defaults


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
    nuclei: tuple[Nucleus, ...] = Field(description="list of {position, height, width}")

    def problems(self) -> Iterator[Problem]:
        if not self.nuclei:
            yield Problem(
                ("nuclei",), "expected at least one bump {position, height, width}; or 'kind: flat'"
            )


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
        description="mesh (.msh, .vtu, .xdmf) with boundaries anode and counter; relative to this YAML file"
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
    anode_profile: AnodeProfile = with_defaults("height h(x) of the lithium surface", kind="flat")

    def problems(self) -> Iterator[Problem]:
        peak = self._peak()
        if peak >= self.width:
            yield Problem(
                ("anode_profile",),
                f"the anode rises to {peak:.4g} m and touches the counter electrode at {self.width:g} m",
            )

    def mean_height(self) -> float | None:
        """Mean of h over x [m]; None where only the mesh knows it (table, mesh)."""
        profile, length = self.anode_profile, self.length
        if isinstance(profile, NucleiProfile):
            return sum(_mean_of_bump(bump, shift, length) for bump, shift in self._bumps(profile))
        if isinstance(profile, SinusoidProfile):
            wave = 2 * math.pi / profile.wavelength
            sines = math.sin(wave * length + profile.phase) - math.sin(profile.phase)
            return profile.amplitude * sines / (wave * length)
        return 0.0 if isinstance(profile, (FlatProfile, RoughProfile)) else None

    def _peak(self, samples: int = 2001) -> float:
        """Highest point of an analytic profile [m], or what it cannot exceed where that touches nothing; 0 for the
        kinds that are known only later."""
        profile = self.anode_profile
        if isinstance(profile, SinusoidProfile):
            return profile.amplitude
        if not isinstance(profile, NucleiProfile):
            return 0.0
        bumps = list(self._bumps(profile))
        if (most := sum(bump.height for bump, _ in bumps)) < self.width:
            return most
        xs = (self.length * i / (samples - 1) for i in range(samples))
        return max(sum(_height_of_bump(bump, shift, x) for bump, shift in bumps) for x in xs)

    def _bumps(self, profile: NucleiProfile) -> Iterator[tuple[Nucleus, float]]:
        """The bumps and their shifts [m]: with periodic sides also the images one period to either side."""
        shifts = (-self.length, 0.0, self.length) if self.sides == "periodic" else (0.0,)
        return ((bump, shift) for shift in shifts for bump in profile.nuclei)


def _height_of_bump(bump: Nucleus, shift: float, x: float) -> float:
    return bump.height * math.exp(-(((x - bump.position - shift) / bump.width) ** 2))


def _mean_of_bump(bump: Nucleus, shift: float, length: float) -> float:
    """Mean over 0 < x < length of height · exp(−((x − position − shift)/width)²) [m]."""
    centre = bump.position + shift
    erfs = math.erf((length - centre) / bump.width) + math.erf(centre / bump.width)
    return bump.height * bump.width * math.sqrt(math.pi) / 2 * erfs / length
