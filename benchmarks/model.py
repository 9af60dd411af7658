"""What is measured: cases, who enters them, one process' measurements, and medians of several (no dependencies)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

OURS = "separator-sim"
NGSOLVE = "NGSolve"
SKFEM = "scikit-fem"
FIREDRAKE = "Firedrake"
#: how a code is used
AS_WRITTEN = "as its users write it"
OUR_FORMULATION = "our formulation"
PRODUCT = "the product"


@dataclass(frozen=True)
class Entry:
    """One code in one case. ``settings``: keys of peers.common.Problem (SI), and ``time_tolerance`` [kT] of our
    marching; with ``config`` ours runs a shipped file as it is instead."""

    code: str
    usage: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    config: str | None = None
    cold: bool = False  #: with an empty cache of kernels


@dataclass(frozen=True)
class Case:
    """One comparison: ``reference`` is j [A/m^2], one value at steady state, one per time of a transient; empty where
    no error is measured."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    reference: tuple[float, ...] = ()
    wanted: float | None = None  #: the error that everybody has to reach, where one is prescribed


@dataclass(frozen=True)
class Run:
    """One process: wall seconds of the whole and of its solve, relative error of j (None without a reference), MiB,
    names, the cores that others kept busy meanwhile, and seconds by stage where the code tells them."""

    wall_s: float
    solve_s: float
    error: float | None
    unknowns: int
    memory_MiB: float
    code: str
    solver: str
    blas: str
    busy_others: float
    stages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """An entry's runs in a case; none where it failed, and then ``note`` says why."""

    case: str
    entry: Entry
    runs: tuple[Run, ...]
    note: str = ""

    @property
    def wall_s(self) -> float:
        """Median of the whole process [s]; infinite without a run."""
        return median(run.wall_s for run in self.runs) if self.runs else float("inf")

    @property
    def solve_s(self) -> float:
        """Median of the solve [s]; infinite without a run."""
        return median(run.solve_s for run in self.runs) if self.runs else float("inf")

    @property
    def error(self) -> float | None:
        """Relative error of j; the runs are alike, so the largest counts."""
        errors = [run.error for run in self.runs if run.error is not None]
        return max(errors, default=None)

    @property
    def memory_MiB(self) -> float:
        """Median of the largest size of the process [MiB]; NaN without a run."""
        return median(run.memory_MiB for run in self.runs) if self.runs else float("nan")

    @property
    def stages(self) -> dict[str, float]:
        """Median seconds by stage."""
        names = self.runs[0].stages if self.runs else {}
        return {name: median(run.stages.get(name, 0.0) for run in self.runs) for name in names}


def error_of(found: list[float], reference: tuple[float, ...]) -> float | None:
    """Largest |found/reference - 1|; None without a reference. ValueError where their numbers differ."""
    if not reference:
        return None
    if len(found) != len(reference):
        raise ValueError(f"{len(found)} currents for {len(reference)} of the reference")
    return max(abs(one / exact - 1.0) for one, exact in zip(found, reference, strict=True))
