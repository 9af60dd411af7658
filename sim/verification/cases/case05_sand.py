"""Case 5: depletion of the salt by a current, and Sand's time (Sand 1901)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Array, Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, galvanostatic, lithium
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import Electrolyte, from_measured

#: of times, as in the table, and of concentrations over c0
TOLERANCE, WALL_TOLERANCE = 1e-2, 1e-3
#: PP at 1 M and 200 A/m^2: j [A/m^2], tau [s] in a half space and in a gap of 8 um
PRINTED_CURRENT, PRINTED_SAND, PRINTED_GAP = 200.0, 1.431500, 1.444173


@dataclass(frozen=True)
class Gap:
    """kappa [S/m], t+, c0 [mol/m^3], porosity, L [m]; reversible electrodes, or lithium ones with the closure."""

    name: str
    conductivity: float
    transference: float
    concentration: float = 1000.0
    porosity: float = 1.0
    width: float = 8e-6
    closure: bool = False

    @property
    def salt(self) -> Electrolyte:
        """By Nernst-Einstein."""
        return from_measured(self.conductivity, self.transference, self.concentration)

    @property
    def limit(self) -> float:
        """j_lim [A/m^2]."""
        return self.salt.limiting_current(self.width)

    @property
    def unit(self) -> float:
        """p L^2/D_amb [s]."""
        return self.porosity * self.width**2 / exact.ambipolar_diffusivity(self.salt)

    def depletion(self, current: float) -> float:
        """Exact tau [s] at |j| [A/m^2]."""
        return self.porosity * exact.depletion_time(abs(current), self.salt, self.width)

    def wall(self, time: Array, ratio: float) -> Array:
        """c(0, t)/c0 by the series, J = `ratio`."""
        odd = 2 * np.arange(2000) + 1
        decay = np.exp(-np.outer(time / self.unit, (odd * np.pi) ** 2))
        return np.asarray(1 - ratio * (1 - 8 / np.pi**2 * np.sum(decay / odd**2, axis=1)))


PP = Gap("PP", 0.023, 0.39)
PIA = Gap("PIA", 0.092, 0.78)
WIDE = replace(PP, name="PP, 25 µm", width=25e-6)


def cell(gap: Gap, operation: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """The cell; `sections` are laid over it."""
    electrode = lithium(100.0) if gap.closure else {"kind": "reversible"}
    model = CLOSURE if gap.closure else NEUTRAL
    return flat_cell(
        gap.width,
        {
            "electrolyte": model | {"concentration": f"{gap.concentration!r} mol/m^3"},
            "separator": {
                "conductivity": f"{gap.conductivity!r} S/m",
                "transference_number": gap.transference,
                "porosity": gap.porosity,
            },
            "anode": electrode,
            "counter": electrode,
            "operation": operation,
        },
        sections,
    )


def sand(gap: Gap, *currents: float) -> dict[str, Any]:
    """The config of the virtual experiment at these j [A/m^2]."""
    listed = {"current_density": [f"{float(current)!r} A/m^2" for current in currents]}
    return cell(gap, galvanostatic(0.0), experiments={"sand": listed})


def times(bench: Bench, outcome: Outcome, gap: Gap, *currents: float) -> Array:
    """Times of depletion [s] found by the experiment, compared with the series."""
    result = bench.experiment("sand", sand(gap, *currents))
    table = result.tables["sand"]
    found = table.get("sand_time_s", np.full(len(currents), np.nan))
    for current, time in zip(currents, found, strict=True):
        label = f"τ: {gap.name}, {current:.4g} A/m²"
        outcome.checks.append(Check(label, float(time), gap.depletion(current), TOLERANCE, "s"))
    return np.asarray(found)


def perform(bench: Bench) -> Outcome:
    """Times of depletion by the experiment, concentration at the wall by plain runs."""
    outcome = Outcome()
    narrow = times(bench, outcome, PP, PRINTED_CURRENT)
    wide = times(bench, outcome, WIDE, PRINTED_CURRENT)
    for label, found, printed in (
        ("τ, printed: 8 µm gap", narrow, PRINTED_GAP),
        ("Sand's time, printed: 25 µm gap", wide, PRINTED_SAND),
    ):
        outcome.checks.append(Check(label, float(found[0]), printed, TOLERANCE, "s"))
    others = (
        (PIA, (-2.0,)),
        (replace(PP, name="PP, closure", closure=True), (1.7,)),
        (replace(PIA, name="PIA, 2.5 M, porosity 0.4", concentration=2500.0, porosity=0.4), (2.5,)),
    )
    for gap, ratios in bench.choose((), others):
        times(bench, outcome, gap, *(ratio * gap.limit for ratio in ratios))
    if bench.full:
        outcome.panels.append(_times(bench, outcome))
    outcome.panels.append(_walls(bench, outcome))
    outcome.remarks.append(
        "The experiment ends a run at 1 % of the rest concentration and extrapolates along the series' shape. The "
        "concentrations at the wall are compared with nothing extrapolated, from a thousandth of pL²/D_amb on: before, "
        "the diffusion layer is thinner than a cell of the mesh."
    )
    bench.show(sand(PP, PRINTED_CURRENT), "sim experiment sand")
    return outcome


def _times(bench: Bench, outcome: Outcome) -> Panel:
    """Times against currents: Sand's square law, and where the other electrode delays it."""
    ratios = np.array([1.1, 2.5, 6.0])
    found = times(bench, outcome, PP, *(ratios * PP.limit))
    line = 1 + np.geomspace(0.03, 7, 60)
    half_space = np.array([exact.sand_time(ratio * PP.limit, PP.salt) for ratio in line])
    series = (
        Series("in the gap", line, np.array([PP.depletion(ratio * PP.limit) for ratio in line]), exact=True),
        Series("", ratios, found, exact=False),
        Series("Sand, half space", line, half_space, exact=True),
    )
    return Panel("J = j / j_lim", "time of depletion (s)", series, x_log=True, y_log=True)


