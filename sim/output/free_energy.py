"""Free energy of a cell without sites, which may only fall at open circuit.

Per cell depth, with porosity e_p (storage is per total volume, Poisson's equation that of the pore liquid, so that
charges per total volume carry e_p) and Delta = phi_metal - phi_plane across a Stern layer:

    G = e_p { int RT sum_i c_i [ln(c_i/c_i,ref) - 1] + eps/2 |grad phi|^2 dx + sum_e int C_S/2 Delta^2 ds }

Derivation. The charge that the electrolyte sees is q = eps dphi/dn = C_S Delta + sigma with a constant sigma, and
-div(eps grad phi) = rho. By parts, int eps grad phi . grad phi_t dx = int phi rho_t dx + oint phi q_t ds, and the Stern
layers give oint Delta q_t ds, so that the fields store d/dt W = e_p [int phi rho_t dx + sum_e phi_metal,e dQ_e/dt] with
Q_e = oint_e q ds. (Without a Stern layer Delta = 0; on an insulating wall q_t = 0: nothing changes.) With
mu_i = RT ln(c_i/c_i,ref) + z_i F phi, rho_t = F sum z_i c_i,t and e_p c_i,t = -div N_i,

    dG/dt = int sum_i grad mu_i . N_i dx - oint mu_li N_li.n ds + e_p sum_e phi_metal,e dQ_e/dt.

N_i is along -grad mu_i, so the first term is <= 0. What charges a metal is what arrives as ions and through the wire,
e_p dQ/dt = oint j ds - I at the anode and + I at the counter, with j = F N_li.n and the cell current I. Hence

    dG/dt = -(dissipation in the liquid) + sum_e oint_e j (phi_metal,e - mu_li/F) ds + I (phi_counter - phi_anode).

A lithium metal has chemical potential 0, c_li,ref is the reference concentration, and j > 0 only where
mu_li > F phi_metal: the second term is <= 0 (0 at a reversible and at a blocking electrode). So dG/dt <= I V, and
dG/dt <= 0 at open circuit. It holds for the discrete equations too, with their quadrature: only time steps err.

Anions are locked in, their c_ref (c_0) shifts G by a constant. Electroneutral cells have rho = 0: G is its first term,
and their double layer, with the closure too, stores nothing. Left out are cells with sites (whose free energy is not
written here), with a reservoir (an open system), and with Gibbs-Thomson shifts (whose plated lithium stores
surface energy). Sources: M. Z. Bazant, Acc. Chem. Res. 46 (2013) 1144, doi:10.1021/ar300145c; S. R. de Groot,
P. Mazur, Non-Equilibrium Thermodynamics (1962).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import ufl

from sim.output.electrode_probe import ElectrodeProbe, ElectrodeValues
from sim.output.reduce import FacetIntegral
from sim.physics.constants import FARADAY
from sim.solve.assembly import ScalarForms
from sim.solve.model import CellModel


def has_free_energy(model: CellModel) -> bool:
    """Whether the free energy of this cell is the one above."""
    electrodes = (model.structure.anode, model.structure.counter)
    closed = all(electrode.kind != "reservoir" for electrode in electrodes)
    return model.surface is None and closed and not any(electrode.curved for electrode in electrodes)


class FreeEnergy:
    """Evaluates G of the present state per projected area."""

    def __init__(self, model: CellModel) -> None:
        self._model = model
        self._bulk = ScalarForms(model.domain.mesh.comm, [self.density(model) * model.dx], ())

    @staticmethod
    def density(model: CellModel) -> Any:
        """Free energy of the pore liquid per total volume [RT c_0]."""
        state, constants = model.state, model.constants
        ratio = ufl.ln(constants["reference_ratio"])
        density = state["c_li"] * (state["mu_li"] - state["phi"] + ratio - 1)
        density += state["c_anion"] * (state["mu_anion"] + state["phi"] - 1)
        if model.structure.poisson:
            field = ufl.grad(state["phi"])
            density += constants["lambda_squared"] / 2 * ufl.inner(field, field)
        return constants["porosity"] * density

    def value(
        self,
        electrodes: tuple[tuple[ElectrodeProbe, ElectrodeValues, FacetIntegral], ...],
    ) -> float:
        """G [J/m^2] of the present state; ``electrodes`` as (probe, its values, integral along it). Collective."""
        p = self._model.parameters
        # RT c_0 times the unit of area, over the cell's length [J/m^2]
        unit = FARADAY * p.scales.potential * p.scales.concentration * p.scales.length**2 / p.length
        stored = sum(self._stern(*electrode) for electrode in electrodes)
        return unit * self._bulk.assemble() + stored / p.length

    def _stern(self, probe: ElectrodeProbe, values: ElectrodeValues, along: FacetIntegral) -> float:
        """e_p int (q - sigma)^2/(2 C_S) ds of one Stern layer [J/m]."""
        p, capacitance = self._model.parameters, probe.stern_capacitance
        if not p.poisson or capacitance == 0 or math.isinf(capacitance):
            return 0.0
        energy = (values.charge - probe.surface_charge) ** 2 / (2 * capacitance)
        return p.porosity * along(np.asarray(energy))
