"""The same cell on a coarser or finer mesh of the same family, for estimates of the discretisation error.

Rows grow geometrically from a wall cell w by g, y_k = w (g^k - 1)/(g - 1). A mesh r times as fine has its rows on the
same curve at k/r: growth g^(1/r) and wall cell w (g^(1/r) - 1)/(g - 1), hence w/r without growth. A thinner wall cell
with the growth kept would add a row and leave all the others, and their error, as they are.
"""

from __future__ import annotations

import math

from sim.config import RunConfig
from sim.domain.errors import DomainError
from sim.domain.layout import largest_cell_of, tensor_layout, wall_cell_of
from sim.domain.sites import SiteFields

#: fewest columns that a config may ask for
FEWEST_COLUMNS = 2


def check_refinable(cfg: RunConfig) -> None:
    """DomainError for a user's own mesh, which only its owner can refine."""
    if cfg.cell.anode_profile.kind == "mesh":
        raise DomainError(
            f"{cfg.cell.anode_profile.file}: a mesh of your own cannot be refined here; run without --mesh-study "
            "and --tolerance, and compare with runs on coarser and finer meshes of yours"
        )


def refined(cfg: RunConfig, columns: float, rows: float | None = None) -> RunConfig:
    """The config with ``columns`` times as many columns and ``rows`` times as many rows (below 1: fewer; absent: as
    many times as columns), of the same grading.

    Raises DomainError for a user's own mesh.
    """
    check_refinable(cfg)
    rows = columns if rows is None else rows
    sites = SiteFields.from_config(cfg.interface, cfg.cell.length, cfg.cell.sides)
    present = tensor_layout(cfg, sites)[0].columns.size - 1
    growth = cfg.mesh.growth ** (1 / rows)
    shrinkage = 1 / rows if math.isclose(cfg.mesh.growth, 1) else (growth - 1) / (cfg.mesh.growth - 1)
    mesh = cfg.mesh.model_copy(
        update={
            "columns": max(FEWEST_COLUMNS, round(columns * present)),
            "wall_cell": shrinkage * wall_cell_of(cfg),
            "growth": growth,
            "max_cell": largest_cell_of(cfg) / rows,
        }
    )
    return cfg.model_copy(update={"mesh": mesh})
