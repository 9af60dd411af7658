"""The fast mode against resolved double layers, point by point: how far it is off, and which verdicts change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.sweeps.claims.table import CV, MODE
from sim.sweeps.table import sweep_dataset, sweep_frame

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ["base", "sample", MODE]


def spot_check(check: str | Path, fast: str | Path) -> pd.DataFrame:
    """Points that both sweeps have done.

    Columns: base, sample, operation.mode, cv (resolved), cv_fast [1], difference = cv_fast/cv − 1 [1].
    Raises SweepFolderError where there is no sweep.
    """
    found = [sweep_frame(sweep_dataset(root)) for root in (check, fast)]
    resolved, quick = (frame.loc[frame["status"] == "done", [*_KEYS, CV]] for frame in found)
    both = resolved.merge(quick, on=_KEYS, suffixes=("", "_fast"))
    both = both.rename(columns={CV: "cv", f"{CV}_fast": "cv_fast"})
    both["difference"] = both["cv_fast"] / both["cv"] - 1
    return both


def fast_mode_errors(check: pd.DataFrame) -> dict[str, float]:
    """Mode → the largest part by which the fast mode's CV was off in the check [1]."""
    return {str(mode): float(own.abs().max()) for mode, own in check.groupby(MODE)["difference"]}


def changed_verdicts(
    check: pd.DataFrame, pairs: dict[str, tuple[tuple[str, str], ...]]
) -> dict[str, tuple[int, int]]:
    """Claim → how many worlds of the check have another order of CVs in the fast mode, and how many there are.

    check: as of `spot_check`; pairs: as `CLAIMS`. Errors of the meshes do not count here.
    """
    shipped = check["base"].str.startswith("shipped-")
    named = check.assign(name=check["base"].str.removeprefix("shipped-"), shipped=shipped)
    wide = named.pivot_table(index=["shipped", "sample", MODE], columns="name", values=["cv", "cv_fast"])
    found = {}
    for claim, needed in pairs.items():
        columns = {name for pair in needed for name in pair}
        if not columns <= set(wide["cv"].columns if len(wide) else ()):
            found[claim] = (0, 0)
            continue
        known = wide.dropna(subset=[(kind, name) for kind in ("cv", "cv_fast") for name in columns])
        slow, quick = (_all_hold(known[kind], needed) for kind in ("cv", "cv_fast"))
        found[claim] = (int((slow != quick).sum()), len(known))
    return found


def _all_hold(values: pd.DataFrame, pairs: tuple[tuple[str, str], ...]) -> pd.Series:
    holds = values[pairs[0][0]] > values[pairs[0][1]]
    for larger, smaller in pairs[1:]:
        holds &= values[larger] > values[smaller]
    return holds
