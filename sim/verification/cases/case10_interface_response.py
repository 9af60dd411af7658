"""Case 10: linear response of the whole interface, direct + adsorption + plating + surface diffusion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Outcome, Panel, Series
from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, lithium, merged, potentiostatic
from sim.verification.exact import closed_forms_interface as exact
from sim.verification.exact.closed_forms_interface import Conductances
from sim.verification.exact.parameters import AVOGADRO, FARADAY, from_measured
from sim.verification.readback import harmonic

HEIGHT = 8e-6
CAPACITY = 2e-5
#: amplitude of the wave over its wavelength, ka = 0.0126
STEEPNESS = 1 / 500
TOLERANCE = 1e-3
#: A as printed for the first interface
PRINTED = 0.098244
VOLTAGE = from_measured(0.092, 0.78).thermal_voltage
MODES: dict[str, dict[str, Any]] = {
    "none": {"electrolyte": NEUTRAL},
    "closure": {"electrolyte": CLOSURE},
    "Poisson": {"mesh": {"wall_cell": None, "growth": 2.0}},
}


@dataclass(frozen=True)
class Interface:
    """Conductances to be met, site energy G [kT], alpha, chi, wavelength [m] and t+ kappa [S/m]."""

    conductances: Conductances
    energy: float
    alpha: float
    chi: float
    wavelength: float
    conductivity: float

    @property
    def response(self) -> float:
        """A of the formula."""
        return exact.interface_response(self.conductances, self.wavelength, HEIGHT, self.conductivity)


PRINTED_INTERFACE = Interface(Conductances(3e3, 5e4, 2e4, 2.7e-8), 0.0, 0.5, 0.5, 5e-6, 0.0717)
INTERFACES = {
    "printed": PRINTED_INTERFACE,
    "much surface transport": Interface(Conductances(500.0, 8e4, 3e3, 6e-8), -1.5, 0.35, 0.7, 3e-6, 0.0717),
    "little surface transport": Interface(Conductances(1e3, 4e4, 3e4, 1e-9), 2.0, 0.5, 0.4, 5e-6, 0.009),
}


def cell(case: Interface, mode: str) -> dict[str, Any]:
    """The conductances as j0, k_a, k_p and D_s on sites of one energy; a bias of 2 uV keeps the response linear."""
    theta, empty = 1 / (1 + np.exp(case.energy)), 1 / (1 + np.exp(-case.energy))
    per_rate, want = FARADAY * CAPACITY / VOLTAGE, case.conductances
    adsorption = float(want.adsorption / (per_rate * empty * np.exp(-case.chi * case.energy)))
    plating = float(want.plating / (per_rate * theta ** (1 - case.alpha) * empty**case.alpha))
    mobile = float(want.surface / (per_rate * theta * empty))
    wave = {"amplitude": f"{STEEPNESS * case.wavelength!r} m", "wavelength": f"{case.wavelength!r} m"}
    base = flat_cell(
        HEIGHT,
        {
            "cell": {"length": f"{case.wavelength!r} m", "anode_profile": {"kind": "sinusoid"} | wave},
            "separator": {"conductivity": f"{case.conductivity / 0.78!r} S/m", "transference_number": 0.78},
            "anode": lithium(want.direct * VOLTAGE, transfer_coefficient=case.alpha),
            "counter": {"kind": "reservoir"},
            "interface": {
                "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": f"{case.energy * VOLTAGE!r} eV"}},
                "area_factor": CAPACITY * AVOGADRO * 1e-18,
                "reference_energy": "0 eV",
                "adsorption_rate": f"{adsorption!r} / s",
                "plating_rate": f"{plating!r} / s",
                "barrier_position": case.chi,
                "surface_diffusivity": f"{mobile!r} m^2/s",
            },
            "operation": potentiostatic(2e-6),
            "mesh": {"columns": 24, "wall_cell": "0.1 um", "growth": 1.4},
        },
    )
    return merged(base, MODES[mode])


def measured(bench: Bench, case: Interface, mode: str) -> float:
    """A: the harmonic of the metal's current over ka coth kH."""
    interface = bench.run(cell(case, mode)).interface
    k = 2 * np.pi / case.wavelength
    found = harmonic(interface["x_m"], interface["current_density_A_m2"], k)
    return float(found / (k * STEEPNESS * case.wavelength / np.tanh(k * HEIGHT)))


