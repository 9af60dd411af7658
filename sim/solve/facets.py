"""Facet meshes and measures of the two electrodes, and what the separator's maps give on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import mesh

from sim.domain.domain import ANODE, COUNTER, Domain
from sim.domain.sites import SiteFields, SiteSample
from sim.solve.compat import Submesh, facet_submesh
from sim.solve.parallel import any_rank

_BARE, _SITES, _COUNTER = 1, 2, 3

#: degree of exactness along the electrodes: three Gauss points, the very points at which the maps are sampled
FACET_QUADRATURE_DEGREE = 5


@dataclass(frozen=True)
class Facets:
    """Facet meshes and measures. ``sites`` are the anode facets that carry sites (``None``: nowhere), ``occupied``
    tells them among those of the anode."""

    anode: Submesh
    counter: Submesh
    sites: Submesh | None
    occupied: npt.NDArray[np.bool_]
    ds_anode: Any
    ds_bare: Any | None
    ds_sites: Any | None
    ds_counter: Any


def sample_sites(fields: SiteFields, submesh: Submesh, length_scale: float) -> SiteSample:
    """The separator's maps at the sample points of a facet mesh, shape (facets, 3)."""
    geometry = submesh.mesh.geometry
    ends = geometry.x[np.asarray(geometry.dofmap)[:, :2], 0] * length_scale
    return fields.on_facets(ends[:, 0], ends[:, 1])


def occupied_facets(fields: SiteFields, anode: Submesh, length_scale: float) -> npt.NDArray[np.bool_]:
    """Which facets of the anode carry sites."""
    capacity = sample_sites(fields, anode, length_scale).capacity
    return np.asarray(capacity.max(axis=1, initial=0.0) > 0)


def make_facets(domain: Domain, fields: SiteFields) -> Facets:
    """Split the anode into facets without and with sites; collective."""
    cell, tags = domain.mesh, domain.facet_tags
    anode = facet_submesh(cell, tags.find(ANODE))
    counter = facet_submesh(cell, tags.find(COUNTER))
    occupied = occupied_facets(fields, anode, domain.length_scale)
    markers = np.concatenate(
        [np.where(occupied, _SITES, _BARE), np.full(counter.parent_facets.size, _COUNTER)]
    )
    indices = np.concatenate([anode.parent_facets, counter.parent_facets])
    order = np.argsort(indices)
    marked = mesh.meshtags(cell, cell.topology.dim - 1, indices[order], markers[order].astype(np.int32))
    metadata = {"quadrature_degree": FACET_QUADRATURE_DEGREE}
    ds = ufl.Measure("ds", domain=cell, subdomain_data=marked, metadata=metadata)
    some_sites = any_rank(cell.comm, bool(np.any(occupied)))
    some_bare = any_rank(cell.comm, bool(np.any(~occupied)))
    parts = tuple(part for part, present in ((_BARE, some_bare), (_SITES, some_sites)) if present)
    return Facets(
        anode=anode,
        counter=counter,
        sites=facet_submesh(cell, np.sort(anode.parent_facets[occupied])) if some_sites else None,
        occupied=occupied,
        ds_anode=ds(parts),
        ds_bare=ds(_BARE) if some_bare else None,
        ds_sites=ds(_SITES) if some_sites else None,
        ds_counter=ds(_COUNTER),
    )
