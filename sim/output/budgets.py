"""Budgets of a run: anions, lithium and charge (physics.md, section 5). They close to rounding or something is wrong.

In a transient the amounts that passed the electrodes are integrated with the scheme of the march itself, a0
P_n+1 + a1 P_n + a2 P_n-1 = flow, so that what is compared are two exact consequences of the discrete equations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.output.metrics import Flows
from sim.physics.constants import FARADAY
from sim.solve.march import Level, Step
from sim.solve.model import CellModel
from sim.solve.parallel import total
from sim.solve.system import CellSystem

#: a flow below this part of the limiting current is no measure to divide by
NO_FLOW = 1e-9
#: nor is a turnover below this part of the lithium in the cell, whose rounding it would be compared with
NO_TURNOVER = 1e-6
#: nor a current that charges a double layer by less than this part of 2 F c_0 lambda_D in one step: the tolerance of
#: Newton's method, a millionth of it, is that of the charges
NO_CHARGING = 1e-4


@dataclass
class Passed:
    """Amounts at the last two levels, newest first: lithium into the anode's metal, into the counter, anions
    out, and the electrodes' charges; all in units of the model."""

    newest: np.ndarray = field(default_factory=lambda: np.zeros(3))
    older: np.ndarray = field(default_factory=lambda: np.zeros(3))
    charge_newest: np.ndarray = field(default_factory=lambda: np.zeros(2))
    charge_older: np.ndarray = field(default_factory=lambda: np.zeros(2))


class Budgets:
    """Follows a march; ``steady_errors`` serves direct steady states."""

    def __init__(self, model: CellModel, system: CellSystem, limiting_current_density: float) -> None:
        self._model, self._system = model, system
        scales = model.parameters.scales
        self._flow_unit = scales.current_density * scales.length
        self._floor = NO_FLOW * limiting_current_density * model.domain.length / self._flow_unit
        p, scaled_length = model.parameters, model.domain.length / scales.length
        layer = 2 * p.debye_length / scales.length * scaled_length if p.poisson else 0.0
        self._double_layer = p.porosity * layer
        self.passed = Passed()
        self.initial: np.ndarray | None = None
        #: of the last errors: Faradaic plus displacement current at the counter per cell length [A/m^2], positive
        #: plating the anode
        self.cell_current_density = 0.0

    def start(self, first: Level, flows: Flows, *, at_rest: bool = True) -> None:
        """Take the contents and the charges of the first level, at rest or solved before."""
        self.initial = self._contents(first)
        charges = self._charges(flows)
        # rest holds no space charge, so the electrodes' charges cancel; the potential there is none that
        # solves Gauss's law
        self.passed.charge_newest = charges - charges.mean() if at_rest else charges
        self.passed.charge_older = self.passed.charge_newest

    def _contents(self, level: Level) -> np.ndarray:
        """Lithium in solution and adsorbed, anions [c_0 L^2]."""
        numbering, blocks = self._system.numbering, self._model.blocks
        local = np.zeros(2)
        for number, block in enumerate(blocks):
            start = numbering.offsets[number]
            for row, names in enumerate((("mu_li", "mu_s"), ("mu_anion",))):
                for name in names:
                    if name in block:
                        local[row] += level.stored.blocks[start + block.owned_dofs(name)].sum()
        return np.asarray(total(numbering.comm, local))

    def _charges(self, flows: Flows) -> np.ndarray:
        """Charge at the anode and the counter per total volume [F c_0 L^2]."""
        unit = self._model.parameters.scales.surface_charge * self._model.parameters.scales.length
        return self._model.parameters.porosity * np.array([flows.anode_charge, flows.counter_charge]) / unit

    def _flows(self, flows: Flows) -> np.ndarray:
        """Lithium into the anode's metal and the counter, anions out [D c_0]."""
        anions = FARADAY * (flows.anode_anions + flows.counter_anions)
        return np.array([flows.anode_metal, flows.counter_ionic, anions]) / self._flow_unit

    def update(self, step: Step, level: Level, flows: Flows) -> dict[str, float]:
        """Errors after an accepted step."""
        if self.initial is None:
            raise ValueError("the budgets have no first level")
        a0, a1, a2 = (weight * self._model.parameters.scales.time for weight in step.weights)
        passed = self.passed
        amounts = (self._flows(flows) - a1 * passed.newest - a2 * passed.older) / a0
        charges = self._charges(flows)
        change_of_charge = a0 * charges + a1 * passed.charge_newest + a2 * passed.charge_older
        passed.older, passed.newest = passed.newest, amounts
        passed.charge_older, passed.charge_newest = passed.charge_newest, charges
        change = self._contents(level) - self.initial
        turnover = max(
            abs(amounts[0]),
            abs(amounts[1]),
            self._floor * level.time / self._model.parameters.scales.time,
            NO_TURNOVER * self.initial[0],
        )
        currents = self._cell_currents(flows) - change_of_charge
        self._note_current(currents)
        charging = max(abs(currents[0]), self._floor, NO_CHARGING * a0 * self._double_layer)
        return {
            "anion_inventory_error": abs(change[1] + amounts[2]) / self.initial[1],
            "lithium_balance_error": abs(change[0] + amounts[0] + amounts[1]) / turnover,
            "charge_balance_error": abs(currents.sum()) / charging,
        }

    def _cell_currents(self, flows: Flows) -> np.ndarray:
        """Ionic current into the anode and into the counter [F D c_0]."""
        anode = flows.anode_ionic - FARADAY * flows.anode_anions
        counter = flows.counter_ionic - FARADAY * flows.counter_anions
        return np.array([anode, counter]) / self._flow_unit

    def _note_current(self, currents: np.ndarray) -> None:
        self.cell_current_density = float(-currents[1] * self._flow_unit / self._model.domain.length)

    def steady_errors(self, flows: Flows) -> dict[str, float]:
        """At a steady state nothing is stored: what enters leaves, and locked-in anions are all there."""
        lithium, counter, anions = self._flows(flows)
        scale = max(abs(lithium), abs(counter), self._floor)
        currents = self._cell_currents(flows)
        held = [b for b in self._system.borders if b.constraint.unknown is self._model.anion_level]
        inventory = abs(held[0].value() / held[0].target) if held else abs(anions) / scale
        self._note_current(currents)
        return {
            "anion_inventory_error": inventory,
            "lithium_balance_error": abs(lithium + counter) / scale,
            "charge_balance_error": abs(currents.sum()) / max(abs(currents[0]), self._floor),
        }
