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


#: on cells of lambda_D/10 throughout: charge [C/m^2], psi_0 and c_li/c as printed
PRINTED = [(0.01934542, 1.0, None), (0.13464551, 4.0, None), (-0.05, -2.21335423, 9.146344)]


def perform(bench: Bench) -> Outcome:
    """Wall values and profiles on the default mesh, printed numbers and the order of the element on uniform ones."""
    outcome = Outcome()
    curves: list[Series] = []
    bench.show(wall(*WALLS[0], {}))
    debye = exact.debye_length(VACUUM_PERMITTIVITY * 78.49, 100.0)
    outcome.checks.append(Check("λ_D, c = 100 mol/m³, ε = 78.49", debye, 9.61922e-10, 1e-6, "m"))
    for one in bench.choose(WALLS[1:3], WALLS):
        curves += _wall(bench, outcome, *one)
    outcome.panels.append(Panel("distance from the wall (Debye lengths)", "ψ (RT/F)", tuple(curves)))
    _printed(bench, outcome, debye)
    outcome.orders += [_order(bench, order) for order in (1, 2)]
    return outcome


def _wall(
    bench: Bench, outcome: Outcome, permittivity: float, concentration: float, charge: float
) -> list[Series]:
    """One wall on the default mesh: at the wall and across the layer; returns its curves."""
    absolute = VACUUM_PERMITTIVITY * permittivity
    psi0 = float(exact.grahame_potential(charge, absolute, concentration))
    run = bench.run(wall(permittivity, concentration, charge, {}), fields=True)
    label = f"σ = {charge:g} C/m², c = {concentration:g} mol/m³, ε = {permittivity:g}"
    found = float(run.interface["phi_V"][0]) / exact.THERMAL_VOLTAGE
    c_wall = float(run.interface["c_li_mol_m3"][0]) / concentration
    # d(ln c) = -+ d(psi): the relative error of c is the absolute one of psi
    bound = TOLERANCE * max(1.0, abs(psi0))
    outcome.checks += [
        Check(f"ψ₀: {label}", found, psi0, TOLERANCE, "RT/F"),
        Check(f"c₊/c at the wall: {label}", c_wall, float(np.exp(-psi0)), bound),
    ]
    y, phi = profile(run.last_frame(), "phi_V")
    psi, c_li, c_anion = exact.gouy_chapman(y, psi0, absolute, concentration)
    outcome.profiles.append(Profile(f"ψ(y): {label}", y, phi / exact.THERMAL_VOLTAGE, psi, TOLERANCE, psi0))
    for ion, name, wanted in (("₊", "c_li_mol_m3", c_li), ("₋", "c_anion_mol_m3", c_anion)):
        ratio = profile(run.last_frame(), name)[1] / wanted
        outcome.profiles.append(Profile(f"c{ion}(y), relative: {label}", y, ratio, np.ones(y.size), bound))
    debye = exact.debye_length(absolute, concentration)
    near = y < 6 * debye
    return [
        Series(f"σ = {charge:g} C/m²", y[near] / debye, psi[near], exact=True),
        Series("", y[near] / debye, phi[near] / exact.THERMAL_VOLTAGE, exact=False),
    ]


def _printed(bench: Bench, outcome: Outcome, debye: float) -> None:
    """Cells of a tenth of a Debye length everywhere: quadratic elements then err by some 1e-5."""
    mesh = {"wall_cell": f"{debye / 10!r} m", "max_cell": f"{debye / 10!r} m", "growth": 1}
    for charge, psi0, ratio in bench.choose(PRINTED[2:], PRINTED):
        interface = bench.run(wall(78.49, 100.0, charge, mesh)).interface
        found = float(interface["phi_V"][0]) / exact.THERMAL_VOLTAGE
        outcome.checks.append(Check(f"ψ₀, uniform cells: σ = {charge:g} C/m²", found, psi0, 3e-5, "RT/F"))
        if ratio is not None:
            c_wall = float(interface["c_li_mol_m3"][0]) / 100
            label = f"c₊/c at the wall, uniform cells: σ = {charge:g} C/m²"
            outcome.checks.append(Check(label, c_wall, ratio, 5e-5))


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
