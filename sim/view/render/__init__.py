"""Renders: a run's interface current in 2.5 dimensions, off-screen by pyvista.

`draw_render` writes a picture of a run folder.
"""

from sim.view.render.page import FIELDS, draw_render

__all__ = ["FIELDS", "draw_render"]
