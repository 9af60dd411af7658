"""The cell as the solver sees it: a distributed mesh in units of the width, its boundary tagged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from dolfinx import mesh as dmesh
from mpi4py import MPI

from sim.config import RunConfig
from sim.domain.arrays import Boundary, MeshArrays
from sim.domain.distribute import distribute
from sim.domain.errors import DomainError
from sim.domain.geometry import layout_hash, tensor_mesh, write_tensor_mesh
from sim.domain.layout import debye_length_of, tensor_layout
from sim.domain.meshfile import read_mesh
from sim.domain.profiles import Profile
from sim.domain.quality import MeshReport, Needs, measure, total_area
from sim.domain.sites import SiteFields

ANODE = int(Boundary.ANODE)
COUNTER = int(Boundary.COUNTER)
SIDE_LEFT = int(Boundary.SIDE_LEFT)
SIDE_RIGHT = int(Boundary.SIDE_RIGHT)

#: How well a user's mesh must fit cell.length and cell.width.
SIZE_TOLERANCE = 1e-6
#: How far apart in y the nodes of periodic sides may lie, relative to cell.width; a thousandth of a wall cell.
SAME_HEIGHT = 1e-9


@dataclass(frozen=True)
class Domain:
    """Mesh, boundary and dimensions of one cell."""

    mesh: dmesh.Mesh  #: coordinates divided by length_scale
    facet_tags: dmesh.MeshTags  #: ANODE, COUNTER, SIDE_LEFT, SIDE_RIGHT; every facet of the boundary has one
    length_scale: float  #: metres per unit of the mesh, cell.width [m]
    length: float  #: cell.length [m]
    width: float  #: cell.width, from the profile's reference level to the counter electrode [m]
    profile: Profile | None  #: None for a user's mesh
    mean_height: float  #: mean height of the anode above y = 0 [m]; the gap of j_lim is width less this
    max_height: float  #: highest point of the anode [m]
    mesh_hash: str  #: sha256 of what the mesh depends on (of the file, for a user's mesh)
    quality: MeshReport
    needs: Needs  #: what the mesh was measured against

    def is_mesh_of(self, cfg: RunConfig, mesh_hash: str) -> bool:
        """Whether a config's mesh of that hash is this one, in the same units."""
        own = (self.mesh_hash, self.length_scale, self.length)
        return own == (mesh_hash, cfg.cell.width, cfg.cell.length)


@dataclass(frozen=True)
class _Source:
    """Everything rank 0 knows before the mesh is distributed (the arrays stay there)."""

    profile: Profile | None
    mean_height: float
    max_height: float
    mesh_hash: str
    quality: MeshReport
    needs: Needs


def make_domain(cfg: RunConfig, comm: MPI.Comm, earlier: Sequence[Domain] = ()) -> Domain:
    """The config's cell: meshed, or read from the user's file, on rank 0 and distributed.

    ``earlier``: domains of this process, the same on every rank, one of which may have the mesh already. Collective.
    Raises DomainError on every rank where the profile or the mesh cannot be used.
    """
    arrays, source, failure = None, None, None
    if comm.rank == 0:
        try:
            arrays, source = _prepare(cfg, earlier)
        except DomainError as error:
            failure = str(error)
    source, failure = comm.bcast((source, failure), root=0)
    if source is None:
        raise DomainError(failure)
    width = cfg.cell.width
    before = next((d for d in earlier if d.is_mesh_of(cfg, source.mesh_hash)), None)
    mesh, facet_tags = distribute(arrays, width, comm) if before is None else (before.mesh, before.facet_tags)
    return Domain(
        mesh=mesh,
        facet_tags=facet_tags,
        length_scale=width,
        length=cfg.cell.length,
        width=width,
        profile=source.profile,
        mean_height=source.mean_height,
        max_height=source.max_height,
        mesh_hash=source.mesh_hash,
        quality=source.quality,
        needs=source.needs,
    )


