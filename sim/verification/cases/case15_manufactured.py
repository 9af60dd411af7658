"""Case 15: manufactured solutions for the bulk (P1, P2) and the surface equation coupled to it; the order in time."""

from __future__ import annotations

from typing import Any

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Order, Outcome
from sim.verification.cells import merged
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.filling import Sites, filling
from sim.verification.manufactured.cell import cell

#: squares along each side, by the order of the element
MESHES = {1: (8, 16, 32), 2: (6, 12, 24)}
#: largest error in L2 [kT] on the finest mesh, by the order of the element
BOUNDS = {1: 1e-2, 2: 1e-4}
SYMBOLS = {"mu_li": "μ₊", "mu_anion": "μ₋", "phi": "φ", "mu_s": "μ_s"}
#: of the order in time: the sites, the duration [s], and numbers of steps
TIMED = Sites(0.0, 0.5, 1.0, "none", 0.1)
END = 2 / sum(TIMED.rates)
STEPS = (32, 64, 128)


def perform(bench: Bench) -> Outcome:
    """Orders of all unknowns with and without sites, in both modes; order of the time steps."""
    outcome = Outcome()
    bench.show(equal_steps(TIMED, END, STEPS[0]))
    chosen = [(True, True)]
    for poisson, sites in bench.choose(chosen, [*chosen, (True, False), (False, True)]):
        for order in (1, 2):
            _elements(bench, outcome, order, poisson=poisson, sites=sites)
    _time(bench, outcome)
    outcome.remarks.append(
        "The chosen fields are written in sympy, in concentrations, from the textbook equations, and share no "
        "expression with the simulator; that they satisfy those equations is proved in a test of its own. Sources have "
        "no place in a config: the one above is that of the order in time, and `sim verify 15` performs the rest."
    )
    return outcome


def _elements(bench: Bench, outcome: Outcome, order: int, *, poisson: bool, sites: bool) -> None:
    """Errors on meshes that are each twice as fine as the last."""
    # sympy only where it is needed: the other cases do without
    from sim.verification.manufactured.fields import ChosenFields
    from sim.verification.manufactured.system import solved_errors

    fields, meshes = ChosenFields(poisson=poisson), MESHES[order]
    mode = f"{'Poisson' if poisson else 'electroneutral'}{', with sites' if sites else ''}"
    found = [
        solved_errors(bench, fields, cell(n, order, poisson=poisson, sites=sites), sites=sites)
        for n in meshes
    ]
    steps = tuple(1 / n for n in meshes)
    for name in found[0]:
        errors, label = tuple(one[name] for one in found), f"{SYMBOLS[name]}, P{order}"
        outcome.orders.append(Order(label, f"cell over width: {mode}", steps, errors, order + 1))
        text = f"finest error of {label}: {mode}"
        outcome.checks.append(Check(text, errors[-1], 0.0, BOUNDS[order], "kT", scale=1.0))


def _time(bench: Bench, outcome: Outcome) -> None:
    """Langmuir kinetics with equal steps: the error of variable-step BDF2 falls with their square."""
    errors = []
    for steps in STEPS:
        metrics = bench.run(equal_steps(TIMED, END, steps)).table("metrics.csv")
        wanted = exact.langmuir_relaxation(END, *TIMED.rates, TIMED.start)
        errors.append(abs(float(metrics["coverage_mean"][-1] - wanted)))
        taken = float(metrics["time_s"].size)
        outcome.checks.append(Check(f"steps taken, of {steps}", taken, float(steps), 1e-12))
    sizes = tuple(1 / steps for steps in STEPS)
    outcome.orders.append(Order("θ", "time step over duration", sizes, tuple(errors), 2))


def equal_steps(sites: Sites, end: float, steps: int) -> dict[str, Any]:
    """Sites that fill until ``end`` [s], in equal steps."""
    size = f"{end / steps!r} s"
    solver = {"first_step": size, "max_step": size, "time_tolerance": 0.99}
    return merged(filling(sites), {"operation": {"duration": f"{end!r} s"}, "solver": solver})


CASE = Case(
    number=15,
    slug="manufactured",
    title="Manufactured solutions: the orders of the elements and of the time steps",
    problem="""
Smooth fields are chosen on a square cell whose Debye length is a third of its width, with fast Butler–Volmer kinetics
and Stern layers at both electrodes, sites with adsorption, plating and surface diffusion on the anode. What the
fields leave of the textbook equations becomes sources, which are added to the compiled weak form of a user's
config; then the fields are its exact solution. Elements of first and second order, meshes each twice as fine as the
last. For the order in time, sites fill from the electrolyte in equal steps.
""",
    exact="""
Lengths in cell widths, $\\varphi$ in $RT/F$, $c$ in $c_0$:

$$\\ln c_+ = \\frac{y^2}{5} \\cos \\pi x + \\frac{y}{10}, \\qquad
\\ln c_- = -\\frac{3}{10}\\left(y - \\frac{1}{2}\\right) \\cos \\pi x + \\frac{1}{20}$$

$$\\varphi = \\frac{2}{5} (1 + \\sin y) \\cos \\pi x - \\frac{y}{5}, \\qquad
\\mu_s = \\frac{1}{2} \\cos \\pi x + \\frac{1}{10}$$

(electroneutral: $c_- = c_+$). The sources are what is left of

$$\\nabla \\cdot N_i = f_i, \\qquad -\\lambda^2 \\nabla^2 \\varphi - (c_+ - c_-) = f_\\varphi$$

$$N_+ \\cdot n = j_d + F r + g_+, \\qquad N_- \\cdot n = g_-, \\qquad
\\lambda^2 \\partial_n \\varphi = C_S (\\varphi_m - \\varphi) + \\sigma_s + g_\\varphi$$

$$-(F r - j_p) - \\frac{d}{dx}\\left(\\Gamma D_s \\theta (1-\\theta) \\frac{d\\mu_s}{dx}\\right) = f_s$$

The error in $L_2$ falls with the square (P1) and the cube (P2) of the cell size, the error in time with the square of
the step.
""",
    sources=("P. J. Roache, J. Fluids Eng. 124 (2002) 4, doi:10.1115/1.1436090 (the method)",),
    modes=("Poisson", "electroneutral"),
    perform=perform,
)
