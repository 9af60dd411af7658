"""The chosen fields of case 15 satisfy the strong forms from which their sources come: proved by sympy."""

from __future__ import annotations

import pytest

pytest.importorskip("sympy")
import sympy as sp

from sim.verification.manufactured.cell import ENERGY
from sim.verification.manufactured.fields import RATIO, ChosenFields, x, y


@pytest.mark.parametrize("poisson", [True, False])
def test_chosen_fields_satisfy_the_strong_forms(poisson):
    """Proof by sympy: fluxes in potentials are those in concentrations, nothing leaves the sides, fields are
    not trivial."""
    exact = ChosenFields(poisson=poisson)
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
