"""Case 6: the current after a large step of the potential (Cottrell 1903)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import erf

from sim.verification.bench import Bench
from sim.verification.case import Array, Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, lithium, potentiostatic
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import Electrolyte, from_measured
from sim.verification.readback import RunFolder, profile

TOLERANCE = 1e-2
#: sqrt(D t/p)/L between which the current is compared, a factor of 11.6 in time
WINDOW = (0.11, 0.375)
#: and at which the profile is: further on, the far side's share of the error function is missing
DRAWN = (0.1, 0.18)


@dataclass(frozen=True)
class Step:
    """A cell of measured kappa [S/m] and t+, c0 [mol/m^3], porosity and gap [m], its electrodes and its voltage [V]."""

    name: str
    conductivity: float
    transference: float
    concentration: float = 1000.0
    porosity: float = 1.0
    width: float = 20e-6
    voltage: float = 1.0
    counter: str = "reservoir"
    closure: bool = False

    @property
    def salt(self) -> Electrolyte:
        """By Nernst-Einstein."""
        return from_measured(self.conductivity, self.transference, self.concentration)

    @property
    def diffusivity(self) -> float:
        """Of the salt in the pores, D_amb/p [m^2/s]."""
        return exact.ambipolar_diffusivity(self.salt) / self.porosity

    def time(self, reach: float) -> float:
        """Time [s] at which sqrt(D t/p)/L is `reach`."""
        return (reach * self.width) ** 2 / self.diffusivity

    def current(self, time: Any) -> Any:
        """Cottrell's [A/m^2]; the salt is stored in the pores alone."""
        return np.sqrt(self.porosity) * exact.cottrell_current(time, self.salt)


PP = Step("PP", 0.023, 0.39)
PIA = Step("PIA", 0.092, 0.78, voltage=1.5)
OTHERS = (
    replace(PP, name="PP, porosity 0.4, 2.5 M, 60 µm", porosity=0.4, concentration=2500.0, width=60e-6),
    replace(PP, name="PP between two electrodes", counter="reversible", voltage=1.5),
    replace(PP, name="PP, fast kinetics with closure", closure=True),
)


def cell(step: Step) -> dict[str, Any]:
    """The plating electrode is reversible, or with the closure a fast one."""
    times = [step.time(reach) for reach in (*DRAWN, window(step)[1])]
    operation = {"duration": f"{times[-1]!r} s", "output_times": [f"{time!r} s" for time in times]}
    return flat_cell(
        step.width,
        {
            "electrolyte": (CLOSURE if step.closure else NEUTRAL)
            | {"concentration": f"{step.concentration!r} mol/m^3"},
            "separator": {
                "conductivity": f"{step.conductivity!r} S/m",
                "transference_number": step.transference,
                "porosity": step.porosity,
            },
            "anode": lithium(1e4) if step.closure else {"kind": "reversible"},
            "counter": {"kind": step.counter},
            "operation": potentiostatic(step.voltage) | operation,
            # the concentration at the electrode falls by nine powers of ten, in geometric steps
            "mesh": {
                "wall_cell": f"{1e-5 * step.width!r} m",
                "growth": 2,
                "max_cell": f"{step.width / 20!r} m",
            },
            "solver": {"first_step": f"{step.time(2e-3)!r} s", "time_tolerance": 2e-3},
        },
    )


def window(step: Step) -> tuple[float, float]:
    """sqrt(D t/p)/L of the comparison: between two electrodes the far one's layer is met at half the way."""
    return WINDOW if step.counter == "reservoir" else (WINDOW[0] / 2, WINDOW[1] / 2)


