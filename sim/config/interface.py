"""The sites that a separator presents to the anode, where they are, and the rates of the adsorbed channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.config.coverage import InitialCoverage
from sim.config.quantities import (
    Energy,
    EnergyBarrier,
    File,
    Fraction,
    Number,
    OpenFraction,
    PositiveLength,
    PositiveNumber,
    Rate,
    Seed,
    SiteDensity,
    SiteName,
    SurfaceDiffusivity,
)
from sim.config.section import Problem, Section


class StripesMap(Section):
    """Stripes of the full density, `fraction` of each `pitch`, nothing between."""

    kind: Literal["stripes"]
    density: SiteDensity = Field(description="site density inside a stripe [1/m^2]")
    pitch: PositiveLength = Field(description="distance from stripe to stripe [m]")
    fraction: Fraction = Field(description="part of the pitch that a stripe covers, 0 to 1 [1]")
    phase: Number = Field(default=0.0, description="shift of the stripes along +x in units of the pitch [1]")


class RandomMap(Section):
    """Random density about a mean, correlated over `patch_length`; a function of position and seed alone."""

    kind: Literal["random"]
    density: SiteDensity = Field(description="mean site density [1/m^2]")
    patch_length: PositiveLength = Field(description="correlation length of the patches [m]")
    variation: Fraction = Field(description="standard deviation over mean, 0 to 1 [1]")
    seed: Seed = Field(description="seed of the random map, an integer")


class TableMap(Section):
    """Density from a CSV file with columns x_m, density_per_nm2, interpolated."""

    kind: Literal["table"]
    file: File = Field(description="CSV with columns x_m,density_per_nm2; relative to this YAML file")


class ImageMap(Section):
    """Density from a picture whose columns run along x; white is the full density."""

    kind: Literal["image"]
    file: File = Field(description="picture (.png, .pgm, …); relative to this YAML file")
    density: SiteDensity = Field(description="site density where the picture is white [1/m^2]")


SiteMap = Annotated[StripesMap | RandomMap | TableMap | ImageMap, Field(discriminator="kind")]


class Site(Section):
    """One type of site: how many, where, how strongly they bind Li and what charge they carry."""

    alternatives: ClassVar = ((("density",), ("map",)),)

    density: SiteDensity | None = Field(
        default=None, description="uniform site density per projected area [1/m^2]"
    )
    map: SiteMap | None = Field(
        default=None, description="site density along x: stripes, random, table or image"
    )
    adsorption_energy: Energy = Field(description="adsorption energy of Li, negative binds [eV]")
    charge: Number = Field(default=0.0, description="charge of a charged site [e]")
    charged_fraction: Fraction = Field(
        default=0.0, description="part of the sites that is charged, 0 to 1 [1]"
    )

    def problems(self) -> Iterator[Problem]:
        if self.density is None and self.map is None:
            yield Problem(("density",), "required, e.g. '0.75 / nm^2'; or give 'map'")
        if self.charge != 0 and "charged_fraction" not in self.model_fields_set:
            yield Problem(
                ("charged_fraction",), "required where charge is not 0 (the part of the sites that has it)"
            )


class Interface(Section):
    """The anode's sites and the reaction path through them; without sites only the direct channel is left."""

    alternatives: ClassVar = ((("surface_diffusivity",), ("diffusion_barrier",)),)

    sites: dict[SiteName, Site] = Field(
        default_factory=dict, description="NAME: {density | map, adsorption_energy, …}"
    )
    overlap: Literal["mean_field", "independent"] = Field(
        default="mean_field",
        description="neighbouring site types share one mean energy, or each keeps its own coverage",
    )
    area_factor: PositiveNumber = Field(
        default=12.0,
        description="accessible sites per projected area f_a [1]; 12 is calibrated, 1 the geometric count",
    )
    reference_energy: Energy | None = Field(
        default=None,
        description="G_ref added to every adsorption energy (desolvation, entropy) [eV]; needed with sites",
    )
    adsorption_rate: Rate | None = Field(
        default=None, description="rate k_a of adsorption [1/s]; needed with sites"
    )
    plating_rate: Rate | None = Field(
        default=None, description="rate k_p of plating from the sites [1/s]; needed with sites"
    )
    barrier_position: OpenFraction = Field(
        default=0.5, description="position χ of the adsorption barrier, 0 to 1 [1]"
    )
    surface_diffusivity: SurfaceDiffusivity | None = Field(
        default=None, description="surface diffusivity D_s of adsorbed Li [m^2/s]; 0 keeps it in place"
    )
    diffusion_barrier: EnergyBarrier | None = Field(
        default=None, description="barrier E_m of a surface hop, gives D_s = ¼ a² ν exp(−E_m/kT) [eV]"
    )
    initial_coverage: InitialCoverage | None = Field(
        default=None,
        description="coverage at the start: a number between 0 and 1 [1], {kind: sinusoid, mean, amplitude, "
        "wavelength, phase} or {kind: table, file}; absent: in equilibrium with the electrolyte at rest",
    )

    def problems(self) -> Iterator[Problem]:
        if not self.sites:
            return
        for key in ("reference_energy", "adsorption_rate", "plating_rate"):
            if getattr(self, key) is None:
                description = type(self).model_fields[key].description
                yield Problem((key,), f"required where there are sites: {description}")
        if self.surface_diffusivity is None and self.diffusion_barrier is None:
            yield Problem(
                ("surface_diffusivity",),
                "required where there are sites, e.g. '1e-9 m^2/s'; or give 'diffusion_barrier'",
            )
