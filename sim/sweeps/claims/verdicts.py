"""Whether one separator is less even than another by more than the errors of both."""

from __future__ import annotations

import math
from dataclasses import dataclass

HOLDS, FAILS, OPEN, UNKNOWN = "holds", "fails", "not resolved", "unknown"


@dataclass(frozen=True)
class Estimate:
    """A number and its error, in the same unit; nan where there is none."""

    value: float
    error: float


def verdict(larger: Estimate, smaller: Estimate) -> str:
    """Whether ``larger > smaller`` holds or fails by more than the sum of their errors, the most by which their
    difference can be wrong."""
    difference, error = larger.value - smaller.value, larger.error + smaller.error
    if math.isnan(difference) or math.isnan(error):
        return UNKNOWN
    if abs(difference) <= error:
        return OPEN
    return HOLDS if difference > 0 else FAILS


def together(*verdicts: str) -> str:
    """Of claims that are made together: one that fails is enough to fail, and all must hold to hold."""
    for decisive in (FAILS, UNKNOWN, OPEN):
        if decisive in verdicts:
            return decisive
    return HOLDS
