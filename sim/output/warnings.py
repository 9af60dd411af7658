"""What a run watches over all its steps, and the sentences that end in ``warnings`` of summary.json.

Budgets count with their worst step and not only with the last one. At open circuit the free energy (where there is
one, see ``sim.output.free_energy``) may only fall.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config import RunConfig

#: budgets of summary.json and metrics.csv [1]
BUDGETS = ("anion_inventory_error", "lithium_balance_error", "charge_balance_error")
FREE_ENERGY = "free_energy_J_m2"
#: budgets that close worse than this are pointed out
BUDGET_TOLERANCE = 1e-6
#: so are net rates at equilibrium above this part of their exchange rates
BALANCE_TOLERANCE = 1e-9
#: rise of the free energy that counts as rounding, as a part of its largest value
ENERGY_ROUNDING = 1e-11


@dataclass
class Watch:
    """Worst budget errors of all steps, and the free energy [J/m^2]: at first, at least, at most by size, and its
    largest rise above the least value before."""

    worst: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(BUDGETS)))
    energy: npt.NDArray[np.float64] = field(default_factory=lambda: np.array([np.nan, np.nan, 0.0, 0.0]))

    def see(self, row: Mapping[str, float]) -> None:
        """Take the metrics of an accepted step."""
        self.worst = np.fmax(self.worst, [row[name] for name in BUDGETS])
        now = row.get(FREE_ENERGY, math.nan)
        first, least, size, rise = self.energy
        if math.isnan(now):
            return
        first, least = (now, now) if math.isnan(first) else (first, least)
        self.energy = np.array([first, min(least, now), max(size, abs(now)), max(rise, now - least)])

    @property
    def worst_budget(self) -> float:
        """Largest budget error of all steps."""
        return float(self.worst.max())

    def budget_warnings(self) -> list[str]:
        """A sentence where a budget did not close at some step."""
        if self.worst_budget <= BUDGET_TOLERANCE:
            return []
        listed = ", ".join(f"{name} {value:.1e}" for name, value in zip(BUDGETS, self.worst, strict=True))
        return [f"the budgets do not close (at worst {listed}): do not trust this result"]

    def energy_warnings(self, config: RunConfig) -> list[str]:
        """A sentence where the free energy rose at open circuit by more than the tolerance of time steps."""
        first, least, size, rise = self.energy
        operation = config.operation
        at_rest = operation.mode == "galvanostatic" and operation.applied_current_density == 0
        allowed = config.solver.time_tolerance * (first - least) + ENERGY_ROUNDING * size
        if not at_rest or math.isnan(first) or rise <= allowed:
            return []
        return [
            f"the free energy rose by {rise:.1e} J/m^2 at open circuit after falling by {first - least:.1e} J/m^2: "
            "tighten solver.time_tolerance, or do not trust this result"
        ]


def balance_warnings(error: float) -> list[str]:
    """A sentence where something flows at equilibrium; ``error`` as ``detailed_balance_error``, NaN: no rates."""
    if math.isnan(error) or error <= BALANCE_TOLERANCE:
        return []
    return [
        f"detailed balance is broken ({error:.1e} of the exchange rates flows at equilibrium): do not trust this result"
    ]


def run_warnings(config: RunConfig, watch: Watch, balance_error: float) -> dict[str, Any]:
    """Entries of summary.json: the worst budget, the balance at equilibrium, and all warnings."""
    said = [*watch.budget_warnings(), *balance_warnings(balance_error), *watch.energy_warnings(config)]
    return {
        "worst_budget_error": watch.worst_budget,
        "detailed_balance_error": balance_error,
        "warnings": said,
    }
