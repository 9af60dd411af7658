"""Function spaces of the cell: the bulk potentials, and what lives on the electrodes' facets.

Named components keep the residual free of indices: ``block["mu_li"]`` is the UFL component, ``block.test["mu_li"]`` its
test function.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import basix
import basix.ufl
import numpy as np
import ufl
from dolfinx import fem, mesh

from sim.solve.compat import collapsed_component
from sim.solve.parallel import total

#: kinds of finite element of a component
CONTINUOUS, POINTWISE = "continuous", "pointwise"

#: degree of the Gauss-Legendre nodes at which coefficients of the interface are sampled
SAMPLE_DEGREE = 2


@dataclass(frozen=True, eq=False)
class Block:
    """A function whose components are unknowns on one mesh (the cell or facets of an electrode)."""

    function: fem.Function
    names: tuple[str, ...]

    @cached_property
    def _parts(self) -> dict[str, Any]:
        parts = ufl.split(self.function) if len(self.names) > 1 else (self.function,)
        return dict(zip(self.names, parts, strict=True))

    @cached_property
    def test(self) -> dict[str, Any]:
        """Test functions by component."""
        space = self.function.function_space
        parts = ufl.TestFunctions(space) if len(self.names) > 1 else (ufl.TestFunction(space),)
        return dict(zip(self.names, parts, strict=True))

    def __getitem__(self, name: str) -> Any:
        return self._parts[name]

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def component_dofs(self, name: str) -> Any:
        """Dofs of one component by cell, as indices into ``function.x.array``: shape (cells, dofs per cell)."""
        return self._dofs[name]

    @cached_property
    def _dofs(self) -> dict[str, Any]:
        space = self.function.function_space
        if len(self.names) == 1:
            return {self.names[0]: np.asarray(space.dofmap.list)}
        parts = [space.sub(number) for number in range(len(self.names))]
        return {name: np.asarray(part.dofmap.list) for name, part in zip(self.names, parts, strict=True)}

    def owned_dofs(self, name: str) -> Any:
        """Sorted owned dofs of one component."""
        return self._owned[name]

    @cached_property
    def _owned(self) -> dict[str, Any]:
        n_owned = self.function.function_space.dofmap.index_map.size_local
        found = {name: np.unique(self.component_dofs(name)) for name in self.names}
        return {name: dofs[dofs < n_owned] for name, dofs in found.items()}

    def nodes(self) -> Any:
        """Positions (cells, dofs per cell, 2) of the dofs of every continuous component of one element, as
        ``component_dofs`` has them."""
        space = self.function.function_space
        name = self.names[0]
        collapsed, mapped = collapsed_component(space, 0) if len(self.names) > 1 else (space, None)
        points = collapsed.tabulate_dof_coordinates()[:, :2]
        if mapped is None:
            return points[self.component_dofs(name)]
        return points[np.asarray(collapsed.dofmap.list)]

    def is_continuous(self, name: str) -> bool:
        """Whether a component is continuous over the cells of its mesh."""
        space = self.function.function_space
        part = space.sub(self.names.index(name)) if len(self.names) > 1 else space
        return not part.ufl_element().discontinuous

    def owned_points(self, name: str) -> tuple[Any, Any]:
        """Positions (n, 2) and indices (into the owned values) of one component's owned dofs."""
        space = self.function.function_space
        if len(self.names) > 1:
            collapsed, mapped = collapsed_component(space, self.names.index(name))
        else:
            collapsed, mapped = space, np.arange(self.function.x.array.size, dtype=np.int64)
        owned = mapped < space.dofmap.index_map.size_local
        return collapsed.tabulate_dof_coordinates()[: mapped.size, :2][owned], mapped[owned]


def _element(cell: str, kind: str, degree: int) -> Any:
    if kind == CONTINUOUS:
        return basix.ufl.element("Lagrange", cell, degree)
    variant = basix.LagrangeVariant.gl_warped
    return basix.ufl.element("Lagrange", cell, degree, lagrange_variant=variant, discontinuous=True)


def make_block(domain: mesh.Mesh, components: dict[str, str], degree: int, name: str) -> Block:
    """Block of the components ``{name: CONTINUOUS | POINTWISE}`` on a mesh."""
    cell = domain.basix_cell()
    cell_name = cell if isinstance(cell, str) else cell.name
    elements = [_element(cell_name, kind, degree) for kind in components.values()]
    element = elements[0] if len(elements) == 1 else basix.ufl.mixed_element(elements)
    function = fem.Function(fem.functionspace(domain, element), name=name)
    return Block(function, tuple(components))


def sampled(domain: mesh.Mesh, values: Any, name: str) -> fem.Function:
    """Function on a facet mesh from values at each facet's Gauss-Legendre points: shape (facets, SAMPLE_DEGREE + 1).

    Rows follow the local cells of the facet mesh (owned and ghosted), columns its reference coordinate.
    """
    function = unsampled(domain, name)
    set_samples(function, values)
    return function


def unsampled(domain: mesh.Mesh, name: str) -> fem.Function:
    """Such a function before it has values."""
    return fem.Function(fem.functionspace(domain, _element("interval", POINTWISE, SAMPLE_DEGREE)), name=name)


def set_samples(function: fem.Function, values: Any) -> None:
    """Give such a function other values, of the same shape."""
    dofs = np.asarray(function.function_space.dofmap.list).ravel()
    function.x.array[dofs] = np.asarray(values, dtype=float).ravel()


def sample_mean(function: fem.Function) -> float:
    """Plain mean of a sampled coefficient over all ranks. Collective."""
    values = function.x.array
    added, count = total(function.function_space.mesh.comm, np.array([values.sum(), float(values.size)]))
    return float(added / count)


def sample_points(domain: mesh.Mesh) -> Any:
    """Coordinates of those points on a facet mesh: shape (facets, SAMPLE_DEGREE + 1, 3)."""
    space = fem.functionspace(domain, _element("interval", POINTWISE, SAMPLE_DEGREE))
    return space.tabulate_dof_coordinates()[np.asarray(space.dofmap.list)]


class GlobalUnknown:
    """One number that forms can be differentiated by: a piecewise constant function with one value everywhere."""

    def __init__(self, domain: mesh.Mesh, name: str) -> None:
        space = fem.functionspace(domain, ("DG", 0))
        self.name = name
        self.function = fem.Function(space, name=name)
        self.direction = fem.Function(space)
        self.direction.x.array[:] = 1.0
        self._value = 0.0

    @property
    def value(self) -> float:
        """The number, in the model's units."""
        return self._value

    @value.setter
    def value(self, number: float) -> None:
        self._value = float(number)
        self.function.x.array[:] = number

    def derivative(self, form: Any) -> Any:
        """Derivative of a form by this number, a form of the same rank."""
        return ufl.derivative(form, self.function, self.direction)
