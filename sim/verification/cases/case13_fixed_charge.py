"""Case 13: fixed charge. The leaky membrane and Donnan equilibrium."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import NEUTRAL, flat_cell, lithium, potentiostatic
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import FARADAY, from_measured
from sim.verification.readback import profile

WIDTH, MEDIUM, CONCENTRATION = 10e-6, 1e-6, 2500.0
TOLERANCE = 1e-4
#: s, V/V_T and jL/(F D+ c0) as printed; r and phi_D [V] as printed
PRINTED_MEMBRANE = (1.0, 1.0, 2.2642411)
PRINTED_DONNAN = (-1.0, -12.3635729e-3)
MODES: dict[str, dict[str, Any]] = {"Poisson": {}, "electroneutral": NEUTRAL}
WALL: dict[str, Any] = {"kind": "blocking", "stern": None}
#: the space charge at the reservoir ends here [m], in Poisson mode
LAYER = 2e-9


def membrane(
    ratio: float, voltage: float, mode: str, anode: dict[str, Any], *, outside: bool = False
) -> dict[str, Any]:
    """A medium of fixed charge rho = -ratio F c0 against a reservoir, just inside it or in free solution outside."""
    charge = {"fixed_charge": f"{-ratio * FARADAY * CONCENTRATION!r} C/m^3"}
    counter = {"kind": "reservoir", "contact": "outside" if outside else "inside"}
    updates = {"electrolyte": MODES[mode] | charge, "anode": anode, "counter": counter}
    return flat_cell(MEDIUM if outside else WIDTH, updates, {"operation": potentiostatic(voltage)})


def perform(bench: Bench) -> Outcome:
    """Current over the drop, rest, Donnan equilibrium, and the current through a medium in contact with solution."""
    outcome = Outcome()
    bench.show(membrane(1.0, 0.2, "electroneutral", {"kind": "reversible"}))
    _membranes(bench, outcome)
    _rest(bench, outcome)
    _donnan(bench, outcome)
    _through(bench, outcome)
    outcome.remarks.append(
        "In Poisson mode the reservoir of free solution has a layer of space charge, whose own resistance is of the "
        "order λ_D/L: the current through the medium, 1 µm wide, is compared to 0.3 % there, the equilibrium to the "
        "case's tolerance."
    )
    return outcome


def _membranes(bench: Bench, outcome: Outcome) -> None:
    """The drop across the electrolyte is read at the plating electrode."""
    unit = FARADAY * from_measured(0.023, 0.39).diffusivity_li * CONCENTRATION / WIDTH
    line = np.linspace(0, 6, 100)
    series = []
    for ratio in bench.choose((1.0, -0.3), (1.0, 0.1, -0.3)):
        drops, currents = [], []
        for voltage in bench.choose((0.2,), (0.0256926, 0.1, 0.2)):
            for kind in bench.choose(("reversible",), ("reversible", "lithium")):
                run = bench.run(membrane(ratio, voltage, "electroneutral", _electrode(kind)))
                drops.append((voltage - float(run.interface["phi_V"][0])) / exact.THERMAL_VOLTAGE)
                currents.append(run.summary["current_density_mean_A_m2"] / unit)
                wanted = float(exact.leaky_membrane_current(drops[-1], ratio))
                label = f"j: s = {ratio:g}, {kind} at {voltage:.3g} V"
                outcome.checks.append(Check(label, currents[-1], wanted, TOLERANCE, "F D₊c₀/L"))
        curve = np.asarray(exact.leaky_membrane_current(line, ratio))
        series += [
            Series(f"s = {ratio:g}", line, curve, exact=True),
            Series("", np.array(drops), np.array(currents), exact=False),
        ]
    outcome.panels.append(Panel("drop V (RT/F)", "j L / (F D₊ c₀)", tuple(series)))
    ratio, drop, printed = PRINTED_MEMBRANE
    found = _membrane_at(bench, ratio, drop) / unit
    outcome.checks.append(Check("j, printed: s = 1, V = 1", found, printed, TOLERANCE, "F D₊c₀/L"))


def _membrane_at(bench: Bench, ratio: float, drop: float) -> float:
    """Current [A/m^2] at a drop V [RT/F]: the reversible electrode sees phi = -ln(c_li/c0), c_li/c0 = e^-V + s."""
    voltage = float((drop - np.log(np.exp(-drop) + ratio)) * exact.THERMAL_VOLTAGE)
    summary = bench.summary(membrane(ratio, voltage, "electroneutral", _electrode("reversible")))
    return float(summary["current_density_mean_A_m2"])


def _electrode(kind: str) -> dict[str, Any]:
    return lithium() if kind == "lithium" else {"kind": kind}


def _rest(bench: Bench, outcome: Outcome) -> None:
    """Beside an uncharged wall lithium balances the fixed charge, and the anion is at c0."""
    for mode in MODES:
        frame = bench.run(membrane(0.6, 0.0, mode, WALL), fields=True).last_frame()
        for ion, wanted in (("li", 1.6), ("anion", 1.0)):
            y, c = profile(frame, f"c_{ion}_mol_m3")
            label = f"c/c₀ of {ion} at rest: {mode}"
            outcome.profiles.append(Profile(label, y, c / CONCENTRATION, np.full(y.size, wanted), 1e-9))


def _donnan(bench: Bench, outcome: Outcome) -> None:
    """Equilibrium with free solution."""
    series = []
    for mode in MODES:
        for ratio in bench.choose((-1.0,), (-1.0, 0.3, 2.5)):
            frame = bench.run(membrane(-ratio, 0.0, mode, WALL, outside=True), fields=True).last_frame()
            y, phi = profile(frame, "phi_V")
            inside = y < MEDIUM - (LAYER if mode == "Poisson" else 0)
            donnan = float(exact.donnan_potential(ratio))
            c_li, c_anion = (profile(frame, f"c_{ion}_mol_m3")[1] / CONCENTRATION for ion in ("li", "anion"))
            label, flat = f"r = {ratio:g}, {mode}", np.ones(y.size)
            outcome.profiles += [
                Profile(f"φ inside: {label}", y[inside], phi[inside], donnan * flat[inside], TOLERANCE),
                Profile(f"c₊c₋/c₀²: {label}", y, c_li * c_anion, flat, 1e-6),
                Profile(
                    f"charge: {label}", y[inside], (c_anion - c_li)[inside], ratio * flat[inside], TOLERANCE
                ),
            ]
            if ratio == PRINTED_DONNAN[0]:
                found = float(phi[0])
                outcome.checks.append(Check(f"φ_D, printed: {mode}", found, PRINTED_DONNAN[1], 1e-6, "V"))
                label = f"φ at the solution: {mode}"
                if mode == "Poisson":
                    outcome.checks.append(Check(label, float(phi[-1]), 0.0, 1e-9, "V", scale=abs(donnan)))
            if mode == "Poisson":
                from_solution = (MEDIUM - y) * 1e9
                near = from_solution < 1e9 * LAYER
                level = np.full(2, 1e3 * donnan)
                series += [
                    Series(f"r = {ratio:g}", np.array([0, 2.0]), level, exact=True),
                    Series("", from_solution[near], 1e3 * phi[near], exact=False),
                ]
    outcome.panels.append(Panel("distance from the solution (nm)", "φ (mV)", tuple(series)))


def _through(bench: Bench, outcome: Outcome) -> None:
    """Current from free solution through the medium to a reversible electrode at 50 mV."""
    voltage = 0.05
    unit = FARADAY * from_measured(0.023, 0.39).diffusivity_li * CONCENTRATION / MEDIUM
    for mode in MODES:
        for ratio in bench.choose((-1.0,), (-1.0, 0.4)):
            wanted = exact.membrane_current_from_solution(voltage / exact.THERMAL_VOLTAGE, ratio)
            kind = {"kind": "reversible"}
            found = bench.summary(membrane(-ratio, voltage, mode, kind, outside=True))
            current = found["current_density_mean_A_m2"] / unit
            bound = 3e-3 if mode == "Poisson" else TOLERANCE
            outcome.checks.append(
                Check(f"j from solution: r = {ratio:g}, {mode}", current, wanted, bound, "F D₊c₀/L")
            )


CASE = Case(
    number=13,
    slug="fixed-charge",
    title="Fixed charge: the leaky membrane and Donnan equilibrium",
    problem="""
