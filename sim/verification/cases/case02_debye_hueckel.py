"""Case 2: linear screening beside a wall whose charge varies as cos kx (Debye and Hueckel 1923)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Order, Outcome, Panel, Profile, Series
from sim.verification.cells import flat_cell
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import CHARGE, VACUUM_PERMITTIVITY
from sim.verification.readback import l2_error, profile

#: sites of both kinds together [1/nm^2]
DENSITY = 0.5
#: potential that the charge would raise without its wave [RT/F]; the model is linear to its square
WEAKNESS = 1e-3
#: with ten biquadratic cells per Debye length
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Wall:
    """Relative permittivity, concentration [mol/m^3], k lambda_D and H/lambda_D; half a wave lies along the wall."""

    permittivity: float
    concentration: float
    wave: float
    height: float

    @property
    def absolute(self) -> float:
        """Permittivity [F/m]."""
        return VACUUM_PERMITTIVITY * self.permittivity

    @property
    def debye(self) -> float:
        """lambda_D [m]."""
        return exact.debye_length(self.absolute, self.concentration)

    @property
    def wavenumber(self) -> float:
        """k [1/m]."""
        return self.wave / self.debye

    @property
    def amplitude(self) -> float:
        """sigma_k [C/m^2]."""
        return WEAKNESS * self.absolute * exact.THERMAL_VOLTAGE / self.debye

    def potential(self, x: Any, y: Any) -> Any:
        """The exact potential [V] at x, y [m]."""
        gap = self.height * self.debye
        return exact.debye_hueckel(x, y, self.amplitude, self.wavenumber, self.absolute, self.debye, gap)


WALLS = (Wall(30.0, 2500.0, 1.0, 4.0), Wall(78.49, 100.0, 3.0, 2.0), Wall(30.0, 2500.0, 0.3, 6.0))


def cell(bench: Bench, wall: Wall, cells: int, order: int) -> dict[str, Any]:
    """The cell with `cells` per lambda_D or 1/k, whichever is shorter; charged by two kinds of sites on CSV tables."""
    length = np.pi / wall.wavenumber
    x, sites = np.linspace(0, length, 4001), {}
    for name, sign in (("plus", 1), ("minus", -1)):
        density = DENSITY * (1 + sign * np.cos(wall.wavenumber * x)) / 2
        file = bench.table(f"{name}-{wall.wave:g}", {"x_m": x, "density_per_nm2": density})
        sites[name] = {
            "map": {"kind": "table", "file": file},
            "adsorption_energy": "0 eV",
            "charge": sign,
            "charged_fraction": wall.amplitude / (CHARGE * DENSITY * 1e18),
        }
    size = f"{min(wall.debye, 1 / wall.wavenumber) / cells!r} m"
    return flat_cell(
        wall.height * wall.debye,
        {
            "cell": {"length": f"{length!r} m"},
            "electrolyte": {
                "concentration": f"{wall.concentration!r} mol/m^3",
                "relative_permittivity": wall.permittivity,
            },
            "anode": {"kind": "blocking", "stern": None},
            "counter": {"kind": "reservoir"},
            "interface": {
                "sites": sites,
                "reference_energy": "0 eV",
                "adsorption_rate": "1 / s",
                "plating_rate": "0 / s",
                "surface_diffusivity": "0 m^2/s",
            },
            "mesh": {
                "wall_cell": size,
                "max_cell": size,
                "growth": 1,
                "columns": 3 * cells,
                "order": order,
            },
        },
    )


def perform(bench: Bench) -> Outcome:
    """Potential and charge along walls of several wavelengths, and the order of the element."""
    outcome = Outcome()
    along: list[Series] = []
    into: list[Series] = []
    for wall in bench.choose(WALLS[:2], WALLS):
        run = bench.run(cell(bench, wall, 10, 2), fields=True)
        label = f"kλ_D = {wall.wave:g}, H = {wall.height:g} λ_D"
        x, phi, k = run.interface["x_m"], run.interface["phi_V"], wall.wavenumber
        wanted = wall.potential(x, 0.0)
        outcome.profiles.append(Profile(f"φ along the wall: {label}", x, phi, wanted, TOLERANCE))
        wave = wall.amplitude * np.cos(k * x)
        found = run.interface["surface_charge_C_m2"]
        outcome.profiles.append(Profile(f"σ along the wall: {label}", x, found, wave, TOLERANCE))
        crest = float(wanted[0])
        outcome.checks.append(Check(f"φ at the crest: {label}", float(phi[0]), crest, TOLERANCE, "V"))
        y, at_crest = profile(run.last_frame(), "phi_V")
        exact_crest = wall.potential(0.0, y)
        outcome.profiles.append(Profile(f"φ above the crest: {label}", y, at_crest, exact_crest, TOLERANCE))
        name = f"kλ_D = {wall.wave:g}"
        along += [
            Series(name, k * x / np.pi, 1e6 * wanted, exact=True),
            Series("", k * x / np.pi, 1e6 * phi, exact=False),
        ]
        into += [
            Series(name, y / wall.debye, 1e6 * exact_crest, exact=True),
            Series("", y / wall.debye, 1e6 * at_crest, exact=False),
        ]
    outcome.panels.append(Panel("kx/π at the wall", "φ (µV)", tuple(along)))
    outcome.panels.append(Panel("distance from the crest's wall (Debye lengths)", "φ (µV)", tuple(into)))
    outcome.orders += [_order(bench, order) for order in (1, 2)]
    outcome.remarks.append(
        "The model is not linearised: at a potential of 10⁻³ RT/F Poisson–Boltzmann and Debye–Hückel differ by about "
        "2·10⁻⁷. The rest is the mesh."
    )
    bench.show(cell(bench, WALLS[0], 10, 2))
    return outcome


def _order(bench: Bench, order: int) -> Order:
    """Error of the potential in L2 on uniform meshes."""
    wall = WALLS[0]
    counts, errors = bench.choose((2, 4, 8), (2, 4, 8, 16)), []
    for cells in counts:
        run = bench.run(cell(bench, wall, cells, order), fields=True)
        errors.append(l2_error(run.last_frame(), "phi_V", wall.potential))
    steps = tuple(1 / cells for cells in counts)
    return Order(f"potential, P{order}", "cell over Debye length", steps, tuple(errors), order + 1)


CASE = Case(
    number=2,
    slug="debye-hueckel",
    title="Debye–Hückel: screening beside a wall of wavy charge",
    problem="""
