"""Case 11: Langmuir kinetics in time, equilibrium on an energy landscape, and the mobility on it."""

from __future__ import annotations

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import merged
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.filling import Sites, filling
from sim.verification.landscape import DIFFUSIVITY, effective_diffusivity, landscape

TOLERANCE = 1e-4
#: amplitude E_a/kT and mean coverage
LANDSCAPES = [(2.0, 0.3), (3.0, 0.9), (1.0, 1e-3)]
#: for the first: mu/kT, and theta at s = 0 and 1/2
PRINTED_LANDSCAPE = (-1.22882173, 0.03809540, 0.68377572)
#: amplitude b -> D_eff/D as printed
PRINTED_MOBILITY = {1.0: 0.62386036, 5.0: 0.00134769}


FILLING = [
    Sites(0.0, 0.5, 1.0, "Poisson", 0.02),
    Sites(-1.0, 0.3, 1.0, "none", 1e-6),
    Sites(1.5, 0.35, 2.0, "closure", 1e-3),
]


def perform(bench: Bench) -> Outcome:
    """Filling at every accepted step; coverage on landscapes; decay of a long wave over many periods."""
    outcome = Outcome()
    bench.show(filling(FILLING[0]))
    _langmuir(bench, outcome)
    _landscapes(bench, outcome)
    _mobility(bench, outcome)
    outcome.remarks.append(
        "Langmuir kinetics: the time steps. Landscapes: the energy is a quadratic on every facet. Mobility: the long "
        "wave sees the landscape as uniform up to a series in the inverse square of the number of periods; two terms "
        "of it are removed by extrapolation."
    )
    return outcome


