"""The built mesh: sizes, boundary, gmsh's file, mirror images and what the report says."""

from __future__ import annotations

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI

from sim.domain import geometry
from sim.domain.arrays import Boundary
from sim.domain.domain import ANODE, COUNTER, SIDE_LEFT, SIDE_RIGHT, Domain, describe, make_domain, write_msh
from sim.domain.errors import DomainError
from sim.domain.geometry import layout_hash, tensor_mesh
from sim.domain.layout import debye_length_of, tensor_layout
from sim.domain.meshfile import read_mesh
from sim.domain.sites import SiteFields

WIDTH, LENGTH = 8e-6, 10e-6
NO_SITES = SiteFields((), "mean_field", 1.0)
#: The shipped anode.
NUCLEI = {
    "kind": "nuclei",
    "nuclei": [
        {"position": "2.0 um", "height": "0.6 um", "width": "0.6 um"},
        {"position": "5.5 um", "height": "1.0 um", "width": "0.8 um"},
        {"position": "8.2 um", "height": "0.5 um", "width": "0.5 um"},
    ],
}
ROUGH = {"kind": "rough", "rms": "0.2 um", "correlation_length": "1 um", "seed": 3}


def boundary_lengths(domain: Domain) -> list[float]:
    """Length of anode, counter, left and right side and the area, in units of the mesh."""
    ds = ufl.Measure("ds", domain=domain.mesh, subdomain_data=domain.facet_tags)(degree=12)
    dx = ufl.Measure("dx", domain=domain.mesh)(degree=6)
    one = fem.Constant(domain.mesh, 1.0)
    measures = [ds(part) for part in (ANODE, COUNTER, SIDE_LEFT, SIDE_RIGHT)] + [dx]
    return [domain.mesh.comm.allreduce(fem.assemble_scalar(fem.form(one * measure))) for measure in measures]


def test_flat_cell(config):
    domain = make_domain(config(), MPI.COMM_SELF)
    assert boundary_lengths(domain) == pytest.approx([1.25, 1.25, 1.0, 1.0, 1.25], rel=1e-12)
    assert (domain.length_scale, domain.length, domain.width) == (WIDTH, LENGTH, WIDTH)
    report = domain.quality
    assert report.columns == 4
    assert report.n_cells == report.rows * report.columns
    for least, largest in (report.wall_cell_anode, report.wall_cell_counter):
        assert least == pytest.approx(0.1 * report.debye_length, rel=1e-6)
        assert largest == pytest.approx(least, rel=1e-6)
    assert report.min_scaled_jacobian == pytest.approx(1.0)
    assert not report.warnings
    assert any("Debye" in line for line in report.as_lines())


@pytest.mark.parametrize("profile", [NUCLEI, ROUGH])
def test_rows_follow_the_anode(config, profile):
    cfg = config(profile)
    domain = make_domain(cfg, MPI.COMM_SELF)
    lengths = boundary_lengths(domain)
    h = domain.profile.height(np.array([0.0, LENGTH])) / WIDTH
    x = np.linspace(0.0, LENGTH, 20001)
    arc = np.trapezoid(np.sqrt(1 + domain.profile.slope(x) ** 2), x) / WIDTH
    assert lengths[0] == pytest.approx(arc, rel=1e-4)
    assert lengths[1:4] == pytest.approx([1.25, 1 - h[0], 1 - h[1]], rel=1e-12)
    gap = (WIDTH - domain.mean_height) / WIDTH
    assert lengths[4] == pytest.approx(1.25 * gap, rel=1e-6)
    report = domain.quality
    debye = debye_length_of(cfg)
    assert 0.05 * debye < report.wall_cell_anode[0] < report.wall_cell_anode[1] < 0.11 * debye
    assert report.min_scaled_jacobian > 0.5


def test_anode_nodes_lie_on_the_profile(config):
    domain = make_domain(config(NUCLEI), MPI.COMM_SELF)
    layout, profile = tensor_layout(config(NUCLEI), NO_SITES)
    nodes = domain.mesh.geometry.x * WIDTH
    lowest = {}
    for x, y in nodes[:, :2]:
        key = round(x / 1e-13)
        lowest[key] = min(lowest.get(key, np.inf), y)
    x = geometry.with_midpoints(layout.columns)
    assert len(lowest) == x.size
    found = np.array([lowest[round(s / 1e-13)] for s in x])
    assert np.abs(found - profile.height(x)).max() < 1e-20 + 1e-15 * WIDTH


def test_middle_nodes_are_in_the_middle_of_their_rows(config):
    layout, _ = tensor_layout(config(), NO_SITES)
    levels = geometry.with_midpoints(layout.rows)
    assert levels[1] == pytest.approx(0.5 * layout.rows[1], rel=1e-14)


def test_electroneutral_cells_have_no_wall_layers(config):
    report = make_domain(config(NUCLEI, electrostatics="electroneutral"), MPI.COMM_SELF).quality
    assert report.wall_cell_anode[0] > 1e-8
    assert report.rows < 30
    assert report.max_aspect < 20
    assert not report.warnings


def test_explicit_sizes_and_a_coarse_wall_warning(config):
    mesh = {"wall_cell": "1 nm", "growth": 1.5, "max_cell": "1 um", "columns": 12}
    report = make_domain(config(mesh=mesh), MPI.COMM_SELF).quality
    assert report.columns == 12
    assert report.wall_cell_anode[0] == pytest.approx(1e-9, rel=1e-8)
    assert report.max_cell <= 1e-6 * (1 + 1e-9)
    assert any("double layer is not resolved" in warning for warning in report.warnings)


