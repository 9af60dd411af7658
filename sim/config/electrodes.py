"""The two electrodes: anode (lower side, metal at 0 V) and counter (upper side)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from sim.config.quantities import (
    ExchangeCurrentDensity,
    NonNegativeLength,
    OpenFraction,
    SurfaceCharge,
    SurfaceEnergy,
)
from sim.config.section import Problem, Section, with_defaults


class Stern(Section):
    """Compact layer between metal and reaction plane; C_S = ε₀ · relative_permittivity / thickness."""

    thickness: NonNegativeLength = Field(
        default=0.3e-9, description="thickness d_S [m]; 0 puts the plane at the metal potential"
    )
    relative_permittivity: Annotated[float, Field(strict=True, ge=1)] = Field(
        default=30.0, description="relative permittivity of the layer [1]"
    )


class Electrode(Section):
    """One electrode and its direct reaction."""

    kind: Literal["lithium", "reversible", "reservoir", "blocking"] = Field(
        default="lithium",
        description="lithium (Butler–Volmer), reversible (at equilibrium), reservoir (rest concentration, "
        "prescribed potential) or blocking (no reaction)",
    )
    exchange_current_density: ExchangeCurrentDensity | None = Field(
        default=None,
        description="exchange current density j₀ of the direct channel [A/m^2]; lithium needs it",
    )
    transfer_coefficient: OpenFraction = Field(
        default=0.5, description="cathodic transfer coefficient α, 0 to 1 [1]"
    )
    stern: Stern | None = with_defaults(
        "{thickness, relative_permittivity}; null: no Stern layer, and for a blocking electrode "
        "an insulating charged wall without contact to the metal"
    )
    surface_charge: SurfaceCharge = Field(
        default=0.0, description="charge of the surface, adds to the sites' [C/m^2]"
    )
    surface_energy: SurfaceEnergy = Field(
        default=0.0,
        description="surface energy of the metal for the Gibbs–Thomson shift [J/m^2]; 0 switches it off",
    )
    contact: Literal["inside", "outside"] = Field(
        default="inside",
        description="reservoir only: where the rest concentration and the potential hold, just inside the medium, or "
        "in free solution outside it, in Donnan equilibrium with the medium's fixed charge",
    )

    def problems(self) -> Iterator[Problem]:
        if self.kind == "lithium" and self.exchange_current_density is None:
            yield Problem(("exchange_current_density",), "required for 'kind: lithium', e.g. '0.33 mA/cm^2'")
        if self.contact == "outside" and self.kind != "reservoir":
            yield Problem(("contact",), f"outside is for 'kind: reservoir', not '{self.kind}'")

    @property
    def is_outside(self) -> bool:
        """Whether the electrode is free solution outside the medium."""
        return self.kind == "reservoir" and self.contact == "outside"