A wall without contact to a metal carries a weak charge $\\sigma_k \\cos kx$ and faces a reservoir ($\\varphi = 0$) at
$y = H$. The charge comes as a user's would: two kinds of sites of opposite charge, each with a density
$n(1 \\pm \\cos kx)/2$ from a CSV table (columns `x_m`, `density_per_nm2`; $n = 0.5$ nm⁻²). Half a wave lies between the
symmetric sides. Wavelengths from short to long against the Debye length are run with ten biquadratic cells per
$\\lambda_D$ or $1/k$, whichever is shorter; the order of the element is observed on uniform meshes.
""",
    exact="""
For $F\\varphi \\ll RT$ the Poisson–Boltzmann equation is linear, $\\nabla^2 \\varphi = \\varphi/\\lambda_D^2$, and with
$-\\varepsilon\\, \\partial\\varphi/\\partial y = \\sigma_k \\cos kx$ at the wall

$$\\varphi = \\frac{\\sigma_k \\cos kx}{\\varepsilon q}\\, \\frac{\\sinh q(H - y)}{\\cosh qH}, \\qquad
q^2 = k^2 + \\lambda_D^{-2}$$

A wave shorter than the Debye length ($k\\lambda_D > 1$) is screened by its own geometry, over $1/k$; a longer one by
the ions, over $\\lambda_D$.
""",
    sources=("P. Debye, E. Hückel, Phys. Z. 24 (1923) 185",),
    modes=("Poisson",),
    perform=perform,
)
