"""Case 3: the steady electroneutral cell between reversible electrodes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import NEUTRAL, PIA, PP, flat_cell, galvanostatic, potentiostatic
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import from_measured
from sim.verification.readback import profile

WIDTH = 25e-6
#: J = j/j_lim and V [V] as printed
PRINTED = [(0.1, 10.311495e-3), (0.5, 56.452366e-3), (0.9, 151.300463e-3)]
TOLERANCE = 1e-6
#: separator -> (its section, kappa [S/m], t+)
SEPARATORS: dict[str, tuple[dict[str, Any], float, float]] = {
    "PP": (PP, 0.023, 0.39),
    "PIA": (PIA, 0.092, 0.78),
}


def cell(separator: dict[str, Any], operation: dict[str, str], *more: dict[str, Any]) -> dict[str, Any]:
    """Two reversible electrodes 25 um apart."""
    kinds = {"anode": {"kind": "reversible"}, "counter": {"kind": "reversible"}}
    sections = {"electrolyte": NEUTRAL, "separator": separator, "operation": operation}
    return flat_cell(WIDTH, kinds, sections, *more)


def perform(bench: Bench) -> Outcome:
    """Voltage at a current, current at a voltage, stripping, the profile of concentration, and a reservoir."""
    outcome = Outcome()
    curves: list[Series] = []
    for name, (separator, kappa, t_li) in SEPARATORS.items():
        limit = from_measured(kappa, t_li).limiting_current(WIDTH)
        for ratio, printed in bench.choose(PRINTED[1:], PRINTED):
            run = bench.run(cell(separator, galvanostatic(ratio * limit)), fields=True)
            found, label = run.summary["cell_voltage_V"], f"{name}, J = {ratio:g}"
            voltage = float(exact.reversible_voltage(ratio))
            back = bench.summary(cell(separator, potentiostatic(-printed)))["current_density_mean_A_m2"]
            outcome.checks += [
                Check(f"V at j: {label}", found, voltage, TOLERANCE, "V"),
                Check(f"V at j, printed: {label}", found, printed, TOLERANCE, "V"),
                Check(f"j at V, stripping: {label}", back, -ratio * limit, TOLERANCE, "A/m²"),
                Check(f"j/j_lim: {label}", run.summary["j_over_j_lim"], ratio, 1e-9),
            ]
            y, c_li = profile(run.last_frame(), "c_li_mol_m3")
            wanted = 2500 * (1 + ratio * (2 * y / WIDTH - 1))
            outcome.profiles.append(Profile(f"c(y): {label}", y, c_li, wanted, 1e-4))
            if name == "PP":
                curves += [
                    Series(f"J = {ratio:g}", y / 1e-6, wanted, exact=True),
                    Series("", y / 1e-6, c_li, exact=False),
                ]
    _variants(bench, outcome)
    outcome.panels.append(Panel("distance from the anode (µm)", "c (mol/m³)", tuple(curves)))
    outcome.panels.append(_voltages(outcome))
    bench.show(cell(PP, galvanostatic(0.5 * from_measured(0.023, 0.39).limiting_current(WIDTH))))
    return outcome


def _variants(bench: Bench, outcome: Outcome) -> None:
    """A reference concentration shifts both electrodes alike; a reservoir halves the limiting current."""
    limit = from_measured(0.092, 0.78).limiting_current(WIDTH)
    shifted = {"electrolyte": {"reference_concentration": "1000 mol/m^3"}}
    voltage = bench.summary(cell(PIA, galvanostatic(-0.5 * limit), shifted))["cell_voltage_V"]
    wanted = -float(exact.reversible_voltage(0.5))
    outcome.checks.append(Check("V at j: PIA, J = -0.5, c° = 1000 mol/m³", voltage, wanted, TOLERANCE, "V"))
    limit = from_measured(0.023, 0.39).limiting_current(WIDTH) / 2
    half = bench.summary(cell(PP, galvanostatic(0.5 * limit), {"counter": {"kind": "reservoir"}}))
    # ln(c0/c) in the electrolyte and as much at the anode, where c = c0 (1 - J)
    wanted = 2 * float(np.log(2)) * exact.THERMAL_VOLTAGE
    outcome.checks += [
        Check("V at j: PP, J = 0.5, against a reservoir", half["cell_voltage_V"], wanted, TOLERANCE, "V"),
        Check("j/j_lim: PP, against a reservoir", half["j_over_j_lim"], 0.5, 1e-9),
    ]


def _voltages(outcome: Outcome) -> Panel:
    ratios = np.linspace(0, 0.97, 200)
    points = [
        check
        for check in outcome.checks
        if check.label.startswith("V at j: PP, J") and "res" not in check.label
    ]
    found = np.array([check.found for check in points])
    at = np.array([float(check.label.rsplit("=", 1)[1]) for check in points])
    series = (
        Series("4 RT/F artanh J", ratios, 1e3 * exact.reversible_voltage(ratios), exact=True),
        Series("found", at, 1e3 * found, exact=False),
    )
    return Panel("j / j_lim", "V (mV)", series)


CASE = Case(
    number=3,
    slug="reversible",
    title="Li | Li, steady, between reversible electrodes",
    problem="""
An electroneutral cell, 25 µm wide, between two electrodes at equilibrium; the anion is locked in. At a stated current
the voltage is asked for, at a stated voltage the current, plating and stripping, for the transport of PP and PIA.
Another reference concentration of the kinetics must change nothing; a reservoir in place of the counter electrode
halves the limiting current and the voltage becomes $2\\,(RT/F)\\ln[1/(1-J)]$.
""",
    exact="""
$$c = c_0\\left[1 + J\\left(\\frac{2y}{L} - 1\\right)\\right], \\qquad V = 4\\,\\frac{RT}{F}\\,\\mathrm{artanh}\\,J,
\\qquad J = \\frac{j}{j_{lim}}, \\qquad j_{lim} = \\frac{4 F D_+ c_0}{L}$$
""",
    sources=("J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11",),
    modes=("electroneutral",),
    perform=perform,
)
