"""From a config to the tensor layout of its mesh: the defaults of `mesh.*` and what they resolve."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.config import Cell, Mesh, RunConfig, TableProfile
from sim.domain.errors import DomainError
from sim.domain.geometry import TensorLayout, with_midpoints
from sim.domain.profiles import Profile, profile_function
from sim.domain.sites import SiteFields
from sim.domain.spacing import MapScale, columns, graded_rows
from sim.physics.scaling import debye_length

#: First cell at the electrodes in Poisson mode, in Debye lengths (5e-5 in the current with P2; growth 2).
WALL_CELL_DEBYE_LENGTHS = 0.1
#: First cell at the electrodes in electroneutral mode, in widths: no double layer but diffusion layers.
WALL_CELL_WIDTHS = 1.0 / 200.0
#: Largest cell, in widths.
MAX_CELL_WIDTHS = 1.0 / 16.0
#: The highest part of the cell that lithium may fill.
MOST_FILLED = 0.95


def debye_length_of(cfg: RunConfig) -> float:
    """The Debye length of the electrolyte at rest [m]."""
    electrolyte = cfg.electrolyte
    return debye_length(electrolyte.concentration, electrolyte.relative_permittivity, cfg.temperature)


def wall_cell_of(cfg: RunConfig) -> float:
    """Height of the first cell at the electrodes [m], stated or by default."""
    if cfg.mesh.wall_cell is not None:
        return cfg.mesh.wall_cell
    if cfg.electrolyte.electrostatics == "poisson":
        return WALL_CELL_DEBYE_LENGTHS * debye_length_of(cfg)
    return WALL_CELL_WIDTHS * cfg.cell.width


def largest_cell_of(cfg: RunConfig) -> float:
    """Largest size of a cell [m], stated or by default."""
    return cfg.mesh.max_cell or MAX_CELL_WIDTHS * cfg.cell.width


def tensor_layout(cfg: RunConfig, sites: SiteFields) -> tuple[TensorLayout, Profile]:
    """Columns, graded rows and profile heights of the config's cell [m], and the profile they follow.

    Raises DomainError for a profile that reaches the counter electrode or does not close over periodic sides.
    """
    first, largest = wall_cell_of(cfg), largest_cell_of(cfg)
    edges = tuple(float(edge) for edge in sites.edges)
    if isinstance(cfg.cell.anode_profile, TableProfile):  # its file may have changed
        return _laid_out(cfg.cell, cfg.mesh, first, largest, sites.variation_length, edges)
    return _remembered(cfg.cell, cfg.mesh, first, largest, sites.variation_length, edges)


def _laid_out(
    cell: Cell,
    mesh: Mesh,
    first: float,
    largest: float,
    variation: float | None,
    edges: tuple[float, ...],
) -> tuple[TensorLayout, Profile]:
    """Layout of a cell with a first and a largest size of its rows [m], and how its sites vary along x [m]."""
    profile = profile_function(cell.anode_profile, cell.length, cell.sides)
    _check_profile(profile, cell.width, cell.sides)
    x = columns(profile, largest, mesh.columns, MapScale(variation, np.array(edges)))
    rows = graded_rows(cell.width, first, mesh.growth, largest)
    heights = profile.height(with_midpoints(x))
    if cell.sides == "periodic":
        heights[-1] = heights[0]  # equal up to rounding: now the nodes of both sides match exactly
    for positions in (x, rows, heights):
        positions.flags.writeable = False
    return TensorLayout(x, rows, heights), profile


#: the points of a sweep have few layouts; each is asked for when it is checked and when it is meshed
_remembered = lru_cache(maxsize=4)(_laid_out)


def _check_profile(profile: Profile, width: float, sides: str) -> None:
    """DomainError for a profile that leaves the electrolyte no room or jumps over periodic sides."""
    if profile.max_height > MOST_FILLED * width:
        raise DomainError(
            f"cell.anode_profile: the anode rises to {profile.max_height:.4g} m in a cell {width:.4g} m "
            f"wide; it may fill at most {MOST_FILLED:.0%} of the width"
        )
    ends = profile.height(np.array([0.0, profile.length]))
    if sides == "periodic" and abs(ends[1] - ends[0]) > 1e-9 * width:
        raise DomainError(
            "cell.anode_profile: with periodic sides both ends need one height, "
            f"not {ends[0]:.6g} and {ends[1]:.6g} m"
        )
