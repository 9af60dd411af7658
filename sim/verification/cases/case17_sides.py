"""Case 17: the same answer from either side, wherever a periodic cell begins, and on any number of ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from sim.verification.bench import Bench
from sim.verification.case import Case, Check, Outcome, Panel, Profile, Series
from sim.verification.cells import CLOSURE, galvanostatic, merged
from sim.verification.patchy import COLUMNS, LENGTH, patchy_cell, shifted_cell
from sim.verification.ranks import has_ranks, summary_on
from sim.verification.readback import Array, RunFolder

TOLERANCE = 1e-8
#: of the flux, the slope of a potential over cells of some picometres: the rounding of a potential of 20 kT, 4e-15, is
#: some 1e-8 of it
FLUX_TOLERANCE = 1e-7
#: numbers of a summary below this are rounding
SMALL = 1e-4
MODES: dict[str, dict[str, Any]] = {
    "Poisson": {},
    "closure": {"electrolyte": CLOSURE},
    "closure, fixed charge": {"electrolyte": CLOSURE | {"fixed_charge": "-1e7 C/m^3"}},
}
MIRRORED = "mirrored"
COLUMNS_OF_INTERFACE = {
    "current_density_A_m2": "j_m",
    "phi_V": "φ",
    "coverage": "θ",
    "c_li_mol_m3": "c₊",
    "surface_charge_C_m2": "σ_s",
}
#: of the steady cell at a current, in Poisson mode
RANKS = (2, 4)


def perform(bench: Bench) -> Outcome:
    """Mirrored cells, shifted cells, ranks."""
    outcome = Outcome()
    bench.show(patchy_cell(bench.table))
    for mode in bench.choose(("Poisson",), tuple(MODES)):
        _mirrored(bench, outcome, mode)
    for mode, shift in bench.choose([("closure", 12)], [("Poisson", 12), ("closure", 12), ("closure", 5)]):
        _shifted(bench, outcome, mode, shift)
    if bench.choose(False, has_ranks() and bench.comm.size == 1):
        _ranks(bench, outcome)
    return outcome


def _mirrored(bench: Bench, outcome: Outcome, mode: str) -> None:
    """The mirror image of a cell has the mirror image of its fields, and the same summary."""
    one, other = (
        bench.run(merged(patchy_cell(bench.table, mirrored=mirrored), MODES[mode]), fields=True)
        for mirrored in (False, True)
    )
    outcome.checks.append(_same_summary(f"{MIRRORED}, {mode}", one.summary, other.summary))
    _same_cell(outcome, f"{MIRRORED}, {mode}", one, other, lambda x: LENGTH - x)
    here, there = one.interface, other.interface
    for column, symbol in COLUMNS_OF_INTERFACE.items():
        label = f"{symbol} along the anode: mirrored, {mode}"
        found = there[column][::-1]
        outcome.profiles.append(Profile(label, here["x_m"], found, here[column], TOLERANCE))
    if mode == "Poisson":
        x, found = (LENGTH - there["x_m"])[::-1], there["current_density_A_m2"][::-1]
        _panel(outcome, (here["x_m"], here["current_density_A_m2"]), (x, found), "mirrored, seen in a mirror")


def _shifted(bench: Bench, outcome: Outcome, mode: str, shift: int) -> None:
    """A periodic cell shifted by whole columns: its fields shift, across its sides too."""
    one, other = (bench.run(merged(shifted_cell(n), MODES[mode]), fields=True) for n in (0, shift))
    name, distance = f"shifted by {shift}/{COLUMNS}, {mode}", shift * LENGTH / COLUMNS

    def back(x: Array) -> Array:
        # the side where the cell begins is where it ends: rounding must not tell them apart
        return np.asarray((x - distance + 1e-6 * LENGTH) % LENGTH - 1e-6 * LENGTH)

    _same_cell(outcome, name, one, other, back)
    # interface.csv averages what jumps at nodes: the middle nodes of facets have one value
    here = {key: values[1::2] for key, values in one.interface.items()}
    there = {key: values[1::2] for key, values in other.interface.items()}
    place = np.argsort(back(there["x_m"]))
    for column, symbol in COLUMNS_OF_INTERFACE.items():
        bare = np.isnan(here[column])
        wanted, found = np.where(bare, 0.0, here[column]), there[column][place]
        found = np.where(bare & np.isnan(found), 0.0, found)
        label = f"{symbol} along the anode: {name}"
        outcome.profiles.append(Profile(label, here["x_m"], found, wanted, TOLERANCE))
    if shift == 12 and mode == "closure":
        brought = (here["x_m"], there["current_density_A_m2"][place])
        _panel(outcome, (here["x_m"], here["current_density_A_m2"]), brought, "shifted, moved back")


def _panel(outcome: Outcome, stated: tuple[Array, Array], found: tuple[Array, Array], label: str) -> None:
    """Current along the anode of both cells."""
    series = (
        Series("as stated", stated[0] * 1e6, stated[1], exact=True),
        Series(label, found[0] * 1e6, found[1], exact=False),
    )
    outcome.panels.append(Panel("x (µm)", "j (A/m²)", series))


def _same_cell(
    outcome: Outcome, name: str, one: RunFolder, other: RunFolder, back: Callable[[Array], Array]
) -> None:
    """Every field in the cell, at the nodes that ``back`` brings x [m] of the other cell to."""
    frame, image = one.last_frame(), other.last_frame()
    places = np.column_stack([back(image.points[:, 0]), image.points[:, 1]])
    apart, place = cKDTree(frame.points[:, :2]).query(places)
    outcome.checks.append(Check(f"nodes apart: {name}", float(apart.max()), 0.0, TOLERANCE, "m", LENGTH))
    turned = -1.0 if name.startswith(MIRRORED) else 1.0
    for field, values in frame.point_data.items():
        found, wanted = np.asarray(image.point_data[field]), np.asarray(values)[place]
        is_flux = wanted.ndim == 2
        if is_flux:  # a vector, of which the mirror turns what lies along x
            found, wanted = (found * [turned, 1.0, 1.0]).ravel(), wanted.ravel()
        x = np.repeat(places[:, 0], wanted.size // len(places))
        bar = FLUX_TOLERANCE if is_flux else TOLERANCE
        outcome.profiles.append(Profile(f"{field} in the cell: {name}", x, found, wanted, bar))


def _ranks(bench: Bench, outcome: Outcome) -> None:
    """`sim run` on one and on more ranks."""
    mapping = merged(patchy_cell(bench.table), {"operation": galvanostatic(10.0) | {"voltage": None}})
    alone, *others = (summary_on(ranks, bench, mapping, "ranks") for ranks in (1, *RANKS))
    for ranks, found in zip(RANKS, others, strict=True):
        outcome.checks.append(_same_summary(f"{ranks} ranks", alone, found))


def _same_summary(name: str, one: dict[str, Any], other: dict[str, Any]) -> Check:
    """The largest relative difference of all numbers of two summaries, but for budgets, which are rounding."""
    numbers = {key: value for key, value in one.items() if isinstance(value, float) and "error" not in key}
    worst = max(abs(other[key] - value) / max(abs(value), SMALL) for key, value in numbers.items())
    return Check(f"numbers of summary.json: {name}", worst, 0.0, TOLERANCE, scale=1.0)


CASE = Case(
    number=17,
    slug="sides",
    title="Mirrored, shifted and distributed cells",
    problem="""
A cell with two unequal bumps and two kinds of charged sites that vary along the anode, and its mirror image. A periodic
cell with a wave and a patch of charged sites, and the same moved along $x$ by whole columns of the mesh, so that
bumps and patch lie across its sides. The same configs by `sim run` on one, two and four ranks.
""",
    exact="""
What is mirrored has mirrored fields, $u'(x, y) = u(L - x, y)$; what is shifted by $d$ has shifted fields,
$u'(x, y) = u(x - d, y)$ with period $L$; the number of ranks changes nothing. All to $10^{-8}$ of each field's
largest value, and of every number of the summary.
""",
    sources=("symmetry of the equations",),
    modes=("Poisson", "electroneutral with closure"),
    perform=perform,
)
