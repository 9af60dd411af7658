"""The salt concentration beside the electrodes, and what transport of salt a cell is expected to show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.experiments.live_cell import LiveCell
from sim.output.electrode_probe import ElectrodeProbe
from sim.output.metrics import NODES
from sim.physics.diffusion import ambipolar_diffusivity
from sim.solve.model import CellModel
from sim.solve.parallel import smallest


@dataclass(frozen=True)
class SaltTransport:
    """Numbers of salt diffusion in SI: D_amb [m^2/s], porosity, t_li, c_0 [mol/m^3], mean gap H [m], and whether one
    end (alone) is a reservoir."""

    diffusivity: float
    porosity: float
    transference_number: float
    concentration: float
    gap: float
    one_reservoir: bool

    @classmethod
    def of(cls, model: CellModel) -> SaltTransport:
        """Those of a cell."""
        p, domain = model.parameters, model.domain
        return cls(
            ambipolar_diffusivity(p.diffusivity_li, p.diffusivity_anion),
            p.porosity,
            p.diffusivity_li / (p.diffusivity_li + p.diffusivity_anion),
            p.scales.concentration,
            domain.width - domain.mean_height,
            (p.anode.kind == "reservoir") != (p.counter.kind == "reservoir"),
        )

    @property
    def distance(self) -> float:
        """From an electrode to where the concentration stays that of rest [m]: half the gap, or all of it."""
        return self.gap if self.one_reservoir else self.gap / 2


class SaltAtElectrodes:
    """c_0 e^((mu_li + mu_anion)/2) at the facets' nodes: the concentration outside the double layer, which the
    electrochemical potentials cross smoothly (electroneutral without fixed charge: c itself)."""

    def __init__(self, cell: LiveCell) -> None:
        self._model = cell.model
        self._probes = {name: ElectrodeProbe(cell.model, name, NODES) for name in ("anode", "counter")}

    def least(self, electrode: str) -> float:
        """Smallest value along the ``anode`` or the ``counter`` [mol/m^3]; collective."""
        trace, bulk = self._probes[electrode].trace, self._model.bulk
        exponent = (trace.cell_values(bulk, "mu_li") + trace.cell_values(bulk, "mu_anion")) / 2
        own = float(np.min(np.exp(exponent), initial=np.inf))
        least = smallest(self._model.domain.mesh.comm, own)
        return float(least) * self._model.parameters.scales.concentration
