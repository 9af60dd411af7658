"""Animations of runs that were marched in time: fields, current and unevenness, as MP4 or GIF.

`animate` writes one from a run folder.
"""

from sim.view.animate.animation import animate

__all__ = ["animate"]
