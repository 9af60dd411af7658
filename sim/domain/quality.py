"""What a mesh resolves and how well shaped its cells are, measured on the mesh itself."""

from __future__ import annotations

from dataclasses import dataclass

import basix
import basix.ufl
import numpy as np

from sim.domain.aliases import Floats
from sim.domain.arrays import Boundary, MeshArrays, find_edges
from sim.domain.errors import DomainError

#: In Poisson mode a first cell thicker than this many Debye lengths misses the double layer.
THICKEST_WALL_CELL = 0.5
#: Facets longer than this part of the length over which site densities vary do not follow them.
COARSEST_MAP_FACET = 0.5
#: Scaled Jacobian (sine of the worst angle) below which cells are called skewed.
SKEWED = 0.1


@dataclass(frozen=True)
class MeshReport:
    """Sizes and quality of a mesh; lengths in metres."""

    n_cells: int
    rows: int | None  #: None for a user's mesh
    columns: int | None
    debye_length: float
    wall_cell_anode: tuple[float, float]  #: least and largest height of the first cells, along the normal
    wall_cell_counter: tuple[float, float]
    min_cell: float  #: shortest edge
    max_cell: float  #: longest edge
    max_aspect: float  #: longest edge² over area, 1 for a square or an equilateral triangle
    min_scaled_jacobian: (
        float  #: sine of the worst angle, scaled to 1 for rectangles and equilateral triangles
    )
    warnings: tuple[str, ...]

    def as_lines(self) -> list[str]:
        """The report for a terminal or a log, one line per subject."""
        layout = "imported" if self.rows is None else f"{self.columns} columns x {self.rows} rows"
        lines = [f"cells                {self.n_cells} ({layout})"]
        for name, (least, largest) in (("anode", self.wall_cell_anode), ("counter", self.wall_cell_counter)):
            share = f"{least / self.debye_length:.3g} to {largest / self.debye_length:.3g} Debye lengths"
            lines.append(f"{'first cell, ' + name:20s} {least:.4g} to {largest:.4g} m ({share})")
        lines += [
            f"Debye length         {self.debye_length:.4g} m",
            f"edges                {self.min_cell:.4g} to {self.max_cell:.4g} m",
            f"largest aspect       {self.max_aspect:.4g}",
            f"scaled Jacobian      {self.min_scaled_jacobian:.3f} at least",
        ]
        return lines + [f"warning: {warning}" for warning in self.warnings]


@dataclass(frozen=True)
class Needs:
    """What a mesh has to resolve; lengths in metres."""

    debye_length: float
    poisson: bool  #: whether double layers are resolved
    map_length: float | None  #: shortest length over which site densities vary


def measure(
    arrays: MeshArrays, needs: Needs, rows: int | None = None, columns: int | None = None
) -> MeshReport:
    """The report of a mesh; rows and columns where it is a tensor mesh. DomainError for a folded mesh."""
    jacobian, areas = _jacobians(arrays)
    worst = float(jacobian.min())
    if worst <= 0.0:
        bad = int(np.argmin(jacobian.min(axis=1)))
        x, y = arrays.points[arrays.cells[bad]].mean(axis=0)
        raise DomainError(
            f"the mesh is folded: {int(np.sum(jacobian.min(axis=1) <= 0.0))} cells overlap themselves, "
            f"the worst near x = {x:.4g} m, y = {y:.4g} m; "
            "the boundary is too steep or curved for the cells along it"
        )
    ends = arrays.points[arrays.cell_edges()]
    lengths = np.linalg.norm(ends[..., 1, :] - ends[..., 0, :], axis=-1)
    regular = 1.0 if arrays.shape.vertices == 4 else np.sqrt(3.0) / 4.0
    walls = [_wall_cells(arrays, part) for part in (Boundary.ANODE, Boundary.COUNTER)]
    return MeshReport(
        n_cells=arrays.cells.shape[0],
        rows=rows,
        columns=columns,
        debye_length=needs.debye_length,
        wall_cell_anode=walls[0],
        wall_cell_counter=walls[1],
        min_cell=float(lengths.min()),
        max_cell=float(lengths.max()),
        max_aspect=float(np.max(regular * lengths.max(axis=1) ** 2 / areas)),
        min_scaled_jacobian=worst,
        warnings=tuple(_warnings(arrays, needs, walls, worst)),
    )


