"""One lithium electrode by itself: its overpotential against a lithium reference, without the rest of the cell.

The reference is lithium at equilibrium with the electrolyte beside the electrode. mu_li is continuous across a double
layer, so it reads the same on both sides of it. Potentials in RT/F, c over c_ref, averages over the arc length:

    reference    phi_ref = mu_li + ln(c_0/c_ref)              surface overpotential  eta_s = phi_m - phi_ref
    at the plane eta = phi_m - phi_plane = eta_s + ln c_plane   beyond the double layer  eta_o = eta_s + ln c_outer

The Gibbs-Thomson shift of a rough anode belongs to eta_s; its mean over the arc vanishes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.experiments.live_cell import LiveCell
from sim.output.reduce import FacetIntegral
from sim.output.trace import gauss_points
from sim.physics.bulk import electroneutral_potential


@dataclass(frozen=True)
class HalfCellState:
    """Means of one electrode: current density [A/m^2 of true area, plating positive], overpotentials [RT/F]."""

    current_density: float
    surface_overpotential: float
    plane_overpotential: float
    outer_overpotential: float

    @property
    def plane_ratio(self) -> float:
        """c_li/c_ref at the reaction plane (geometric mean)."""
        return math.exp(self.plane_overpotential - self.surface_overpotential)

    @property
    def outer_ratio(self) -> float:
        """c_li/c_ref beyond the double layer (geometric mean)."""
        return math.exp(self.outer_overpotential - self.surface_overpotential)


class HalfCell:
    """Reads one electrode of a live cell, ``anode`` or ``counter``; every call is collective."""

    def __init__(self, cell: LiveCell, name: str) -> None:
        self._model, self._is_anode = cell.model, name == "anode"
        self._probe = cell.observer.anode if self._is_anode else cell.observer.counter
        self._along = FacetIntegral(cell.lab.comm, self._probe, gauss_points()[1])

    def read(self) -> HalfCellState:
        """The present state."""
        model, probe, mean = self._model, self._probe, self._along.mean
        p, values = model.parameters, probe.values()
        metal = 0.0 if self._is_anode else float(model.counter_potential.value)
        plane = mean(values.phi) / p.scales.potential
        c_plane = mean(np.log(values.c_li / p.scales.concentration * p.reference_ratio))
        mu_li = probe.trace.cell_values(model.bulk, "mu_li")
        mu_anion = probe.trace.cell_values(model.bulk, "mu_anion")
        outer = mean(electroneutral_potential(mu_li, mu_anion, p.fixed_charge or None))
        return HalfCellState(
            current_density=mean(values.rates.metal),
            surface_overpotential=metal - plane - c_plane,
            plane_overpotential=metal - plane,
            outer_overpotential=metal - outer,
        )
