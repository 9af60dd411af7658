"""Case 16: resolved double layers against the electroneutral model with the thin-double-layer closure."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Order, Outcome, Panel, Series
from sim.verification.cells import CLOSURE, as_mapping, galvanostatic, merged, potentiostatic
from sim.verification.exact import electroneutral1d, pnp1d
from sim.verification.exact.parameters import Cell, Electrode, from_measured, shipped_cell

WIDTH = 8e-6
#: 0.5 C [A/m^2]
CURRENT = 5.0
TOLERANCE = 1e-2
#: of the voltages of either model against its own independent solution
OWN_TOLERANCE = {"Poisson": 1e-4, "closure": 1e-5}
#: thinner and thinner cells, down to forty Debye lengths [m]
THIN = (5e-9, 10e-9, 20e-9)
#: separator -> kappa [S/m], t+, j0 [A/m^2]
SEPARATORS = {"PP": (0.023, 0.39, 3.3), "PIA": (0.092, 0.78, 6.4)}
#: shipped separators with their charged sites
SITES = ("pia", "control-2", "control-3")


def without_sites(name: str, width: float) -> Cell:
    """A separator between two lithium electrodes."""
    conductivity, transference, exchange = SEPARATORS[name]
    electrode = Electrode(exchange)
    return Cell(from_measured(conductivity, transference), electrode, electrode, width)


def mapping(cell: Cell, mode: str, operation: dict[str, str]) -> dict[str, Any]:
    """The cell as a config."""
    electrolyte = CLOSURE if mode == "closure" else {}
    return merged(as_mapping(cell), {"electrolyte": electrolyte, "operation": operation})


def perform(bench: Bench) -> Outcome:
    """Flat cells of the shipped width, without and with charged sites; then thinner and thinner ones."""
    outcome = Outcome()
    bench.show(mapping(without_sites("PP", WIDTH), "closure", galvanostatic(CURRENT)))
    plain = {name: without_sites(name, WIDTH) for name in SEPARATORS}
    charged = {f"{name}, charged sites": shipped_cell(name) for name in SITES}
    few = {"PP": plain["PP"], "control-2, charged sites": charged["control-2, charged sites"]}
    for name, cell in bench.choose(few, plain | charged).items():
        _compare(bench, outcome, name, cell)
    series = []
    for name in bench.choose(("PP",), tuple(SEPARATORS)):
        series += _thinner(bench, outcome, name)
    outcome.panels.append(
        Panel(
            "Debye length over width",
            "relative difference of V at 0.5 C",
            tuple(series),
            x_log=True,
            y_log=True,
        )
    )
    outcome.remarks.append(
        "Both models are the same in the limit of a thin double layer; what the closure leaves out, the salt and the "
        "resistance of the layers themselves, is of the first order in λ_D/H: 10⁻⁶ in a cell of 8 µm, where what is "
        "seen is the error of the mesh (10⁻⁵)."
    )
    return outcome


def _compare(bench: Bench, outcome: Outcome, name: str, cell: Cell) -> None:
    """The closure's current at the voltage of resolved layers, and both voltages against their own solutions."""
    voltages = {
        mode: bench.summary(mapping(cell, mode, galvanostatic(CURRENT)))["cell_voltage_V"]
        for mode in OWN_TOLERANCE
    }
    summary = bench.summary(mapping(cell, "closure", potentiostatic(voltages["Poisson"])))
    found = summary["current_density_mean_A_m2"]
    label = f"j of the closure at the V of Poisson: {name}"
    outcome.checks.append(Check(label, found, CURRENT, TOLERANCE, "A/m²"))
    exact = {
        "Poisson": pnp1d.solve(cell, current=CURRENT).voltage,
        "closure": electroneutral1d.at_current(cell, CURRENT).voltage,
    }
    for mode, voltage in voltages.items():
        label = f"V at 0.5 C, {mode}: {name}"
        outcome.checks.append(Check(label, voltage, exact[mode], OWN_TOLERANCE[mode], "V"))


def _thinner(bench: Bench, outcome: Outcome, name: str) -> list[Series]:
    """Relative difference of the voltages at 0.5 C over the Debye length."""
    steps, errors = [], []
    for width in sorted(THIN):
        cell = without_sites(name, width)
        resolved, thin = (
            bench.summary(mapping(cell, mode, galvanostatic(CURRENT)))["cell_voltage_V"]
            for mode in OWN_TOLERANCE
        )
        steps.append(cell.electrolyte.debye_length / width)
        errors.append(abs(resolved / thin - 1))
    label = f"V of Poisson against closure: {name}"
    outcome.orders.append(Order(label, "Debye length over width", tuple(steps), tuple(errors), 1))
    widths = np.geomspace(4e-9, 1e-6, 7)
    cells = [without_sites(name, float(width)) for width in widths]
    line = [
        pnp1d.solve(cell, current=CURRENT).voltage / electroneutral1d.at_current(cell, CURRENT).voltage - 1
        for cell in cells
    ]
    at = np.array([cell.electrolyte.debye_length / cell.width for cell in cells])
    return [
        Series(name, at, np.abs(np.array(line)), exact=True),
        Series("", np.array(steps), np.array(errors), exact=False),
    ]


CASE = Case(
    number=16,
    slug="closure",
    title="Resolved double layers against the electroneutral model with a thin-double-layer closure",
    problem="""
The same flat cell twice, at 0.5 C (5 A/m²): with Poisson's equation, which resolves a double layer of 0.12 nm, and
electroneutral with the closure, in which one unknown per point of an electrode stands for the layer. Transport of PP
and PIA without sites, and the shipped separators with their charged sites. Then cells from 20 down to 5 nm
wide, where the layers fill more and more of the cell.
""",
    exact="""
The difference vanishes as $\\lambda_D / H \\to 0$, at first order. Each model has an independent solution. Resolved:
collocation of

$$\\frac{d \\ln c_+}{dx} + \\frac{d\\psi}{dx} = \\frac{j}{F D_+ c_+}, \\qquad
\\frac{d \\ln c_-}{dx} = \\frac{d\\psi}{dx}, \\qquad \\lambda_D^2 \\frac{d^2\\psi}{dx^2} = -\\frac{c_+ - c_-}{2 c_0}$$

with Stern layers and the kinetics at both walls. Closure: $c = c_0 [1 + J (2x/H - 1)]$ and, at each wall,

$$C_S \\left(\\Delta\\varphi - \\frac{RT}{F} \\psi_d\\right) + \\sigma_s
= 4 F c\\, \\lambda_D(c) \\sinh \\frac{\\psi_d}{2}$$

with both directions of each rate at the plane's $c\\, e^{-\\psi_d}$ and $\\varphi + (RT/F)\\, \\psi_d$.
""",
    sources=(
        "M. Z. Bazant, K. T. Chu, B. J. Bayly, SIAM J. Appl. Math. 65 (2005) 1463, doi:10.1137/040609938",
    ),
    modes=("Poisson", "electroneutral with closure"),
    perform=perform,
)
