"""Case 15: manufactured solutions for the bulk (P1, P2) and the surface equation coupled to it.

Smooth fields are chosen on the unit square (x, y over the cell's width), and what they leave of the textbook
equations becomes source terms, added to the compiled weak form:

    div N_i = f_i ,  N_i = -D_i (grad c_i + z_i c_i grad phi)        -lambda^2 lap phi - (c_li - c_anion) = f_phi
    N_li.n = j_d + F r + g ,  N_anion.n = g ,  lambda^2 d(phi)/dn = C (phi_m - phi) + sigma + g    at both electrodes
    -(F r - j_p) - d/dx (Gamma D_s theta (1 - theta) d(mu_s)/dx) = f_s                                 on the anode

All of it is written here anew in sympy from physics.md, in concentrations, with scaled constants from SI
values: none of the simulator's own expressions. That the chosen fields satisfy these strong forms is proved
before orders are asserted: 2 (P1) and 3 (P2) in L2, within 0.1 either way. The order in time is in
`test_case11_adsorption.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
import ufl
from dolfinx import fem
from scipy.integrate import dblquad

import sim.solve.system
from sim.solve.newton import NewtonOptions, solve_newton
from sim.solve.residual import cell_equations
from sim.solve.system import STEADY
from sim.verification.cells import NEUTRAL, flat_cell, lithium, merged, potentiostatic
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.exact.parameters import FARADAY, VACUUM_PERMITTIVITY
from sim.verification.readback import orders

from .systems import compiled

x, y = sp.symbols("x y", real=True)
#: across [m], concentration [mol/m^3], diffusivities [m^2/s]; lambda_D/width is 0.3
WIDTH, CONCENTRATION, D_LI, D_ANION = 0.4e-9, 2500.0, 1e-10, 2.5e-10
#: D_anion/D_li, a rational for exact proofs
RATIO = sp.Rational(5, 2)
VOLTAGE, ANODE_CURRENT, COUNTER_CURRENT = 0.8 * THERMAL_VOLTAGE, 2e9, 5e9
ALPHA, CHI, ENERGY, CAPACITY, DIFFUSIVITY = 0.4, 0.3, 0.5, 2e-6, 3e-10
ADSORPTION, PLATING, CHARGE, REFERENCE = 4e8, 2e8, 0.05, 1250.0
STERN = VACUUM_PERMITTIVITY * 30 / 3e-10


class Exact:
    """Chosen fields and what they leave, in units of width, c0, D_li, RT/F; side walls see no flux (cos pi x)."""

    def __init__(self, *, poisson: bool) -> None:
        wave = sp.cos(sp.pi * x)
        ln_li = wave * y**2 / 5 + y / 10
        ln_anion = -3 * wave * (y - sp.Rational(1, 2)) / 10 + sp.Rational(1, 20) if poisson else ln_li
        self.poisson = poisson
        self.phi = 2 * wave * (1 + sp.sin(y)) / 5 - y / 5
        self.c_li, self.c_anion = sp.exp(ln_li), sp.exp(ln_anion)
        self.mu_li, self.mu_anion = ln_li + self.phi, ln_anion - self.phi
        self.mu_s = wave / 2 + sp.Rational(1, 10)
        self.flux_unit = FARADAY * D_LI * CONCENTRATION / WIDTH
        self.lambda_squared = (
            VACUUM_PERMITTIVITY * 30 * THERMAL_VOLTAGE / (FARADAY * CONCENTRATION * WIDTH**2)
            if poisson
            else 0
        )

    def flux(self, ion: str) -> tuple[Any, Any]:
        """Nernst-Planck flux in concentrations."""
        c, z, d = (self.c_li, 1, 1) if ion == "li" else (self.c_anion, -1, RATIO)
        return tuple(-d * (sp.diff(c, s) + z * c * sp.diff(self.phi, s)) for s in (x, y))

    def source(self, ion: str) -> Any:
        """div N."""
        along, across = self.flux(ion)
        return sp.diff(along, x) + sp.diff(across, y)

    def charge_source(self) -> Any:
        """-lambda^2 lap phi - (c_li - c_anion)."""
        laplacian = sp.diff(self.phi, x, 2) + sp.diff(self.phi, y, 2)
        return -self.lambda_squared * laplacian - (self.c_li - self.c_anion)

    def _direct(self, current: float, alpha: float, eta: Any) -> Any:
        ratio = self.c_li * CONCENTRATION / REFERENCE
        return current / self.flux_unit * (ratio * sp.exp(-alpha * eta) - sp.exp((1 - alpha) * eta))

    def currents(self, *, sites: bool) -> tuple[Any, Any, Any, Any]:
        """(anode's direct, F r, j_p, counter's direct) at y = 0, 0, 0, 1."""
        anode = self._direct(ANODE_CURRENT, ALPHA, -self.phi)
        counter = self._direct(COUNTER_CURRENT, 0.5, VOLTAGE / THERMAL_VOLTAGE - self.phi).subs(y, 1)
        theta = self.coverage()
        per_rate = FARADAY * CAPACITY / self.flux_unit
        ratio = self.c_li * CONCENTRATION / REFERENCE
        back = sp.exp((1 - CHI) * ENERGY)
        adsorbed = per_rate * ADSORPTION * (ratio * (1 - theta) * sp.exp(-CHI * ENERGY) - theta * back)
        eta = -self.phi - ENERGY
        plated = per_rate * PLATING * (theta * sp.exp(-ALPHA * eta) - (1 - theta) * sp.exp((1 - ALPHA) * eta))
        at_anode = [term.subs(y, 0) if sites else 0 for term in (adsorbed, plated)]
        return anode.subs(y, 0), at_anode[0], at_anode[1], counter

    def coverage(self) -> Any:
        """theta from mu_s, phi at the plane and G."""
        return 1 / (1 + sp.exp(ENERGY + self.phi - self.mu_s))

    def surface_source(self) -> Any:
        """-(F r - j_p) - d/dx(Gamma D_s theta (1 - theta) d(mu_s)/dx) at y = 0."""
        _, adsorbed, plated, _ = self.currents(sites=True)
        theta = self.coverage().subs(y, 0)
        mobility = CAPACITY / (CONCENTRATION * WIDTH) * DIFFUSIVITY / D_LI * theta * (1 - theta)
        return -(adsorbed - plated) - sp.diff(mobility * sp.diff(self.mu_s, x), x)

    def wall_charges(self) -> tuple[Any, Any]:
        """Charge at the anode and at the counter over F c0 width."""
        unit = FARADAY * CONCENTRATION * WIDTH
        drops = (-self.phi.subs(y, 0), VOLTAGE / THERMAL_VOLTAGE - self.phi.subs(y, 1))
        anode, counter = (STERN * THERMAL_VOLTAGE * drop / unit for drop in drops)
        return anode + CHARGE / unit, counter


def ufl_of(expression: Any, mesh: Any) -> Any:
    """The expression on a mesh."""
    place = ufl.SpatialCoordinate(mesh)
    functions = {"exp": ufl.exp, "sin": ufl.sin, "cos": ufl.cos}
    return ufl.as_ufl(sp.lambdify((x, y), expression, [functions, "math"])(place[0], place[1]))


def with_sources(exact: Exact, *, sites: bool):
    """`cell_equations` with what the chosen fields leave."""

    def equations(model):
        found = cell_equations(model)
        mesh, test, facets = model.domain.mesh, model.bulk.test, model.facets
        anode, adsorbed, _, counter = exact.currents(sites=sites)
        extra = ufl.Form([])
        for ion, laws in (("li", (anode + adsorbed, counter)), ("anion", (0, 0))):
            across, v = exact.flux(ion)[1], test[f"mu_{ion}"]
            extra += -ufl_of(exact.source(ion), mesh) * v * model.dx
            extra += ufl_of(-across.subs(y, 0) - laws[0], mesh) * v * facets.ds_anode
            extra += ufl_of(across.subs(y, 1) - laws[1], mesh) * v * facets.ds_counter
        if exact.poisson:
            slope, charges = exact.lambda_squared * sp.diff(exact.phi, y), exact.wall_charges()
            extra += -ufl_of(exact.charge_source(), mesh) * test["phi"] * model.dx
            extra += -ufl_of(-slope.subs(y, 0) - charges[0], mesh) * test["phi"] * facets.ds_anode
            extra += -ufl_of(slope.subs(y, 1) - charges[1], mesh) * test["phi"] * facets.ds_counter
        found[0] = replace(found[0], forms=[found[0].forms[0] + extra, *found[0].forms[1:]])
        if sites:
            term = ufl_of(exact.surface_source(), mesh) * model.surface.block.test["mu_s"] * facets.ds_sites
            found[-1] = replace(found[-1], forms=[found[-1].forms[0] - term, *found[-1].forms[1:]])
        return found

    return equations


def cell(exact: Exact, cells: int, order: int, *, sites: bool) -> dict:
    """The cell in SI."""
    size = f"{WIDTH / cells!r} m"
    mapping = flat_cell(
        WIDTH,
        {
            "cell": {"length": f"{WIDTH!r} m"},
            "electrolyte": {
                "diffusivity_li": f"{D_LI!r} m^2/s",
                "diffusivity_anion": f"{D_ANION!r} m^2/s",
                "reference_concentration": f"{REFERENCE!r} mol/m^3",
            },
            "separator": {"conductivity": None, "transference_number": None},
            "anode": lithium(ANODE_CURRENT, transfer_coefficient=ALPHA, surface_charge=f"{CHARGE!r} C/m^2"),
            "counter": lithium(COUNTER_CURRENT),
            "operation": potentiostatic(VOLTAGE),
            "mesh": {"wall_cell": size, "max_cell": size, "growth": 1, "columns": cells, "order": order},
        },
        {} if exact.poisson else {"electrolyte": NEUTRAL},
    )
    interface = {
        "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": f"{ENERGY * THERMAL_VOLTAGE!r} eV"}},
        "area_factor": CAPACITY * 6.02214076e5,
        "reference_energy": "0 eV",
        "adsorption_rate": f"{ADSORPTION!r} / s",
        "plating_rate": f"{PLATING!r} / s",
        "barrier_position": CHI,
        "surface_diffusivity": f"{DIFFUSIVITY!r} m^2/s",
    }
    return merged(mapping, {"interface": interface}) if sites else mapping


def difference(u: Any, wanted: Any, mesh: Any) -> float:
    """L2 norm of u - wanted over a mesh."""
    form = fem.form((u - ufl_of(wanted, mesh)) ** 2 * ufl.dx(mesh)(degree=8))
    return float(np.sqrt(fem.assemble_scalar(form)))


def solved_errors(exact: Exact, mapping: dict, *, sites: bool) -> dict[str, float]:
    """L2 errors of all unknowns."""
    model, system = compiled(mapping, steady=True)
    (border,) = system.borders
    stored = sp.lambdify((y, x), exact.c_anion, "math")
    border.target = dblquad(stored, 0, 1, 0, 1, epsabs=1e-12, epsrel=1e-12)[0]
    assert solve_newton(system, STEADY, NewtonOptions()).converged
    mesh = model.domain.mesh
    wanted = {"mu_li": exact.mu_li, "mu_anion": exact.mu_anion} | (
        {"phi": exact.phi} if exact.poisson else {}
    )
    errors = {name: difference(model.state[name], field, mesh) for name, field in wanted.items()}
    if sites:
        errors["mu_s"] = difference(model.surface.block["mu_s"], exact.mu_s, model.facets.sites.mesh)
    return errors


@pytest.mark.parametrize("poisson", [True, False])
def test_chosen_fields_satisfy_the_strong_forms(poisson):
    """Proof by sympy: fluxes in potentials are those in concentrations, nothing leaves the sides, fields are
    not trivial."""
    exact = Exact(poisson=poisson)
    for ion, mu, c, d in (
        ("li", exact.mu_li, exact.c_li, 1),
        ("anion", exact.mu_anion, exact.c_anion, RATIO),
    ):
        potential_form = tuple(-d * c * sp.diff(mu, s) for s in (x, y))
        for one, other in zip(exact.flux(ion), potential_form, strict=True):
            assert sp.simplify(one - other) == 0
        divergence = sum(sp.diff(flux, s) for flux, s in zip(potential_form, (x, y), strict=True))
        assert sp.simplify(divergence - exact.source(ion)) == 0
        assert sp.simplify(exact.flux(ion)[0].subs(x, 0)) == sp.simplify(exact.flux(ion)[0].subs(x, 1)) == 0
        assert exact.source(ion) != 0
    assert sp.simplify(sp.ln(exact.c_li) + exact.phi - exact.mu_li) == 0
    theta = exact.coverage()
    assert (
        sp.simplify(ENERGY + exact.phi + sp.ln(theta / (1 - theta)) - exact.mu_s)
        .subs({x: 0.3, y: 0.2})
        .evalf()
        < 1e-12
    )
    assert sp.diff(exact.mu_s, x).subs(x, 0) == sp.diff(exact.mu_s, x).subs(x, 1) == 0
    if not poisson:
        assert sp.simplify(exact.c_li - exact.c_anion) == 0


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", ["poisson, sites", "poisson", "electroneutral, sites"])
def test_orders_of_the_elements(name, order, monkeypatch):
    exact, sites = Exact(poisson=name.startswith("poisson")), "sites" in name
    monkeypatch.setattr(sim.solve.system, "cell_equations", with_sources(exact, sites=sites))
    meshes = (8, 16, 32) if order == 1 else (6, 12, 24)
    errors = [solved_errors(exact, cell(exact, n, order, sites=sites), sites=sites) for n in meshes]
    for field in errors[0]:
        found = orders([one[field] for one in errors])
        assert found[-1] == pytest.approx(order + 1, abs=0.1), field
        assert errors[-1][field] < (1e-2 if order == 1 else 1e-4), field
