"""The scene rendered by pyvista, as a picture without words: those are set on the page."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.colors import Normalize

from sim.view.fields import CONTOURS
from sim.view.render.axonometry import View
from sim.view.render.geometry import (
    Mesh,
    Stage,
    anode_surface,
    chart_area,
    counter,
    field_plane,
    line,
    metal_front,
    metal_side,
)
from sim.view.snapshot import Snapshot
from sim.view.style import INK, METAL

Picture = npt.NDArray[np.uint8]

#: darker than the front, so that the metal reads as a block
METAL_SIDE = "#9a9da2"
#: The surface is lit from the viewer's left, weakly: its colour is a number
LIT = {"ambient": 0.8, "diffuse": 0.22, "specular": 0.0}
#: Distance of the chart's curve before the metal, as a part of the cell's length
BEFORE = 1e-3
#: Contour lines of the field end this far before the walls, whose double layers would crowd them [µm]
NEAR_WALL = 0.05


def render_scene(
    snapshot: Snapshot,
    stage: Stage,
    view: View,
    field: str,
    norms: tuple[Normalize, Normalize],
    maps: tuple[str, str],
    size: tuple[int, int],
) -> Picture:
    """(height, width, 3) the scene at this size [pixels]; norms and maps: of the field and of the current.

    Needs a screen (`sim.view.render.screen`). ViewError where the run has no such field.
    """
    import pyvista

    plane = _polygons(field_plane(snapshot, stage, field))
    plotter = pyvista.Plotter(off_screen=True, window_size=list(size), lighting="none")
    try:
        plotter.set_background("white")
        _coloured(plotter, plane, norms[0], maps[0], lighting=False)
        _contours(plotter, plane, norms[0], stage)
        _coloured(plotter, _polygons(anode_surface(stage)), norms[1], maps[1], smooth_shading=True, **LIT)
        before = BEFORE * stage.length
        _coloured(plotter, _polygons(chart_area(stage, before)), norms[1], maps[1], lighting=False)
        for mesh, colour in (
            (counter(stage), METAL),
            (metal_front(stage), METAL),
            (metal_side(stage), METAL_SIDE),
        ):
            plotter.add_mesh(_polygons(mesh), color=colour, lighting=False)
        _edges(plotter, stage, before)
        _set_camera(plotter, view, 10 * (stage.length + stage.width))
        plotter.enable_anti_aliasing("msaa", multi_samples=8)
        return np.asarray(plotter.screenshot(return_img=True))
    finally:
        plotter.close()


def _polygons(mesh: Mesh) -> Any:
    """A mesh as pyvista has it."""
    import pyvista

    corners = np.full(len(mesh.faces), mesh.faces.shape[1])
    found = pyvista.PolyData(mesh.points, faces=np.column_stack([corners, mesh.faces]).ravel())
    if mesh.values is not None:
        found["value"] = mesh.values
    return found


def _coloured(plotter: Any, mesh: Any, norm: Normalize, cmap: str, **look: Any) -> None:
    """A surface coloured by its values."""
    limits = (float(norm.vmin or 0.0), float(norm.vmax or 0.0))
    plotter.add_mesh(
        mesh, scalars="value", cmap=cmap, clim=limits, show_scalar_bar=False, n_colors=256, **look
    )


def _contours(plotter: Any, plane: Any, norm: Normalize, stage: Stage) -> None:
    """White lines at equal steps of the colour scale, outside the double layers."""
    levels = np.linspace(float(norm.vmin or 0.0), float(norm.vmax or 0.0), CONTOURS + 2)[1:-1]
    above = plane.points[:, 2] - np.interp(plane.points[:, 0], stage.x, stage.height)
    inside = (above > NEAR_WALL) & (plane.points[:, 2] < stage.width - NEAR_WALL)
    middle = plane.extract_points(inside, adjacent_cells=False)
    if middle.n_cells == 0:
        return
    lines = middle.contour(levels.tolist(), scalars="value")
    if lines.n_points:
        lines.points[:, 1] -= BEFORE * stage.length
        plotter.add_mesh(lines, color="white", opacity=0.7, line_width=2, lighting=False)


def _edges(plotter: Any, stage: Stage, before: float) -> None:
    """Dark lines along the anode's front, the current and its zero."""
    import pyvista

    for z, width in ((stage.height, 3), (stage.chart(stage.current), 4), (stage.zero, 2)):
        along = pyvista.lines_from_points(line(stage, -2 * before, z))
        plotter.add_mesh(along, color=INK, line_width=width, lighting=False)


def _set_camera(plotter: Any, view: View, distance: float) -> None:
    """A camera without perspective that sees exactly the window of the view, with a light at its left shoulder."""
    import pyvista

    position, focus, up = view.camera(distance)
    plotter.camera.position, plotter.camera.focal_point, plotter.camera.up = position, focus, up
    plotter.camera.parallel_projection = True
    plotter.camera.parallel_scale = view.half[1]
    plotter.camera.clipping_range = (0.01 * distance, 3 * distance)
    left = pyvista.Light(position=position + np.array([-distance, 0.0, distance]), focal_point=focus)
    plotter.add_light(left)
