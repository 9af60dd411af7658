"""When a march ends, on which times it lands, and what its steps may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.config import RunConfig
from sim.config.numerics import Solver


@dataclass(frozen=True)
class Schedule:
    """When a march ends [s from its start; infinite: at the steady state], the times it lands on exactly, and the
    tolerances and limits of its steps."""

    end: float
    stops: tuple[float, ...]
    settings: Solver

    @classmethod
    def of(cls, config: RunConfig) -> Schedule:
        """What a config states."""
        operation = config.operation
        end = operation.duration if isinstance(operation.duration, float) else math.inf
        return cls.until(end, config.solver, operation.output_times)

    @classmethod
    def until(cls, end: float, settings: Solver, stops: tuple[float, ...] = ()) -> Schedule:
        """To ``end`` [s], which is a stop too."""
        return cls(end, tuple(sorted({*stops, *([end] if math.isfinite(end) else [])})), settings)

    def fit(self, now: float, wanted: float) -> tuple[float, float | None]:
        """Step from ``now`` [s] and the stop it ends on: as wanted, to the next stop, or half the way there rather than
        leave a sliver."""
        stop = next((s for s in self.stops if s > now * (1 + 1e-12)), None)
        if stop is None or now + 2 * wanted < stop:
            return wanted, None
        if now + wanted * (1 + 1e-9) < stop:
            return (stop - now) / 2, None
        return stop - now, stop
