"""Which comparisons count, and what they say: ratios against peers at no more error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from benchmarks.model import OURS, Measured


@dataclass(frozen=True)
class Comparison:
    """A peer against the fastest of our entries whose error is no larger: peer's seconds over ours."""

    peer: Measured
    ours: Measured | None  #: None where none of ours is as accurate: it does not count

    @property
    def whole(self) -> float | None:
        """Ratio of the whole processes."""
        return None if self.ours is None else self.peer.wall_s / self.ours.wall_s

    @property
    def solve(self) -> float | None:
        """Ratio of the solves, of the same pair."""
        return None if self.ours is None else self.peer.solve_s / self.ours.solve_s


#: two codes with the same elements on the same mesh differ by their quadrature: that much more counts as no more
EQUAL = 1.01


def is_as_accurate(ours: Measured, peer: Measured) -> bool:
    """Whether our error is no larger than the peer's; never without errors to compare."""
    return ours.error is not None and peer.error is not None and ours.error <= EQUAL * peer.error


def compare(measured: Sequence[Measured], wanted: float | None = None) -> list[Comparison]:
    """Every peer that ran in one case against ours. With ``wanted``, an error prescribed to everybody, whoever
    reaches it counts as accurate and who does not is left out."""
    done = [one for one in measured if one.runs]
    if wanted is not None:
        done = [one for one in done if one.error is not None and one.error <= wanted]
    ours = [one for one in done if one.entry.code == OURS]
    found = []
    for peer in (one for one in done if one.entry.code != OURS):
        fit = ours if wanted is not None else [one for one in ours if is_as_accurate(one, peer)]
        found.append(Comparison(peer, min(fit, key=attrgetter("wall_s"), default=None)))
    return found


def best_peer(
    rows: Iterable[Mapping[str, str]], usage: str, code: str | None = None
) -> Mapping[str, str] | None:
    """Of one case's rows the peer of a usage (and code) whose whole process comes closest to ours, among those that
    count; None where none does."""
    fit = [r for r in rows if r["usage"] == usage and code in (None, r["code"]) and r["counts"] == "yes"]
    return min(fit, key=lambda row: float(row["whole_ratio"])) if fit else None


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Slope of log(seconds) against log(sizes) by least squares; ValueError for fewer than two sizes."""
    if len(set(sizes)) < 2:
        raise ValueError("an exponent needs two sizes")
    x, y = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - mean_x) ** 2 for one in x)
    return sum((one - mean_x) * (two - mean_y) for one, two in zip(x, y, strict=True)) / spread
