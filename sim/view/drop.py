"""The potential of the electrolyte above its least value: what runs whose interfaces differ can share a scale for.

The double layers set the level of the potential, by tens of millivolts and differently in each run; what drives the
current across the cell may be a hundredth of that.
"""

from __future__ import annotations

from dataclasses import replace

from sim.view.fields import bulk_limits
from sim.view.snapshot import Snapshot

DROP = "phi_above_least_mV"


def lowest_potential(snapshot: Snapshot) -> float:
    """Least potential outside the double layers [V]: at an anode that plates."""
    return bulk_limits(snapshot, "phi_V")[0]


def with_drop(snapshot: Snapshot) -> Snapshot:
    """The snapshot with the potential above `lowest_potential` [mV] among its fields."""
    drop = 1e3 * (snapshot.field("phi_V") - lowest_potential(snapshot))
    return replace(snapshot, data=snapshot.data | {DROP: drop})
