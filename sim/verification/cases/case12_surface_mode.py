"""Case 12: a wave of coverage on a uniform surface spreads and fills, mode by mode."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Order, Outcome, Panel, Profile, Series
from sim.verification.cells import SURFACE_ALONE, flat_cell
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.filling import MODES
from sim.verification.readback import Array, harmonic

LENGTH, MEAN, AMPLITUDE, CHI = 4e-6, 0.5, 0.4, 0.5
TOLERANCE = 1e-4
STEPS = (16, 32, 64)


@dataclass(frozen=True)
class Wave:
    """Waves per cell, D_s [m^2/s], k [1/s], energy G [kT] of the sites, and mode."""

    number: int
    diffusivity: float
    rate: float
    energy: float
    mode: str

    @property
    def wavenumber(self) -> float:
        """[1/m]."""
        return 2 * math.pi * self.number / LENGTH

    @property
    def rates(self) -> tuple[float, float]:
        """k_a c and k_d [1/s]."""
        return self.rate * math.exp(-CHI * self.energy), self.rate * math.exp((1 - CHI) * self.energy)

    @property
    def end(self) -> float:
        """One and a half time constants of the wave [s]."""
        return 1.5 / (self.diffusivity * self.wavenumber**2 + sum(self.rates))

    @property
    def label(self) -> str:
        """In words."""
        rates = "alone" if self.rate == 0 else f"k = {self.rate:g}/s, G = {self.energy:g} kT"
        return f"λ = {1e6 * LENGTH / self.number:g} µm, D_s = {self.diffusivity:g} m²/s, {rates}, {self.mode}"

    def amplitude(self, time: Any) -> Any:
        """Of the wave after ``time`` [s]."""
        forth, back = self.rates
        return AMPLITUDE * exact.surface_mode_decay(time, self.wavenumber, self.diffusivity, forth, back)

    def mean(self, time: float) -> float:
        """Mean coverage after ``time`` [s]."""
        return MEAN if self.rate == 0 else float(exact.langmuir_relaxation(time, *self.rates, MEAN))


WAVES = [
    Wave(1, 1e-10, 100.0, 0.0, "none"),
    Wave(1, 1e-10, 0.0, 0.0, "Poisson"),
    Wave(2, 1e-9, 3e3, -1.0, "closure"),
    Wave(4, 1e-9, 0.0, 0.0, "none"),
    Wave(2, 3e-11, 500.0, 1.0, "none"),
]


def cell(wave: Wave, coverage: Any, solver: dict[str, Any]) -> dict[str, Any]:
    """Few sites of one energy that start from a stated coverage, until the wave's end."""
    site = {"density": "1e-6 / nm^2", "adsorption_energy": f"{wave.energy * THERMAL_VOLTAGE!r} eV"}
    interface = {
        "sites": {"S": site},
        "adsorption_rate": f"{wave.rate!r} / s",
        "barrier_position": CHI,
        "surface_diffusivity": f"{wave.diffusivity!r} m^2/s",
        "initial_coverage": coverage,
    }
    updates = {
        "cell": {"length": f"{LENGTH!r} m"},
        "interface": interface,
        "mesh": {"columns": 32 * wave.number},
        "operation": {"duration": f"{wave.end!r} s"},
        "solver": solver,
    }
    return flat_cell(2e-6, SURFACE_ALONE | {"electrolyte": {}}, MODES[wave.mode], updates)


def cosine(wave: Wave) -> dict[str, Any]:
    """The wave as a stated coverage."""
    wavelength = f"{LENGTH / wave.number!r} m"
    return {"kind": "sinusoid", "mean": MEAN, "amplitude": AMPLITUDE, "wavelength": wavelength}


def accurate(wave: Wave) -> dict[str, Any]:
    """The wave's run in small steps."""
    return cell(wave, cosine(wave), {"first_step": f"{1e-5 * wave.end!r} s", "time_tolerance": 5e-6})