def _warnings(arrays: MeshArrays, needs: Needs, walls: list[tuple[float, float]], worst: float) -> list[str]:
    """What a user should know before trusting results from this mesh."""
    found = []
    debye_length = needs.debye_length
    for name, (_, thickest) in zip(("anode", "counter"), walls, strict=True):
        if needs.poisson and thickest > THICKEST_WALL_CELL * debye_length:
            found.append(
                f"first cells at the {name} are up to {thickest / debye_length:.3g} Debye lengths thick: the "
                f"double layer is not resolved (needs {0.1 * debye_length:.3g} m, or electroneutral mode)"
            )
    anode = arrays.points[arrays.facets[arrays.facet_tags == Boundary.ANODE]][..., 0]
    widest = float(np.max(np.abs(anode[:, 1] - anode[:, 0])))
    if needs.map_length is not None and widest > COARSEST_MAP_FACET * needs.map_length:
        found.append(
            f"site densities vary over {needs.map_length:.3g} m but the anode's facets are up to "
            f"{widest:.3g} m long: finer features count by their mean on a facet (raise mesh.columns)"
        )
    if worst < SKEWED:
        found.append(f"skewed cells: the scaled Jacobian falls to {worst:.3g}")
    return found


def total_area(arrays: MeshArrays) -> float:
    """The area of all cells [m²]."""
    return float(_jacobians(arrays)[1].sum())


def _jacobians(arrays: MeshArrays) -> tuple[Floats, Floats]:
    """(scaled Jacobians at the nodes of every cell, areas [m²]); positive where a cell is not folded."""
    element = basix.ufl.element("Lagrange", arrays.shape.basix_name, arrays.shape.degree).basix_element
    nodes = arrays.points[arrays.cells[:, arrays.shape.to_basix]]

    def derivatives(where: Floats) -> tuple[Floats, Floats]:
        table = element.tabulate(1, where)[1:, :, :, 0]
        along, across = (np.einsum("pn,cnd->cpd", table[k], nodes) for k in (0, 1))
        return along, across

    def determinant(a: Floats, b: Floats) -> Floats:
        return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])

    points, weights = basix.make_quadrature(element.cell_type, 4)
    areas = determinant(*derivatives(np.asarray(points))) @ np.asarray(weights)
    along, across = derivatives(np.asarray(element.points))
    first, second = np.linalg.norm(along, axis=-1), np.linalg.norm(across, axis=-1)
    scale = first * second
    if arrays.shape.vertices == 3:
        third = np.linalg.norm(across - along, axis=-1)
        # The smallest of the three angles, relative to the equilateral triangle's.
        scale = np.sqrt(3.0) / 2.0 * np.maximum(scale, third * np.maximum(first, second))
    return determinant(along, across) / scale * np.sign(areas)[:, None], np.abs(areas)


def _wall_cells(arrays: MeshArrays, part: Boundary) -> tuple[float, float]:
    """Least and largest height of the cells on one electrode, along the normal of their facets [m]."""
    edges, owners = arrays.boundary_edges()
    facets = arrays.facets[arrays.facet_tags == part]
    cells = owners[find_edges(edges, facets)]
    corners = arrays.cells[cells, : arrays.shape.vertices]
    first, last = arrays.points[facets[:, 0]], arrays.points[facets[:, 1]]
    inside = (arrays.points[corners].sum(axis=1) - first - last) / (arrays.shape.vertices - 2)
    chord, reach = last - first, inside - 0.5 * (first + last)
    heights = np.abs(chord[:, 0] * reach[:, 1] - chord[:, 1] * reach[:, 0]) / np.linalg.norm(chord, axis=1)
    return float(heights.min()), float(heights.max())
