"""What a linear response is read by: a mean field between two heights, and means and charges at an electrode.

All are functionals of the model's own state (``sim.solve.functional``), in units of the model.
"""

from __future__ import annotations

from typing import Any

import ufl

from sim.physics.bulk import electroneutral_potential
from sim.solve.functional import Functional
from sim.solve.model import CellModel
from sim.solve.system import CellSystem

#: the weight of the mean field is a polynomial that ends inside of cells
FIELD_QUADRATURE_DEGREE = 10


def mean_field(system: CellSystem, low: float, high: float) -> tuple[Functional, float]:
    """The x-mean of d(phi)/dy between two heights [units of the mesh] as a functional, and what to divide it by.

    The mean over y weighs with t^2 (1-t)^2, t from 0 to 1 between the heights. Where phi is harmonic its x-mean is
    linear in y however rough the anode below is, so every weight gives the same: d(phi)/dy of a four-probe cell. The
    divisor is the weight's integral by the same quadrature.
    """
    mesh = system.model.domain.mesh
    dx = ufl.Measure("dx", domain=mesh, metadata={"quadrature_degree": FIELD_QUADRATURE_DEGREE})
    t = (ufl.SpatialCoordinate(mesh)[1] - low) / (high - low)
    weight = ufl.conditional(ufl.And(ufl.gt(t, 0.0), ufl.lt(t, 1.0)), t**2 * (1 - t) ** 2, 0.0)
    field = Functional(system, [weight * ufl.grad(system.model.state["phi"])[1] * dx])
    return field, Functional(system, [weight * dx]).value()


class ElectrodeMeans:
    """Means over the facets of the ``anode`` or the ``counter``, and its charge."""

    def __init__(self, system: CellSystem, name: str) -> None:
        model = system.model
        anode = name == "anode"
        electrode, ds = (
            (model.anode, model.facets.ds_anode) if anode else (model.counter, model.facets.ds_counter)
        )
        #: integral of mu_li [kT], which crosses the double layer unchanged
        self.lithium = Functional(system, [electrode.mu_li * ds])
        #: integral of the potential [RT/F] of the neutral electrolyte just outside the double layer
        self.outer_potential = Functional(system, [_outer_potential(model, electrode) * ds])
        #: integral of the charge per total volume, Poisson only
        self.charge = (
            Functional(system, [model.constants["porosity"] * electrode.charge * ds])
            if model.structure.poisson
            else None
        )
        one = ufl.as_ufl(1.0)
        #: arc length [units of the mesh]
        self.arc_length = Functional(system, [one * ds]).value()


def _outer_potential(model: CellModel, electrode: Any) -> Any:
    """Potential at which the electrochemical potentials of the facets would be those of a neutral electrolyte."""
    fixed = model.constants["fixed_charge"] if model.structure.fixed_charge else None
    return electroneutral_potential(electrode.mu_li, electrode.mu_anion, fixed)
