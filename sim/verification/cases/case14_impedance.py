"""Case 14: impedance of Li | Li, electroneutral, and of a blocking cell with resolved double layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import NEUTRAL, flat_cell, lithium
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import VACUUM_PERMITTIVITY, from_measured
from sim.verification.readback import Array

TOLERANCE = 1e-4
#: Z [Ohm cm^2] as printed, by frequency [Hz]
PRINTED = {0.1: 161.701605 - 2.175264j, 1.0: 159.846249 - 0.654806j}
#: diffusivity of both ions [m^2/s] of the blocking cells
DIFFUSIVITY = 1e-10


@dataclass(frozen=True)
class Symmetric:
    """kappa [S/m], t+, c0 [mol/m^3], gap [m], j0 [A/m^2]."""

    conductivity: float
    transference: float
    concentration: float
    gap: float
    exchange: float


@dataclass(frozen=True)
class Blocking:
    """Gap [m], c0 [mol/m^3], permittivity, thickness [m] and permittivity of the Stern layers."""

    gap: float
    concentration: float
    permittivity: float
    stern: float
    stern_permittivity: float


SYMMETRIC = {
    "PP, 1 M, 8 µm": Symmetric(0.023, 0.39, 1000.0, 8e-6, 3.3),
    "PIA, 2.5 M, 25 µm": Symmetric(0.092, 0.78, 2500.0, 25e-6, 6.4),
    "fast electrodes, 50 µm": Symmetric(0.5, 0.2, 1000.0, 50e-6, 200.0),
}
BLOCKING = {
    "20 nm": Blocking(20e-9, 2500.0, 30.0, 0.3e-9, 30.0),
    "1 µm, stiff Stern layer": Blocking(1e-6, 1000.0, 18.5, 0.4e-9, 6.0),
    "5 nm, dilute": Blocking(5e-9, 100.0, 78.49, 0.3e-9, 30.0),
}


def spectrum(frequencies: Array) -> dict[str, Any]:
    """The experiment's settings."""
    return {"impedance": {"frequencies": [f"{one!r} Hz" for one in map(float, frequencies)]}}


def symmetric_cell(cell: Symmetric, frequencies: Array) -> dict[str, Any]:
    """Two lithium electrodes without double layers."""
    separator = {
        "conductivity": f"{cell.conductivity!r} S/m",
        "transference_number": cell.transference,
    }
    electrolyte = {"concentration": f"{cell.concentration!r} mol/m^3"} | NEUTRAL
    electrodes = {"anode": lithium(cell.exchange), "counter": lithium(cell.exchange)}
    sections = {"separator": separator, "electrolyte": electrolyte, "experiments": spectrum(frequencies)}
    return flat_cell(cell.gap, electrodes, sections)


def blocking_cell(cell: Blocking, frequencies: Array) -> dict[str, Any]:
    """Two inert electrodes behind Stern layers, both ions equally fast."""
    stern = {"thickness": f"{cell.stern!r} m", "relative_permittivity": cell.stern_permittivity}
    wall = {"kind": "blocking", "stern": stern}
    electrolyte = {
        "concentration": f"{cell.concentration!r} mol/m^3",
        "relative_permittivity": cell.permittivity,
        "diffusivity_li": f"{DIFFUSIVITY!r} m^2/s",
        "diffusivity_anion": f"{DIFFUSIVITY!r} m^2/s",
    }
    sections = {
        "electrolyte": electrolyte,
        "separator": {"conductivity": None, "transference_number": None},
        "experiments": spectrum(frequencies),
    }
    return flat_cell(cell.gap, {"anode": wall, "counter": wall}, sections)


def perform(bench: Bench) -> Outcome:
    """Whole spectra, and the printed numbers."""
    outcome = Outcome()
    bench.show(
        symmetric_cell(SYMMETRIC["PP, 1 M, 8 µm"], np.array([10.0, 1.0, 0.1])), "sim experiment impedance"
    )
    series = []
    for name, cell in list(SYMMETRIC.items())[: bench.choose(1, 3)]:
        series += _symmetric(bench, outcome, name, cell)
    outcome.panels.append(Panel("Re Z − Re Z(∞), over L/κ", "−Im Z, over L/κ", tuple(series), equal=True))
    shown = []
    for name, walls in list(BLOCKING.items())[: bench.choose(1, 3)]:
        shown += _blocking(bench, outcome, name, walls)
    outcome.panels.append(
        Panel("frequency × λ_D L / D", "|Z| over L/κ", tuple(shown), x_log=True, y_log=True)
    )
    outcome.remarks.append(
        "The cells at the electrodes are chosen for the salt wave of the highest frequency, in Poisson mode for the "
        "Debye length; what is left is the error of the mesh. Of the blocking cells the complex Z is compared, of "
        "which the resistance is a small part at low frequencies."
    )
    return outcome


def _measured(bench: Bench, mapping: dict[str, Any]) -> tuple[Array, Any]:
    """Frequencies [Hz] and Z [Ohm m^2]."""
    table = bench.experiment("impedance", mapping).tables["impedance"]
    return table["frequency_Hz"], table["impedance_real_ohm_m2"] + 1j * table["impedance_imag_ohm_m2"]


