"""Case 8: charging of a cell between blocking electrodes by a small voltage (Bazant, Thornton & Ajdari 2004)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Array, Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import flat_cell, potentiostatic
from sim.verification.exact import blocking_cell as exact
from sim.verification.exact.closed_forms import blocking_decay_rate
from sim.verification.exact.parameters import Electrolyte

#: D+ = D-
SALT = Electrolyte(1e-10, 1e-10)
#: small beside RT/F = 25.7 mV
VOLTAGE = 1e-5
TOLERANCE = 1e-2
#: between these times [lambda_D L/D] the charging is a single exponential
LATE = (1.5, 3.5)
#: before this one the first steps, of backward Euler, are not yet behind
EARLY = 0.02


@dataclass(frozen=True)
class Blocking:
    """epsilon = lambda_D/L with half the gap L, delta = d_S/lambda_D."""

    epsilon: float
    delta: float

    @property
    def half(self) -> float:
        """L [m]."""
        return SALT.debye_length / self.epsilon

    @property
    def unit(self) -> float:
        """lambda_D L/D [s]."""
        return SALT.debye_length * self.half / SALT.diffusivity_li

    @property
    def final_charge(self) -> float:
        """Of the anode, the negative electrode [C/m^2]."""
        capacitance = SALT.permittivity / SALT.debye_length
        return -VOLTAGE * capacitance * exact.final_capacitance(self.epsilon, self.delta)

    @property
    def label(self) -> str:
        """Its numbers."""
        return f"ε = {self.epsilon:g}, δ = {self.delta:g}"


#: cell and slowest rate as printed
PRINTED = ((Blocking(0.05, 0.0), -1.0267000), (Blocking(0.05, 0.1), -1.1237164))
OTHERS = (Blocking(0.2, 1.0), Blocking(0.01, 0.1), Blocking(0.3, 0.0))


def cell(one: Blocking) -> dict[str, Any]:
    """Two electrodes that nothing passes; a Stern layer of no thickness puts the plane at the metal's potential."""
    stern = {
        "thickness": f"{one.delta * SALT.debye_length!r} m",
        "relative_permittivity": SALT.relative_permittivity,
    }
    wall = {"kind": "blocking", "exchange_current_density": None, "stern": stern}
    diffusivity = f"{SALT.diffusivity_li!r} m^2/s"
    return flat_cell(
        2 * one.half,
        {
            "electrolyte": {"diffusivity_li": diffusivity, "diffusivity_anion": diffusivity},
            "separator": {"conductivity": None, "transference_number": None},
            "anode": wall,
            "counter": wall,
            "operation": potentiostatic(VOLTAGE) | {"duration": f"{LATE[1] * one.unit!r} s"},
            "mesh": {"growth": 1.4},
            "solver": {
                "first_step": f"{1e-4 * one.unit!r} s",
                "max_step": f"{0.05 * one.unit!r} s",
                "time_tolerance": 1e-4,
            },
        },
    )


def perform(bench: Bench) -> Outcome:
    """Rates of the late charging from charge and from current, its amplitude, and the charge at all times."""
    outcome = Outcome()
    shown: list[Series] = []
    late: list[Series] = []
    printed = dict(PRINTED)
    for one in (*printed, *bench.choose((), OTHERS)):
        rows = bench.run(cell(one)).table("metrics.csv")
        time, current = rows["time_s"] / one.unit, rows["cell_current_density_A_m2"]
        share = rows["anode_charge_density_C_m2"] / one.final_charge
        _rates(outcome, one, time, share, current, printed.get(one))
        wanted = exact.charge(time, one.epsilon, one.delta)
        seen = time > EARLY
        profile = Profile(f"q(t)/q(∞): {one.label}", time[seen], share[seen], wanted[seen], TOLERANCE)
        outcome.profiles.append(profile)
        opposite = rows["counter_charge_density_C_m2"][seen] / -one.final_charge
        label = f"−q(t)/q(∞) of the counter: {one.label}"
        outcome.profiles.append(Profile(label, time[seen], opposite, wanted[seen], TOLERANCE))
        shown += [
            Series(one.label, time[seen], wanted[seen], exact=True),
            Series("", time[seen], share[seen], exact=False),
        ]
        slow = exact.late_amplitude(one.epsilon, one.delta) * np.exp(_slowest(one) * time)
        late += [
            Series(one.label, time, slow, exact=True),
            Series("", time, 1 - share, exact=False),
        ]
    outcome.panels.append(Panel("time (λ_D L/D)", "charge / final charge", tuple(shown)))
    outcome.panels.append(Panel("time (λ_D L/D)", "1 − charge / final charge", tuple(late), y_log=True))
    outcome.remarks.append(
        "The lines on the right are the slowest exponential alone, with its exact amplitude; on the left the whole "
        "transform is inverted numerically (Talbot's contour). What limits the agreement is the time step, "
        "and late the mesh, which sets the capacitance of the layers."
    )
    bench.show(cell(PRINTED[1][0]))
    return outcome


