"""The short table of the README: per case our run beside the best peer of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.model import AS_WRITTEN, NGSOLVE, OUR_FORMULATION, OURS
from benchmarks.verdict import best_peer

Row = Mapping[str, str]


def short_table(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Markdown: for each case with peers seconds (whole process, solve), errors and ratios; a peer's ratio is to the
    fastest of our runs whose error is no larger."""
    lines = [
        "| case | best peer as its users write it | ours | faster by | NGSolve in our formulation | ours | faster by |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in dict.fromkeys(row["case"] for row in rows):
        own = [row for row in rows if row["case"] == case]
        cells = [*_cells(own, AS_WRITTEN, None), *_cells(own, OUR_FORMULATION, NGSOLVE)]
        if any(cells):
            lines.append(f"| {titles.get(case, case)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(rows: Sequence[Row], usage: str, code: str | None) -> list[str]:
    """The best peer of a usage (and code), ours beside it, and the ratios; without one, why, or nothing."""
    best = best_peer(rows, usage, code)
    if best is None:
        lost = {r["note"] for r in rows if r["usage"] == usage and code in (None, r["code"]) and r["note"]}
        return ["; ".join(sorted(lost)), "", ""]
    own = min(
        (row for row in rows if row["code"] == OURS and row["whole_s"]),
        key=lambda row: abs(float(best["whole_s"]) / float(row["whole_s"]) - float(best["whole_ratio"])),
    )
    name = "" if code else f"{best['code']}: "
    return [name + _numbers(best), _numbers(own), f"**{best['whole_ratio']}** (solve {best['solve_ratio']})"]


def _numbers(row: Row) -> str:
    return f"{_short(row['whole_s'])} ({_short(row['solve_s'])}) s, {float(row['error']):.1e}"


def _short(seconds: str) -> str:
    """Three digits."""
    return f"{float(seconds):.3g}"
