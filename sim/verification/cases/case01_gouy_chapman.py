"""Case 1: the double layer at a charged wall (Gouy 1910, Chapman 1913, Grahame 1947)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Order, Outcome, Panel, Profile, Series
from sim.verification.cells import flat_cell
from sim.verification.exact import closed_forms as exact
from sim.verification.exact.parameters import VACUUM_PERMITTIVITY
from sim.verification.readback import l2_error, profile

#: (relative permittivity, c [mol/m^3], charge [C/m^2]); the first three are the printed ones
WALLS = [
    (78.49, 100.0, 0.01934542),
    (78.49, 100.0, 0.13464551),
    (78.49, 100.0, -0.05),
    (30.0, 2500.0, 0.1),
    (18.5, 1000.0, -0.02),
]
TOLERANCE = 1e-3


def wall(permittivity: float, concentration: float, charge: float, mesh: dict[str, Any]) -> dict[str, Any]:
    """A blocking wall of given charge without contact to a metal, against a reservoir 20 Debye lengths away, where
    e^-20 of the layer is left."""
    width = 20 * exact.debye_length(VACUUM_PERMITTIVITY * permittivity, concentration)
    electrolyte = {"concentration": f"{concentration!r} mol/m^3", "relative_permittivity": permittivity}
    return flat_cell(
        width,
        {
            "electrolyte": electrolyte,
            "anode": {"kind": "blocking", "stern": None, "surface_charge": f"{charge!r} C/m^2"},
            "counter": {"kind": "reservoir"},
            "mesh": mesh,
        },
    )


def perform(bench: Bench) -> Outcome:
    """Wall values and profiles on the default mesh, and the order of the element on uniform ones."""
    outcome = Outcome()
    shown: list[Series] = []
    bench.show(wall(*WALLS[0], {}))
    for permittivity, concentration, charge in bench.choose(WALLS[1:3], WALLS):
        absolute = VACUUM_PERMITTIVITY * permittivity
        debye = exact.debye_length(absolute, concentration)
        run = bench.run(wall(permittivity, concentration, charge, {}), fields=True)
        psi0 = float(exact.grahame_potential(charge, absolute, concentration))
        label = f"σ = {charge:g} C/m², c = {concentration:g} mol/m³, ε = {permittivity:g}"
        found = float(run.interface["phi_V"][0]) / exact.THERMAL_VOLTAGE
        outcome.checks.append(Check(f"ψ₀: {label}", found, psi0, TOLERANCE, "RT/F"))
        c_wall = float(run.interface["c_li_mol_m3"][0]) / concentration
        # d(ln c) = -d(psi): the relative error of c is the absolute one of psi
        bound = TOLERANCE * max(1.0, abs(psi0))
        outcome.checks.append(Check(f"c₊/c at the wall: {label}", c_wall, float(np.exp(-psi0)), bound))
        y, phi = profile(run.last_frame(), "phi_V")
        psi = exact.gouy_chapman(y, psi0, absolute, concentration)[0]
        outcome.profiles.append(
            Profile(f"ψ(y): {label}", y, phi / exact.THERMAL_VOLTAGE, psi, TOLERANCE, psi0)
        )
        near = y < 6 * debye
        shown += [
            Series(f"σ = {charge:g} C/m²", y[near] / debye, psi[near], exact=True),
            Series("", y[near] / debye, phi[near] / exact.THERMAL_VOLTAGE, exact=False),
        ]
    outcome.panels.append(Panel("distance from the wall (Debye lengths)", "ψ (RT/F)", tuple(shown)))
    outcome.orders += [_order(bench, order) for order in (1, 2)]
    return outcome


def _order(bench: Bench, order: int) -> Order:
    """Error of the potential in L2 on uniform meshes across the layer."""
    permittivity, concentration, charge = WALLS[0]
    absolute = VACUUM_PERMITTIVITY * permittivity
    debye = exact.debye_length(absolute, concentration)
    psi0 = float(exact.grahame_potential(charge, absolute, concentration))

    def potential(x: Any, y: Any) -> Any:
        return exact.THERMAL_VOLTAGE * exact.gouy_chapman(y, psi0, absolute, concentration)[0]

    steps, errors = bench.choose((0.5, 0.25, 0.125), (0.5, 0.25, 0.125, 0.0625)), []
    for step in steps:
        size = f"{step * debye!r} m"
        mesh = {"wall_cell": size, "max_cell": size, "growth": 1, "order": order}
        run = bench.run(wall(permittivity, concentration, charge, mesh), fields=True)
        errors.append(l2_error(run.last_frame(), "phi_V", potential))
    label = f"potential, P{order}"
    return Order(label, "cell over Debye length", tuple(steps), tuple(errors), order + 1)


CASE = Case(
    number=1,
    slug="gouy-chapman",
    title="Gouy–Chapman: the double layer at a charged wall",
    problem="""
A wall of charge $\\sigma$ without contact to a metal stands in a binary electrolyte of concentration $c$, at rest. A
reservoir 20 Debye lengths away holds $\\varphi = 0$ and $c$. The mesh is the default of Poisson mode: first cell
$\\lambda_D/10$, growing twofold.
""",
    exact="""
$$\\tanh\\frac{\\psi}{4} = \\tanh\\frac{\\psi_0}{4}\\, e^{-y/\\lambda_D}, \\qquad
\\sigma = 4 F c \\lambda_D \\sinh\\frac{\\psi_0}{2}, \\qquad
\\lambda_D = \\sqrt{\\frac{\\varepsilon R T}{2 F^2 c}}, \\qquad c_\\pm = c\\, e^{\\mp\\psi}$$

with $\\psi = F\\varphi/RT$.
""",
    sources=(
        "G. Gouy, J. Phys. Théor. Appl. 9 (1910) 457",
        "D. L. Chapman, Phil. Mag. 25 (1913) 475",
        "D. C. Grahame, Chem. Rev. 41 (1947) 441",
    ),
    modes=("Poisson",),
    perform=perform,
)
