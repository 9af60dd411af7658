"""What is measured beside the anode: the normal field outside the double layer, the concentration on a line above."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.output.electrode_probe import ElectrodeProbe
from sim.output.point_probe import PointProbe
from sim.physics.bulk import concentration, electroneutral_field, electroneutral_potential
from sim.solve.model import CellModel

Array = npt.NDArray[np.float64]

#: the normal field is read this many Debye lengths from the reaction plane
FIELD_DISTANCE = 10.0
#: height of the line above the highest point of the anode [m], and its number of points
LINE_HEIGHT, LINE_POINTS = 0.2e-6, 200


def _state(model: CellModel, probe: PointProbe) -> tuple[Array, Array, Array]:
    """phi [RT/F], its gradient [RT/F per unit length] and c_li [c_0] at a probe's points."""
    mu_li, grad_li = probe.evaluate(model.bulk, "mu_li")
    if model.parameters.poisson:
        phi, grad_phi = probe.evaluate(model.bulk, "phi")
    else:
        mu_anion, grad_anion = probe.evaluate(model.bulk, "mu_anion")
        fixed = model.parameters.fixed_charge or None
        phi = electroneutral_potential(mu_li, mu_anion, fixed)
        grad_phi = electroneutral_field(mu_li[:, None], mu_anion[:, None], grad_li, grad_anion, fixed)
    return phi, grad_phi, concentration(mu_li, phi, 1)


class NormalField:
    """E_n = -d(phi)/dn, n out of the electrolyte, along the normals through the given points of the anode [V/m]."""

    def __init__(self, model: CellModel, anode: ElectrodeProbe) -> None:
        self._model = model
        trace, comm = anode.trace, model.domain.mesh.comm
        self._shape = trace.x.shape
        distance = FIELD_DISTANCE * model.parameters.debye_length / model.domain.length_scale
        points = np.stack([trace.x, trace.y], axis=-1) - distance * trace.normal
        everyone = comm.allgather(points.reshape(-1, 2))
        counts = [len(part) for part in everyone]
        start = sum(counts[: comm.rank])
        self._own = slice(start, start + counts[comm.rank])
        self._normal = trace.normal.reshape(-1, 2)
        self._probe = PointProbe(model.domain.mesh, np.concatenate(everyone))

    def values(self) -> Array:
        """E_n at this rank's points, shape (facets, points); collective."""
        scale = self._model.parameters.scales.potential / self._model.domain.length_scale
        _, gradient, _ = _state(self._model, self._probe)
        own = gradient[self._own]
        return np.asarray(-np.sum(own * self._normal, axis=1).reshape(self._shape) * scale)


class LineAbove:
    """Concentration on the horizontal line just above the anode."""

    def __init__(self, model: CellModel) -> None:
        self._model = model
        domain = model.domain
        x = (np.arange(LINE_POINTS) + 0.5) / LINE_POINTS * domain.length
        y = np.full(LINE_POINTS, domain.max_height + LINE_HEIGHT)
        self._probe = PointProbe(domain.mesh, np.column_stack([x, y]) / domain.length_scale)

    def standard_deviation(self) -> float:
        """Standard deviation of c_li along the line [mol/m^3]."""
        c_li = _state(self._model, self._probe)[2]
        return float(np.nanstd(c_li)) * self._model.parameters.scales.concentration
