"""Case 7: Poisson-Nernst-Planck between Stern layers and Butler-Volmer electrodes (Bazant, Chu & Bayly 2005)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Order, Outcome, Panel, Profile, Series
from sim.verification.cases.case07_words import EXACT, PROBLEM, REMARKS
from sim.verification.cells import CLOSURE, as_mapping, galvanostatic, merged, potentiostatic
from sim.verification.exact import pnp1d
from sim.verification.exact.thin_cell import (
    SALT,
    THINNEST,
    ThinCell,
    gouy_chapman_limit,
    helmholtz_limit,
    thin_limit,
)
from sim.verification.readback import Array, profile

#: epsilon, J and v as printed
PRINTED = ((0.1, 0.3, 1.2719131), (0.1, 0.9, 4.0612094), (0.01, 0.5, 2.2741846), (0.01, 1.25, 12.5979958))
#: voltages [RT/F] at which the current is asked for, by epsilon; the first set is small
VOLTAGES = {
    1.0: ((3.0,), (-2.0, 1.0, 3.0, 5.0)),
    0.1: ((2.0,), (1.0, 2.0, 5.0, 7.0)),
    0.01: ((8.0,), (1.0, 4.0, 8.0, 16.0)),
    0.001: ((10.0,), (1.0, 4.0, 10.0, 18.0)),
}
#: states whose profiles are compared: epsilon, J
PROFILES = ((1.0, 0.9), (0.1, 0.9), (0.01, 0.9), (0.001, 0.9), (0.01, 1.25))
VOLT = SALT.thermal_voltage
TOLERANCE = 1e-3
#: of the closure, which has no layer to resolve
THIN_TOLERANCE = 1e-5


def mapping(cell: ThinCell, operation: dict[str, str], *updates: dict[str, Any]) -> dict[str, Any]:
    """The config of a cell; Poisson mode unless updated."""
    return merged(as_mapping(cell.in_si()), {"operation": operation}, *updates)


def voltage_at(bench: Bench, cell: ThinCell, ratio: float, *updates: dict[str, Any]) -> float:
    """Found v [RT/F] at J."""
    summary = bench.summary(mapping(cell, galvanostatic(ratio * cell.limit), *updates))
    return float(summary["cell_voltage_V"]) / VOLT


def perform(bench: Bench) -> Outcome:
    """Printed numbers, polarisation curves from overlapping to thin layers, profiles, other groups, limits."""
    outcome = Outcome()
    for epsilon, ratio, printed in PRINTED:
        found = voltage_at(bench, ThinCell(epsilon), ratio)
        label = f"v, printed: ε = {epsilon:g}, J = {ratio:g}"
        outcome.checks.append(Check(label, found, printed, TOLERANCE, "RT/F"))
    outcome.panels.append(_polarisation(bench, outcome))
    drawn = {at: _profiles(bench, outcome, *at) for at in bench.choose(PROFILES[1::3], PROFILES)}
    outcome.panels.append(_concentrations(drawn, bench.choose(((0.1, 0.9),), ((0.1, 0.9), (0.01, 0.9)))))
    outcome.panels.append(_concentrations(drawn, ((0.01, 1.25),)))
    _other_groups(bench, outcome)
    outcome.orders += [_order(bench, delta) for delta in (0.0, 0.1)]
    outcome.remarks += REMARKS
    beyond = ThinCell(0.01)
    bench.show(mapping(beyond, galvanostatic(1.25 * beyond.limit)))
    return outcome


def _polarisation(bench: Bench, outcome: Outcome) -> Panel:
    """Current against voltage for each epsilon, and for vanishing epsilon."""
    series: list[Series] = []
    for epsilon, sets in VOLTAGES.items():
        cell, voltages = ThinCell(epsilon), np.array(bench.choose(*sets))
        line = np.union1d(voltages, np.linspace(0, voltages[-1], bench.choose(2, 9)))
        si = cell.in_si()
        exact = np.array([pnp1d.solve(si, voltage=v * VOLT).current / cell.limit if v else 0.0 for v in line])
        found = np.zeros_like(voltages)
        for i, v in enumerate(voltages):
            summary = bench.summary(mapping(cell, potentiostatic(v * VOLT)))
            found[i] = summary["current_density_mean_A_m2"] / cell.limit
            wanted = float(exact[np.searchsorted(line, v)])
            outcome.checks.append(Check(f"J: ε = {epsilon:g}, v = {v:g}", found[i], wanted, TOLERANCE))
        dense = np.linspace(line[0], line[-1], 200)
        series += [
            Series(
                f"ε = {epsilon:g}",
                CubicSpline(line, exact)(dense),
                dense,
                True,
            ),
            Series("", found, voltages, exact=False),
        ]
    ratios = np.linspace(0, 0.99, bench.choose(5, 60))
    at = bench.choose((0.5,), (0.3, 0.6, 0.9))
    thin = np.array([voltage_at(bench, ThinCell(0.001), ratio, {"electrolyte": CLOSURE}) for ratio in at])
    for ratio, found_v in zip(at, thin, strict=True):
        wanted = thin_limit(ratio, 0.1, 10.0)
        label = f"v, closure (ε → 0): J = {ratio:g}"
        outcome.checks.append(Check(label, float(found_v), wanted, THIN_TOLERANCE, "RT/F"))
    exact = np.array([thin_limit(ratio, 0.1, 10.0) for ratio in ratios])
    series += [Series("ε → 0", ratios, exact, exact=True), Series("", np.array(at), thin, exact=False)]
    return Panel("J = j / j_lim", "v = FV/RT", tuple(series))


def _profiles(bench: Bench, outcome: Outcome, epsilon: float, ratio: float) -> dict[str, tuple[Array, ...]]:
    """Compare concentrations and potential across the cell; returns y/L, found and exact by name."""
    cell = ThinCell(epsilon)
    run = bench.run(mapping(cell, galvanostatic(ratio * cell.limit)), fields=True)
    state = pnp1d.solve(cell.in_si(), current=ratio * cell.limit)
    columns = {
        "c₊": ("c_li_mol_m3", state.c_li, SALT.concentration),
        "c₋": ("c_anion_mol_m3", state.c_anion, SALT.concentration),
        "φ": ("phi_V", state.phi, VOLT),
    }
    curves: dict[str, tuple[Array, ...]] = {}
    for name, (column, values, unit) in columns.items():
        y, found = profile(run.last_frame(), column)
        exact = CubicSpline(state.x, values)(y)
        label = f"{name}(y): ε = {epsilon:g}, J = {ratio:g}"
        outcome.profiles.append(Profile(label, y, found, exact, TOLERANCE))
        curves[name] = (y / state.x[-1], found / unit, exact / unit)
    return curves


def _concentrations(
    drawn: dict[tuple[float, float], dict[str, tuple[Array, ...]]], states: tuple[tuple[float, float], ...]
) -> Panel:
    """Concentrations of both ions across the cell; the layers show on a logarithmic scale."""
    series = []
    for epsilon, ratio in states:
        for name in ("c₊", "c₋"):
            y, found, exact = drawn[epsilon, ratio][name]
            series += [
                Series(f"{name}, ε = {epsilon:g}, J = {ratio:g}", y, exact, exact=True),
                Series("", y, found, exact=False),
            ]
    return Panel("y / L", "c / c₀", tuple(series), y_log=True)


def _other_groups(bench: Bench, outcome: Outcome) -> None:
    """Thick Stern layers, slow kinetics, and the limit in which the Stern layer takes the whole drop."""
    for epsilon, delta, exchange, v in bench.choose(
        ((0.1, 2.0, 1.0, 4.0),), ((0.1, 2.0, 1.0, 4.0), (0.1, 2.0, 1.0, 0.5), (0.03, 0.01, 3.0, 6.0))
    ):
        cell = ThinCell(epsilon, delta, exchange)
        summary = bench.summary(mapping(cell, potentiostatic(v * VOLT)))
        found = summary["current_density_mean_A_m2"] / cell.limit
        exact = pnp1d.solve(cell.in_si(), voltage=v * VOLT).current / cell.limit
        label = f"J: ε = {epsilon:g}, δ = {delta:g}, k = {exchange:g}, v = {v:g}"
        outcome.checks.append(Check(label, found, exact, TOLERANCE))
    for ratio, exchange in bench.choose(((0.5, 10.0),), ((0.5, 10.0), (0.3, 1.0))):
        found = voltage_at(bench, ThinCell(0.001, 1e5, exchange), ratio)
        wanted = float(helmholtz_limit(ratio, exchange))
        label = f"v, Helmholtz limit (ε = 0.001, δ = 10⁵): J = {ratio:g}, k = {exchange:g}"
        outcome.checks.append(Check(label, found, wanted, TOLERANCE, "RT/F"))


def _order(bench: Bench, delta: float) -> Order:
    """Distance of the resolved cell from its published limit of thin layers."""
    ratio, steps, errors = 0.3, bench.choose((0.005, 0.0025), (0.02, 0.01, 0.005, 0.0025)), []
    wanted = thin_limit(ratio, delta, 10.0) if delta >= THINNEST else float(gouy_chapman_limit(ratio, 10.0))
    for epsilon in steps:
        errors.append(abs(voltage_at(bench, ThinCell(epsilon, delta), ratio) - wanted))
    return Order(f"v to its limit, δ = {delta:g}", "ε", tuple(steps), tuple(map(float, errors)), 1.0)


CASE = Case(
    number=7,
    slug="thin-cell",
    title="Thin cell: Poisson–Nernst–Planck, Stern layers and Butler–Volmer kinetics",
    problem=PROBLEM,
    exact=EXACT,
    sources=(
        "M. Z. Bazant, K. T. Chu, B. J. Bayly, SIAM J. Appl. Math. 65 (2005) 1463, doi:10.1137/040609938",
        "above the limiting current: K. T. Chu, M. Z. Bazant, SIAM J. Appl. Math. 65 (2005) 1485, "
        "doi:10.1137/040609926",
    ),
    modes=("Poisson", "closure"),
    perform=perform,
)
