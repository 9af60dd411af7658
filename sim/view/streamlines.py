"""Streamlines of the flux of Li⁺: they start evenly in flux, so that where they crowd, more lithium flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke
from matplotlib.tri import LinearTriInterpolator, Triangulation

from sim.view.reader import micrometres
from sim.view.snapshot import Floats, Snapshot
from sim.view.style import METAL_EDGE, STREAMLINE

FLUX = "li_flux_mol_m2_s"
LINES = 16
#: Length of a step, distance of the start from the counter electrode and longest way, over the cell's width
STEP, START, LONGEST = 0.01, 0.01, 4.0
#: Halvings of the last step, which find the electrode
HALVINGS = 6
#: Places along x at which the flux is summed to find where the lines start
PLACES = 400
#: Flux below this part of the largest has no direction worth following.
STAGNANT = 1e-6
#: How far along a line its arrow sits, over the cell's width: at one height in a cell
ARROW_AT = 0.45

#: how tests and SVG files name a line
GID = "streamline"
#: Width of a line [points]: white, with a dark rim that keeps it legible where the colours are bright
WIDTH = 0.7

_Field = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Streamline:
    """One line from the counter electrode on, in the direction of the flux or against it."""

    points: Floats  #: (n, 2) [m]
    forward: bool  #: whether the flux points from the first point to the last


def has_flux(snapshot: Snapshot) -> bool:
    """Whether the flux of Li⁺ is stored (folders of earlier versions lack it) and anything flows."""
    flux = snapshot.vectors.get(FLUX)
    return flux is not None and bool(np.isfinite(flux).all() and np.abs(flux).max(initial=0.0) > 0)


def streamlines(snapshot: Snapshot, count: int = LINES) -> list[Streamline]:
    """`count` lines that each carry the same part of the flux through the counter electrode.

    Each follows the direction of the flux with steps of the classical Runge-Kutta method and ends in the last point
    of the electrolyte. In a transient they are the field lines of that moment. Empty without a stored flux.
    """
    if not has_flux(snapshot):
        return []
    flux = _flux_on(snapshot)
    width = float(np.ptp(snapshot.y))
    starts, down = _starts(snapshot, flux, count)
    if not len(starts):
        return []
    scale = STAGNANT * float(np.abs(snapshot.vectors[FLUX]).max())
    sign = 1.0 if down else -1.0

    def direction(points: Floats) -> Floats:
        vectors = flux(points)
        size = np.hypot(vectors[:, 0], vectors[:, 1])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where((size > scale)[:, None], sign * vectors / size[:, None], np.nan))

    return [Streamline(line, down) for line in _follow(direction, starts, STEP * width) if len(line) > 1]


def _flux_on(snapshot: Snapshot) -> _Field:
    """The flux at (n, 2) points [m], nan outside the electrolyte; linear on the triangles between the nodes."""
    grid = Triangulation(micrometres(snapshot.x), micrometres(snapshot.y), snapshot.triangles)
    parts = [LinearTriInterpolator(grid, component) for component in snapshot.vectors[FLUX].T]

    def evaluate(points: Floats) -> Floats:
        x, y = micrometres(points[:, 0]), micrometres(points[:, 1])
        return np.column_stack([np.ma.filled(part(x, y).astype(float), np.nan) for part in parts])

    return evaluate


def _starts(snapshot: Snapshot, flux: _Field, count: int) -> tuple[Floats, bool]:
    """Where the lines start, evenly in |flux| along x beneath the counter electrode, and whether it points down."""
    x = np.linspace(snapshot.x.min(), snapshot.x.max(), PLACES + 1)
    x = 0.5 * (x[1:] + x[:-1])
    level = float(snapshot.y.max()) - START * float(np.ptp(snapshot.y))
    across = flux(np.column_stack([x, np.full_like(x, level)]))[:, 1]
    known = np.isfinite(across)
    x, across = x[known], across[known]
    if not x.size or not np.abs(across).sum() > 0:
        return np.empty((0, 2)), True
    share = np.cumsum(np.abs(across)) - 0.5 * np.abs(across)
    chosen = np.interp((np.arange(count) + 0.5) / count, share / np.abs(across).sum(), x)
    return np.column_stack([chosen, np.full(count, level)]), bool(across.sum() < 0)


def _follow(direction: _Field, starts: Floats, step: float) -> list[Floats]:
    """Lines along a field of directions, all at once; a line that leaves the field goes on by halved steps."""
    here = starts.copy()
    steps = np.full(len(here), step)
    lines = [[point] for point in starts]
    for _ in range(int(LONGEST / STEP)):
        going = np.flatnonzero(steps > step / 2**HALVINGS)
        if not going.size:
            break
        there = _advanced(direction, here[going], steps[going][:, None])
        inside = np.isfinite(there).all(axis=1)
        steps[going[~inside]] *= 0.5
        here[going[inside]] = there[inside]
        for index in going[inside]:
            lines[index].append(here[index].copy())
    return [np.array(line) for line in lines]


def _advanced(direction: _Field, here: Floats, step: Floats) -> Floats:
    """One Runge-Kutta step; nan where any of its points, the last included, is outside."""
    first = direction(here)
    second = direction(here + 0.5 * step * first)
    third = direction(here + 0.5 * step * second)
    fourth = direction(here + step * third)
    there = here + step / 6 * (first + 2 * second + 2 * third + fourth)
    outside = np.isnan(direction(there)).any(axis=1)
    there[outside] = np.nan
    return np.asarray(there)


def draw_streamlines(axes: Axes, snapshot: Snapshot, *, count: int = LINES, width: float = WIDTH) -> int:
    """Draws the lines in µm with an arrow each, in the direction in which Li⁺ flows; returns how many there are.

    width: of the lines [points]
    """
    rim = [Stroke(linewidth=width + 0.6, foreground=METAL_EDGE, alpha=0.55), Normal()]
    look: dict[str, Any] = {"color": STREAMLINE, "linewidth": width, "path_effects": rim}
    size = f"head_length={0.45 * width},head_width={0.22 * width}"
    arrow = look | {"arrowstyle": f"-|>,{size}"}
    lines = streamlines(snapshot, count) if count else []
    for line in lines:
        x, y = micrometres(line.points[:, 0]), micrometres(line.points[:, 1])
        axes.plot(x, y, gid=GID, zorder=2.5, solid_capstyle="butt", **look)
        middle = min(round(ARROW_AT / STEP), len(x) - 1)
        tail, head = (middle - 1, middle) if line.forward else (middle, middle - 1)
        axes.annotate("", (x[head], y[head]), (x[tail], y[tail]), arrowprops=arrow, zorder=2.6)
    return len(lines)
