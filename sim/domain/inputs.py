"""The files and functions that a config names, checked before anything is built or written."""

from __future__ import annotations

from pathlib import Path

from sim.config import RunConfig
from sim.domain.coverage import coverage_function
from sim.domain.layout import tensor_layout
from sim.domain.meshfile import read_mesh
from sim.domain.sites import SiteFields


def check_inputs(cfg: RunConfig) -> None:
    """Read the files that the config names and check its profile and maps, without a mesh. Raises DomainError."""
    sites = SiteFields.from_config(cfg.interface, cfg.cell.length, cfg.cell.sides)
    if cfg.interface.initial_coverage is not None:
        coverage_function(cfg.interface.initial_coverage, cfg.cell.length)
    if cfg.cell.anode_profile.kind == "mesh":
        read_mesh(Path(cfg.cell.anode_profile.file))
    else:
        tensor_layout(cfg, sites)
