"""The discretised cell: unknowns and coefficients that the residual is written in. Nothing is solved here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from sim.config import RunConfig
from sim.domain.domain import Domain
from sim.domain.sites import SiteFields
from sim.physics.bulk import concentration, electroneutral_potential
from sim.physics.constants import FARADAY, LITHIUM_MOLAR_VOLUME
from sim.physics.interface import Rates, SiteClass, SurfaceKinetics
from sim.physics.kinetics import curvature_potential
from sim.solve.compat import Submesh
from sim.solve.electrodes import ElectrodeState, unknown_components
from sim.solve.facets import FACET_QUADRATURE_DEGREE, make_facets, sample_sites
from sim.solve.parameters import Parameters, make_parameters
from sim.solve.spaces import CONTINUOUS, Block, GlobalUnknown, make_block, sample_points, sampled


@dataclass(frozen=True)
class Surface:
    """The sites' unknowns and coefficients on their facet mesh (scaled: Gamma/(c_0 L), G in kT)."""

    block: Block
    classes: tuple[SiteClass, ...]
    diffusivity: fem.Constant
    dx: Any


class CellModel:
    """Spaces, coefficients and measures of one cell on one mesh, in the model's units."""

    def __init__(self, config: RunConfig, domain: Domain) -> None:
        self.config = config
        self.domain = domain
        self.degree = config.mesh.order
        self.parameters: Parameters = make_parameters(config, domain.length_scale)
        self.site_fields = SiteFields.from_config(config.interface, config.cell.length, config.cell.sides)
        self.facets = make_facets(domain, self.site_fields)
        metadata = {"quadrature_degree": 2 * self.degree + 1}
        self.dx = ufl.Measure("dx", domain=domain.mesh, metadata=metadata)
        self.constants = {name: fem.Constant(domain.mesh, value) for name, value in self._numbers().items()}
        names = ("phi", "mu_li", "mu_anion") if self.parameters.poisson else ("mu_li", "mu_anion")
        self.bulk = make_block(domain.mesh, dict.fromkeys(names, CONTINUOUS), self.degree, "bulk")
        self.counter_potential = GlobalUnknown(domain.mesh, "counter_potential")
        self.anion_level = GlobalUnknown(domain.mesh, "anion_level")
        self.lithium_level = GlobalUnknown(domain.mesh, "lithium_level")
        self.surface = self._make_surface()
        self.anode = self._electrode("anode")
        self.counter = self._electrode("counter")

    def _numbers(self) -> dict[str, float]:
        """Coefficients that are one number; all are constants of the forms, so that no config compiles anew."""
        p = self.parameters
        scales = p.scales
        numbers = {
            "diffusivity_anion": p.diffusivity_anion / scales.diffusivity,
            "lambda_squared": p.permittivity * scales.potential / (scales.surface_charge * scales.length),
            "fixed_charge": p.fixed_charge,
            "porosity": p.porosity,
            "reference_ratio": p.reference_ratio,
            "debye_length": p.debye_length / scales.length,
            "adsorption": p.adsorption_rate * scales.time,
            "plating": p.plating_rate * scales.time,
            "barrier_position": p.barrier_position,
        }
        for name, electrode in (("anode", p.anode), ("counter", p.counter)):
            numbers[f"{name}_current"] = electrode.exchange_current_density / scales.current_density
            numbers[f"{name}_alpha"] = electrode.transfer_coefficient
            finite = electrode.stern_capacitance if math.isfinite(electrode.stern_capacitance) else 0.0
            numbers[f"{name}_stern"] = finite * scales.potential / scales.surface_charge
        return numbers

    @cached_property
    def state(self) -> dict[str, Any]:
        """phi, mu_li, mu_anion, c_li, c_anion in the cell (UFL)."""
        mu_li = self.bulk["mu_li"] + self.lithium_level.function
        mu_anion = self.bulk["mu_anion"] + self.anion_level.function
        if self.parameters.poisson:
            phi = self.bulk["phi"]
        else:
            fixed = self.constants["fixed_charge"] if self.parameters.fixed_charge else None
            phi = electroneutral_potential(mu_li, mu_anion, fixed)
        c_li, c_anion = concentration(mu_li, phi, 1), concentration(mu_anion, phi, -1)
        return {"phi": phi, "mu_li": mu_li, "mu_anion": mu_anion, "c_li": c_li, "c_anion": c_anion}

    def _electrode(self, name: str) -> ElectrodeState:
        anode = name == "anode"
        parameters = self.parameters.anode if anode else self.parameters.counter
        facets = self.facets.anode if anode else self.facets.counter
        has_sites = anode and self.surface is not None
        components = unknown_components(parameters, self.parameters, has_sites=has_sites)
        shared = ("reference_ratio", "fixed_charge", "debye_length")
        constants = {key: self.constants[key] for key in shared}
        constants["stern_capacitance"] = self.constants[f"{name}_stern"]
        return ElectrodeState(
            parameters=parameters,
            phi=self.state["phi"],
            mu_li=self.state["mu_li"],
            mu_anion=self.state["mu_anion"],
            phi_metal=ufl.as_ufl(0.0) if anode else self.counter_potential.function,
            surface_charge=self._surface_charge(parameters.surface_charge, facets, with_sites=anode),
            equilibrium_potential=self._equilibrium_potential(parameters.surface_energy, facets, anode=anode),
            unknowns=make_block(facets.mesh, components, self.degree, name) if components else None,
            constants=constants,
        )

    def _surface_charge(self, own: float, facets: Submesh, *, with_sites: bool) -> fem.Function:
        charge = sample_sites(self.site_fields, facets, self.domain.length_scale).surface_charge
        charge = own + (charge if with_sites else np.zeros(charge.shape))
        return sampled(facets.mesh, charge / self.parameters.scales.surface_charge, "surface_charge")

    def _equilibrium_potential(self, surface_energy: float, facets: Submesh, *, anode: bool) -> Any:
        """U [RT/F]: Gibbs-Thomson on the anode's curved surface; the counter electrode is flat."""
        profile = self.domain.profile
        if not anode or surface_energy == 0 or profile is None:
            return 0.0
        x = sample_points(facets.mesh)[:, :, 0] * self.domain.length_scale
        curvature = -profile.curvature(x)
        shift = curvature_potential(surface_energy, LITHIUM_MOLAR_VOLUME, curvature, FARADAY)
        return sampled(facets.mesh, shift / self.parameters.scales.potential, "equilibrium_potential")

    def _make_surface(self) -> Surface | None:
        submesh, p = self.facets.sites, self.parameters
        if submesh is None:
            return None
        moving = {"phi_s": CONTINUOUS} if p.surface_diffusivity else {}
        block = make_block(submesh.mesh, {"mu_s": CONTINUOUS} | moving, self.degree, "surface")
        samples = sample_sites(self.site_fields, submesh, self.domain.length_scale)
        reference = self.config.interface.reference_energy or 0.0
        classes = tuple(
            SiteClass(
                sampled(submesh.mesh, site.capacity / p.scales.surface_amount, f"capacity_{number}"),
                sampled(submesh.mesh, (site.energy + reference) / p.scales.potential, f"energy_{number}"),
            )
            for number, site in enumerate(samples.classes)
        )
        diffusivity = fem.Constant(submesh.mesh, p.surface_diffusivity / p.scales.diffusivity)
        dx = ufl.Measure("dx", domain=submesh.mesh, metadata={"quadrature_degree": FACET_QUADRATURE_DEGREE})
        return Surface(block, classes, diffusivity, dx)

    def _kinetics(self, name: str) -> SurfaceKinetics:
        c = self.constants
        return SurfaceKinetics(
            c[f"{name}_current"], c[f"{name}_alpha"], c["adsorption"], c["plating"], c["barrier_position"]
        )

    def rates(self, name: str, *, sites: bool = False) -> Rates:
        """Currents over F D c_0/L at the ``anode`` (on its facets with or without sites) or the ``counter``."""
        electrode = self.anode if name == "anode" else self.counter
        if sites and self.surface is not None:
            return electrode.rates(self._kinetics(name), self.surface.classes, self.surface.block["mu_s"])
        return electrode.rates(self._kinetics(name), (), None)

    def electrode_terms(self) -> list[tuple[ElectrodeState, Any, Rates]]:
        """(electrode, measure, currents) of every part of the two electrodes."""
        terms = [(self.counter, self.facets.ds_counter, self.rates("counter"))]
        if self.facets.ds_bare is not None:
            terms.append((self.anode, self.facets.ds_bare, self.rates("anode")))
        if self.facets.ds_sites is not None:
            terms.append((self.anode, self.facets.ds_sites, self.rates("anode", sites=True)))
        return terms

    @property
    def salt_relaxation_time(self) -> float:
        """Time constant [s] of the slowest mode of salt diffusion between the electrodes, eps_p H^2/(pi^2 D_amb)."""
        p, domain = self.parameters, self.domain
        ambipolar = 2 / (1 / p.diffusivity_li + 1 / p.diffusivity_anion)
        gap = domain.width - domain.mean_height
        return p.porosity * gap**2 / (math.pi**2 * ambipolar)

    @property
    def blocks(self) -> list[Block]:
        """Unknown functions in the order of the equations."""
        own = [
            electrode.unknowns for electrode in (self.anode, self.counter) if electrode.unknowns is not None
        ]
        return [self.bulk, *own, *([self.surface.block] if self.surface is not None else [])]