def _symmetric(bench: Bench, outcome: Outcome, name: str, cell: Symmetric) -> list[Series]:
    salt = from_measured(cell.conductivity, cell.transference, cell.concentration)
    corner = exact.ambipolar_diffusivity(salt) / cell.gap**2
    sweep = corner * np.geomspace(300, 0.03, bench.choose(9, 21))
    frequencies = np.append(sweep, list(PRINTED)) if name.startswith("PP") else sweep
    at, found = _measured(bench, symmetric_cell(cell, frequencies))
    wanted = exact.symmetric_impedance(at, salt, cell.gap, cell.exchange)
    # over the salt's own resistance, which charge transfer may dwarf
    salt_resistance = cell.gap / cell.conductivity * (1 / cell.transference - 1)
    for part, one, other in (("Re", found.real, wanted.real), ("Im", found.imag, wanted.imag)):
        label = f"{part} Z(f), Li | Li: {name}"
        outcome.profiles.append(Profile(label, at, one, other, TOLERANCE, salt_resistance))
    for frequency, printed in PRINTED.items() if name.startswith("PP") else ():
        value = 1e4 * found[np.argmin(np.abs(at - frequency))]
        for part, one, other in (("Re", value.real, printed.real), ("Im", value.imag, printed.imag)):
            label = f"{part} Z({frequency:g} Hz), printed: {name}"
            outcome.checks.append(Check(label, float(one), other, TOLERANCE, "Ω cm²"))
    bulk = cell.gap / cell.conductivity
    constant = bulk + 2 * exact.THERMAL_VOLTAGE / cell.exchange
    line = corner * np.geomspace(1e3, 1e-3, 300)
    curve = (exact.symmetric_impedance(line, salt, cell.gap, cell.exchange) - constant) / bulk
    points = (found[: sweep.size] - constant) / bulk
    return [
        Series(name, curve.real, -curve.imag, exact=True),
        Series("", points.real, -points.imag, exact=False),
    ]


def _blocking(bench: Bench, outcome: Outcome, name: str, cell: Blocking) -> list[Series]:
    absolute = VACUUM_PERMITTIVITY * cell.permittivity
    debye = exact.debye_length(absolute, cell.concentration)
    charging = DIFFUSIVITY / (debye * cell.gap)
    lengths = (cell.stern * cell.permittivity / cell.stern_permittivity, debye, DIFFUSIVITY, cell.gap / 2)
    frequencies = charging * np.geomspace(1e3, 1e-3, bench.choose(7, 19))
    at, found = _measured(bench, blocking_cell(cell, frequencies))
    wanted = exact.blocking_impedance(at, absolute, *lengths)
    difference, none = np.abs(found / wanted - 1), np.zeros(at.size)
    outcome.profiles.append(Profile(f"Z(f), blocking: {name}", at, difference, none, TOLERANCE, 1.0))
    bulk = cell.gap * debye**2 / (absolute * DIFFUSIVITY)
    line = charging * np.geomspace(1e3, 1e-3, 200)
    curve = np.abs(exact.blocking_impedance(line, absolute, *lengths)) / bulk
    return [
        Series(name, line / charging, curve, exact=True),
        Series("", at / charging, np.abs(found) / bulk, exact=False),
    ]


CASE = Case(
    number=14,
    slug="impedance",
    title="Impedance of Li | Li, and of a blocking cell with resolved double layers",
    problem="""
The virtual impedance experiment at rest. Li | Li: an electroneutral cell between two lithium electrodes, from
frequencies at which the salt stands still to those at which it follows. Blocking: two inert electrodes behind
Stern layers in Poisson mode, both ions of one diffusivity $D$, from charging double layers to the
dielectric.
""",
    exact="""
Li | Li, with $R_{ct} = RT/(F j_0)$:

$$Z = \\frac{L}{\\kappa} + 2 R_{ct} + \\frac{L}{\\kappa}\\, \\frac{t_-}{t_+}\\, \\frac{\\tanh u}{u}, \\qquad
u = \\sqrt{\\frac{i \\omega L^2}{4 D_{amb}}}$$

Blocking, with $L$ half the gap and $\\lambda_S = \\varepsilon / C_S$:

$$Z = \\frac{2}{i \\omega \\varepsilon} \\left[\\lambda_S +
\\frac{\\tanh qL + qL\\, i \\omega \\lambda_D^2 / D}{q^3 \\lambda_D^2}\\right], \\qquad
q^2 = \\frac{1}{\\lambda_D^2} + \\frac{i \\omega}{D}$$
""",
    sources=(
        "J. Newman, N. P. Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 18",
        "blocking cell: the linearised Poisson–Nernst–Planck equations, as in M. Z. Bazant, K. Thornton, A. Ajdari, "
        "Phys. Rev. E 70 (2004) 021506, doi:10.1103/PhysRevE.70.021506",
    ),
    modes=("Poisson", "electroneutral"),
    perform=perform,
)
