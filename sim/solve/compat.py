"""The only place that knows dolfinx versions (0.9 to 0.11).

Code elsewhere is written against the newest API: a submesh comes with an entity map, forms take a list of entity maps.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import __version__, fem, jit, mesh
from dolfinx.fem import petsc

from sim.solve.stopwatch import Stopwatch

_VERSION = tuple(int(part) for part in __version__.split(".")[:2])
_HAS_ENTITY_MAP = _VERSION >= (0, 10)

#: C compiler flags of generated kernels: -O2 compiles in a fifth of the time of -O3 -march=native and runs as fast
#: and other processes are waited for while they compile the same [s]
JIT_OPTIONS: dict[str, Any] = {"cffi_extra_compile_args": ["-O2"], "timeout": 60}
#: kernels of this process by the signature of their form and all options
_kernels: dict[tuple[str, str, str], Any] = {}
#: where the time of this process for kernels goes: stage "kernels", one call for each that was loaded or compiled
kernel_watch = Stopwatch()


@dataclass(frozen=True)
class Submesh:
    """A mesh of facets, the parent facet of each of its cells, and the map that forms need."""

    mesh: mesh.Mesh
    parent_facets: npt.NDArray[np.int32]
    entity_map: Any


def facet_submesh(parent: mesh.Mesh, facets: npt.NDArray[np.int32]) -> Submesh:
    """Submesh of the given local facets (sorted, owned and ghosted alike)."""
    tdim = parent.topology.dim
    created = mesh.create_submesh(parent, tdim - 1, facets)
    submesh = created[0]
    if _HAS_ENTITY_MAP:
        cells = submesh.topology.index_map(tdim - 1)
        local = np.arange(cells.size_local + cells.num_ghosts, dtype=np.int32)
        parents = created[1].sub_topology_to_topology(local, inverse=False)
        return Submesh(submesh, np.asarray(parents, dtype=np.int32), created[1])
    parents = np.asarray(created[1], dtype=np.int32)
    facet_map = parent.topology.index_map(tdim - 1)
    inverse = np.full(facet_map.size_local + facet_map.num_ghosts, -1, dtype=np.int32)
    inverse[parents] = np.arange(parents.size, dtype=np.int32)
    return Submesh(submesh, parents, inverse)


def compile_form(form: Any, submeshes: tuple[Submesh, ...] = ()) -> fem.Form:
    """Compiled form; ``submeshes`` are those whose functions it mentions beside its own mesh."""
    entity_maps: Any
    if _HAS_ENTITY_MAP:
        entity_maps = [submesh.entity_map for submesh in submeshes] or None
    else:
        entity_maps = {submesh.mesh: submesh.entity_map for submesh in submeshes} or None
    with _remembered_kernels():
        return _form(form, entity_maps)


def _form(form: Any, entity_maps: Any) -> fem.Form:
    try:
        return fem.form(form, entity_maps=entity_maps, jit_options=JIT_OPTIONS)
    except TimeoutError:
        if not forget_abandoned(_kernel_folder(), JIT_OPTIONS["timeout"]):
            raise
        return fem.form(form, entity_maps=entity_maps, jit_options=JIT_OPTIONS)


@contextmanager
def _remembered_kernels() -> Iterator[None]:
    """Let dolfinx find the kernels that this process has loaded already by the signature of their form.

    It looks for each among all files of a folder, which would cost a sweep a tenth to a third of every point's time,
    and the start of a run 7 ms a form where its cache has grown to thousands of files: forms have folders by how their
    signatures begin.
    """
    load = jit.ffcx_jit

    def find(comm: Any, form: Any, *, jit_options: dict[str, Any], **named: Any) -> Any:
        signature = form.signature()
        key = (signature, repr(jit_options), repr(sorted(named.items())))
        if key not in _kernels:
            options = jit_options | {"cache_dir": _kernel_folder() / signature[:2]}
            with kernel_watch.stage("kernels"):
                _kernels[key] = load(comm, form, jit_options=options, **named)
        return _kernels[key]

    jit.ffcx_jit = find
    try:
        yield
    finally:
        jit.ffcx_jit = load


def assemble_into(matrix: Any, form: fem.Form) -> None:
    """Add a bilinear form to a matrix of PETSc; ends with it unassembled."""
    petsc.assemble_matrix(matrix, form)


def _kernel_folder() -> Path:
    """Where compiled kernels are kept: a folder of ours in the cache of dolfinx."""
    return Path(jit.get_options(JIT_OPTIONS)["cache_dir"]) / "separator-sim"


def forget_abandoned(cache: Path, age: float) -> int:
    """Remove sources of kernels older than an age [s] that nobody finished compiling; returns how many.

    A process that was killed while it compiled leaves one, and every later one would wait for it in vain.
    """
    found = 0
    for source in cache.rglob("libffcx_*.c"):
        with suppress(FileNotFoundError):
            if not source.with_suffix(".c.cached").exists() and time.time() - source.stat().st_mtime > age:
                source.unlink()
                found += 1
    return found


def collapsed_component(space: Any, number: int) -> tuple[Any, npt.NDArray[np.int64]]:
    """A component of a mixed space as a space of its own, and where its dofs stand in the mixed one."""
    collapsed, mapped = space.sub(number).collapse()
    return collapsed, np.ravel(
        np.asarray(mapped, dtype=np.int64)
    )  # newer releases give one array per cell type
