"""Numbers read from a state by forms, and how they change along a linear response.

A functional is a sum of UFL integrals of the model's own state, so that what is read is what the residual is made of.
"""

from __future__ import annotations

from typing import Any

from sim.solve.assembly import ScalarForms, VectorForms, gradients_of, slopes_of
from sim.solve.frequency import Response
from sim.solve.parallel import total
from sim.solve.system import CellSystem


class Functional:
    """One number of a cell [in units of the model], linearised about the present state. Collective.

    ``terms``: integrals that add up, each over one mesh; they depend on the blocks and on the counter's potential.
    """

    def __init__(self, system: CellSystem, terms: list[Any]) -> None:
        numbering, unknown = system.numbering, system.model.counter_potential
        self._comm = numbering.comm
        self._value = ScalarForms(self._comm, terms, system.submeshes)
        self._row = VectorForms(numbering, gradients_of(terms, numbering.blocks), system.submeshes)
        self._slope = ScalarForms(self._comm, slopes_of(terms, unknown), system.submeshes)

    def value(self) -> float:
        """The number at the present state."""
        return self._value.assemble()

    def along(self, response: Response) -> complex:
        """Its change per unit of the counter's potential, d(number)/d(state) . du + d(number)/dV."""
        return complex(total(self._comm, self._row.assemble() @ response.blocks) + self._slope.assemble())
