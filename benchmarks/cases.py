"""The cases: who does what, with which mesh and order, against which reference.

The cell is `peers.common.Problem`'s: 10 x 8 um, c0 2500 mol/m^3, D+ 0.639344e-10, D- 1e-10 m^2/s, relative
permittivity 30 (Debye length 0.119 nm), Stern layers of 0.3 nm, j0 6.4 A/m^2.

References [A/m^2]. Flat: the collocation solution of sim.verification.exact.pnp1d, which shares nothing with the
simulator; its digits hold for other degrees and halved elements. Wavy and transient: two codes'
finest solutions lie within 2e-6 and 3e-5 of them (`python -m benchmarks --references`, see `references`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.model import (
    AS_WRITTEN,
    FIREDRAKE,
    NGSOLVE,
    OUR_FORMULATION,
    OURS,
    PRODUCT,
    SKFEM,
    Case,
    Entry,
)

FLAT_10_MV, FLAT_500_MV = 1.24398133423, 638.722478908
WAVY = 647.2657
TIMES = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0)
#: j at TIMES: NGSolve's, extrapolated from steps of a hundredth and of a thirtieth of the time passed
TRANSIENT = (2020.36, 789.085, 648.3400, 646.7842, 641.4397, 638.7232, 638.7231)

_WAVE = {"amplitude": 3e-7, "wavelength": 5e-6}
#: first cell a tenth of the Debye length, growth 2: our default rows
_OUR_ROWS = {"wall_cell": 1.18938703e-11, "growth": 2.0, "max_cell": 5e-7}
#: the coarsest on which quadratic elements reach a thousandth at 0.5 V
_COARSE_ROWS = {"wall_cell": 5e-11, "growth": 4.0, "max_cell": 4e-6}
#: the peers' usual mesh is the default of peers.common.Problem: first cell 0.05 nm, growth 1.25, P1
_USUAL = {"order": 1}
_POTENTIALS = {"formulation": "potentials"}


def _peers(usage: str, label: str, settings: Mapping[str, Any], *, compiled: bool) -> tuple[Entry, ...]:
    """Every peer, and NGSolve once more with compiled expressions where they may pay."""
    entries = [Entry(code, usage, label, settings) for code in (SKFEM, NGSOLVE, FIREDRAKE)]
    if compiled:
        what, rest = label.split(",", 1)
        entries.append(Entry(NGSOLVE, usage, f"{what} compiled,{rest}", {**settings, "compiled": True}))
    return tuple(entries)


def _as_written(label: str, settings: Mapping[str, Any], *, compiled: bool = True) -> tuple[Entry, ...]:
    return _peers(AS_WRITTEN, f"concentrations, {label}", settings, compiled=compiled)


def _in_ours(label: str, settings: Mapping[str, Any], *, compiled: bool = True) -> tuple[Entry, ...]:
    return _peers(
        OUR_FORMULATION, f"our formulation, {label}", {**settings, **_POTENTIALS}, compiled=compiled
    )


def _ours(label: str, settings: Mapping[str, Any]) -> Entry:
    return Entry(OURS, PRODUCT, label, settings)


def same_columns(name: str, title: str, reference: float, given: Mapping[str, Any]) -> Case:
    """100 columns for everybody; rows and orders as each code's users take them, and ours on ours."""
    given = {**given, "columns": 100}
    quadratic = {**given, **_COARSE_ROWS, "order": 2}
    coarse = {"order": 1, "wall_cell": 2.0e-11, "growth": 2.0, "max_cell": 6e-7}
    return Case(
        name,
        title,
        (
            _ours("P2, default rows", {**given, **_OUR_ROWS, "order": 2}),
            _ours("P2, coarse rows", quadratic),
            _ours("P1, coarse rows", {**given, **coarse}),
            _ours(
                "P1, the peers' mesh",
                {**given, "wall_cell": 5e-11, "growth": 1.25, "max_cell": 2.5e-7, "order": 1},
            ),
            *_as_written("P1", {**given, **_USUAL}),
            *_in_ours("P1", {**given, **_USUAL}),
            *_in_ours("P2, our rows", {**given, **_OUR_ROWS, "order": 2}),
            *_in_ours("P2, coarse rows", quadratic, compiled=False),
        ),
        (reference,),
    )


def scaling(largest: int = 1_000_000) -> tuple[Case, ...]:
    """The wavy anode with P2 elements on finer and finer meshes, one case a size."""
    sizes = (
        (6_000, 11, 2.0, 5e-7),
        (20_000, 36, 2.0, 5e-7),
        (56_000, 100, 2.0, 5e-7),
        (112_000, 160, 1.7, 3e-7),
        (300_000, 350, 1.5, 2.5e-7),
        (1_000_000, 900, 1.4, 1.8e-7),
    )
    found = []
    for unknowns, columns, growth, cell in sizes:
        if unknowns > largest:
            break
        rows = {"wall_cell": _OUR_ROWS["wall_cell"], "growth": growth, "max_cell": cell}
        mesh = {**_WAVE, **rows, "columns": columns, "order": 2}
        written = [one for one in _as_written("P2", mesh, compiled=False) if one.code != SKFEM]
        peers = [*_in_ours("P2", mesh), *written]
        found.append(
            Case(
                f"scaling-{unknowns}",
                f"wavy anode, {unknowns:,} unknowns",
                (_ours("P2", mesh), *peers),
                (WAVY,),
            )
        )
    return tuple(found)