def test_stripes_give_columns_that_end_at_their_edges(config):
    stripes = {"kind": "stripes", "density": "1 / nm^2", "pitch": "2.7 um", "fraction": 0.4, "phase": 0.1}
    sites = {"N1": {"map": stripes, "adsorption_energy": "-0.6 eV"}}
    cfg = config(NUCLEI, sites=sites)
    fields = SiteFields.from_config(cfg.interface, LENGTH)
    layout, _ = tensor_layout(cfg, fields)
    assert set(fields.edges) <= set(layout.columns)
    assert not make_domain(cfg, MPI.COMM_SELF).quality.warnings
    coarse = make_domain(config(sites=sites, mesh={"columns": 4}), MPI.COMM_SELF).quality
    assert any("site densities vary" in warning for warning in coarse.warnings)


def test_the_mirror_image_of_a_profile_has_the_mirrored_mesh(config):
    mirrored = {
        "kind": "nuclei",
        "nuclei": [{**n, "position": f"{10 - float(n['position'].split()[0])} um"} for n in NUCLEI["nuclei"]],
    }
    one, other = (tensor_layout(config(profile), NO_SITES)[0] for profile in (NUCLEI, mirrored))
    assert np.array_equal(one.rows, other.rows)
    assert np.abs(one.columns - (LENGTH - other.columns[::-1])).max() < 1e-12 * LENGTH
    assert np.abs(one.heights - other.heights[::-1]).max() < 1e-12 * WIDTH
    symmetric = {"kind": "nuclei", "nuclei": [{"position": "5 um", "height": "1 um", "width": "0.8 um"}]}
    layout, _ = tensor_layout(config(symmetric), NO_SITES)
    assert np.abs(layout.columns - (LENGTH - layout.columns[::-1])).max() < 1e-12 * LENGTH


def test_periodic_sides_have_matching_nodes(config):
    layout, _ = tensor_layout(config(ROUGH, sides="periodic"), NO_SITES)
    assert layout.heights[0] == layout.heights[-1]
    wave = {"kind": "sinusoid", "amplitude": "0.1 um", "wavelength": "3 um"}
    with pytest.raises(DomainError, match="periodic"):
        make_domain(config(wave, sides="periodic"), MPI.COMM_SELF)


def test_an_anode_near_the_counter_is_refused(config):
    rough = {"kind": "rough", "rms": "6 um", "correlation_length": "1 um", "seed": 1}
    with pytest.raises(DomainError, match=r"cell\.anode_profile: the anode rises"):
        make_domain(config(rough), MPI.COMM_SELF)


def test_gmsh_writes_the_mesh_that_runs_take(config, tmp_path):
    path = tmp_path / "cell.msh"
    write_msh(config(NUCLEI), path)
    layout, _ = tensor_layout(config(NUCLEI), NO_SITES)
    direct, written = tensor_mesh(layout), read_mesh(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    # by gmsh's numbers: the node of the file at each node's place, and the cells in terms of these
    order, places = (np.lexsort(np.round(m.points.T / WIDTH, 13)) for m in (direct, written))
    assert np.abs(direct.points[order] - written.points[places]).max() < 1e-14 * LENGTH
    number = np.empty(order.size, dtype=int)
    number[order] = places
    assert {frozenset(cell) for cell in number[direct.cells]} == {frozenset(cell) for cell in written.cells}
    for part in Boundary:
        assert set(number[direct.nodes_on(part)]) == set(written.nodes_on(part))
    corners = direct.points[direct.cells[:, :4]]
    along, up = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    assert np.all(along[:, 0] * up[:, 1] - along[:, 1] * up[:, 0] > 0), "counterclockwise"
    middles = direct.points[direct.cells[:, 4:8]]
    assert np.allclose(middles[..., 0], 0.5 * (corners + np.roll(corners, -1, axis=1))[..., 0], rtol=1e-12)


def test_the_hash_is_that_of_the_node_lines(config):
    one, same, other = (tensor_layout(config(p), NO_SITES)[0] for p in (NUCLEI, NUCLEI, {"kind": "flat"}))
    assert layout_hash(one) == layout_hash(same) != layout_hash(other)
    assert make_domain(config(NUCLEI), MPI.COMM_SELF).mesh_hash == layout_hash(one)


def test_an_exported_mesh_serves_as_a_users_mesh(config, tmp_path):
    path = tmp_path / "cell.msh"
    write_msh(config(NUCLEI), path)
    report = describe(config(NUCLEI))
    built = make_domain(config(NUCLEI), MPI.COMM_SELF)
    again = make_domain(config({"kind": "mesh", "file": str(path)}), MPI.COMM_SELF)
    assert again.quality.n_cells == report.n_cells
    assert again.quality.wall_cell_anode == report.wall_cell_anode
    assert boundary_lengths(again) == pytest.approx(boundary_lengths(built), rel=1e-13)
    assert again.mean_height == pytest.approx(built.mean_height, rel=1e-5)
    assert again.max_height == pytest.approx(built.max_height, rel=5e-3)
    with pytest.raises(DomainError, match="own file"):
        write_msh(config({"kind": "mesh", "file": str(path)}), tmp_path / "copy.msh")