def perform(bench: Bench) -> Outcome:
    """Current against time, and the profiles of concentration below it."""
    outcome = Outcome()
    for step in bench.choose((PP,), (PP, PIA, *OTHERS)):
        run = bench.run(cell(step), fields=step is PP)
        rows = run.table("metrics.csv")
        time, current = rows["time_s"], rows["cell_current_density_A_m2"]
        first, last = (step.time(reach) for reach in window(step))
        inside = (time >= first * (1 - 1e-9)) & (time <= last * (1 + 1e-9))
        t, j = time[inside], current[inside]
        ratio = j / step.current(t)
        label = f"j/j_Cottrell: {step.name}, {t[0]:.3g} to {t[-1]:.3g} s"
        outcome.profiles.append(Profile(label, t, ratio, np.ones_like(t), TOLERANCE))
        for which, name in ((0, "first"), (-1, "last")):
            wanted = float(step.current(t[which]))
            check = Check(f"j at {name} time: {step.name}", float(j[which]), wanted, TOLERANCE, "A/m²")
            outcome.checks.append(check)
        if step is PP:
            outcome.panels += [_currents(step, time, current), _concentrations(outcome, run)]
    outcome.remarks.append(
        "At first the cell is a resistor: the current cannot exceed κV/L, which cuts Cottrell's infinite current off "
        "and shifts its clock by a time that falls as 1/V². Late, the diffusion layer meets the other side. The 1 % "
        "hold between the two."
    )
    bench.show(cell(PP))
    return outcome


def _currents(step: Step, time: Array, current: Array) -> Panel:
    """From the resistor to Cottrell's line."""
    early = time > step.time(3e-3)
    line = np.geomspace(step.time(0.02), step.time(WINDOW[1]), 50)
    plateau = np.geomspace(step.time(3e-3), step.time(0.02), 2)
    ohmic = np.full(2, step.conductivity * step.voltage / step.width)
    series = (
        Series("Cottrell", line, step.current(line), exact=True),
        Series("", time[early], current[early], exact=False),
        Series("κV/L", plateau, ohmic, exact=True),
    )
    return Panel("time (s)", "j (A/m²)", series, x_log=True, y_log=True)


def _concentrations(outcome: Outcome, run: RunFolder) -> Panel:
    """The error function at two times of the window."""
    series = []
    for time, mesh in run.frames("bulk").items():
        if not PP.time(DRAWN[0]) * 0.99 < time < PP.time(DRAWN[1]) * 1.01:
            continue
        y, c_li = profile(mesh, "c_li_mol_m3")
        wanted = PP.concentration * erf(y / np.sqrt(4 * PP.diffusivity * time))
        outcome.profiles.append(Profile(f"c(y): PP at {time:.3g} s", y, c_li, wanted, TOLERANCE))
        series += [
            Series(f"{time:.3g} s", y / 1e-6, wanted, exact=True),
            Series("", y / 1e-6, c_li, exact=False),
        ]
    return Panel("distance from the plating electrode (µm)", "c (mol/m³)", tuple(series))


CASE = Case(
    number=6,
    slug="cottrell",
    title="Cottrell: current after a step of the potential",
    problem="""
A volt is applied to a cell at rest, between a reversible electrode, which plates, and a reservoir (or another
electrode). The concentration at the electrode falls to nothing, and from then on diffusion alone decides the current.
It is compared over more than a decade of time, from when the ohmic drop is small beside the voltage to when the
diffusion layer has grown to a third of the gap (between two electrodes: half of these lengths, at 1.5 V).
""",
    exact="""
With $c = 0$ at the electrode of a half space at rest, $c = c_0\\, \\mathrm{erf}(y/\\sqrt{4 D_{amb} t})$ and

$$j = \\frac{F c_0}{t_-} \\sqrt{\\frac{D_{amb}}{\\pi t}}, \\qquad D_{amb} = \\frac{2 D_+ D_-}{D_+ + D_-}$$

The anion does not pass, hence $t_-$. In a separator of porosity $p$ the salt is stored in the pores alone:
$D_{amb}$ becomes $D_{amb}/p$ in the profile and $p\\,D_{amb}$ in the current.
""",
    sources=(
        "F. G. Cottrell, Z. Phys. Chem. 42 (1903) 385",
        "J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11",
    ),
    modes=("electroneutral", "closure"),
    perform=perform,
)