def transient(name: str, title: str, wanted: float, choices: Mapping[str, Mapping[str, Any]]) -> Case:
    """From rest to 10 s at 0.5 V with an error of j prescribed at every time, on four columns.

    ``choices``: mesh and steps of ours, of the peers as written (implicit Euler) and in our formulation (BDF2).
    """
    given = {"columns": 4, "times": TIMES, "order": 2, "voltage": 0.5}
    ours, written, potentials = (
        {**given, **choices[usage]} for usage in (PRODUCT, AS_WRITTEN, OUR_FORMULATION)
    )
    return Case(
        name,
        title,
        (
            _ours("P2, BDF2", ours),
            *_as_written("P2, Euler", written, compiled=False),
            *_in_ours("P2, BDF2", potentials, compiled=False),
        ),
        TRANSIENT,
        wanted,
    )


def to_a_thousandth() -> tuple[Case, ...]:
    """The least work found for 0.1 %: flat with 100 columns for everybody, wavy with everything free.

    Sought over orders 2 to 5, first cells of 0.012 to 0.3 nm, growth 1.25 to 20 and, wavy, 4 to 12 columns.
    Concentrations want finer rows: on coarser ones Newton runs into negative concentrations.
    """
    potentials = {"order": 2, **_COARSE_ROWS}
    wavy = {**_WAVE, "order": 2, "wall_cell": 5e-11, "growth": 4.0, "max_cell": 2e-6, "columns": 12}
    found = []
    for name, title, best, fine in (
        ("flat-thousandth", "flat, 0.5 V, to 0.1 %", {**potentials, "columns": 100}, {"columns": 100}),
        ("wavy-thousandth", "wavy, 0.5 V, to 0.1 %, all free", wavy, {**_WAVE, "columns": 12}),
    ):
        written = _as_written("P2", {**fine, **_OUR_ROWS, "order": 2})
        entries = (_ours("P2", best), *written, *_in_ours("P2", best, compiled=False))
        found.append(Case(name, title, entries, (WAVY if "wavy" in name else FLAT_500_MV,), 1e-3))
    return tuple(found)


_EULER_ROWS = {"wall_cell": 1.2e-11, "growth": 2.0, "max_cell": 1e-6, "first_step": 1e-8}
_BDF2 = {"scheme": "bdf2", "first_step": 1e-8}


def transients() -> tuple[Case, ...]:
    """Both prescribed errors; meshes and steps are the largest found that reach them."""
    coarse = {"wall_cell": 5e-11, "growth": 4.0, "max_cell": 2e-6}
    middle = {"wall_cell": 3.5e-11, "growth": 4.0, "max_cell": 2e-6}
    percent: Mapping[str, Mapping[str, Any]] = {
        PRODUCT: {**coarse, "time_tolerance": 1e-2},
        AS_WRITTEN: {**_EULER_ROWS, "step_ratio": 0.05},
        OUR_FORMULATION: {**coarse, **_BDF2, "step_ratio": 0.2},
    }
    thousandth: Mapping[str, Mapping[str, Any]] = {
        PRODUCT: {"wall_cell": 2.4e-11, "growth": 3.0, "max_cell": 1.4e-6, "time_tolerance": 2e-4},
        AS_WRITTEN: {**_EULER_ROWS, "step_ratio": 0.003},
        OUR_FORMULATION: {**middle, **_BDF2, "step_ratio": 0.08},
    }
    return (
        transient("transient-percent", "0 to 0.5 V, j(t) to 1 %", 1e-2, percent),
        transient("transient-thousandth", "0 to 0.5 V, j(t) to 0.1 %", 1e-3, thousandth),
    )


def shipped() -> Case:
    """configs/pia.yaml as it is, fields and figures written; ours alone has sites."""
    config = "configs/pia.yaml"
    return Case(
        "pia",
        "configs/pia.yaml",
        (
            Entry(OURS, PRODUCT, "warm", config=config),
            Entry(OURS, PRODUCT, "first run, kernels compiled", config=config, cold=True),
        ),
    )


def all_cases(largest: int = 1_000_000) -> tuple[Case, ...]:
    """Every case; scaling up to ``largest`` unknowns."""
    return (
        same_columns("flat-10mV", "flat, 10 mV", FLAT_10_MV, {"voltage": 0.01}),
        same_columns("flat-500mV", "flat, 0.5 V", FLAT_500_MV, {}),
        same_columns("wavy-500mV", "wavy, 0.5 V", WAVY, _WAVE),
        *to_a_thousandth(),
        *transients(),
        shipped(),
        *scaling(largest),
    )


TITLES = {case.name: case.title for case in all_cases()}