def perform(bench: Bench) -> Outcome:
    """Three interfaces in every mode; the response against the wavelength."""
    outcome = Outcome()
    chosen = bench.choose(
        [("printed", "closure"), ("printed", "Poisson"), ("much surface transport", "none")],
        [(name, mode) for name in INTERFACES for mode in MODES],
    )
    for name, mode in chosen:
        case = INTERFACES[name]
        found = measured(bench, case, mode)
        outcome.checks.append(Check(f"A: {name}, {mode}", found, case.response, TOLERANCE))
        if name == "printed":
            outcome.checks.append(Check(f"A, printed number: {mode}", found, PRINTED, TOLERANCE))
    _wavelengths(bench, outcome)
    bench.show(cell(PRINTED_INTERFACE, "Poisson"))
    outcome.remarks.append(
        "The formula is the limit of a flat wave and of a thin double layer: what is left of the difference is "
        "of the order of (ka)² = 1.6·10⁻⁴, and in Poisson mode of λ_D k. The response sees the size of the surface "
        "gradient through Σ_s k², not its slope on a steep wave, which is of second order in ka."
    )
    return outcome


def _wavelengths(bench: Bench, outcome: Outcome) -> None:
    """A against the wavelength, with and without surface transport."""
    waves = bench.choose((2e-6,), (1e-6, 2e-6, 3.5e-6, 7e-6, 14e-6))
    line = np.geomspace(0.8e-6, 20e-6, 200)
    series = []
    still = replace(PRINTED_INTERFACE.conductances, surface=1e-12)
    for label, conductances in (("as printed", PRINTED_INTERFACE.conductances), ("Σ_s ≈ 0", still)):
        base = replace(PRINTED_INTERFACE, conductances=conductances)
        curve = np.array([replace(base, wavelength=float(wave)).response for wave in line])
        cases = [replace(base, wavelength=wave) for wave in waves]
        found = [measured(bench, case, "none") for case in cases]
        for case, value in zip(cases, found, strict=True):
            name = f"A at λ = {case.wavelength * 1e6:g} µm, {label}"
            outcome.checks.append(Check(name, value, case.response, TOLERANCE))
        series += [
            Series(label, line * 1e6, curve, exact=True),
            Series("", np.array(waves) * 1e6, np.array(found), exact=False),
        ]
    outcome.panels.append(Panel("wavelength (µm)", "response A", tuple(series), x_log=True))


CASE = Case(
    number=10,
    slug="interface-response",
    title="Linear response of the whole interface: direct plating, adsorption, plating from sites, surface diffusion",
    problem="""
A wavy anode $y = a \\cos kx$ with sites faces a reservoir at $y = H$, 8 µm away. Lithium reaches the metal
directly (conductance $G_d$) or through the sites: it adsorbs ($G_a$), spreads along the surface
($\\Sigma_s$) and plates ($G_p$). Given conductances are met with suitable $j_0$, $k_a$, $k_p$ and $D_s$. The bias of
2 µV and $ka = 0.0126$ keep everything linear; what is measured is the first cosine harmonic over $x$
of the current into the metal per true area, relative to its mean.
""",
    exact="""
The model's equations, linearised about the state at rest, with the anion at rest ($\\kappa_s = t_+ \\kappa$):

$$A = \\frac{\\delta j_m}{j\\, ka \\coth kH} = \\frac{Y_m}{Y_e + \\kappa_s k \\coth kH}$$

$$Y_e = G_d + \\frac{G_a (G_p + \\Sigma_s k^2)}{G_a + G_p + \\Sigma_s k^2}, \\qquad
Y_m = G_d + \\frac{G_a G_p}{G_a + G_p + \\Sigma_s k^2}$$

$$G_d = \\frac{F j_0}{RT}, \\quad G_a = \\frac{F^2 \\Gamma k_a (1-\\theta) e^{-\\chi G/kT}}{RT}, \\quad
G_p = \\frac{F^2 \\Gamma k_p \\theta^{1-\\alpha} (1-\\theta)^\\alpha}{RT}, \\quad
\\Sigma_s = \\frac{F^2 \\Gamma D_s \\theta (1-\\theta)}{RT}$$

Both directions of every rate and the force along the surface see the potential at the plane (the $e\\varphi$ in the
chemical potential of adsorbed lithium): without it the formula is missed.
""",
    sources=(
        "derived for this model by linearisation; without sites the wavy electrode with linear kinetics of "
        "J. L. Barton, J. O'M. Bockris, Proc. R. Soc. A 268 (1962) 485, doi:10.1098/rspa.1962.0154",
    ),
    modes=("Poisson", "electroneutral with closure", "electroneutral"),
    perform=perform,
)