def _slowest(one: Blocking) -> float:
    return blocking_decay_rate(one.epsilon, one.delta)


def _rates(
    outcome: Outcome, one: Blocking, time: Array, share: Array, current: Array, printed: float | None
) -> None:
    """Straight lines through the logarithms of what is still to come and of the displacement current."""
    within = (time > LATE[0]) & (time < LATE[1])
    s = _slowest(one)
    rate, level = np.polyfit(time[within], np.log(np.abs(1 - share[within])), 1)
    outcome.checks.append(Check(f"s from the charge: {one.label}", float(rate), s, TOLERANCE, "D/(λ_D L)"))
    if printed is not None:
        label = f"s from the charge, printed: {one.label}"
        outcome.checks.append(Check(label, float(rate), printed, TOLERANCE, "D/(λ_D L)"))
    rate = np.polyfit(time[within], np.log(np.abs(current[within])), 1)[0]
    outcome.checks.append(Check(f"s from the current: {one.label}", float(rate), s, TOLERANCE, "D/(λ_D L)"))
    amplitude = exact.late_amplitude(one.epsilon, one.delta)
    label = f"amplitude: {one.label}"
    outcome.checks.append(Check(label, float(np.exp(level)), amplitude, TOLERANCE))


CASE = Case(
    number=8,
    slug="blocking-cell",
    title="Charging of a cell between blocking electrodes",
    problem="""
A small voltage (10 µV) is put on a cell at rest whose electrodes let nothing pass. Ions move until both double layers
are charged, and the only current is that of displacement. $L$ is half the gap, $D_+ = D_- = D$; each electrode has a
Stern layer of thickness $d_S$ with the liquid's permittivity or none, when the liquid begins at the metal's potential.
Groups: $\\epsilon = \\lambda_D/L$, $\\delta = d_S/\\lambda_D$; time is in units of $\\lambda_D L/D$, neither the Debye
time $\\lambda_D^2/D$ nor that of diffusion $L^2/D$.

The charge of each electrode and the current are read from `metrics.csv`.
""",
    exact="""
The linearised Poisson–Nernst–Planck equations give for the charge $q$ of an electrode, by Laplace transform in time,

$$\\frac{\\hat{q}(s)}{q(\\infty)} = \\frac{H(0)}{s\\,H(s)}, \\qquad
H(s) = \\delta + \\frac{\\tanh(g/\\epsilon) + g s}{g^3}, \\qquad g = \\sqrt{1 + \\epsilon s}$$

$$q(\\infty) = \\frac{\\varepsilon V}{2\\lambda_D\\,[\\delta + \\tanh(1/\\epsilon)]}$$

with the permittivity $\\varepsilon$ of the liquid.
Late charging is the slowest exponential, $1 - q/q(\\infty) \\to A\\,e^{st}$ with $s < 0$ the root nearest to zero of
$H(s) = 0$, that is of

$$\\tanh k + k\\epsilon s + \\delta\\epsilon k\\,(1 + \\epsilon s) = 0, \\qquad
k^2 = \\frac{1 + \\epsilon s}{\\epsilon^2}$$

and $A = -H(0)/(s\\,H'(s))$. For thin layers $s \\to -(1 + \\delta)$: the resistance of half the gap in
series with the capacitances of a diffuse layer, $\\varepsilon/\\lambda_D$, and of a Stern layer, $\\varepsilon/d_S$.
""",
    sources=(
        "M. Z. Bazant, K. Thornton, A. Ajdari, Phys. Rev. E 70 (2004) 021506, doi:10.1103/PhysRevE.70.021506",
        "inversion of the transform: J. Abate, P. P. Valkó, Int. J. Numer. Methods Eng. 60 (2004) 979, "
        "doi:10.1002/nme.995",
    ),
    modes=("Poisson",),
    perform=perform,
)