def _walls(bench: Bench, outcome: Outcome) -> Panel:
    """Concentration at the plating electrode against time, below and above the limiting current."""
    leaky = replace(PIA, name="PIA, porosity 0.4", porosity=0.4)
    walls = ((PP, 1.7), (PP, 0.6), (leaky, 0.6), (replace(PP, name="PP, closure", closure=True), 1.2))
    series = []
    for gap, ratio in bench.choose(walls[-1:], walls):
        end = 0.97 * gap.depletion(ratio * gap.limit) if ratio > 1 else gap.unit
        operation = galvanostatic(ratio * gap.limit) | {"duration": f"{end!r} s"}
        solver = {"first_step": f"{1e-5 * gap.unit!r} s", "time_tolerance": 1.5e-4}
        rows = bench.run(cell(gap, operation, solver=solver)).table("metrics.csv")
        later = rows["time_s"] > 1e-3 * gap.unit
        time, found = rows["time_s"][later], rows["c_li_min_mol_m3"][later] / gap.concentration
        wanted, label = gap.wall(time, ratio), f"{gap.name}, J = {ratio:g}"
        outcome.profiles.append(
            Profile(f"c(0, t)/c₀: {label}", time, found, wanted, WALL_TOLERANCE, scale=1.0)
        )
        series += [
            Series(label, time / gap.unit, wanted, exact=True),
            Series("", time / gap.unit, found, exact=False),
        ]
    return Panel("time (pL²/D_amb)", "c / c₀ at the plating electrode", tuple(series))


CASE = Case(
    number=5,
    slug="sand",
    title="Sand's time: depletion of the salt by a current",
    problem="""
A current above the limiting one is passed through a cell at rest; the salt at the plating electrode is used up after a
finite time. `sim experiment sand` finds it. Numbers are for PP at 1 M and 200 A/m², in a gap of 8 µm and in one so wide
(25 µm) that the electrodes do not feel each other; further ones for PIA, other concentrations, porosities and gaps,
both directions of the current, and with thin double layers (closure) on lithium electrodes. Plain runs, below the
limiting current too, give the concentration at the plating electrode against time.
""",
    exact="""
In a half space (Sand), with $D_{amb} = 2D_+D_-/(D_+ + D_-)$ and storage in the pores alone (porosity $p$),

$$\\tau = \\pi\\, p\\, D_{amb} \\left(\\frac{F c_0}{2 j t_-}\\right)^2$$

Between two electrodes, with $J = j/j_{lim}$ and $j_{lim} = 4FD_+c_0/L$,

$$\\frac{c(0, t)}{c_0} = 1 - J\\left[1 - \\frac{8}{\\pi^2} \\sum_{n = 1, 3, 5...} \\frac{1}{n^2}\\,
e^{-n^2 \\pi^2 D_{amb} t/(p L^2)}\\right]$$

and the time of depletion is where this is zero. No steady state shows $D_{amb}$: this case guards the anion's
diffusivity and the storage.
""",
    sources=(
        "H. J. S. Sand, Phil. Mag. 1 (1901) 45",
        "J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11",
    ),
    modes=("electroneutral", "closure"),
    perform=perform,
)
