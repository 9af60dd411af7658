"""The recipe of example-cell.msh: a rough anode in second-order triangles, as users make theirs with gmsh.

    python3 meshes/example_cell.py [OUTPUT.msh]

10 × 8 µm; the anode is h(x) = Σ a cos(2πmx/L), level at both ends as symmetry sides want, by a spline.
Cells grow from 0.15 µm at the anode to 0.8 µm at the counter: right for electroneutral runs, far too coarse
for a double layer. gmsh works in micrometres and writes metres (Mesh.ScalingFactor).
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import gmsh

LENGTH, WIDTH = 10.0, 8.0  #: [um]
#: (wave number m, amplitude [um]) of the anode's height
WAVES = ((1, 0.25), (2, -0.30), (3, 0.18), (5, -0.12), (7, 0.06))
SPLINE_POINTS = 81
ANODE_CELL, COUNTER_CELL = 0.15, 0.8  #: edge lengths [um]


def height(x: float) -> float:
    """The anode's height above its mean level [um] at x [um]."""
    return sum(a * math.cos(2.0 * math.pi * m * x / LENGTH) for m, a in WAVES)


def build(path: Path) -> None:
    """Mesh the cell and write it."""
    gmsh.initialize(readConfigFiles=False)
    gmsh.option.setNumber("General.Terminal", 0)
    gmsh.model.add("example cell")
    surface, parts = outline()
    grade_cells(parts["anode"])
    for name, curve in parts.items():
        gmsh.model.addPhysicalGroup(1, [curve], name=name)
    gmsh.model.addPhysicalGroup(2, [surface], name="electrolyte")
    gmsh.model.mesh.generate(2)
    gmsh.model.mesh.setOrder(2)
    gmsh.option.setNumber("Mesh.MshFileVersion", 4.1)
    gmsh.option.setNumber("Mesh.ScalingFactor", 1e-6)
    gmsh.write(str(path))
    gmsh.finalize()


def outline() -> tuple[int, dict[str, int]]:
    """The surface and the curves anode, right, counter, left around it."""
    geo = gmsh.model.geo
    places = [LENGTH * i / (SPLINE_POINTS - 1) for i in range(SPLINE_POINTS)]
    wall = [geo.addPoint(x, height(x), 0.0) for x in places]
    top_right, top_left = geo.addPoint(LENGTH, WIDTH, 0.0), geo.addPoint(0.0, WIDTH, 0.0)
    curves = {
        "anode": geo.addSpline(wall),
        "right": geo.addLine(wall[-1], top_right),
        "counter": geo.addLine(top_right, top_left),
        "left": geo.addLine(top_left, wall[0]),
    }
    surface = geo.addPlaneSurface([geo.addCurveLoop(list(curves.values()))])
    geo.synchronize()
    return surface, curves


def grade_cells(anode: int) -> None:
    """Edge lengths that grow linearly with the distance from the anode."""
    field = gmsh.model.mesh.field
    distance = field.add("Distance")
    field.setNumbers(distance, "CurvesList", [anode])
    field.setNumber(distance, "Sampling", 400)
    size = field.add("Threshold")
    for key, value in (
        ("InField", distance),
        ("SizeMin", ANODE_CELL),
        ("SizeMax", COUNTER_CELL),
        ("DistMin", 0.3),
        ("DistMax", 6.0),
    ):
        field.setNumber(size, key, value)
    field.setAsBackgroundMesh(size)
    gmsh.option.setNumber("Mesh.MeshSizeExtendFromBoundary", 0)
    gmsh.option.setNumber("Mesh.MeshSizeFromPoints", 0)


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("example-cell.msh")))
