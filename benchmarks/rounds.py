"""All entries of a case in turns, round after round, so that a machine that warms up or slows down does so for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.model import FIREDRAKE, OURS, Case, Entry, Measured, Run
from benchmarks.process import ProcessFailedError

#: codes that compile kernels for every form, and find them again
_COMPILING = (OURS, FIREDRAKE)
#: a peer that does not is warmed up by the least it can do: its libraries are what has to be in memory
_SMALL = {"columns": 2, "times": (), "formulation": "potentials", "compiled": False}

Runner = Callable[[Entry, tuple[float, ...], float], Run]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Patience:
    """How long is waited: ``repeats`` runs of each entry, ``limit`` [s] for one run, ``all_runs`` [s] for all runs of
    an entry: one that would take more gets fewer."""

    repeats: int = 5
    limit: float = 900.0
    all_runs: float = 300.0


def perform(case: Case, runner: Runner, patience: Patience, tell: Tell) -> list[Measured]:
    """Measure a case: a warm-up of each entry, then rounds of one run each.

    An entry that fails or passes the limit is left out of the rounds that follow.
    """
    for entry in case.entries:
        if not entry.cold:
            _warm_up(entry, runner, patience.limit)
    runs: dict[int, list[Run]] = {index: [] for index in range(len(case.entries))}
    notes: dict[int, str] = {}
    for turn in range(patience.repeats):
        for index, entry in enumerate(case.entries):
            if index in notes or _is_enough(runs[index], patience):
                continue
            try:
                run = runner(entry, case.reference, patience.limit)
            except ProcessFailedError as error:
                notes[index] = str(error)
                tell(f"{case.name}: {entry.code}, {entry.label}: {error}")
                continue
            runs[index].append(run)
            tell(_line(case, entry, turn, run))
    return [
        Measured(case.name, entry, tuple(runs[index]), notes.get(index, ""))
        for index, entry in enumerate(case.entries)
    ]


def _is_enough(runs: list[Run], patience: Patience) -> bool:
    """Whether one more run would take an entry past the patience."""
    spent = sum(run.wall_s for run in runs)
    return bool(runs) and spent + runs[-1].wall_s > patience.all_runs


def _warm_up(entry: Entry, runner: Runner, limit: float) -> None:
    """Load what an entry loads, once; that it fails is told by its first measured run."""
    times = entry.settings.get("times", ())
    small = {"columns": 2, "times": times[:1]} if entry.code in _COMPILING else _SMALL
    settings = {**entry.settings, **small} if entry.config is None else entry.settings
    try:
        runner(replace(entry, settings=settings), (), limit)
    except ProcessFailedError:
        return


def _line(case: Case, entry: Entry, turn: int, run: Run) -> str:
    error = "" if run.error is None else f", error {run.error:.1e}"
    busy = f" (others used {run.busy_others:.1f} cores)" if run.busy_others > 0.2 else ""
    return (
        f"{case.name} [{turn + 1}] {entry.code}, {entry.label}: {run.wall_s:.2f} s whole, {run.solve_s:.2f} s solve, "
        f"{run.unknowns} unknowns{error}{busy}"
    )
