"""Made-up measurements."""

from __future__ import annotations

from benchmarks.model import OURS, Entry, Measured, Run


def run(wall: float, error: float | None = 1e-3, *, solve: float | None = None, unknowns: int = 100) -> Run:
    """A run of `wall` seconds."""
    return Run(
        wall, wall / 2 if solve is None else solve, error, unknowns, 100.0, "code 1", "LU", "blas", 0.0
    )


def measured(code: str, walls: list[float], error: float | None = 1e-3, usage: str = "used") -> Measured:
    """An entry with one run per wall time."""
    label = "default" if code == OURS else "P1"
    return Measured("case", Entry(code, usage, label), tuple(run(wall, error) for wall in walls))
