"""The weak form of the whole cell; every sign is stated here once.

All terms stand on the left, n points out of the electrolyte, N.n > 0 leaves it, currents are positive for plating:

    mu_li      (d/dt) eps_p c_li v     - N_li . grad v  dx    + (j_d + F r) v ds(anode) + j v ds(counter)     = 0
    mu_anion   (d/dt) eps_p c_anion v  - N_anion . grad v dx  + N_anion.n v ds(reservoir)                     = 0
    phi        lambda^2 grad phi . grad v dx - (c_li - c_anion + r) v dx - q v ds(anode) - q v ds(counter)    = 0
    mu_s       (d/dt) Gamma theta w ds(sites) - (F r - j_p) w ds(sites) + Gamma D_s theta(1-theta) grad_s
    mu_s . grad_s w = 0 phi_s      (phi_s - phi_plane) w ds(sites) = 0

phi_s repeats the plane's potential on the facet mesh of the sites, where the surface transport is
integrated: derivatives along a curved electrode are those of the facet mesh, whatever the cells behind it
look like. Storage (the d/dt terms) is kept apart; ``sim.solve.march`` combines it with its history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ufl

from sim.physics import bulk, interface
from sim.solve.electrodes import multiplier_residual
from sim.solve.model import CellModel
from sim.solve.spaces import Block, GlobalUnknown


@dataclass(frozen=True)
class Equation:
    """Residual of one block: forms that add up (each integrated over one mesh) and the stored quantity, on the mesh of
    the first.

    ``uncoupled``: pairs (row, column) of the block's components of which the row's equation does not know the column.
    """

    block: Block
    forms: list[Any]
    storage: Any | None = None
    uncoupled: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Constraint:
    """One scalar equation beside its global unknown: terms that add up to a target; ``storage`` is
    differentiated in time.

    ``pinned`` names the species whose level the constraint fixes: one of its nodal equations follows from
    all the others.
    """

    unknown: GlobalUnknown
    terms: list[Any]
    storage: Any | None = None
    pinned: tuple[Block, str] | None = None


def _bulk_static(model: CellModel) -> Any:
    state, dx = model.state, model.dx
    test, constants = model.bulk.test, model.constants
    form = ufl.Form([])
    for ion, diffusivity in (("li", 1.0), ("anion", constants["diffusivity_anion"])):
        mu, c = state[f"mu_{ion}"], state[f"c_{ion}"]
        flux = bulk.molar_flux(diffusivity, c, ufl.grad(mu))
        form += -ufl.inner(flux, ufl.grad(test[f"mu_{ion}"])) * dx
    if model.structure.poisson:
        charge = bulk.space_charge(state["c_li"], state["c_anion"], constants["fixed_charge"])
        displacement = constants["lambda_squared"] * ufl.inner(ufl.grad(state["phi"]), ufl.grad(test["phi"]))
        form += (displacement - charge * test["phi"]) * dx
    return form


def _electrode_terms(model: CellModel) -> Any:
    """Boundary terms of the bulk equations at both electrodes."""
    test = model.bulk.test
    form = ufl.Form([])
    for electrode, ds, rates in model.electrode_terms():
        form += rates.ionic * test["mu_li"] * ds
        if not isinstance(electrode.anion_flux, int):
            form += electrode.anion_flux * test["mu_anion"] * ds
        if model.structure.poisson:
            form += -electrode.charge * test["phi"] * ds
    return form


def _surface_equation(model: CellModel) -> Equation | None:
    surface = model.surface
    if surface is None:
        return None
    w, ds = surface.block.test, model.facets.ds_sites
    mu, plane = surface.block["mu_s"], model.anode.plane
    rates = model.rates("anode", sites=True)
    forms = [-(rates.adsorption - rates.plating) * w["mu_s"] * ds]
    storage = interface.amount_stored(surface.classes, plane.phi, mu) * w["mu_s"] * ds
    if "phi_s" in surface.block:
        phi = surface.block["phi_s"]
        forms[0] += (phi - plane.phi) * w["phi_s"] * ds
        mobility = surface.diffusivity * interface.surface_mobility(surface.classes, phi, mu)
        forms.append(mobility * ufl.inner(ufl.grad(mu), ufl.grad(w["mu_s"])) * surface.dx)
    return Equation(surface.block, forms, storage)


def cell_equations(model: CellModel) -> list[Equation]:
    """The equations of the blocks, in the order of the unknowns."""
    test, state, porosity = model.bulk.test, model.state, model.constants["porosity"]
    # electroneutral: both ions store the same up to a constant; as one expression it cancels exactly in the
    # charge balance, where the rounding of two would be divided by the time step
    c_li = state["c_li"] if model.structure.poisson else state["c_anion"]
    stored = (c_li * test["mu_li"] + state["c_anion"] * test["mu_anion"]) * porosity * model.dx
    apart = (("mu_li", "mu_anion"), ("mu_anion", "mu_li")) if model.structure.poisson else ()
    equations = [Equation(model.bulk, [_bulk_static(model) + _electrode_terms(model)], stored, apart)]
    for electrode, ds in ((model.anode, model.facets.ds_anode), (model.counter, model.facets.ds_counter)):
        form = multiplier_residual(electrode, ds)
        if form is not None and electrode.unknowns is not None:
            equations.append(Equation(electrode.unknowns, [form]))
    surface = _surface_equation(model)
    return equations if surface is None else [*equations, surface]


def galvanostatic_constraint(model: CellModel) -> Constraint:
    """Total cell current at the counter electrode, Faradaic plus displacement, plating the anode positive.

    The charge of the pore liquid counts per total volume, hence the porosity in the displacement current.
    The target (current density times length, scaled) is set by ``sim.solve.drive``.
    """
    counter, ds = model.counter, model.facets.ds_counter
    leaving = model.rates("counter").ionic - counter.anion_flux
    storage = model.constants["porosity"] * counter.charge * ds if model.structure.poisson else None
    return Constraint(model.counter_potential, [-leaving * ds], storage)


def anion_constraint(model: CellModel) -> Constraint:
    """Steady states with anions locked in: their inventory fixes the level of mu_anion."""
    stored = model.state["c_anion"] * model.constants["porosity"] * model.dx
    return Constraint(model.anion_level, [stored], pinned=(model.bulk, "mu_anion"))


def lithium_constraint(model: CellModel) -> Constraint:
    """Steady states without a lithium electrode: the inventory in solution and adsorbed fixes the level of mu_li."""
    terms = [model.state["c_li"] * model.constants["porosity"] * model.dx]
    if model.surface is not None:
        mu, phi = model.surface.block["mu_s"], model.anode.plane.phi
        terms.append(interface.adsorbed_amount(model.surface.classes, phi, mu) * model.facets.ds_sites)
    return Constraint(model.lithium_level, terms, pinned=(model.bulk, "mu_li"))
