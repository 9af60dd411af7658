"""A first guess of the steady state: the same cell, flat, with thin double layers and the means of its site maps.

From rest, Newton's method walks up the exponentials of the kinetics by about two kT an iteration; from here it starts
where they are nearly right. With the anion at rest, the concentration runs linearly from c_a to c_c and

    c_a, c_c = 1 -+ j H/4,   mu_anion = m,   mu_li = 2 ln c - m,   phi = ln c - m (outside the double layers)
    V = ln(c_c/c_a) + D_c - D_a,   D = phi_metal - phi outside the double layer, from the law of each electrode at j

in the model's units (c_0, RT/F, F D c_0/L). The diffuse layers are Gouy and Chapman's. A guess decides how long the way
to a solution is, not which: what Newton accepts satisfies the equations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.physics.interface import (
    Occupancy,
    SiteClass,
    SurfaceKinetics,
    adsorption_current,
    plating_current,
)
from sim.physics.kinetics import butler_volmer, diffuse_charge
from sim.physics.scaling import Scales
from sim.solve.drive import Drive
from sim.solve.initial import set_uniform
from sim.solve.model import CellModel
from sim.solve.spaces import sample_mean
from sim.solve.structure import NONE

Array = npt.NDArray[Any]

#: the estimated current stays below this part of the limiting one
MOST_OF_LIMITING = 0.98
#: states of a wall that are tabulated; the widest drops over a diffuse layer, and over a wall without one [RT/F]
_STATES, _WIDEST_DIFFUSE, _WIDEST = 2001, 16.0, 80.0
_FREE, _COVERED = Occupancy(covered=0.0, free=1.0), Occupancy(covered=1.0, free=0.0)
#: how nearly the wanted voltage is met [RT/F], and the most attempts
_CLOSE, _ATTEMPTS = 1e-9, 40


@dataclass(frozen=True)
class WallState:
    """A wall at one current: potentials over the whole double layer and over its diffuse part, and mu_s less the
    potential outside [RT/F]."""

    drop: float
    psi: float
    mu_surface: float


@dataclass(frozen=True)
class Wall:
    """One lithium electrode without its maps, in the model's units; its sites are one class of their mean energy."""

    kinetics: SurfaceKinetics
    site: SiteClass
    stern_capacitance: float
    surface_charge: float
    reference_ratio: float
    debye_length: float
    has_double_layer: bool

    def at(self, current: float, c: float) -> WallState:
        """The state at a plating current, where the concentration outside is c: from a table of all states."""
        psi, drop = self._drops(c)
        logit, metal = self._steady(c, psi, drop)
        number = np.arange(_STATES)
        found = float(np.interp(current, metal[::-1], number[::-1]))
        whole, plane, level = (float(np.interp(found, number, values)) for values in (drop, psi, logit))
        return WallState(whole, plane, self.site.energy + plane + level)

    def _drops(self, c: float) -> tuple[Array, Array]:
        """psi over the diffuse layer and D over the double layer, of all tabulated states."""
        if not self.has_double_layer:
            drop = np.linspace(-_WIDEST, _WIDEST, _STATES)
            return np.zeros(_STATES), drop
        psi = np.linspace(-_WIDEST_DIFFUSE, _WIDEST_DIFFUSE, _STATES)
        if math.isinf(self.stern_capacitance):
            return psi, psi
        charge = diffuse_charge(c, psi, self.debye_length)
        return psi, psi + (charge - self.surface_charge) / self.stern_capacitance

    def _steady(self, c: float, psi: Array, drop: Array) -> tuple[Array, Array]:
        """ln(theta/(1 - theta)) where as much is adsorbed as is plated, both linear in theta, and the current that
        becomes metal."""
        c_ratio, eta, k = c * np.exp(-psi) * self.reference_ratio, drop - psi, self.kinetics
        direct = butler_volmer(k.exchange_current_density, c_ratio, eta, k.transfer_coefficient)
        if not self.site.capacity:
            return np.zeros(_STATES), direct
        bare, full = (plating_current(k, self.site, eta, sites) for sites in (_FREE, _COVERED))
        gain = adsorption_current(k, self.site, c_ratio, _FREE) - bare
        loss = full - adsorption_current(k, self.site, c_ratio, _COVERED)
        ratio = np.divide(gain, loss, out=np.ones(_STATES), where=(gain > 0) & (loss > 0))
        return np.log(ratio), direct + (ratio * full + bare) / (1 + ratio)


@dataclass(frozen=True)
class Estimate:
    """The flat cell's state: concentrations and walls at the anode and the counter electrode."""

    concentrations: tuple[float, float]
    walls: tuple[WallState, WallState]

    @property
    def voltage(self) -> float:
        """Potential of the counter's metal against the anode's."""
        (c_anode, c_counter), (anode, counter) = self.concentrations, self.walls
        return math.log(c_counter / c_anode) + counter.drop - anode.drop


