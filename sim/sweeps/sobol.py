"""Sobol indices of a function of independent variables, from its values on a Saltelli design, with intervals.

For f(x₁ … x_d) with variance V, and A, B two independent samples, AB_i = A with its column i from B:

    first order   S_i = V[E(f|x_i)]/V        ≈ mean(f_B (f_ABi − f_A))/V       (Saltelli et al. 2010, their best)
    total         T_i = 1 − V[E(f|x_~i)]/V   ≈ mean((f_A − f_ABi)²)/(2 V)      (Jansen 1999)

f counts from its mean over A and B, which takes noise out of the first. Intervals are percentiles of bootstrap
resamples of the rows; on a Sobol sequence, which is more even than chance, they are on the wide side.

Saltelli et al., Comput. Phys. Commun. 181, 259 (2010), doi:10.1016/j.cpc.2009.09.018;
Jansen, Comput. Phys. Commun. 117, 35 (1999), doi:10.1016/S0010-4655(98)00154-4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: below this part of the largest square of f the variance is rounding
_CONSTANT = 1e-24
_RESAMPLES_AT_ONCE = 50


@dataclass(frozen=True)
class Indices:
    """Estimates [1] and the ends of their intervals, each of shape (d,); nan where f does not vary.

    rows: of A with all that belongs to them that were used; dropped: those with an unknown value.
    """

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    rows: int
    dropped: int


def sobol_indices(
    values: Floats, *, confidence: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Indices:
    """Indices of every variable.

    values: f on the design, shape (d + 2, N), in the order A, B, AB_1 … AB_d [any unit]; nan where unknown.
    A row of the design is dropped from all of its d + 2 places when one of them is unknown.
    Raises ValueError for another shape.
    """
    blocks = np.asarray(values, dtype=float)
    if blocks.ndim != 2 or blocks.shape[0] < 3:
        raise ValueError(f"expected f on A, B and at least one AB, shape (d + 2, N), got {blocks.shape}")
    whole = blocks[:, np.isfinite(blocks).all(axis=0)]
    rows = whole.shape[1]
    first, total = _estimates(whole[:, None, :])
    spread = np.array(list(_resampled(whole, resamples, seed))) if rows > 1 else np.empty((0, 2, first.size))
    tail = 50 * (1 - confidence)
    low, high = _percentiles(spread, tail), _percentiles(spread, 100 - tail)
    return Indices(
        first[0], low[0], high[0], total[0], low[1], high[1], rows=rows, dropped=blocks.shape[1] - rows
    )


def _estimates(blocks: Floats) -> tuple[Floats, Floats]:
    """First-order and total indices (resamples, d) of blocks (d + 2, resamples, N)."""
    resamples, rows = blocks.shape[1:]
    if rows < 2:
        return (np.full((resamples, blocks.shape[0] - 2), np.nan),) * 2
    both = np.concatenate([blocks[0], blocks[1]], axis=-1)
    mean, variance = both.mean(axis=-1), both.var(axis=-1)
    scale = np.square(both).max(axis=-1)
    variance = np.where(variance > _CONSTANT * scale, variance, np.nan)[:, None]
    f_a, f_b, f_ab = (part - mean[:, None] for part in (blocks[0], blocks[1], blocks[2:]))
    first = np.mean(f_b * (f_ab - f_a), axis=-1).T / variance
    total = np.mean((f_a - f_ab) ** 2, axis=-1).T / (2 * variance)
    return first, total


def _resampled(blocks: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    """Both kinds of indices, (2, d), of rows drawn with replacement."""
    generator = np.random.default_rng(seed)
    rows = blocks.shape[1]
    for begin in range(0, resamples, _RESAMPLES_AT_ONCE):
        count = min(_RESAMPLES_AT_ONCE, resamples - begin)
        drawn = generator.integers(rows, size=(count, rows))
        yield from np.stack(_estimates(blocks[:, drawn]), axis=1)


def _percentiles(spread: Floats, percent: float) -> Floats:
    """A percentile of every index, (2, d); nan where there are no resamples, or none in which f varies."""
    if not np.isfinite(spread).all(axis=(1, 2)).any():
        return np.full(spread.shape[1:], np.nan)
    return np.asarray(np.nanpercentile(spread, percent, axis=0))
