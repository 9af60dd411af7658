"""Case 4: the steady electroneutral cell with concentration-dependent Butler-Volmer kinetics at both electrodes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Outcome, Panel, Series
from sim.verification.cells import (
    CLOSURE,
    NEUTRAL,
    as_mapping,
    flat_cell,
    galvanostatic,
    merged,
    potentiostatic,
)
from sim.verification.exact import closed_forms as exact
from sim.verification.exact import electroneutral1d
from sim.verification.exact.parameters import Cell, Electrode, Electrolyte, from_measured

WIDTH = 25e-6
#: j [A/m^2] and V [mV] of PP, as printed to a microvolt
PRINTED = ((1.0, 18.304), (5.0, 86.258), (10.0, 154.122), (20.0, 259.222), (30.0, 372.817))
LAST_DIGIT = 0.5e-3
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Symmetric:
    """Two alike electrodes, alpha = 1/2, without double layer: what the closed form knows."""

    name: str
    salt: Electrolyte
    exchange: float  #: j0 [A/m^2]
    width: float  #: [m]

    @property
    def cell(self) -> Cell:
        """The cell in SI."""
        wall = Electrode(self.exchange)
        return Cell(self.salt, wall, wall, self.width)

    def voltage(self, current: Any) -> Any:
        """Exact V [V] at j [A/m^2]."""
        return exact.butler_volmer_voltage(current, self.salt, self.width, self.exchange)


PP = Symmetric("PP", from_measured(0.023, 0.39), 3.3, WIDTH)
PIA = Symmetric("PIA", from_measured(0.092, 0.78), 6.4, WIDTH)
WARM = Symmetric("40 °C, 1 M", replace(from_measured(0.3, 0.4, 1000.0), temperature=313.15), 20.0, 80e-6)


def unlike() -> Cell:
    """Everything differs: alpha, j0, Stern layers and charges of the electrodes, c_ref from c0."""
    salt = replace(from_measured(0.092, 0.78, 1200.0, 18.5), reference_concentration=1000.0)
    anode = Electrode(6.4, 0.3, 5e-10, 10.0, 0.02)
    return Cell(salt, anode, Electrode(2.0, 0.62, 2e-10, 30.0, -0.01), 10e-6)


def mapping(cell: Cell, double_layer: dict[str, str], operation: dict[str, str]) -> dict[str, Any]:
    """The config of a cell."""
    return merged(as_mapping(cell), {"electrolyte": double_layer, "operation": operation})


def measured_pp(current: float) -> dict[str, Any]:
    """PP's cell from its measured conductivity and transference number, at j [A/m^2]."""
    return flat_cell(WIDTH, {"electrolyte": NEUTRAL, "operation": galvanostatic(current)})


def perform(bench: Bench) -> Outcome:
    """Voltage at a current, current at a voltage, both directions, like and unlike electrodes."""
    outcome = Outcome()
    points: list[tuple[float, float]] = []
    for current, printed in bench.choose(PRINTED[1::3], PRINTED):
        summary = bench.summary(measured_pp(current))
        found, label = 1e3 * summary["cell_voltage_V"], f"PP, j = {current:g} A/m²"
        points.append((current, found))
        wanted = 1e3 * float(PP.voltage(current))
        outcome.checks.append(Check(f"V: {label}", found, wanted, TOLERANCE, "mV"))
        rounding = TOLERANCE + LAST_DIGIT / printed
        outcome.checks.append(Check(f"V, printed: {label}", found, printed, rounding, "mV"))
    outcome.panels.append(_panel((PP, points), (PIA, _at_voltages(bench, outcome, PIA, (5.0, 50.0, -80.0)))))
    _at_voltages(bench, outcome, WARM, bench.choose((-60.0,), (30.0, -60.0)))
    outcome.panels.append(_unlike(bench, outcome))
    outcome.remarks.append(
        "Printed voltages carry three decimals of a millivolt; half of the last is added to the tolerance there."
    )
    bench.show(measured_pp(20.0))
    return outcome


def _at_voltages(
    bench: Bench, outcome: Outcome, one: Symmetric, currents: tuple[float, ...]
) -> list[tuple[float, float]]:
    """Currents [A/m^2] found at the exact voltages [mV] of these currents."""
    points = []
    for current in currents:
        voltage = float(one.voltage(current))
        summary = bench.summary(mapping(one.cell, NEUTRAL, potentiostatic(voltage)))
        found = summary["current_density_mean_A_m2"]
        label = f"j: {one.name}, V = {1e3 * voltage:.3f} mV"
        outcome.checks.append(Check(label, found, current, TOLERANCE, "A/m²"))
        points.append((found, 1e3 * voltage))
    return points


