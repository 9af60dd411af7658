"""Meshes kept between runs, under a hash of everything they depend on.

A mesh is determined by its node lines, so these (as bytes) are hashed rather than the settings they came
from: no setting can be forgotten. Writers use a temporary name and a rename, so concurrent runs never see
half a file.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import tempfile
from pathlib import Path

import numpy as np

from sim.domain.arrays import MeshArrays
from sim.domain.errors import DomainError
from sim.domain.geometry import TensorLayout, write_tensor_mesh
from sim.domain.meshfile import read_mesh

#: Raise this when the meaning of a cached file changes.
FORMAT_VERSION = 2


def cache_folder() -> Path:
    """Where meshes are kept: `meshes` in $SIM_CACHE_DIR, else in separator-sim of the user's cache folder."""
    own = os.environ.get("SIM_CACHE_DIR")
    if own:
        return Path(own) / "meshes"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "separator-sim" / "meshes"


def layout_hash(layout: TensorLayout) -> str:
    """sha256 (hex) of the layout, the version of gmsh and that of the file format."""
    digest = hashlib.sha256(f"{FORMAT_VERSION} gmsh {_gmsh_version()}".encode())
    for positions in (layout.columns, layout.rows, layout.heights):
        digest.update(f" {positions.size} ".encode() + np.ascontiguousarray(positions, dtype="<f8").tobytes())
    return digest.hexdigest()


def _gmsh_version() -> str:
    """gmsh's version, without loading its library where the package says it."""
    try:
        return importlib.metadata.version("gmsh")
    except importlib.metadata.PackageNotFoundError:
        import gmsh

        return str(gmsh.__version__)


def cached_mesh(layout: TensorLayout) -> tuple[MeshArrays, Path]:
    """The layout's mesh and its file, built unless a sound file is there already.

    A damaged file is built anew. Where the cache cannot be written, a temporary folder serves.
    """
    path = cache_folder() / f"{layout_hash(layout)}.msh"
    cells = (layout.columns.size - 1) * (layout.rows.size - 1)
    if path.exists():
        try:
            arrays = read_mesh(path)
            if arrays.cells.shape[0] == cells:
                return arrays, path
        except DomainError:
            pass  # cut short or foreign: rebuilt below
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _build(layout, path), path
    except OSError:
        fallback = Path(tempfile.mkdtemp(prefix="sim-mesh-")) / path.name
        return _build(layout, fallback), fallback


def _build(layout: TensorLayout, path: Path) -> MeshArrays:
    """Build the mesh beside its final name, read it back and give it that name."""
    handle, name = tempfile.mkstemp(suffix=".msh", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write_tensor_mesh(layout, temporary)
        arrays = read_mesh(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return arrays
