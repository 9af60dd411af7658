"""The references that have no exact solution, once more: two codes on meshes far finer than any that is timed."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.cases import TIMES, TRANSIENT, WAVY
from benchmarks.model import NGSOLVE, OUR_FORMULATION, OURS, PRODUCT, Case, Entry, Run

#: half a wave has the mean current of two
_HALF_WAVE = {"amplitude": 3e-7, "wavelength": 5e-6, "length": 2.5e-6}
_ROWS = {"wall_cell": 1.2e-11, "growth": 2.0, "max_cell": 5e-7, "formulation": "potentials"}
_STEPS = {"scheme": "bdf2", "first_step": 1e-9, "step_ratio": 0.01}


def reference_cases() -> tuple[Case, ...]:
    """Both codes' finest solutions of the wavy cell and of the transient; their errors are distances to what is
    stated."""
    wavy = {**_HALF_WAVE, "columns": 32, "wall_cell": 4e-12, "growth": 1.4, "max_cell": 1.25e-7}
    marched = {"columns": 2, "wall_cell": 5e-12, "growth": 1.5, "max_cell": 2e-7, "time_tolerance": 1e-6}
    return (
        Case(
            "wavy",
            "wavy, 0.5 V",
            (
                Entry(OURS, PRODUCT, "P2", wavy),
                Entry(NGSOLVE, OUR_FORMULATION, "P4", {**_HALF_WAVE, **_ROWS, "columns": 16, "order": 4}),
            ),
            (WAVY,),
        ),
        Case(
            "transient",
            "0 to 0.5 V",
            (
                Entry(OURS, PRODUCT, "P2", {**marched, "times": TIMES}),
                Entry(
                    NGSOLVE,
                    OUR_FORMULATION,
                    "P3",
                    {**_ROWS, **_STEPS, "columns": 1, "order": 3, "times": TIMES},
                ),
            ),
            TRANSIENT,
        ),
    )


def check_references(runner: Callable[[Entry, tuple[float, ...], float], Run], limit: float) -> list[str]:
    """A line for each solution: how far it is from the stated reference. Raises ProcessFailedError."""
    return [
        f"{case.name}: {entry.code}, {entry.label}: {runner(entry, case.reference, limit).error:.1e} from the reference"
        for case in reference_cases()
        for entry in case.entries
    ]
