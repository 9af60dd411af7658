"""Users' meshes: every format and cell, and what is said about those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import meshio
import numpy as np
import pytest
from mpi4py import MPI

from sim.domain.arrays import CELL_SHAPES, Boundary
from sim.domain.domain import make_domain
from sim.domain.errors import DomainError
from sim.domain.meshfile import read_mesh
from sim.domain.quality import Needs, measure

EXAMPLE = Path(__file__).resolve().parents[3] / "meshes" / "example-cell.msh"
LENGTH, WIDTH = 10e-6, 8e-6


def grid(kind: str, columns: int = 6, rows: int = 4) -> meshio.Mesh:
    """A rectangle of cells of one kind with tagged line cells, coordinates in metres."""
    step = CELL_SHAPES[kind].degree
    nx, ny = columns * step + 1, rows * step + 1
    x, y = np.meshgrid(np.linspace(0, LENGTH, nx), np.linspace(0, WIDTH, ny))
    at = np.arange(nx * ny).reshape(ny, nx)
    j, i = (a.ravel() * step for a in np.mgrid[0:rows, 0:columns])

    def nodes(*places: tuple[float, float]) -> np.ndarray:
        return np.stack([at[j + int(b * step), i + int(a * step)] for a, b in places], axis=1)

    corners, middles = [(0, 0), (1, 0), (1, 1), (0, 1)], [(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)]
    if kind.startswith("quad"):
        cells = nodes(*corners, *([*middles, (0.5, 0.5)] if step == 2 else []))
    else:
        lower, upper = corners[:3], [corners[0], corners[2], corners[3]]
        more = [[middles[0], middles[1], (0.5, 0.5)], [(0.5, 0.5), middles[2], middles[3]]]
        cells = np.concatenate(
            [nodes(*lower, *more[0][: 3 * step - 3]), nodes(*upper, *more[1][: 3 * step - 3])]
        )
    sides = (at[0, ::step], at[-1, ::step], at[::step, 0], at[::step, -1])
    lines = np.concatenate([np.stack([side[:-1], side[1:]], axis=1) for side in sides])
    numbers = np.concatenate([np.full(side.size - 1, k) for k, side in enumerate(sides, 1)])
    tags = {"boundary": [np.zeros(len(cells), dtype=np.int32), numbers.astype(np.int32)]}
    points = np.column_stack([x.ravel(), y.ravel(), np.zeros(x.size)])
    return meshio.Mesh(points, [(kind, cells), ("line", lines)], cell_data=tags)


@pytest.mark.parametrize("suffix", [".vtu", ".xdmf"])
@pytest.mark.parametrize("kind", sorted(CELL_SHAPES))
def test_every_kind_of_cell(config, tmp_path, kind, suffix):
    mesh = grid(kind)
    if suffix == ".xdmf":  # one kind of cell per XDMF grid: the boundary is then found by its shape
        mesh = meshio.Mesh(mesh.points, mesh.cells[:1])
    path = tmp_path / f"cell{suffix}"
    mesh.write(path)
    cfg = config({"kind": "mesh", "file": str(path)}, electrostatics="electroneutral")
    domain = make_domain(cfg, MPI.COMM_SELF)
    counts = np.bincount(domain.facet_tags.values, minlength=5)
    assert counts.tolist() == [0, 6, 6, 4, 4]
    regular = kind.startswith("quad")
    assert domain.quality.min_scaled_jacobian == pytest.approx(1.0 if regular else 0.7392, abs=1e-4)
    # A wrong node permutation would fold the cells: the volume of each is that of the grid.
    assert domain.mesh.geometry.cmap.degree == CELL_SHAPES[kind].degree
    assert abs(domain.mean_height) < 1e-14 * WIDTH


@pytest.mark.parametrize("kind", sorted(CELL_SHAPES))
def test_node_order_matches_dolfinx(kind):
    basix_ufl = pytest.importorskip("basix.ufl")
    shape = CELL_SHAPES[kind]
    reference = basix_ufl.element("Lagrange", shape.basix_name, shape.degree).basix_element.points
    vertices = reference[list(np.argsort(shape.to_basix))][: shape.vertices]
    middles = 0.5 * (vertices + np.roll(vertices, -1, axis=0))
    expected = np.concatenate([vertices, middles, vertices.mean(axis=0, keepdims=True)])
    assert np.allclose(reference, expected[list(shape.to_basix)])


def test_example_mesh(config):
    cfg = config({"kind": "mesh", "file": str(EXAMPLE)}, electrostatics="electroneutral")
    domain = make_domain(cfg, MPI.COMM_SELF)
    assert set(domain.facet_tags.values.tolist()) == {1, 2, 3, 4}
    assert domain.profile is None
    assert domain.quality.rows is None
    assert domain.quality.min_scaled_jacobian > 0.4
    assert 0.1e-6 < domain.max_height < 1e-6
    assert abs(domain.mean_height) < 0.01e-6
    poisson = make_domain(config({"kind": "mesh", "file": str(EXAMPLE)}), MPI.COMM_SELF)
    assert any("anode" in warning for warning in poisson.quality.warnings)


def test_a_boundary_without_names_or_numbers_is_found_by_its_shape(tmp_path):
    mesh = meshio.read(EXAMPLE)
    path = tmp_path / "cell.vtu"
    meshio.Mesh(mesh.points, [block for block in mesh.cells if block.type == "triangle6"]).write(path)
    with_names, without = read_mesh(EXAMPLE), read_mesh(path)
    assert np.array_equal(np.bincount(with_names.facet_tags), np.bincount(without.facet_tags))


def test_straight_sides_need_no_names(tmp_path):
    path = msh(tmp_path, {'"left"': '"x min"', '"right"': '"x max"'})
    assert np.array_equal(read_mesh(path).facet_tags, read_mesh(EXAMPLE).facet_tags)


def msh(tmp_path: Path, change: dict[str, str]) -> Path:
    """The example mesh with text replaced."""
    text = EXAMPLE.read_text()
    for old, new in change.items():
        text = text.replace(old, new, 1)
    path = tmp_path / "user.msh"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {'"anode"': '"lithium"'},
            "no boundary (physical curve) named anode; its named lines are counter, left",
        ),
        (
            {'"left"': '"inlet"', '"counter"': '"left"', '"inlet"': '"counter"'},
            "left must be the straight side",
        ),
        ({"$Elements": "$Nonsense"}, "cannot read this mesh"),
    ],
)
def test_bad_names_are_told(tmp_path, change, complaint):
    path = msh(tmp_path, change)
    with pytest.raises(DomainError, match=r"user\.msh") as caught:
        read_mesh(path)
    assert complaint in str(caught.value)


def test_a_mesh_of_another_size_is_refused(config):
    with pytest.raises(DomainError, match=r"cell\.length is 1\.2e-05 m"):
        make_domain(config({"kind": "mesh", "file": str(EXAMPLE)}, length="12 um"), MPI.COMM_SELF)


def test_unknown_files_and_mixed_cells(tmp_path):
    with pytest.raises(DomainError, match="no such mesh file"):
        read_mesh(tmp_path / "none.msh")
    odd = tmp_path / "cell.abc"
    odd.write_text("")
    with pytest.raises(DomainError, match=r"cell\.abc"):
        read_mesh(odd)
    quads, triangles = grid("quad"), grid("triangle")
    path = tmp_path / "mixed.vtu"
    meshio.Mesh(quads.points, [quads.cells[0], triangles.cells[0]]).write(path)
    with pytest.raises(DomainError, match="found quad and triangle"):
        read_mesh(path)
    path = tmp_path / "tilted.vtu"
    quads.points[:, 2] = quads.points[:, 0]
    quads.write(path)
    with pytest.raises(DomainError, match="z varies"):
        read_mesh(path)


def test_a_folded_mesh_is_an_error(tmp_path):
    mesh = grid("quad9")
    inner = np.argmin(np.hypot(mesh.points[:, 0] - 5e-6, mesh.points[:, 1] - 4e-6))
    mesh.points[inner] += [1.5e-6, 1.5e-6, 0.0]
    path = tmp_path / "folded.vtu"
    mesh.write(path)
    with pytest.raises(DomainError, match="folded"):
        measure(read_mesh(path), Needs(1e-10, False, None))


def test_clockwise_cells_are_no_fold(tmp_path):
    mesh = grid("quad")
    mesh.cells[0].data[:] = mesh.cells[0].data[:, [0, 3, 2, 1]]
    path = tmp_path / "clockwise.vtu"
    mesh.write(path)
    arrays = read_mesh(path)
    assert measure(arrays, Needs(1e-10, False, None)).min_scaled_jacobian == pytest.approx(1.0)
    assert np.sum(arrays.facet_tags == Boundary.ANODE) == 6
