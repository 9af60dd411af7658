"""What was measured against what is aimed at, from the rows of benchmarks.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.model import AS_WRITTEN, NGSOLVE, OUR_FORMULATION, OURS
from benchmarks.verdict import best_peer, exponent

Row = Mapping[str, str]


def target_lines(rows: Sequence[Row]) -> list[str]:
    """One line per target that the rows allow to judge."""
    cases = list(dict.fromkeys(row["case"] for row in rows))
    lines = []
    for case in (name for name in cases if not name.startswith(("scaling", "pia"))):
        least = 5.0 if case.startswith("transient") else 10.0
        own = [row for row in rows if row["case"] == case]
        lines += _ratio_line(own, case, "the best peer as its users write it", AS_WRITTEN, None, least)
        lines += _ratio_line(own, case, "NGSolve in our formulation", OUR_FORMULATION, NGSOLVE, 3.0)
    ours = [row for row in rows if row["code"] == OURS and row["whole_s"]]
    scaling = [row for row in ours if row["case"].startswith("scaling")]
    for largest, most in ((350_000, 1.2), (1_200_000, 1.3)):
        lines += _exponent_line([row for row in scaling if int(row["unknowns"]) <= largest], most)
    lines += [
        _line(
            f"memory at {int(row['unknowns']):,} unknowns",
            _kilobytes(row),
            "kB per unknown",
            4.0,
            least=False,
        )
        for row in scaling
        if int(row["unknowns"]) > 250_000
    ]
    lines += [
        _line(f"solve for {int(row['unknowns']):,} unknowns", float(row["solve_s"]), "s", 5.0, least=False)
        for row in scaling
        if 90_000 < int(row["unknowns"]) < 150_000
    ]
    for row in (row for row in ours if row["case"] == "pia"):
        most = 20.0 if "first" in row["label"] else 8.0
        lines.append(
            _line(
                f"configs/pia.yaml, {row['label']}",
                float(row["whole_s"]),
                "s whole process",
                most,
                least=False,
            )
        )
    return lines


def _ratio_line(
    rows: Sequence[Row], case: str, words: str, usage: str, code: str | None, least: float
) -> list[str]:
    """How many times faster the whole process is than the best of these peers, and its solve alone."""
    best = best_peer(rows, usage, code)
    if best is None:
        return []
    ratio, solve = float(best["whole_ratio"]), float(best["solve_ratio"])
    return [_line(f"{case}: against {words}", ratio, f"times faster (solve {solve:.3g})", least, least=True)]


def _exponent_line(rows: Sequence[Row], most: float) -> list[str]:
    if len({row["unknowns"] for row in rows}) < 2:
        return []
    sizes = [float(row["unknowns"]) for row in rows]
    power = exponent(sizes, [float(row["solve_s"]) for row in rows])
    return [
        _line(f"cost of the solve to {int(max(sizes)):,} unknowns", power, "as exponent", most, least=False)
    ]


def _kilobytes(row: Row) -> float:
    return float(row["memory_MiB"]) * 1024 / int(row["unknowns"])


def _line(words: str, value: float, unit: str, bound: float, *, least: bool) -> str:
    met = value >= bound if least else value <= bound
    aim = f"{'at least' if least else 'at most'} {bound:g}"
    return f"{'met   ' if met else 'missed'}  {words}: {value:.3g} {unit} (aim: {aim})"