def _langmuir(bench: Bench, outcome: Outcome) -> None:
    series = []
    for sites in bench.choose(FILLING[2:], FILLING):
        metrics = bench.run(filling(sites)).table("metrics.csv")
        forth, back = sites.rates
        time, settled = metrics["time_s"], forth / (forth + back)
        wanted, found = exact.langmuir_relaxation(time, forth, back, sites.start), metrics["coverage_mean"]
        label = f"G = {sites.energy:g} kT, c/c° = {sites.activity:g}, {sites.mode}"
        outcome.profiles.append(Profile(f"θ(t): {label}", time, found, wanted, TOLERANCE, settled))
        first = Check(f"θ after the first step: {label}", float(found[0]), sites.start, 1e-3, scale=settled)
        outcome.checks.append(first)
        shown = time * (forth + back) > 1e-2
        some = np.flatnonzero(shown)[:: max(1, int(np.count_nonzero(shown)) // 25)]
        at = time * (forth + back)
        series += [
            Series(f"G = {sites.energy:g} kT", at[shown], wanted[shown], exact=True),
            Series("", at[some], found[some], exact=False),
        ]
    outcome.panels.append(Panel("time × (k_a c + k_d)", "coverage", tuple(series)))


def _landscapes(bench: Bench, outcome: Outcome) -> None:
    series = []
    for amplitude, mean in bench.choose(LANDSCAPES[:1], LANDSCAPES):
        mapping = landscape(bench, 1e-6, {2: amplitude}, mean, 40)
        relaxed = {"operation": {"duration": f"{10 * 1e-12 / DIFFUSIVITY!r} s"}}
        run = bench.run(merged(mapping, relaxed))
        s, theta = run.interface["x_m"] / 1e-6, run.interface["coverage"]
        mu = run.interface["adsorption_energy_eV"] / THERMAL_VOLTAGE + np.log(theta / (1 - theta))
        wanted = exact.landscape_coverage(s, mean, amplitude)
        level = exact.landscape_potential(mean, amplitude)
        label = f"E_a = {amplitude:g} kT, ⟨θ⟩ = {mean:g}"
        outcome.profiles += [
            Profile(f"μ/kT: {label}", s, mu, np.full(s.size, level), TOLERANCE, 1.0),
            Profile(f"θ(s), relative: {label}", s, theta / wanted, np.ones(s.size), TOLERANCE),
        ]
        found = float(run.summary["coverage_mean"])
        outcome.checks.append(Check(f"⟨θ⟩: {label}", found, mean, 1e-6))
        if (amplitude, mean) == LANDSCAPES[0]:
            values = (float(np.mean(mu)), float(theta[0]), float(theta[theta.size // 2]))
            names = ("μ/kT, printed", "θ(0), printed", "θ(½), printed")
            for name, one, printed in zip(names, values, PRINTED_LANDSCAPE, strict=True):
                outcome.checks.append(Check(name, one, printed, TOLERANCE))
        series += [Series(label, s, wanted, exact=True), Series("", s[::4], theta[::4], exact=False)]
    outcome.panels.append(Panel("x (periods of the landscape)", "coverage", tuple(series), y_log=True))


def _mobility(bench: Bench, outcome: Outcome) -> None:
    found = {}
    for amplitude, first, columns in bench.choose([(1.0, 2, 16)], [(1.0, 2, 16), (2.5, 2, 24), (5.0, 3, 40)]):
        found[amplitude] = effective_diffusivity(bench, amplitude, first, columns)
        value = exact.lifson_jackson(amplitude)
        outcome.checks.append(Check(f"D_eff/D: b = {amplitude:g}", found[amplitude], value, TOLERANCE))
        if amplitude in PRINTED_MOBILITY:
            label = f"D_eff/D, printed: b = {amplitude:g}"
            outcome.checks.append(Check(label, found[amplitude], PRINTED_MOBILITY[amplitude], TOLERANCE))
    line = np.linspace(0, 5.5, 100)
    curve = np.array([exact.lifson_jackson(float(b)) for b in line])
    at = np.array(list(found))
    series = (
        Series("Lifson–Jackson", line, curve, exact=True),
        Series("found", at, np.array(list(found.values())), exact=False),
    )
    outcome.panels.append(Panel("amplitude of the landscape b (kT)", "D_eff / D", series, y_log=True))


CASE = Case(
    number=11,
    slug="adsorption",
    title="Adsorbed lithium: Langmuir kinetics, equilibrium on a landscape of energies, mobility on it",
    problem="""
Three runs of sites on an anode that does nothing else. Filling: few sites of one energy $G$, so that the electrolyte
stays at rest, fill from a coverage of $10^{-6}$ to $0.02$. Landscape: two kinds of sites on table maps give
$E = E_a \\cos 2\\pi s$ at a uniform capacity; adsorption and plating are switched off, and the
coverage spreads at a fixed mean. Mobility: lithium so dilute that it hops independently, on a landscape of amplitude
$b\\,kT$ that repeats along the anode on top of a weak long wave $\\cos(\\pi x/L)$, and what is measured is how fast
the long wave of the chemical potential decays.
""",
    exact="""
$$\\theta = \\theta_{eq} + (\\theta_0 - \\theta_{eq})\\, e^{-(k_a c + k_d) t}, \\qquad
k_a c = k\\, \\frac{c}{c^\\circ}\\, e^{-\\chi G/kT}, \\qquad k_d = k\\, e^{(1-\\chi) G/kT}$$

$$\\theta(s) = \\frac{1}{1 + e^{(E_a \\cos 2\\pi s - \\mu)/kT}} \\quad \\mathrm{with} \\quad
\\int_0^1 \\theta\\, ds = \\langle\\theta\\rangle$$

$$\\frac{D_{eff}}{D} = \\frac{1}{\\langle e^{E/kT}\\rangle \\langle e^{-E/kT}\\rangle} = \\frac{1}{I_0(b)^2}$$
""",
    sources=(
        "I. Langmuir, J. Am. Chem. Soc. 40 (1918) 1361, doi:10.1021/ja02242a004",
        "S. Lifson, J. L. Jackson, J. Chem. Phys. 36 (1962) 2410, doi:10.1063/1.1732899",
    ),
    modes=("Poisson", "electroneutral with closure", "electroneutral"),
    perform=perform,
)
