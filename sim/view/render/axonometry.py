"""Parallel projection of the cell: how far right and up in the picture a place in space is, and where the camera goes.

x along the anode, depth away from the viewer, z across the cell; all in µm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.view.snapshot import Floats

#: The viewer stands to the left of the cell and above the anode [degrees]
AZIMUTH, ELEVATION = 24.0, 24.0


@dataclass(frozen=True)
class View:
    """A window onto the scene: its middle and half its extent [µm], right and up in the picture."""

    middle: tuple[float, float]
    half: tuple[float, float]

    @classmethod
    def around(cls, corners: Floats, margin: float = 0.01) -> View:
        """The least window that holds some places (n, 3), with a margin as a part of it."""
        seen = project(corners)
        low, high = seen.min(axis=0), seen.max(axis=0)
        middle, half = 0.5 * (low + high), 0.5 * (high - low) * (1 + 2 * margin)
        return cls((float(middle[0]), float(middle[1])), (float(half[0]), float(half[1])))

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.half[0] / self.half[1]

    def fractions(self, places: Floats) -> Floats:
        """(n, 2) right and up in parts of the window, of places (n, 3) in space."""
        return np.asarray((project(places) - self.middle) / self.half * 0.5 + 0.5)

    def camera(self, distance: float) -> tuple[Floats, Floats, Floats]:
        """Position, focal point and direction up of a camera at a distance [µm] that sees this window."""
        right, up, towards = axes()
        focus = self.middle[0] * right + self.middle[1] * up
        return focus - distance * towards, focus, up


def axes() -> tuple[Floats, Floats, Floats]:
    """Unit vectors to the right, up in the picture, and away from the viewer."""
    azimuth, elevation = np.radians(AZIMUTH), np.radians(ELEVATION)
    towards = np.array(
        [
            np.sin(azimuth) * np.cos(elevation),
            np.cos(azimuth) * np.cos(elevation),
            -np.sin(elevation),
        ]
    )
    right = np.array([np.cos(azimuth), -np.sin(azimuth), 0.0])
    return right, np.cross(right, towards), towards


def project(places: Floats) -> Floats:
    """(n, 2) right and up [µm] of places (n, 3) in space."""
    right, up, _ = axes()
    return np.asarray(places, dtype=float) @ np.column_stack([right, up])
