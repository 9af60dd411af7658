"""The state a run starts from: the stated concentration everywhere, no potential, the initial coverage."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from dolfinx import fem, la

from sim.physics.interface import SiteClass, coverage
from sim.solve.model import CellModel, Surface

Array = npt.NDArray[np.float64]

_BISECTIONS = 80
_TINY = 1e-300
#: reference nodes of a facet, in the order of its dofs
_NODES = np.array([0.0, 1.0, 0.5])


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
    function = model.surface.block.function
    initial = model.config.interface.initial_coverage
    if initial is None:
        dofs = np.unique(model.surface.block.component_dofs("mu_s"))
        function.x.array[dofs] = mu_li + math.log(model.parameters.reference_ratio)
        return
    _set_coverage(model.surface, initial)


def _set_coverage(surface: Surface, mean: float) -> None:
    """mu_s at the nodes of the sites' facets, each the average of what the facets beside it ask for."""
    function = surface.block.function
    dofs = surface.block.component_dofs("mu_s")
    weight = fem.Function(function.function_space)
    np.add.at(function.x.array, dofs, _potential_of_coverage(surface.classes, dofs.shape[1], mean))
    np.add.at(weight.x.array, dofs, 1.0)
    for shared in (function, weight):
        shared.x.scatter_reverse(la.InsertMode.add)
        shared.x.scatter_forward()
    function.x.array[:] /= np.maximum(weight.x.array, 1.0)


def _potential_of_coverage(classes: tuple[SiteClass, ...], n_nodes: int, mean: float) -> Array:
    """mu_s [kT], shape (facets, nodes), at which sites are covered to ``mean`` on average over their classes, at
    phi = 0. The maps are those that the residual sees: the quadratic through each facet's samples."""
    energies = [_at_nodes(site.energy, n_nodes) for site in classes]
    capacities = [np.maximum(_at_nodes(site.capacity, n_nodes), _TINY) for site in classes]
    total = np.sum(capacities, axis=0)
    low = np.min(energies, axis=0) + math.log(mean / (1 - mean)) - 1.0
    high = np.max(energies, axis=0) + math.log(mean / (1 - mean)) + 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        held = sum(g * coverage(middle, 0.0, e) for g, e in zip(capacities, energies, strict=True)) / total
        low, high = np.where(held < mean, middle, low), np.where(held < mean, high, middle)
    return np.asarray((low + high) / 2)


def _at_nodes(sampled: fem.Function, n_nodes: int) -> Array:
    """A sampled coefficient at the nodes of the facets (ends, then the middle), shape (facets, nodes)."""
    space = sampled.function_space
    table = space.ufl_element().basix_element.tabulate(0, _NODES[:n_nodes, None])[0, :, :, 0]
    return np.asarray(sampled.x.array[np.asarray(space.dofmap.list)] @ table.T)