def _prepare(cfg: RunConfig, earlier: Sequence[Domain] = ()) -> tuple[MeshArrays | None, _Source]:
    """The mesh's arrays (``None`` where an earlier domain has them, measured alike) and what is known of it, on one
    rank."""
    sites = SiteFields.from_config(cfg.interface, cfg.cell.length, cfg.cell.sides)
    poisson = cfg.electrolyte.electrostatics == "poisson"
    needs = Needs(debye_length_of(cfg), poisson, sites.variation_length)
    if cfg.cell.anode_profile.kind == "mesh":
        return _prepare_imported(cfg, Path(cfg.cell.anode_profile.file), needs)
    layout, profile = tensor_layout(cfg, sites)
    digest = layout_hash(layout)
    arrays, quality = (
        None,
        next((d.quality for d in earlier if d.is_mesh_of(cfg, digest) and d.needs == needs), None),
    )
    if quality is None:
        arrays = tensor_mesh(layout)
        quality = measure(arrays, needs, rows=layout.rows.size - 1, columns=layout.columns.size - 1)
    return arrays, _Source(profile, profile.mean_height, profile.max_height, digest, quality, needs)


def _prepare_imported(cfg: RunConfig, path: Path, needs: Needs) -> tuple[MeshArrays, _Source]:
    """A user's mesh, checked against the cell's dimensions."""
    arrays = read_mesh(path)
    (left, _), (right, top) = arrays.points.min(axis=0), arrays.points.max(axis=0)
    for key, found, stated in (("length", right - left, cfg.cell.length), ("width", top, cfg.cell.width)):
        if abs(found - stated) > SIZE_TOLERANCE * stated:
            raise DomainError(
                f"{path}: the mesh has a {key} of {found:.8g} m but cell.{key} is {stated:.8g} m "
                "(x from 0 to the length, y up to the width, in metres)"
            )
    if abs(left) > SIZE_TOLERANCE * cfg.cell.length:
        raise DomainError(f"{path}: x must start at 0, not at {left:.8g} m")
    if cfg.cell.sides == "periodic":
        _check_sides(arrays, path, SAME_HEIGHT * cfg.cell.width)
    mean_height = top - total_area(arrays) / (right - left)
    max_height = float(arrays.points[arrays.nodes_on(Boundary.ANODE), 1].max())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    quality = measure(arrays, needs)
    return arrays, _Source(None, float(mean_height), max_height, digest, quality, needs)


def _check_sides(arrays: MeshArrays, path: Path, tolerance: float) -> None:
    """DomainError unless both sides of a user's mesh have nodes at the same heights [m]."""
    left, right = (
        np.sort(arrays.points[arrays.nodes_on(s), 1]) for s in (Boundary.SIDE_LEFT, Boundary.SIDE_RIGHT)
    )
    if left.size == right.size and np.all(np.abs(left - right) <= tolerance):
        return
    if left.size == right.size:
        found = f"they differ by up to {float(np.max(np.abs(left - right))):.3g} m in y"
    else:
        found = f"the left one has {left.size}, the right one {right.size}"
    raise DomainError(
        f"{path}: with cell.sides: periodic the nodes of the left and the right side must lie at the same heights; "
        f"{found} (in gmsh: Periodic Curve)"
    )


def describe(cfg: RunConfig) -> MeshReport:
    """The report on a config's mesh, which is built or read for it. Not collective; raises DomainError."""
    return _prepare(cfg)[1].quality


def write_msh(cfg: RunConfig, path: Path) -> None:
    """Write the config's mesh as a gmsh 4.1 file in metres with named boundaries.

    Not collective. The file serves again as `anode_profile: {kind: mesh, file: …}`. Raises DomainError, and OSError
    where the file cannot be written.
    """
    if cfg.cell.anode_profile.kind == "mesh":
        raise DomainError("sim mesh -o: this cell's mesh is the user's own file already")
    layout, _ = tensor_layout(cfg, SiteFields.from_config(cfg.interface, cfg.cell.length, cfg.cell.sides))
    path.touch()  # an OSError that says why; gmsh's is none
    write_tensor_mesh(layout, path)
