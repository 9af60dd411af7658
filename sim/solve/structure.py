"""What decides the shape of the equations, apart from every number in them.

Whatever Python branches on while the forms of a cell are written stands here and is read from here. Two configs of one
structure on one mesh have the same forms, and differ in values of constants and coefficients alone: the compiled cell
of one serves the other (`sim.wiring`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.config import RunConfig
from sim.domain.domain import Domain
from sim.domain.sites import SiteFields
from sim.solve.parameters import ElectrodeParameters, Parameters

#: Stern layers: an insulating wall, a finite capacitance, the plane at the potential of the metal
INSULATING, FINITE, NONE = "insulating", "finite", "none"


@dataclass(frozen=True)
class ElectrodeStructure:
    """One electrode: its kind, its Stern layer, whether a reservoir is free solution outside the medium, whether
    lithium passes it directly, and whether its equilibrium potential follows the curvature of its surface."""

    kind: str
    stern: str
    outside: bool
    open_to_lithium: bool
    curved: bool


@dataclass(frozen=True)
class Structure:
    """One cell: degree of its elements, its electrostatics, whether there is fixed charge, the two electrodes, the
    number of classes of sites, whether lithium passes the sites and moves along them, whether the sides are
    periodic."""

    order: int
    poisson: bool
    closure: bool
    fixed_charge: bool
    anode: ElectrodeStructure
    counter: ElectrodeStructure
    site_classes: int
    sites_pass: bool
    surface_diffusion: bool
    periodic: bool

    @classmethod
    def of(cls, config: RunConfig, domain: Domain, parameters: Parameters, sites: SiteFields) -> Structure:
        """The structure of a config's cell."""
        p = parameters
        curved = p.anode.surface_energy != 0 and domain.profile is not None
        return cls(
            order=config.mesh.order,
            poisson=p.poisson,
            closure=p.closure,
            fixed_charge=p.fixed_charge != 0,
            anode=_electrode(p.anode, curved=curved),
            counter=_electrode(p.counter, curved=False),
            site_classes=sites.n_classes,
            sites_pass=p.adsorption_rate * p.plating_rate > 0,
            surface_diffusion=p.surface_diffusivity != 0,
            periodic=config.cell.sides == "periodic",
        )


def _electrode(parameters: ElectrodeParameters, *, curved: bool) -> ElectrodeStructure:
    return ElectrodeStructure(
        kind=parameters.kind,
        stern=_stern(parameters.stern_capacitance),
        outside=parameters.outside,
        open_to_lithium=parameters.kind in ("reversible", "reservoir")
        or parameters.exchange_current_density > 0,
        curved=curved,
    )


def _stern(capacitance: float) -> str:
    if math.isinf(capacitance):
        return NONE
    return FINITE if capacitance else INSULATING
