"""Lithium plated at every point of the anode: the local current integrated by the march's own time scheme."""

from __future__ import annotations

import numpy as np

from sim.experiments.live_cell import LiveCell
from sim.experiments.result import Array, Table
from sim.output.metrics import NODES, ordered_along
from sim.output.reduce import FacetIntegral
from sim.output.trace import gauss_points
from sim.solve.march import bdf_weights
from sim.solve.parallel import gathered


class TimeIntegral:
    """The integral P of a flow over marches one after another, by their scheme a0 P_n+1 + a1 P_n + a2 P_n-1 = flow:
    amounts so integrated close the budgets to rounding. Arrays of one shape, or numbers."""

    def __init__(self) -> None:
        self._before: Array = np.zeros(())
        self._newest: Array = np.zeros(())
        self._older: Array = np.zeros(())
        self._step: float | None = None

    def begin(self) -> None:
        """A new march: its first step knows nothing of the last one's."""
        self._before = self.total
        self._newest, self._older, self._step = np.zeros(()), np.zeros(()), None

    def advance(self, step: float, flow: Array) -> None:
        """After an accepted step [s] to a state with this flow [per s]."""
        a0, a1, a2 = bdf_weights(step, self._step)
        amount: Array = np.asarray((flow - a1 * self._newest - a2 * self._older) / a0, dtype=np.float64)
        self._older, self._newest, self._step = self._newest, amount, step

    @property
    def since(self) -> Array:
        """The integral over the present march."""
        return self._newest

    @property
    def total(self) -> Array:
        """The integral over all marches."""
        return self._before + self._newest


class PlatedLithium:
    """Charge of the metal gained per true area [C/m^2] along the anode of a cell; every method is collective."""

    def __init__(self, cell: LiveCell) -> None:
        self._probes = (cell.observer.anode, cell.observer.nodes)
        self._integrals = (TimeIntegral(), TimeIntegral())
        self._comm = cell.model.domain.mesh.comm
        self._along = FacetIntegral(self._comm, cell.observer.anode, gauss_points()[1])

    def begin(self) -> None:
        """A new march."""
        for integral in self._integrals:
            integral.begin()

    def advance(self, step: float) -> None:
        """After an accepted step [s]."""
        for probe, integral in zip(self._probes, self._integrals, strict=True):
            integral.advance(step, probe.values().rates.metal)

    def variation(self, smallest: float) -> float:
        """Coefficient of variation along the arc of all that was plated; NaN where its mean is below ``smallest``
        [C/m^2]: what is left of plating and stripping is no measure to divide by."""
        plated = self._on_points(0)
        return self._along.variation(plated) if abs(self._along.mean(plated)) > smallest else float("nan")

    def table(self) -> Table | None:
        """x_m, y_m, arc_length_m and plated_charge_C_m2 at the anode's nodes, by x (rank 0; None elsewhere)."""
        probe = self._probes[1]
        columns = {"x_m": probe.x, "y_m": probe.y, "plated_charge_C_m2": self._on_points(1)}
        stacked = np.stack([column.reshape(-1, NODES.size) for column in columns.values()], axis=1)
        everywhere = gathered(self._comm, stacked)
        if everywhere is None:
            return None
        return ordered_along({name: everywhere[:, number] for number, name in enumerate(columns)})

    def _on_points(self, which: int) -> Array:
        return self._integrals[which].total + np.zeros(self._probes[which].x.shape)
