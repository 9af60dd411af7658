"""Slices of the claim map: the sites' effect as colours, the borders of the claims as lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.view.style import INK

Floats = NDArray[np.float64]
#: blue where the sites even plating out, red where they do the opposite; told apart with any colour vision
MAP = "RdBu_r"
_LABELS = {
    "interface.surface_diffusivity": "surface diffusivity D$_s$ (m² s⁻¹)",
    "interface.area_factor": "accessible sites per site f$_a$ (–)",
    "interface.plating_rate": "plating rate of the sites k$_p$ (s⁻¹)",
}
_WIDEST = 5.0
_MARGIN = {"colors": INK, "linewidths": 1.3}
_EQUAL = {"colors": INK, "linewidths": 1.0, "linestyles": "dotted"}


@dataclass(frozen=True)
class ClaimSlice:
    """CVs of the plating current [1] on a grid; those of control 3 and of PIA's bulk are the same everywhere.

    keys: config keys of x and y; x, y: their values; shipped: of the default; pia, control_2: shape (y, x).
    """

    keys: tuple[str, str]
    x: Floats
    y: Floats
    shipped: tuple[float, float]
    pia: Floats
    control_2: Floats
    control_3: float
    bulk: float

    @property
    def ratio(self) -> Floats:
        """CV(PIA)/CV(its bulk)."""
        return np.asarray(self.pia / self.bulk)

    @property
    def margin(self) -> Floats:
        """min(CV(control 2), CV(control 3))/CV(PIA): above 1 both controls are less even than PIA."""
        return np.asarray(np.minimum(self.control_2, self.control_3) / self.pia)


def scale_of(slices: list[ClaimSlice]) -> LogNorm:
    """One scale for all slices, even about 1; what is beyond `_WIDEST` has the colour of its end."""
    logarithms = np.concatenate([np.log(one.ratio).ravel() for one in slices])
    known = np.abs(logarithms[np.isfinite(logarithms)])
    widest = min(float(known.max()) if known.size else 0.1, np.log(_WIDEST))
    return LogNorm(np.exp(-widest), np.exp(widest))


def draw_slice(axes: Axes, one: ClaimSlice, norm: LogNorm) -> ScalarMappable:
    """The ratio as colours; returns what a colour bar is made of."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    mesh = axes.pcolormesh(
        one.x, one.y, np.ma.masked_invalid(one.ratio), norm=norm, cmap=MAP, shading="nearest"
    )
    for values, look in ((one.margin, _MARGIN), (one.ratio, _EQUAL)):
        if (values < 1).any() and (values > 1).any():
            axes.contour(one.x, one.y, values, levels=[1.0], **look)
    axes.plot(*one.shipped, "*", color=INK, ms=9, mec="white", mew=0.8)
    axes.set_xlabel(_LABELS.get(one.keys[0], one.keys[0]))
    axes.set_ylabel(_LABELS.get(one.keys[1], one.keys[1]))
    return mesh


def line_handles() -> list[Line2D]:
    """What the lines mean, for a legend."""
    return [
        Line2D([], [], color=INK, lw=1.3, label="both controls as even as PIA"),
        Line2D([], [], color=INK, lw=1.0, ls="dotted", label="no sites as even as PIA"),
    ]
