"""Sums over facets and ranks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.output.electrode_probe import ElectrodeProbe
from sim.solve.parallel import largest, total

Array = npt.NDArray[np.float64]


class FacetIntegral:
    """Integrals along one electrode by the quadrature of the residual, reduced over the ranks."""

    def __init__(self, comm: Any, probe: ElectrodeProbe, weights: Array) -> None:
        self._comm = comm
        self._weights = probe.stretch * weights
        self.length = self(np.ones(probe.x.shape))

    def __call__(self, values: Any) -> float:
        """Integral over the arc length [m]; NaN (no sites there) counts as nothing."""
        products = np.asarray(values) * self._weights
        here = float(products.sum())  # a third of nansum's time; a history takes some twenty at every step
        if math.isnan(here):
            here = float(np.nansum(products))
        return float(total(self._comm, here))

    def mean(self, values: Any) -> float:
        """Mean over the arc length."""
        return self(values) / self.length

    def variation(self, values: Array) -> float:
        """Coefficient of variation sqrt(<(v - <v>)^2>)/|<v>|; NaN where the mean vanishes."""
        mean = self.mean(values)
        spread = self.mean((values - mean) ** 2) ** 0.5
        return spread / abs(mean) if mean else float("nan")

    def largest(self, values: Array) -> float:
        """Largest value over all ranks."""
        return largest(self._comm, float(np.max(values, initial=-np.inf)))