def _panel(*curves: tuple[Symmetric, list[tuple[float, float]]]) -> Panel:
    """Voltage against current, between limiting currents."""
    series = []
    for one, points in curves:
        limit = one.salt.limiting_current(one.width)
        currents = np.linspace(-0.98, 0.98, 300) * limit
        currents = currents[currents > 1.1 * min(0.0, points[-1][0])]
        found = np.array(points).T
        series += [
            Series(one.name, currents, 1e3 * one.voltage(currents), exact=True),
            Series("", found[0], found[1], exact=False),
        ]
    return Panel("j (A/m²)", "V (mV)", tuple(series))


def _unlike(bench: Bench, outcome: Outcome) -> Panel:
    """Currents of the unlike electrodes at voltages, with and without thin double layers."""
    cell, series = unlike(), []
    voltages = bench.choose((0.25,), (-0.1, 0.05, 0.15, 0.25))
    line = np.linspace(-0.12, 0.3, bench.choose(8, 43))
    for name, double_layer in (("no double layer", NEUTRAL), ("closure", CLOSURE)):

        def current(voltage: float, closure: bool = double_layer is CLOSURE) -> float:
            return electroneutral1d.at_voltage(cell, voltage, closure).current

        found = []
        for voltage in voltages:
            summary = bench.summary(mapping(cell, double_layer, potentiostatic(voltage)))
            found.append(summary["current_density_mean_A_m2"])
            label = f"j: unlike electrodes, {name}, {voltage:g} V"
            outcome.checks.append(Check(label, found[-1], current(voltage), TOLERANCE, "A/m²"))
        wanted = np.array([current(voltage) for voltage in line])
        series += [
            Series(f"unlike electrodes, {name}", 1e3 * line, wanted, exact=True),
            Series("", 1e3 * np.array(voltages), np.array(found), exact=False),
        ]
    return Panel("V (mV)", "j (A/m²)", tuple(series))


CASE = Case(
    number=4,
    slug="butler-volmer",
    title="Li | Li, steady, with Butler–Volmer kinetics",
    problem="""
The cell of case 3 (PP and PIA, 25 µm wide, and one at 40 °C and 1 M) with lithium electrodes of finite exchange current
density instead of reversible ones. The exchange current follows the concentration at the wall. The current is stated
and the voltage asked for, or the other way round, plating and stripping.

The closed form is for $\\alpha = \\frac{1}{2}$, alike electrodes and $c^\\circ = c_0$. Where everything differs
($\\alpha$, $j_0$, Stern layers and surface charges of both electrodes, $c^\\circ \\ne c_0$), with thin double layers or
without, the algebra of each wall is solved by bracketing instead.
""",
    exact="""
$$\\frac{FV}{RT} = h_a - h_c + \\ln\\frac{1 + J}{1 - J}, \\qquad q = \\frac{j}{j_0}, \\qquad J = \\frac{j}{j_{lim}},
\\qquad j_{lim} = \\frac{4 F D_+ c_0}{L}$$

$$h_a = 2\\,\\ln\\frac{q + \\sqrt{q^2 + 4(1 + J)}}{2}, \\qquad h_c = 2\\,\\ln\\frac{-q + \\sqrt{q^2 + 4(1 - J)}}{2}$$

It follows from $j = j_0\\,[(c/c^\\circ)\\, e^{-F\\eta/2RT} - e^{F\\eta/2RT}]$ at either wall with $c = c_0(1 \\mp J)$.
The diffuse layer of the unlike electrodes obeys, with $\\psi$ in units of $RT/F$ and the concentration $c$ outside it,

$$C_S\\left(\\Delta\\varphi - \\psi\\,\\frac{RT}{F}\\right) + \\sigma_s = 4 F c\\, \\lambda_D(c)\\,
\\sinh\\frac{\\psi}{2}$$

and the rates take $c\\,e^{-\\psi}$ and $\\varphi + \\psi RT/F$.
""",
    sources=(
        "J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 8 and 11",
        "the double layers: M. Z. Bazant, K. T. Chu, B. J. Bayly, SIAM J. Appl. Math. 65 (2005) 1463, section 3, "
        "doi:10.1137/040609938",
    ),
    modes=("electroneutral", "closure"),
    perform=perform,
)
