"""Counts over the worlds of the claim map, and how well one number tells in which of them a claim holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.sweeps.claims.table import SHIPPED
from sim.sweeps.claims.verdicts import FAILS, HOLDS, OPEN, UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = (HOLDS, FAILS, OPEN, UNKNOWN)


@dataclass(frozen=True)
class Threshold:
    """A claim holds where a number exceeds `value`: true of the part `agreement` [1] of the worlds that decide it."""

    value: float
    agreement: float
    worlds: int


def sampled(table: pd.DataFrame, mode: str) -> pd.DataFrame:
    """The worlds of the design in one mode, without the shipped one."""
    return table[(table["mode"] == mode) & (table["sample"] != SHIPPED)]


def shares(worlds: pd.DataFrame, claim: str) -> dict[str, float]:
    """Verdict → part of the worlds [1]; nan without worlds."""
    return {one: float((worlds[claim] == one).mean()) for one in VERDICTS}


def threshold(worlds: pd.DataFrame, claim: str, number: str) -> Threshold:
    """The value of a positive number that best parts the worlds in which a claim holds (above) and fails (below).

    It lies midway, on a logarithmic scale, between the worlds on its two sides.
    """
    decided = worlds[worlds[claim].isin((HOLDS, FAILS)) & (worlds[number] > 0)].sort_values(number)
    values, holds = decided[number].to_numpy(dtype=float), (decided[claim] == HOLDS).to_numpy()
    if values.size < 2:
        return Threshold(np.nan, np.nan, values.size)
    failing_below = np.concatenate([[0], np.cumsum(~holds)])
    holding_above = holds.sum() - np.concatenate([[0], np.cumsum(holds)])
    right = failing_below + holding_above
    best = int(np.argmax(right))
    below, above = values[max(best - 1, 0)], values[min(best, values.size - 1)]
    return Threshold(float(np.sqrt(below * above)), float(right[best] / values.size), values.size)
