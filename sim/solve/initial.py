"""The state a run starts from: the stated concentration everywhere, no potential, the initial coverage."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.physics.interface import coverage
from sim.solve.model import CellModel

_BISECTIONS = 80


def set_rest(model: CellModel) -> None:
    """c_anion = c_0, c_li = c_0 - rho_fix/F, phi = 0, and the coverage in equilibrium with that or as the
    config states."""
    for block in model.blocks:
        block.function.x.array[:] = 0.0
    for unknown in (model.counter_potential, model.anion_level, model.lithium_level):
        unknown.value = 0.0
    mu_li = math.log1p(-model.parameters.fixed_charge)
    model.bulk.function.x.array[np.unique(model.bulk.component_dofs("mu_li"))] = mu_li
    if model.surface is None:
        return
    function, names = model.surface.block.function, model.surface.block.names
    dofs = np.unique(model.surface.block.component_dofs("mu_s"))
    initial = model.config.interface.initial_coverage
    if initial is None:
        function.x.array[dofs] = mu_li + math.log(model.parameters.reference_ratio)
        return
    space = function.function_space
    space, mapped = space.sub(0).collapse() if len(names) > 1 else (space, np.arange(function.x.array.size))
    x = space.tabulate_dof_coordinates()[:, 0] * model.domain.length_scale
    function.x.array[mapped] = _potential_of_coverage(model, x, initial)


def _potential_of_coverage(model: CellModel, x: npt.NDArray[np.float64], mean: float) -> npt.NDArray[np.float64]:
    """mu_s [kT] at which the sites at x [m] are covered to ``mean`` on average over their classes, at phi = 0."""
    classes = model.site_fields.at(x).classes
    reference = model.config.interface.reference_energy or 0.0
    energies = [(site.energy + reference) / model.parameters.scales.potential for site in classes]
    capacities = [np.maximum(site.capacity, 1e-300) for site in classes]
    total = np.sum(capacities, axis=0)
    low = np.min(energies, axis=0) + math.log(mean / (1 - mean)) - 1.0
    high = np.max(energies, axis=0) + math.log(mean / (1 - mean)) + 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        held = sum(g * coverage(middle, 0.0, e) for g, e in zip(capacities, energies, strict=True)) / total
        low, high = np.where(held < mean, middle, low), np.where(held < mean, high, middle)
    return np.asarray((low + high) / 2)
