"""The compiled cell with the sources that make the chosen fields its solution, and the errors of what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp
import ufl
from dolfinx import fem
from scipy.integrate import dblquad

from sim.domain.domain import make_domain
from sim.solve.drive import apply_drive, drive_of, hold_inventories
from sim.solve.initial import set_rest
from sim.solve.model import CellModel
from sim.solve.newton import NewtonOptions, solve_newton
from sim.solve.parallel import total
from sim.solve.residual import Equation, cell_equations
from sim.solve.system import STEADY, CellSystem
from sim.verification.bench import Bench
from sim.verification.manufactured.fields import ChosenFields, x, y


def ufl_of(expression: Any, mesh: Any) -> Any:
    """The expression on a mesh."""
    place = ufl.SpatialCoordinate(mesh)
    functions = {"exp": ufl.exp, "sin": ufl.sin, "cos": ufl.cos}
    return ufl.as_ufl(sp.lambdify((x, y), expression, [functions, "math"])(place[0], place[1]))


def with_sources(chosen: ChosenFields, model: CellModel, *, sites: bool) -> list[Equation]:
    """`cell_equations` less what the chosen fields leave of them."""
    found = cell_equations(model)
    found[0] = _added(found[0], _bulk_sources(chosen, model, sites=sites))
    if sites and model.surface is not None:
        source = ufl_of(chosen.surface_source(), model.domain.mesh)
        term = -source * model.surface.block.test["mu_s"] * model.facets.ds_sites
        found[-1] = _added(found[-1], term)
    return found


def _added(equation: Equation, extra: Any) -> Equation:
    return replace(equation, forms=[equation.forms[0] + extra, *equation.forms[1:]])


def _bulk_sources(chosen: ChosenFields, model: CellModel, *, sites: bool) -> Any:
    """In the cell and at both electrodes."""
    mesh, test, facets = model.domain.mesh, model.bulk.test, model.facets
    anode, adsorbed, _, counter = chosen.currents(sites=sites)
    extra = ufl.Form([])
    for ion, laws in (("li", (anode + adsorbed, counter)), ("anion", (0, 0))):
        across, v = chosen.flux(ion)[1], test[f"mu_{ion}"]
        extra += -ufl_of(chosen.source(ion), mesh) * v * model.dx
        extra += ufl_of(-across.subs(y, 0) - laws[0], mesh) * v * facets.ds_anode
        extra += ufl_of(across.subs(y, 1) - laws[1], mesh) * v * facets.ds_counter
    if chosen.poisson:
        slope, charges = chosen.lambda_squared * sp.diff(chosen.phi, y), chosen.wall_charges()
        extra += -ufl_of(chosen.charge_source(), mesh) * test["phi"] * model.dx
        extra += -ufl_of(-slope.subs(y, 0) - charges[0], mesh) * test["phi"] * facets.ds_anode
        extra += -ufl_of(slope.subs(y, 1) - charges[1], mesh) * test["phi"] * facets.ds_counter
    return extra


def solved_errors(
    bench: Bench, chosen: ChosenFields, mapping: Mapping[str, Any], *, sites: bool
) -> dict[str, float]:
    """L2 errors [kT] of all unknowns of the cell, solved with the sources; NaN if Newton's method fails."""
    config = bench.config(mapping)
    model = CellModel(config, make_domain(config, bench.comm))
    equations = with_sources(chosen, model, sites=sites)
    system = CellSystem(model, galvanostatic=False, steady=True, equations=equations)
    set_rest(model)
    hold_inventories(system)
    apply_drive(drive_of(config), model, system)
    (border,) = system.borders
    stored = sp.lambdify((y, x), chosen.c_anion, "math")
    border.target = dblquad(stored, 0, 1, 0, 1, epsabs=1e-12, epsrel=1e-12)[0]
    converged = solve_newton(system, STEADY, NewtonOptions()).converged
    mesh = model.domain.mesh
    fields = {"mu_li": chosen.mu_li, "mu_anion": chosen.mu_anion} | (
        {"phi": chosen.phi} if chosen.poisson else {}
    )
    errors = {name: _difference(model.state[name], field, mesh) for name, field in fields.items()}
    if sites and model.surface is not None:
        surface = model.surface.block
        errors["mu_s"] = _difference(surface["mu_s"], chosen.mu_s, surface.function.function_space.mesh)
    return errors if converged else dict.fromkeys(errors, float("nan"))


def _difference(u: Any, wanted: Any, mesh: Any) -> float:
    """L2 norm of u - wanted over a mesh."""
    form = fem.form((u - ufl_of(wanted, mesh)) ** 2 * ufl.dx(mesh)(degree=8))
    return float(np.sqrt(total(mesh.comm, fem.assemble_scalar(form))))
