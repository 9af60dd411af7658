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
from sim.solve.facets import FACET_QUADRATURE_DEGREE, make_facets, occupied_facets, sample_sites
from sim.solve.parameters import Parameters, make_parameters
from sim.solve.spaces import (
    CONTINUOUS,
    Block,
    GlobalUnknown,
    make_block,
    sample_points,
    set_samples,
    unsampled,
)
from sim.solve.structure import Structure


@dataclass(frozen=True)
class Surface:
    """The sites' unknowns and coefficients on their facet mesh (scaled: Gamma/(c_0 L), G in kT)."""

    submesh: Submesh
    block: Block
    classes: tuple[SiteClass, ...]
    diffusivity: fem.Constant
    dx: Any


class CellModel:
    """Spaces, coefficients and measures of one cell on one mesh, in the model's units.

    It is made in two parts: what follows from the structure, then all numbers. ``renew`` does the second part again for
    another config, so that a cell that served before and a new one hold the same.
    """

    def __init__(self, config: RunConfig, domain: Domain) -> None:
        self._read(config, domain)
        self.structure = Structure.of(config, domain, self.parameters, self.site_fields)
        self.degree = self.structure.order
        self.facets = make_facets(domain, self.site_fields)
        metadata = {"quadrature_degree": 2 * self.degree + 1}
        self.dx = ufl.Measure("dx", domain=domain.mesh, metadata=metadata)
        self.constants = {name: fem.Constant(domain.mesh, 0.0) for name in self._numbers()}
        names = ("phi", "mu_li", "mu_anion") if self.structure.poisson else ("mu_li", "mu_anion")
        self.bulk = make_block(domain.mesh, dict.fromkeys(names, CONTINUOUS), self.degree, "bulk")
        self.counter_potential = GlobalUnknown(domain.mesh, "counter_potential")
        self.anion_level = GlobalUnknown(domain.mesh, "anion_level")
        self.lithium_level = GlobalUnknown(domain.mesh, "lithium_level")
        self.surface = self._make_surface()
        self.anode = self._electrode("anode")
        self.counter = self._electrode("counter")
        self._set_numbers()

    def _read(self, config: RunConfig, domain: Domain) -> None:
        self.config = config
        self.domain = domain
        self.parameters: Parameters = make_parameters(config, domain.length_scale)
        self.site_fields = SiteFields.from_config(config.interface, config.cell.length, config.cell.sides)

    def fits(self, config: RunConfig, domain: Domain) -> bool:
        """Whether a config's cell on this very mesh differs in numbers alone."""
        sites = SiteFields.from_config(config.interface, config.cell.length, config.cell.sides)
        parameters = make_parameters(config, domain.length_scale)
        if Structure.of(config, domain, parameters, sites) != self.structure:
            return False
        occupied = occupied_facets(sites, self.facets.anode, domain.length_scale)
        return domain.mesh is self.domain.mesh and np.array_equal(occupied, self.facets.occupied)

    def renew(self, config: RunConfig, domain: Domain) -> None:
        """Take the numbers of another config, which must fit; the state stays as it is (``set_rest`` sets it)."""
        self._read(config, domain)
        self._set_numbers()

    def _set_numbers(self) -> None:
        """Values of all constants and coefficients."""
        for name, value in self._numbers().items():
            self.constants[name].value = value
        self._set_surface_charges()
        self._set_equilibrium_potential()
        if self.surface is not None:
            self._set_surface(self.surface)

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
        if self.structure.poisson:
            phi = self.bulk["phi"]
        else:
            fixed = self.constants["fixed_charge"] if self.structure.fixed_charge else None
            phi = electroneutral_potential(mu_li, mu_anion, fixed)
        c_li, c_anion = concentration(mu_li, phi, 1), concentration(mu_anion, phi, -1)
        return {"phi": phi, "mu_li": mu_li, "mu_anion": mu_anion, "c_li": c_li, "c_anion": c_anion}

    def _electrode(self, name: str) -> ElectrodeState:
        anode = name == "anode"
        structure = self.structure.anode if anode else self.structure.counter
        facets = self.facets.anode if anode else self.facets.counter
        has_sites = anode and self.surface is not None
        components = unknown_components(structure, self.structure, has_sites=has_sites)
        shared = ("reference_ratio", "fixed_charge", "debye_length")
        constants = {key: self.constants[key] for key in shared}
        constants["stern_capacitance"] = self.constants[f"{name}_stern"]
        return ElectrodeState(
            structure=structure,
            phi=self.state["phi"],
            mu_li=self.state["mu_li"],
            mu_anion=self.state["mu_anion"],
            phi_metal=ufl.as_ufl(0.0) if anode else self.counter_potential.function,
            surface_charge=unsampled(facets.mesh, "surface_charge"),
            equilibrium_potential=unsampled(facets.mesh, "equilibrium_potential")
            if structure.curved
            else 0.0,
            unknowns=make_block(facets.mesh, components, self.degree, name) if components else None,
            constants=constants,
        )

    def _make_surface(self) -> Surface | None:
        submesh = self.facets.sites
        if submesh is None:
            return None
        moving = {"phi_s": CONTINUOUS} if self.structure.surface_diffusion else {}
        block = make_block(submesh.mesh, {"mu_s": CONTINUOUS} | moving, self.degree, "surface")
        classes = tuple(
            SiteClass(
                unsampled(submesh.mesh, f"capacity_{number}"), unsampled(submesh.mesh, f"energy_{number}")
            )
            for number in range(self.structure.site_classes)
        )
        dx = ufl.Measure("dx", domain=submesh.mesh, metadata={"quadrature_degree": FACET_QUADRATURE_DEGREE})
        return Surface(submesh, block, classes, fem.Constant(submesh.mesh, 0.0), dx)

    def _set_surface_charges(self) -> None:
        """The electrodes' own charge, and on the anode that of the sites."""
        p, facets = self.parameters, self.facets.anode
        charge = sample_sites(self.site_fields, facets, self.domain.length_scale).surface_charge
        unit = p.scales.surface_charge
        set_samples(self.anode.surface_charge, (p.anode.surface_charge + charge) / unit)
        self.counter.surface_charge.x.array[:] = p.counter.surface_charge / unit

    def _set_equilibrium_potential(self) -> None:
        """U [RT/F]: Gibbs-Thomson on the anode's curved surface; the counter electrode is flat."""
        profile, shift = self.domain.profile, self.anode.equilibrium_potential
        if profile is None or not isinstance(shift, fem.Function):
            return
        x = sample_points(self.facets.anode.mesh)[:, :, 0] * self.domain.length_scale
        p, curvature = self.parameters, -profile.curvature(x)
        potential = curvature_potential(p.anode.surface_energy, LITHIUM_MOLAR_VOLUME, curvature, FARADAY)
        set_samples(shift, potential / p.scales.potential)

    def _set_surface(self, surface: Surface) -> None:
        """Capacities, energies and diffusivity of the sites."""
        scales = self.parameters.scales
        samples = sample_sites(self.site_fields, surface.submesh, self.domain.length_scale)
        reference = self.config.interface.reference_energy or 0.0
        for site, sample in zip(surface.classes, samples.classes, strict=True):
            set_samples(site.capacity, sample.capacity / scales.surface_amount)
            set_samples(site.energy, (sample.energy + reference) / scales.potential)
        surface.diffusivity.value = self.parameters.surface_diffusivity / scales.diffusivity

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
