"""The state a run starts from: the stated concentration everywhere, no current, the initial coverage."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from dolfinx import fem, la

from sim.domain.coverage import coverage_function
from sim.physics.interface import SiteClass, coverage
from sim.solve.model import CellModel, Surface
from sim.solve.spaces import Block, sample_mean, sample_points, sampled
from sim.solve.structure import FINITE

Array = npt.NDArray[np.float64]

_BISECTIONS = 80
_TINY = 1e-300
#: reference nodes of a facet, in the order of its dofs
_NODES = np.array([0.0, 1.0, 0.5])


def set_rest(model: CellModel) -> None:
    """Uniform concentrations without current (``_rest``), and the coverage in equilibrium with them or as the config
    states."""
    for block in model.blocks:
        block.function.x.array[:] = 0.0
    for unknown in (model.counter_potential, model.anion_level, model.lithium_level):
        unknown.value = 0.0
    mu_li, phi = _rest(model)
    set_uniform(model.bulk, "mu_li", mu_li)
    set_uniform(model.bulk, "phi", phi)
    model.counter_potential.value = phi - _wall_drop(model)
    if model.surface is None:
        return
    block, initial = model.surface.block, model.config.interface.initial_coverage
    if initial is None:
        set_uniform(block, "mu_s", mu_li + math.log(model.parameters.reference_ratio))
    else:
        x = _nodes_x(model, model.surface, block.component_dofs("mu_s").shape[1])
        stated = coverage_function(initial, model.config.cell.length)(x)
        _set_coverage(model.surface, np.asarray(stated, dtype=np.float64), phi)
    set_uniform(block, "phi_s", phi)


def set_uniform(block: Block, name: str, value: float) -> None:
    """One component everywhere, where the block has it."""
    if name in block:
        block.function.x.array[np.unique(block.component_dofs(name))] = value


def polarise(model: CellModel, voltage: float) -> None:
    """Add what a jump of the counter's potential [RT/F] does before any ion has moved: a uniform field. Concentrations
    and overpotentials stay; only a cell that resolves the double layers has this state."""
    block, domain = model.bulk, model.domain
    if not voltage or not model.structure.poisson or domain.profile is None:
        return
    x, y = np.moveaxis(block.nodes(), -1, 0) * domain.length_scale
    height = np.asarray(domain.profile.height(x))
    rise = voltage * (y - height) / (domain.width - height)
    for name, charge in (("phi", 1), ("mu_li", 1), ("mu_anion", -1)):
        if name in block:
            block.function.x.array[block.component_dofs(name)] += charge * rise


def _rest(model: CellModel) -> tuple[float, float]:
    """mu_li [kT] and phi [RT/F] of rest; mu_anion is 0.

    c_anion = c_0, c_li = c_0 - rho_fix/F and phi = 0; beside a reservoir of free solution outside Donnan equilibrium
    with it instead: mu_li = 0, phi = asinh(rho_fix/(2 F c_0)).
    """
    p = model.parameters
    if p.anode.outside or p.counter.outside:
        return 0.0, math.asinh(p.fixed_charge / 2)
    return math.log1p(-p.fixed_charge), 0.0


def _wall_drop(model: CellModel) -> float:
    """Potential of the reaction plane of an uncharged counter electrode against its metal [RT/F].

    The wall's own charge stands against that of the metal, over the Stern layer. Without it a given current would leave
    that charge to the whole cell: sigma W/epsilon, kilovolts.
    """
    electrode = model.counter
    if not model.structure.poisson or electrode.structure.stern != FINITE:
        return 0.0
    return sample_mean(electrode.surface_charge) / float(model.constants["counter_stern"].value)


def _nodes_x(model: CellModel, surface: Surface, n_nodes: int) -> Array:
    """x [m] of the nodes of the sites' facets, shape (facets, nodes)."""
    mesh = surface.block.function.function_space.mesh
    x = sampled(mesh, sample_points(mesh)[:, :, 0], "x")
    return _at_nodes(x, n_nodes) * model.domain.length_scale


def _set_coverage(surface: Surface, stated: Array, phi: float) -> None:
    """mu_s at the nodes of the sites' facets, each the average of what the facets beside it ask for; ``stated`` is the
    coverage [1] there, shape (facets, nodes), ``phi`` the potential of the plane [RT/F]."""
    function = surface.block.function
    dofs = surface.block.component_dofs("mu_s")
    weight = fem.Function(function.function_space)
    np.add.at(function.x.array, dofs, _potential_of_coverage(surface.classes, stated, phi))
    np.add.at(weight.x.array, dofs, 1.0)
    for shared in (function, weight):
        shared.x.scatter_reverse(la.InsertMode.add)
        shared.x.scatter_forward()
    function.x.array[:] /= np.maximum(weight.x.array, 1.0)


def _potential_of_coverage(classes: tuple[SiteClass, ...], stated: Array, phi: float) -> Array:
    """mu_s [kT], shape (facets, nodes), at which sites are covered as ``stated`` on average over their classes, at
    the plane potential ``phi`` [RT/F]. The maps are those that the residual sees: the quadratic through each facet's
    samples."""
    n_nodes = stated.shape[1]
    energies = [_at_nodes(site.energy, n_nodes) for site in classes]
    capacities = [np.maximum(_at_nodes(site.capacity, n_nodes), _TINY) for site in classes]
    total = np.sum(capacities, axis=0)
    wanted = phi + np.log(stated / (1 - stated))
    low, high = np.min(energies, axis=0) + wanted - 1.0, np.max(energies, axis=0) + wanted + 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        held = sum(g * coverage(middle, phi, e) for g, e in zip(capacities, energies, strict=True)) / total
        low, high = np.where(held < stated, middle, low), np.where(held < stated, high, middle)
    return np.asarray((low + high) / 2)


def _at_nodes(sampled: fem.Function, n_nodes: int) -> Array:
    """A sampled coefficient at the nodes of the facets (ends, then the middle), shape (facets, nodes)."""
    space = sampled.function_space
    table = space.ufl_element().basix_element.tabulate(0, _NODES[:n_nodes, None])[0, :, :, 0]
    return np.asarray(sampled.x.array[np.asarray(space.dofmap.list)] @ table.T)
