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


def cell(separator: dict[str, Any], operation: dict[str, str]) -> dict[str, Any]:
    """Two reversible electrodes 25 um apart."""
    kinds = {"anode": {"kind": "reversible"}, "counter": {"kind": "reversible"}}
    return flat_cell(WIDTH, kinds, {"electrolyte": NEUTRAL, "separator": separator, "operation": operation})


def perform(bench: Bench) -> Outcome:
    """Voltage at a current, current at a voltage, stripping, and the profile of concentration."""
    outcome = Outcome()
    curves: list[Series] = []
    for name, (separator, kappa, t_li) in SEPARATORS.items():
        limit = from_measured(kappa, t_li).limiting_current(WIDTH)
        for ratio, printed in bench.choose(PRINTED[1:], PRINTED):
            run = bench.run(cell(separator, galvanostatic(ratio * limit)), fields=True)
            found = run.summary["cell_voltage_V"]
            label = f"{name}, J = {ratio:g}"
            voltage = float(exact.reversible_voltage(ratio))
            outcome.checks.append(Check(f"V at j: {label}", found, voltage, TOLERANCE, "V"))
            outcome.checks.append(Check(f"V at j, printed: {label}", found, printed, TOLERANCE, "V"))
            y, c_li = profile(run.last_frame(), "c_li_mol_m3")
            wanted = 2500 * (1 + ratio * (2 * y / WIDTH - 1))
            outcome.profiles.append(Profile(f"c(y): {label}", y, c_li, wanted, 1e-4))
            if name == "PP":
                curves += [
                    Series(f"J = {ratio:g}", y / 1e-6, wanted, exact=True),
                    Series("", y / 1e-6, c_li, exact=False),
                ]
            summary = bench.summary(cell(separator, potentiostatic(-printed)))
            current = summary["current_density_mean_A_m2"]
            outcome.checks.append(
                Check(f"j at V, stripping: {label}", current, -ratio * limit, TOLERANCE, "A/m²")
            )
    outcome.panels.append(Panel("distance from the anode (µm)", "c (mol/m³)", tuple(curves)))
    outcome.panels.append(_voltages(outcome))
    bench.show(cell(PP, galvanostatic(0.5 * from_measured(0.023, 0.39).limiting_current(WIDTH))))
    return outcome


def _voltages(outcome: Outcome) -> Panel:
    ratios = np.linspace(0, 0.97, 200)
    points = [check for check in outcome.checks if check.label.startswith("V at j: PP")]
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
""",
    exact="""
$$c = c_0\\left[1 + J\\left(\\frac{2y}{L} - 1\\right)\\right], \\qquad V = 4\\,\\frac{RT}{F}\\,\\mathrm{artanh}\\,J,
\\qquad J = \\frac{j}{j_{lim}}, \\qquad j_{lim} = \\frac{4 F D_+ c_0}{L}$$
""",
    sources=("J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11",),
    modes=("electroneutral",),
    perform=perform,
)
