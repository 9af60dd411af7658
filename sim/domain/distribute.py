"""From plain arrays on rank 0 to a dolfinx mesh with facet tags on all ranks of a communicator.

Facets are matched by the numbers of their vertices in the input, never by their position: the side facets of
the wall cells are a hundredth of a nanometre long, within any tolerance on coordinates.
"""

from __future__ import annotations

import basix
import basix.ufl
import numpy as np
from dolfinx import mesh as dmesh
from mpi4py import MPI

from sim.domain.aliases import Floats, Ints
from sim.domain.arrays import CELL_SHAPES, MeshArrays, find_edges


def distribute(
    arrays: MeshArrays | None, length_scale: float, comm: MPI.Comm
) -> tuple[dmesh.Mesh, dmesh.MeshTags]:
    """The distributed mesh, coordinates divided by length_scale [m], and the tags of its boundary facets.

    arrays: the mesh on rank 0, None elsewhere. Collective. Cells are not ghosted: a facet of the boundary
    then belongs to the rank of its cell, which is what a submesh of the boundary needs.
    """
    header = None if arrays is None else (arrays.shape.meshio_name, arrays.facets, arrays.facet_tags)
    name, facets, tags = comm.bcast(header, root=0)
    shape = CELL_SHAPES[name]
    cells: Ints = np.empty((0, len(shape.to_basix)), dtype=np.int64)
    points: Floats = np.empty((0, 2))
    if arrays is not None:
        cells = arrays.cells[:, shape.to_basix]
        points = arrays.points / length_scale
    element = basix.ufl.element("Lagrange", shape.basix_name, shape.degree, shape=(2,))
    mesh = dmesh.create_mesh(comm, cells=np.ascontiguousarray(cells), x=points, e=element)
    return mesh, _facet_tags(mesh, facets, tags)


def _facet_tags(mesh: dmesh.Mesh, facets: Ints, tags: Ints) -> dmesh.MeshTags:
    """Tags of this rank's boundary facets, looked up by their vertices' numbers in the input."""
    topology = mesh.topology
    topology.create_connectivity(1, 2)
    topology.create_connectivity(2, 1)
    local = np.sort(dmesh.exterior_facet_indices(topology))
    place = find_edges(facets, _input_vertices(mesh, local))
    known = place >= 0
    facet_tags = dmesh.meshtags(mesh, 1, local[known], tags[place[known]].astype(np.int32))
    facet_tags.name = "boundary"
    return facet_tags


def _input_vertices(mesh: dmesh.Mesh, facets: Ints) -> Ints:
    """The end nodes of each facet, by their numbers in the input arrays, shape (facets, 2)."""
    to_cell, to_facet = mesh.topology.connectivity(1, 2), mesh.topology.connectivity(2, 1)
    cells = to_cell.array[to_cell.offsets[facets]]
    cell_type = getattr(basix.CellType, mesh.topology.cell_name())
    ends = np.array(basix.topology(cell_type)[1])
    sides = np.argmax(to_facet.array.reshape(-1, ends.shape[0])[cells] == facets[:, None], axis=1)
    # A Lagrange cell's first geometry nodes are its vertices, in the order of the reference cell.
    nodes = mesh.geometry.dofmap[cells[:, None], ends[sides]]
    numbers: Ints = mesh.geometry.input_global_indices[nodes]
    return numbers