def perform(bench: Bench) -> Outcome:
    """Waves of several lengths, mobilities and rates; the order of the time steps."""
    outcome, series = Outcome(), []
    bench.show(accurate(WAVES[0]))
    for wave in bench.choose(WAVES[:1], WAVES):
        interface = bench.run(accurate(wave)).interface
        x, theta = interface["x_m"], interface["coverage"]
        decayed, mean = float(wave.amplitude(wave.end)), wave.mean(wave.end)
        wanted = mean + decayed * np.cos(wave.wavenumber * x)
        outcome.profiles.append(Profile(f"θ(x): {wave.label}", x, theta, wanted, TOLERANCE, AMPLITUDE))
        found = amplitude_of(x, theta, wave)
        outcome.checks.append(Check(f"amplitude: {wave.label}", found, decayed, TOLERANCE, scale=AMPLITUDE))
        if wave.number <= 2:
            few = slice(None, None, max(1, x.size // 40))
            name = f"λ = {1e6 * LENGTH / wave.number:g} µm, {wave.mode}, k = {wave.rate:g}/s"
            series += [
                Series(name, x * 1e6, wanted, exact=True),
                Series("", x[few] * 1e6, theta[few], exact=False),
            ]
    outcome.panels.append(Panel("x (µm)", "coverage after 1.5 time constants", tuple(series)))
    for wave in bench.choose(WAVES[:1], WAVES[:2]):
        _order(bench, outcome, wave)
    outcome.remarks.append(
        "What remains is the error of the time steps, which falls with their square; on facets of 1/32 of a wave the "
        "error of the mesh is below 10⁻⁶."
    )
    return outcome


def amplitude_of(x: Array, theta: Array, wave: Wave) -> float:
    """First cosine harmonic [1] of the coverage."""
    weight = harmonic(x, theta, wave.wavenumber)
    # the mean that `harmonic` divides by, by the same rule
    widths = x[2::2] - x[:-2:2]
    mean = np.sum(widths * (theta[:-2:2] + 4 * theta[1::2] + theta[2::2]) / 6) / (x[-1] - x[0])
    return float(weight * mean)


def _order(bench: Bench, outcome: Outcome, wave: Wave) -> None:
    """Error of the amplitude with equal steps."""
    errors = []
    for steps in STEPS:
        size = f"{wave.end / steps!r} s"
        solver = {"first_step": size, "max_step": size, "time_tolerance": 0.99}
        interface = bench.run(cell(wave, cosine(wave), solver)).interface
        found = amplitude_of(interface["x_m"], interface["coverage"], wave)
        errors.append(abs(found - float(wave.amplitude(wave.end))))
    sizes = tuple(1 / steps for steps in STEPS)
    label = f"amplitude, {wave.mode}, k = {wave.rate:g}/s"
    outcome.orders.append(Order(label, "time step over duration", sizes, tuple(errors), 2))


CASE = Case(
    number=12,
    slug="surface-mode",
    title="A wave of coverage spreads along the surface and fills",
    problem="""
Sites of one energy on an anode that does nothing else, so few that the electrolyte stays at rest, start from
$\\theta = 0.5 + 0.4 \\cos kx$. Lithium spreads along the surface and exchanges with the electrolyte. Energy and
potential are uniform, so that the flux $-\\Gamma (D_s/kT)\\, \\theta (1-\\theta)\\, \\nabla_s \\mu_s$ is
$-\\Gamma D_s \\nabla_s \\theta$: the problem is linear in $\\theta$ although the simulator's unknown $\\mu_s$ is not,
and the solution holds for any amplitude.
""",
    exact="""
$$\\theta = \\theta_{eq} + (\\theta_0 - \\theta_{eq})\\, e^{-s t} + a \\cos(kx)\\, e^{-(D_s k^2 + s) t}, \\qquad
s = k_a c + k_d$$

with the rates of case 11, $k_a c = k\\, e^{-\\chi G/kT}$ and $k_d = k\\, e^{(1-\\chi) G/kT}$.
""",
    sources=("J. Crank, The Mathematics of Diffusion, 2nd ed. (Oxford, 1975), ch. 2 and 14",),
    modes=("Poisson", "electroneutral with closure", "electroneutral"),
    perform=perform,
)
