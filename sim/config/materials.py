"""The electrolyte and the separator that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.config.quantities import ChargeDensity, Concentration, Conductivity, Diffusivity, OpenFraction
from sim.config.section import Problem, Section


class Electrolyte(Section):
    """A binary electrolyte Li⁺ and a monovalent anion."""

    concentration: Concentration = Field(
        description="salt concentration at rest, per pore volume, c₀ [mol/m^3]"
    )
    reference_concentration: Concentration | None = Field(
        default=None,
        description="concentration c° at which the rates are stated [mol/m^3]; absent: concentration",
    )
    relative_permittivity: Annotated[float, Field(strict=True, ge=1)] = Field(
        default=30.0, description="relative permittivity of the pore liquid [1]"
    )
    electrostatics: Literal["poisson", "electroneutral"] = Field(
        default="poisson", description="poisson resolves the double layers; electroneutral is the fast mode"
    )
    double_layer: Literal["closure", "none"] | None = Field(
        default=None,
        description="electroneutral only: closure (thin double layers at the electrodes, default) or none",
    )
    fixed_charge: ChargeDensity = Field(
        default=0.0, description="charge fixed in the pores, per pore volume [C/m^3]"
    )
    diffusivity_li: Diffusivity | None = Field(
        default=None,
        description="effective diffusivity of Li⁺ [m^2/s]; instead of the separator's conductivity and t₊",
    )
    diffusivity_anion: Diffusivity | None = Field(
        default=None, description="effective diffusivity of the anion [m^2/s]; together with diffusivity_li"
    )

    @model_validator(mode="before")
    @classmethod
    def _closure_by_default(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("electrostatics") == "electroneutral":
            return {"double_layer": "closure"} | data
        return data

    def problems(self) -> Iterator[Problem]:
        if self.double_layer is not None and self.electrostatics != "electroneutral":
            yield Problem(
                ("double_layer",), "only with 'electrostatics: electroneutral'; poisson resolves the layers"
            )
        if (self.diffusivity_li is None) != (self.diffusivity_anion is None):
            missing = "diffusivity_li" if self.diffusivity_li is None else "diffusivity_anion"
            yield Problem((missing,), "required: diffusivity_li and diffusivity_anion come together")


class Separator(Section):
    """Measured bulk transport of the soaked separator."""

    conductivity: Conductivity | None = Field(
        default=None, description="effective ionic conductivity κ [S/m]"
    )
    transference_number: OpenFraction | None = Field(
        default=None, description="Li⁺ transference number t₊, 0 to 1 [1]"
    )
    porosity: Annotated[float, Field(strict=True, gt=0, le=1)] = Field(
        default=1.0, description="pore volume per total volume, for storage and charge totals [1]"
    )

    def problems(self) -> Iterator[Problem]:
        if (self.conductivity is None) != (self.transference_number is None):
            missing = "conductivity" if self.conductivity is None else "transference_number"
            yield Problem((missing,), "required: conductivity and transference_number come together")
