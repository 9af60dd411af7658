"""Time series of fields for ParaView, pyvista and meshio: ``bulk.pvd`` and ``interface.pvd`` with one
``.vtu`` per time.

All fields stand at quadratic nodes in SI units. Everything is gathered to rank 0; the ``.pvd`` is rewritten
after each time, so that a running or killed run opens.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import basix
import basix.ufl
import numpy as np
import numpy.typing as npt
from dolfinx import fem

from sim.output.atomic import write_text, write_whole
from sim.output.flux import FluxField, tie_sides
from sim.output.trace import scalar_element
from sim.physics.bulk import concentration, electroneutral_potential
from sim.solve.model import CellModel
from sim.solve.parallel import gathered

Array = npt.NDArray[np.float64]

#: meshio's cell types, and VTK's node order in terms of basix', for quadratic cells
_VTK = {
    "quadrilateral": ("quad9", [0, 1, 3, 2, 4, 6, 7, 5, 8]),
    "triangle": ("triangle6", [0, 1, 2, 5, 3, 4]),
}


class BulkFields:
    """phi, c_li, c_anion and the flux of Li+ at the quadratic nodes of the cell, gathered to rank 0."""

    def __init__(self, model: CellModel) -> None:
        self._model, self._comm = model, model.domain.mesh.comm
        mesh = model.domain.mesh
        cell = mesh.basix_cell()
        name = cell if isinstance(cell, str) else cell.name
        self._meshio_type, self._order = _VTK[name]
        space = fem.functionspace(mesh, basix.ufl.element("Lagrange", name, 2))
        index_map = space.dofmap.index_map
        n_cells = mesh.topology.index_map(mesh.topology.dim).size_local
        self._dofs = np.asarray(space.dofmap.list)[:n_cells]
        self._n_owned = index_map.size_local
        points = space.tabulate_dof_coordinates()[: self._n_owned, :2] * model.domain.length_scale
        local = index_map.local_to_global(
            np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
        )
        cells = gathered(self._comm, np.asarray(local)[self._dofs])
        everywhere = gathered(self._comm, points)
        self._cells = None if cells is None else cells[:, self._order]
        self._points = None if everywhere is None else np.pad(everywhere, ((0, 0), (0, 1)))
        number = 0 if len(model.bulk.names) > 1 else None
        nodes = space.ufl_element().basix_element.points
        element = scalar_element(model.bulk.function.function_space, number).basix_element
        self._table = element.tabulate(0, nodes)[0, :, :, 0]
        self._flux = FluxField(model, space)

    def _nodal(self, name: str) -> Array:
        bulk = self._model.bulk
        values = bulk.function.x.array[bulk.component_dofs(name)[: len(self._dofs)]] @ self._table.T
        result = np.zeros(int(self._dofs.max(initial=-1)) + 1 if self._dofs.size else 0)
        result[self._dofs] = values
        return result[: self._n_owned]

    def gather(self) -> tuple[Array, list[tuple[str, Any]], dict[str, Array]] | None:
        """Points [m], cells and point data on rank 0 (``None`` elsewhere); collective."""
        model = self._model
        scales = model.parameters.scales
        mu_li, mu_anion = self._nodal("mu_li"), self._nodal("mu_anion")
        if model.parameters.poisson:
            phi = self._nodal("phi")
        else:
            phi = np.asarray(electroneutral_potential(mu_li, mu_anion, model.parameters.fixed_charge or None))
        c_li = concentration(mu_li, phi, 1)
        own = {
            "phi_V": phi * scales.potential,
            "c_li_mol_m3": c_li * scales.concentration,
            "c_anion_mol_m3": concentration(mu_anion, phi, -1) * scales.concentration,
        }
        stacked = gathered(self._comm, np.column_stack([*own.values(), self._flux.owned(c_li)]))
        if self._points is None or self._cells is None or stacked is None:
            return None
        data = {name: stacked[:, number] for number, name in enumerate(own)}
        flux = stacked[:, len(own) :]
        if model.config.cell.sides == "periodic":
            tie_sides(self._points, flux)
        data["li_flux_mol_m2_s"] = np.pad(flux, ((0, 0), (0, 1)))
        return self._points, [(self._meshio_type, self._cells)], data


def interface_grid(table: dict[str, Array]) -> tuple[Array, list[tuple[str, Any]], dict[str, Array]]:
    """The columns of ``interface.csv`` as quadratic edges."""
    n = table["x_m"].size
    points = np.column_stack([table["x_m"], table["y_m"], np.zeros(n)])
    first = np.arange(0, n - 2, 2)
    data = {name: column for name, column in table.items() if name not in ("x_m", "y_m")}
    return points, [("line3", np.column_stack([first, first + 2, first + 1]))], data


class FieldSeries:
    """One ``.pvd`` and its ``.vtu`` files."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._entries: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def continue_from(self, frames: int) -> None:
        """Go on after the first ``frames`` that are there; later ones, as that of a stop, give way."""
        index = self._folder / f"{self._name}.pvd"
        if index.exists():
            self._entries = _read_collection(index)[:frames]

    def write(self, time: float, grid: tuple[Array, list[tuple[str, Any]], dict[str, Array]]) -> None:
        """Add one time [s]."""
        import meshio

        self._folder.mkdir(parents=True, exist_ok=True)
        points, cells, data = grid
        file = f"{self._name}_{len(self._entries):04d}.vtu"
        mesh = meshio.Mesh(points, cells, point_data=data)
        write_whole(self._folder / file, lambda temporary: meshio.vtu.write(temporary, mesh, binary=True))
        self._entries.append((time, file))
        sets = "\n".join(
            f'    <DataSet timestep="{t!r}" part="0" file="{escape(f)}"/>' for t, f in self._entries
        )
        text = '<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1">\n  <Collection>\n'
        write_text(self._folder / f"{self._name}.pvd", f"{text}{sets}\n  </Collection>\n</VTKFile>\n")


def _read_collection(path: Path) -> list[tuple[float, str]]:
    from xml.etree import ElementTree

    sets = ElementTree.parse(path).getroot().iter("DataSet")
    return [(float(entry.attrib["timestep"]), entry.attrib["file"]) for entry in sets]
