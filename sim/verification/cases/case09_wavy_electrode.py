"""Case 9: current along a wavy electrode with linear kinetics (Barton & Bockris 1962)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Array, Case, Check, Order, Outcome, Panel, Profile, Series
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, lithium, potentiostatic
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.readback import harmonic

#: t+ kappa [S/m], at t+ = 1/2
CONDUCTIVITY = 0.023
#: small enough that kinetics and transport are linear to 1e-4
BIAS = 2e-6
TOLERANCE = 1e-3
POISSON = {"electrostatics": "poisson", "double_layer": None}


@dataclass(frozen=True)
class Wave:
    """y = a cos kx: a, lambda, H [m] and the charge-transfer resistance R [Ohm m^2]; R = 0 is an equilibrium."""

    amplitude: float
    wavelength: float
    height: float
    resistance: float

    @property
    def k(self) -> float:
        """Wavenumber [1/m]."""
        return 2 * np.pi / self.wavelength

    @property
    def label(self) -> str:
        """Its numbers."""
        lengths = (("λ", self.wavelength), ("a", self.amplitude), ("H", self.height))
        return (
            "".join(f"{name} = {1e6 * one:g} µm, " for name, one in lengths) + f"R = {self.resistance:g} Ω m²"
        )

    @property
    def arguments(self) -> tuple[float, float, float, float, float]:
        """Those of the exact solutions."""
        return self.amplitude, self.wavelength, self.height, CONDUCTIVITY, self.resistance

    def exact(self) -> float:
        """Exact harmonic; fewer modes for a steep wave, whose series is badly conditioned."""
        return exact.wavy_harmonic(*self.arguments, modes=12 if self.k * self.amplitude > 0.2 else 24)


#: wave and harmonic as printed
PRINTED = (
    (Wave(0.05e-6, 10e-6, 8e-6, 0.0), 0.0314148),
    (Wave(0.05e-6, 10e-6, 8e-6, 1e-4), 0.0128500),
)
#: steep waves, and one as long as the gap is wide
OTHERS = (
    Wave(0.25e-6, 4e-6, 8e-6, 3e-5),
    Wave(0.25e-6, 4e-6, 8e-6, 0.0),
    Wave(0.4e-6, 30e-6, 5e-6, 2e-4),
)


def cell(wave: Wave, *updates: dict[str, Any]) -> dict[str, Any]:
    """The cell against a reservoir; electroneutral unless updated."""
    profile = {
        "kind": "sinusoid",
        "amplitude": f"{wave.amplitude!r} m",
        "wavelength": f"{wave.wavelength!r} m",
    }
    return flat_cell(
        wave.height,
        {
            "cell": {"length": f"{wave.wavelength!r} m", "anode_profile": profile},
            "electrolyte": NEUTRAL,
            "separator": {"conductivity": f"{CONDUCTIVITY / 0.5!r} S/m", "transference_number": 0.5},
            "anode": lithium(THERMAL_VOLTAGE / wave.resistance)
            if wave.resistance
            else {"kind": "reversible"},
            "counter": {"kind": "reservoir"},
            "operation": potentiostatic(BIAS),
            "mesh": {"columns": 24, "wall_cell": f"{wave.wavelength / 100!r} m", "growth": 1.4},
        },
        *updates,
    )


def current_along(bench: Bench, wave: Wave, *updates: dict[str, Any]) -> tuple[Array, Array]:
    """x [m] and the current per true area [A/m^2] found there."""
    interface = bench.run(cell(wave, *updates)).interface
    return interface["x_m"], interface["current_density_A_m2"]


def perform(bench: Bench) -> Outcome:
    """The printed waves in every mode, steep and long ones, the response against the wavelength, the order in ka."""
    outcome = Outcome()
    shown: list[Series] = []
    for wave, printed in PRINTED:
        x, current = current_along(bench, wave)
        found = harmonic(x, current, wave.k)
        outcome.checks.append(Check(f"printed: {wave.label}", found, printed, TOLERANCE))
        outcome.checks.append(Check(f"exact: {wave.label}", found, wave.exact(), TOLERANCE))
        wanted = exact.wavy_current(x, *wave.arguments)
        relative = current / (wanted @ current / (wanted @ wanted))
        label = f"j(x)/j̄: {wave.label}"
        outcome.profiles.append(Profile(label, x, relative, wanted, TOLERANCE, scale=wave.exact()))
        shown += [
            Series(f"R = {wave.resistance:g} Ω m²", x / wave.wavelength, wanted, exact=True),
            Series("", x / wave.wavelength, relative, exact=False),
        ]
    outcome.panels.append(Panel("x / λ", "current per true area / its mean", tuple(shown)))
    for wave in bench.choose(OTHERS[:1], OTHERS):
        found = harmonic(*current_along(bench, wave), wave.k)
        outcome.checks.append(Check(f"exact: {wave.label}", found, wave.exact(), TOLERANCE))
    _other_modes(bench, outcome)
    outcome.panels.append(_against_wavelength(bench, outcome))
    outcome.orders.append(_order(bench))
    bench.show(cell(PRINTED[1][0]))
    return outcome


def _other_modes(bench: Bench, outcome: Outcome) -> None:
    """The same numbers with double layers, which are uncharged at rest and change neither resistance."""
    resolved = {"wall_cell": None, "growth": 2.0}
    for mode, electrolyte, mesh in (("closure", CLOSURE, {}), ("Poisson", POISSON, resolved)):
        for wave, printed in bench.choose(PRINTED[1:], PRINTED):
            update = {"electrolyte": electrolyte, "mesh": mesh}
            found = harmonic(*current_along(bench, wave, update), wave.k)
            outcome.checks.append(Check(f"{mode}: {wave.label}", found, printed, TOLERANCE))


def _against_wavelength(bench: Bench, outcome: Outcome) -> Panel:
    """Response over ka of shallow waves: short ones are levelled by the kinetics."""
    series, lengths = [], bench.choose((5e-6,), (2.5e-6, 5e-6, 10e-6, 20e-6, 40e-6, 80e-6))
    line = np.geomspace(2e-6, 1e-4, 100)
    for resistance in (0.0, 1e-4):
        found = []
        for length in lengths:
            wave = Wave(length / 200, length, 8e-6, resistance)
            found.append(harmonic(*current_along(bench, wave), wave.k))
            outcome.checks.append(Check(f"shallow: {wave.label}", found[-1], wave.exact(), TOLERANCE))
        curve = [exact.wavy_response(1e-9, one, 8e-6, CONDUCTIVITY, resistance) for one in line]
        wanted = np.array(curve) / (2 * np.pi / line * 1e-9)
        response = np.array(found) / (2 * np.pi / 200)
        series += [
            Series(f"R = {resistance:g} Ω m², first order", line * 1e6, wanted, exact=True),
            Series("", np.array(lengths) * 1e6, response, exact=False),
        ]
    return Panel("wavelength (µm)", "δj / (j̄ ka)", tuple(series), x_log=True)


def _order(bench: Bench) -> Order:
    """Departure of the harmonic from first-order theory as the wave flattens."""
    amplitudes, errors = bench.choose((0.125e-6, 0.0625e-6), (0.25e-6, 0.125e-6, 0.0625e-6)), []
    for amplitude in amplitudes:
        wave = Wave(amplitude, 4e-6, 8e-6, 3e-5)
        found = harmonic(*current_along(bench, wave, {"mesh": {"columns": 48}}), wave.k)
        errors.append(abs(found / exact.wavy_response(*wave.arguments) - 1))
    steps = tuple(2 * np.pi / 4e-6 * amplitude for amplitude in amplitudes)
    return Order("departure from first order", "ka", steps, tuple(map(float, errors)), 2.0)


CASE = Case(
    number=9,
    slug="wavy-electrode",
    title="Wavy electrode: unevenness of the current with linear kinetics",
    problem="""
