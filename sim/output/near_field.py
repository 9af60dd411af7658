"""What is measured beside the anode: the normal field outside the double layer, the concentration on a line above."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.output.electrode_probe import ElectrodeProbe
from sim.output.point_probe import PointProbe
from sim.physics.bulk import concentration, electroneutral_field, electroneutral_potential
from sim.physics.kinetics import diffuse_tail_field
from sim.solve.model import CellModel

Array = npt.NDArray[np.float64]

#: distances from the reaction plane at which the normal field is stated, in Debye lengths at c_0
FIELD_DISTANCE, OUTER_DISTANCE = 10.0, 40.0
#: height of the line above the highest point of the anode [m], and its number of points
LINE_HEIGHT, LINE_POINTS = 0.2e-6, 200


def _neutral_state(model: CellModel, probe: PointProbe) -> tuple[Array, Array, Array]:
    """phi [RT/F], its gradient [RT/F per unit length] and c_li [c_0] at points outside the double layers.

    There the electrolyte is neutral, and phi follows from the electrochemical potentials, which cross the double
    layer smoothly: the field comes without the layer's own discretisation error, large beside an ohmic field.
    """
    mu_li, grad_li = probe.evaluate(model.bulk, "mu_li")
    mu_anion, grad_anion = probe.evaluate(model.bulk, "mu_anion")
    fixed = model.parameters.fixed_charge or None
    phi = electroneutral_potential(mu_li, mu_anion, fixed)
    gradient = electroneutral_field(mu_li[:, None], mu_anion[:, None], grad_li, grad_anion, fixed)
    return phi, gradient, concentration(mu_li, phi, 1)


class NormalField:
    """E_n = -d(phi)/dn, n out of the electrolyte, along the normals through the given points of the anode [V/m].

    The outer field is read ``OUTER_DISTANCE`` Debye lengths away, where no trace of the double layer is left. At
    ``FIELD_DISTANCE`` its tail still outweighs the ohmic field, and the cells there are some Debye lengths
    thick, so that the mesh gives no better than its own error; the tail is therefore added in closed form.
    """

    def __init__(self, model: CellModel, anode: ElectrodeProbe) -> None:
        self._model, self._anode = model, anode
        trace, comm = anode.trace, model.domain.mesh.comm
        self._shape = trace.x.shape
        counts = comm.allgather(trace.x.size)
        start = sum(counts[: comm.rank])
        self._own = slice(start, start + counts[comm.rank])
        self._normal = trace.normal.reshape(-1, 2)
        self._debye = math.nan
        self.renew()

    def renew(self) -> None:
        """Place the points for the Debye length of the model's present numbers. Collective."""
        model, trace = self._model, self._anode.trace
        debye = model.parameters.debye_length / model.domain.length_scale
        if debye == self._debye:
            return
        self._debye = debye
        points = np.stack([trace.x, trace.y], axis=-1) - OUTER_DISTANCE * debye * trace.normal
        everyone = model.domain.mesh.comm.allgather(points.reshape(-1, 2))
        self._probe = PointProbe(model.domain.mesh, np.concatenate(everyone))

    def values(self, plane_potential: Array) -> tuple[Array, Array]:
        """E_n at ``FIELD_DISTANCE`` and the outer E_n at this rank's points, shape (facets, points); collective.

        ``plane_potential`` [V] is that of the reaction plane at the same points.
        """
        p = self._model.parameters
        scale = p.scales.potential / self._model.domain.length_scale
        phi, gradient, c_li = (part[self._own] for part in _neutral_state(self._model, self._probe))
        outer = -np.sum(gradient * self._normal, axis=1).reshape(self._shape)
        if not p.poisson:
            return outer * scale, outer * scale
        drop = outer * OUTER_DISTANCE * self._debye
        psi = plane_potential / p.scales.potential - (phi.reshape(self._shape) - drop)
        local = self._debye / np.sqrt(np.maximum(c_li.reshape(self._shape), 1e-12))
        tail = diffuse_tail_field(psi, FIELD_DISTANCE * self._debye, local)
        return (outer + tail) * scale, outer * scale


class LineAbove:
    """Concentration on the horizontal line just above the anode."""

    def __init__(self, model: CellModel) -> None:
        self._model = model
        self._height = math.nan
        self.renew()

    def renew(self) -> None:
        """Place the points above the highest of the model's present anode. Collective."""
        domain = self._model.domain
        if domain.max_height == self._height:
            return
        self._height = domain.max_height
        x = (np.arange(LINE_POINTS) + 0.5) / LINE_POINTS * domain.length
        y = np.full(LINE_POINTS, domain.max_height + LINE_HEIGHT)
        self._probe = PointProbe(domain.mesh, np.column_stack([x, y]) / domain.length_scale)

    def standard_deviation(self) -> float:
        """Standard deviation of c_li along the line [mol/m^3]."""
        c_li = _neutral_state(self._model, self._probe)[2]
        inside = c_li[~np.isnan(c_li)]  # in a very thin cell the line lies beyond the counter electrode
        spread = float(inside.std()) if inside.size else float("nan")
        return spread * self._model.parameters.scales.concentration