A medium with a uniform fixed charge $\\rho_{fix}$. Leaky membrane: against a reservoir, where the anion has $c_0$ just
inside the medium, lithium plates on a reversible or a lithium electrode 10 µm away; the drop $V$ of potential across
the electrolyte is read at the electrode. Donnan: the reservoir is free solution of $c_0$ outside the medium, 1 µm wide,
with an inert wall at its other end: an immediate jump of potential in electroneutral mode, a resolved layer of space
charge in Poisson mode. Then with a current from the solution through the medium.
""",
    exact="""
The anion rests, $c_- = c_0 e^{\\varphi}$ (potentials in $RT/F$, from the reservoir), and with
$s = -\\rho_{fix}/(F c_0)$

$$\\frac{j L}{F D_+ c_0} = 2 (1 - e^{-V}) + s V$$

In equilibrium with free solution $c_+ c_- = c_0^2$ in the medium, whose potential is

$$\\varphi_D = \\frac{RT}{F}\\, \\mathrm{arsinh}\\, \\frac{r}{2}, \\qquad r = \\frac{\\rho_{fix}}{F c_0}$$

and with a current, from a reversible electrode at $\\mu_+ = -V$ to the solution at $\\mu_+ = 0$,

$$\\frac{j L}{F D_+ c_0} = \\int_{-V}^{0} c_+\\, d\\mu_+, \\qquad c_+ = \\frac{-r + \\sqrt{r^2 + 4 e^{\\mu_+}}}{2}$$
""",
    sources=(
        "E. V. Dydek, M. Z. Bazant, AIChE J. 59 (2013) 3539, doi:10.1002/aic.14200",
        "F. G. Donnan, Z. Elektrochem. 17 (1911) 572",
    ),
    modes=("Poisson", "electroneutral"),
    perform=perform,
)