An anode $y = a\\cos kx$ faces a reservoir at $y = H$. A bias of 2 µV leaves the salt at rest and the kinetics linear,
so that the cell is an ohmic conductor of $t_+\\kappa$ = 0.023 S/m (the anion stands still) behind a charge-transfer
resistance $R = RT/(Fj_0)$; at $R = 0$ the anode is an equilibrium. The number is the first cosine harmonic over $x$ of
the current per true area, over its mean, read from `interface.csv`.

Double layers are uncharged at rest, and to first order in the bias they change neither resistance: closure and Poisson
mode must give the same numbers.
""",
    exact="""
To first order in $ka$ (Barton and Bockris)

$$\\frac{\\delta j}{\\bar{j}} = \\frac{ka\\,\\coth kH}{1 + t_+\\kappa R k\\,\\coth kH} + O((ka)^2)$$

At finite amplitude, Laplace's equation above the wave with $\\varphi = 1$ at $y = H$ and
$t_+\\kappa\\,\\partial\\varphi/\\partial n = \\varphi/R$ on the wave ($n$ into the electrolyte) is solved by
collocation of

$$\\varphi = 1 - b_0 (H - y) - \\sum_n b_n \\cos nkx\\, \\frac{\\sinh nk(H - y)}{\\sinh nkH}$$

The departure of the harmonic from first-order theory must fall as $(ka)^2$.
""",
    sources=(
        "J. L. Barton, J. O'M. Bockris, Proc. R. Soc. A 268 (1962) 485, doi:10.1098/rspa.1962.0154",
        "the collocation on a wave is Rayleigh's method, exact for ka below 0.448: R. F. Millar, "
        "Radio Sci. 8 (1973) 785",
    ),
    modes=("electroneutral", "closure", "Poisson"),
    perform=perform,
)
