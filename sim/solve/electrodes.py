"""The two electrodes as terms of the weak form.

Signs: n points out of the electrolyte; currents (over F D c_0/L) are positive for lithium that leaves it;
the charge that the electrolyte sees at an electrode is eps d(phi)/dn (over F c_0 L). What a kind prescribes
weakly has a multiplier on the electrode's facets, and that multiplier *is* the flux: ``current`` (Li+),
``anion``, ``charge``.

| kind | Li+ | anion | potential (Poisson) |
|---|---|---|---|
| lithium | Butler-Volmer | no flux | Stern layer |
| reversible | mu_li of the metal | no flux | Stern layer |
| reservoir, inside | mu_li of c_0 + c_fix just inside at phi_m | mu_anion of c_0 likewise | phi = phi_m |
| reservoir, outside | mu_li of c_0 in free solution at phi_m | mu_anion likewise | phi = phi_m |
| blocking | no flux | no flux | Stern layer, or an insulating charged wall |

c_fix = -rho_fix/F is the lithium that balances the fixed charge. Free solution outside is in Donnan equilibrium with
the medium, c_li c_anion = c_0^2: electroneutral, the potential jumps by V_T asinh(rho_fix/(2 F c_0)) at the reservoir;
Poisson resolves that jump as a space-charge layer. Source: Dydek and Bazant 2013, doi:10.1002/aic.14200.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ufl
from dolfinx import fem

from sim.physics import interface, kinetics
from sim.physics.bulk import concentration
from sim.physics.interface import Rates, SiteClass, SurfaceKinetics
from sim.solve.spaces import CONTINUOUS, POINTWISE, Block
from sim.solve.structure import INSULATING, NONE, ElectrodeStructure, Structure


def unknown_components(electrode: ElectrodeStructure, cell: Structure, *, has_sites: bool) -> dict[str, str]:
    """Components that an electrode adds on its facets, with their kind of element."""
    components: dict[str, str] = {}
    if electrode.kind in ("reversible", "reservoir"):
        components["current"] = CONTINUOUS
    if electrode.kind == "reservoir":
        components["anion"] = CONTINUOUS
    if cell.poisson and (electrode.kind == "reservoir" or electrode.stern == NONE):
        components["charge"] = CONTINUOUS
    if cell.closure and (electrode.kind == "lithium" or has_sites):
        components["psi"] = POINTWISE
    return components


@dataclass(frozen=True)
class Plane:
    """State at the reaction plane (outer edge of the Stern layer): phi [RT/F], c_li/c_0."""

    phi: Any
    c_li: Any


@dataclass(frozen=True)
class ElectrodeState:
    """What the terms of one electrode are made of: its structure and (UFL) the outer state, the metal's potential,
    coefficients, its own unknowns."""

    structure: ElectrodeStructure
    phi: Any
    mu_li: Any
    mu_anion: Any
    phi_metal: Any
    surface_charge: Any
    equilibrium_potential: Any
    unknowns: Block | None
    constants: dict[str, fem.Constant]

    @property
    def plane(self) -> Plane:
        """Values at the reaction plane; behind a thin double layer c e^-psi and phi + psi."""
        psi = self.unknowns["psi"] if self.unknowns is not None and "psi" in self.unknowns else 0
        phi = self.phi + psi
        return Plane(phi, concentration(self.mu_li, phi, 1))

    @property
    def overpotential(self) -> Any:
        """eta = phi_metal - phi_plane - U [RT/F]."""
        return self.phi_metal - self.plane.phi - self.equilibrium_potential

    def rates(self, surface: SurfaceKinetics, sites: tuple[SiteClass, ...], mu_surface: Any) -> Rates:
        """Currents of a metal with sites; a multiplier replaces the law where equilibrium is prescribed."""
        plane = self.plane
        c_ratio = plane.c_li * self.constants["reference_ratio"]
        rates = interface.rates(surface, sites, c_ratio, plane.phi, mu_surface, self.overpotential)
        if self.unknowns is not None and "current" in self.unknowns:
            return Rates(self.unknowns["current"], rates.adsorption, rates.plating)
        return rates

    @property
    def anion_flux(self) -> Any:
        """Anions that leave the electrolyte."""
        return self.unknowns["anion"] if self.unknowns is not None and "anion" in self.unknowns else 0

    @property
    def charge(self) -> Any:
        """eps d(phi)/dn at the plane."""
        if self.unknowns is not None and "charge" in self.unknowns:
            return self.unknowns["charge"]
        if self.structure.stern == INSULATING:
            return self.surface_charge
        capacitance = self.constants["stern_capacitance"]
        return kinetics.stern_charge(capacitance, self.phi_metal, self.phi, self.surface_charge)


def multiplier_residual(state: ElectrodeState, ds: Any) -> Any:
    """Weak form of what the electrode's own unknowns enforce (``None`` where it has none)."""
    block = state.unknowns
    if block is None:
        return None
    conditions: dict[str, Any] = {}
    metal = state.phi_metal - state.equilibrium_potential
    if state.structure.kind == "reversible":
        conditions["current"] = state.mu_li - metal + ufl.ln(state.constants["reference_ratio"])
    if state.structure.kind == "reservoir":
        c_li = 1 if state.structure.outside else 1 - state.constants["fixed_charge"]
        conditions["current"] = state.mu_li - metal - ufl.ln(c_li)
        conditions["anion"] = state.mu_anion + metal
    if "charge" in block:
        conditions["charge"] = state.phi - state.phi_metal
    if "psi" in block:
        conditions["psi"] = _closure(state, block["psi"])
    return sum((conditions[name] * block.test[name] * ds for name in block.names), start=ufl.Form([]))


def _closure(state: ElectrodeState, psi: Any) -> Any:
    """Charge balance of a thin double layer: Stern charge = diffuse charge 4 F c lambda_D(c) sinh(psi/2)."""
    if state.structure.stern == NONE:
        return state.phi_metal - state.phi - psi
    c_outer = concentration(state.mu_li, state.phi, 1)
    diffuse = kinetics.diffuse_charge(c_outer, psi, state.constants["debye_length"])
    capacitance = state.constants["stern_capacitance"]
    charge = kinetics.stern_charge(capacitance, state.phi_metal, state.phi + psi, state.surface_charge)
    return charge - diffuse if state.structure.stern == INSULATING else (charge - diffuse) / capacitance
