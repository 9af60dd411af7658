"""Whether a state is one that the bounded exponentials leave alone (``sim.physics.maths``)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from dolfinx import fem

from sim.physics.bulk import electroneutral_potential
from sim.solve.compat import Submesh
from sim.solve.model import CellModel
from sim.solve.parallel import largest
from sim.solve.spaces import Block

Array = npt.NDArray[np.float64]


class ExponentGauge:
    """The largest exponent in a state: concentrations anywhere, charge transfer at the electrodes' nodes."""

    def __init__(self, model: CellModel) -> None:
        self._model = model
        names = model.bulk.names
        self._anode = {name: _facet_dofs(model.bulk, name, model.facets.anode) for name in names}
        self._counter = {name: _facet_dofs(model.bulk, name, model.facets.counter) for name in names}
        self._everywhere = {name: np.unique(model.bulk.component_dofs(name)) for name in names}

    def _potentials(self, dofs: dict[str, npt.NDArray[np.int32]]) -> tuple[Array, Array, Array]:
        """phi, mu_li and mu_anion at the same nodes."""
        values = self._model.bulk.function.x.array
        mu_li, mu_anion = values[dofs["mu_li"]], values[dofs["mu_anion"]]
        if "phi" in dofs:
            return values[dofs["phi"]], mu_li, mu_anion
        return (
            electroneutral_potential(mu_li, mu_anion, self._model.parameters.fixed_charge or None),
            mu_li,
            mu_anion,
        )

    def largest(self) -> float:
        """The largest exponent over all ranks; collective."""
        model = self._model
        phi, mu_li, mu_anion = self._potentials(self._everywhere)
        found = [float(np.max(mu_li - phi, initial=0.0)), float(np.max(mu_anion + phi, initial=0.0))]
        for electrode, dofs, metal in (
            (model.parameters.anode, self._anode, 0.0),
            (model.parameters.counter, self._counter, model.counter_potential.value),
        ):
            if electrode.exchange_current_density > 0:
                overpotential = metal - self._potentials(dofs)[0]
                alpha = electrode.transfer_coefficient
                exponents = np.maximum(-alpha * overpotential, (1 - alpha) * overpotential)
                found.append(float(np.max(exponents, initial=0.0)))
        return largest(model.domain.mesh.comm, max(found))


def _facet_dofs(block: Block, name: str, facets: Submesh) -> npt.NDArray[np.int32]:
    """Dofs of a component on the facets of an electrode."""
    space = block.function.function_space
    part = space.sub(block.names.index(name))
    dim = space.mesh.topology.dim - 1
    return np.asarray(fem.locate_dofs_topological(part, dim, facets.parent_facets), dtype=np.int32)