def set_estimate(drive: Drive, model: CellModel) -> bool:
    """Set the blocks, and the voltage of a galvanostatic cell, to the estimate; False, and nothing is set, for cells
    that it is not made for. Collective."""
    p = model.parameters
    kinds = (p.anode.kind, p.counter.kind)
    if kinds != ("lithium", "lithium") or p.fixed_charge or model.domain.profile is None:
        return False
    walls = _wall(model, "anode"), _wall(model, "counter")
    gap = (model.domain.width - model.domain.mean_height) / model.domain.length_scale
    estimate = _estimate(drive, p.scales, walls, gap)
    _set_bulk(model, estimate)
    for electrode, state in zip((model.anode, model.counter), estimate.walls, strict=True):
        if electrode.unknowns is not None:
            set_uniform(electrode.unknowns, "psi", state.psi)
    if model.surface is not None:
        anode = estimate.walls[0]
        set_uniform(model.surface.block, "mu_s", anode.mu_surface - anode.drop)
        set_uniform(model.surface.block, "phi_s", anode.psi - anode.drop)
    if drive.galvanostatic:
        model.counter_potential.value = estimate.voltage
    return True


def _estimate(drive: Drive, scales: Scales, walls: tuple[Wall, Wall], gap: float) -> Estimate:
    """The state at the drive, or at nearly the limiting current where the drive asks for more."""

    def at(current: float) -> Estimate:
        c = 1 - current * gap / 4, 1 + current * gap / 4
        return Estimate(c, (walls[0].at(current, c[0]), walls[1].at(-current, c[1])))

    limit = MOST_OF_LIMITING * 4 / gap
    if drive.galvanostatic:
        return at(min(max(drive.value / scales.current_density, -limit), limit))
    wanted = drive.value / scales.potential
    return _found(at, wanted, -limit, limit)


def _found(at: Callable[[float], Estimate], voltage: float, low: float, high: float) -> Estimate:
    """The state of that voltage, which grows with the current, between two currents, or the nearer of these two.

    Regula falsi, which halves the weight of an end that stays (Illinois): about ten states, bisection takes thirty.
    """
    ends = at(low), at(high)
    below, above = ends[0].voltage - voltage, ends[1].voltage - voltage
    if below >= 0 or above <= 0:
        return ends[0] if below >= 0 else ends[1]
    found, stayed = ends[0], 0
    for _ in range(_ATTEMPTS):
        current = (low * above - high * below) / (above - below)
        found = at(current)
        miss = found.voltage - voltage
        if abs(miss) < _CLOSE:
            break
        if miss < 0:
            low, below, above = current, miss, above / 2 if stayed > 0 else above
            stayed = 1
        else:
            high, above, below = current, miss, below / 2 if stayed < 0 else below
            stayed = -1
    return found


def _wall(model: CellModel, name: str) -> Wall:
    p, c = model.parameters, {key: float(constant.value) for key, constant in model.constants.items()}
    electrode = model.anode if name == "anode" else model.counter
    kinetics = SurfaceKinetics(
        c[f"{name}_current"], c[f"{name}_alpha"], c["adsorption"], c["plating"], c["barrier_position"]
    )
    return Wall(
        kinetics=kinetics,
        site=_mean_site(model) if name == "anode" else SiteClass(0.0, 0.0),
        stern_capacitance=math.inf if electrode.structure.stern == NONE else c[f"{name}_stern"],
        surface_charge=sample_mean(electrode.surface_charge),
        reference_ratio=c["reference_ratio"],
        debye_length=c["debye_length"],
        has_double_layer=p.poisson or p.closure,
    )


def _mean_site(model: CellModel) -> SiteClass:
    """All sites as one class: their whole capacity, and the mean of their energies by capacity."""
    if model.surface is None:
        return SiteClass(0.0, 0.0)
    capacities = [sample_mean(site.capacity) for site in model.surface.classes]
    energies = [sample_mean(site.energy) for site in model.surface.classes]
    return SiteClass(sum(capacities), float(np.average(energies, weights=capacities)))


def _set_bulk(model: CellModel, estimate: Estimate) -> None:
    block, domain, profile = model.bulk, model.domain, model.domain.profile
    if profile is None:
        raise ValueError("the anode's profile is not known")
    x, y = np.moveaxis(block.nodes(), -1, 0)
    height = np.asarray(profile.height(x * domain.length_scale)) / domain.length_scale
    width = domain.width / domain.length_scale
    above, below = np.maximum(y - height, 0.0), np.maximum(width - y, 0.0)
    (c_anode, c_counter), (anode, counter) = estimate.concentrations, estimate.walls
    c = c_anode + (c_counter - c_anode) * above / (width - height)
    level = math.log(c_anode) + anode.drop  # the anode's metal is the zero of potential
    screening = 1 / float(model.constants["debye_length"].value)
    phi = np.log(c) - level
    phi += _diffuse(anode.psi, above * screening * math.sqrt(c_anode))
    phi += _diffuse(counter.psi, below * screening * math.sqrt(c_counter))
    for name, values in (
        ("mu_li", 2 * np.log(c) - level),
        ("mu_anion", np.full(c.shape, level)),
        ("phi", phi),
    ):
        if name in block:
            block.function.x.array[block.component_dofs(name)] = values


def _diffuse(psi: float, distance: Array) -> Array:
    """Gouy and Chapman's diffuse layer, 4 artanh(tanh(psi/4) e^(-x/lambda_D)), x in units of lambda_D."""
    return np.asarray(4 * np.arctanh(math.tanh(psi / 4) * np.exp(-distance)))
