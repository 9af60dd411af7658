"""Where the outputs read the solution: along electrodes and at points of the graded mesh, against known geometry and
known fields."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from mpi4py import MPI

from sim.domain.domain import ANODE, COUNTER, Domain
from sim.output.metrics import _gauss_to_nodes, ordered_along
from sim.output.point_probe import PointProbe
from sim.output.reduce import FacetIntegral
from sim.output.trace import FacetTrace, gauss_points
from sim.solve.compat import facet_submesh
from sim.solve.spaces import CONTINUOUS, Block, make_block
from tests.unit.small_cells import NUCLEI, small_domain

MESH = Path(__file__).parents[3] / "meshes" / "example-cell.msh"
CELLS = {
    "flat": {},
    "nuclei": {"cell": {"anode_profile": NUCLEI}, "mesh": {"columns": 40}},
    "triangles": {
        "cell": {"anode_profile": {"kind": "mesh", "file": str(MESH)}},
        "electrolyte": {"electrostatics": "electroneutral"},
    },
}
DEBYE = 0.119e-9 / 8e-6


@pytest.fixture(scope="module", params=list(CELLS))
def domain(request: pytest.FixtureRequest) -> Domain:
    cell = dict(CELLS[request.param])
    for name, base in (
        ("cell", {"length": "10 um", "width": "8 um"}),
        ("electrolyte", {"concentration": "2500 mol/m^3"}),
    ):
        cell[name] = base | cell.get(name, {})
    return small_domain(**cell)


def trace_of(domain: Domain, part: int) -> tuple[FacetTrace, np.ndarray]:
    points, weights = gauss_points()
    return FacetTrace(domain.mesh, facet_submesh(domain.mesh, domain.facet_tags.find(part)), points), weights


def field(domain: Domain) -> tuple[Block, dict[str, np.ndarray]]:
    """Two components, each linear in x and y: a + b x + c y."""
    block = make_block(domain.mesh, {"one": CONTINUOUS, "two": CONTINUOUS}, 2, "bulk")
    numbers = {"one": np.array([0.3, -1.7, 2.9]), "two": np.array([-4.0, 0.8, 0.1])}
    for number, (a, b, c) in enumerate(numbers.values()):
        block.function.sub(number).interpolate(lambda x, a=a, b=b, c=c: a + b * x[0] + c * x[1])
    return block, numbers


def test_the_counter_electrode_is_a_straight_line(domain: Domain) -> None:
    trace, weights = trace_of(domain, COUNTER)
    assert np.sum(trace.stretch * weights) == pytest.approx(domain.length / domain.width, rel=1e-12)
    assert trace.y == pytest.approx(1.0, rel=1e-12)
    assert trace.normal[..., 0] == pytest.approx(0.0, abs=1e-9)
    assert trace.normal[..., 1] == pytest.approx(1.0, rel=1e-12), "out of the electrolyte"


def test_the_anode_has_the_profiles_length_and_normals(domain: Domain) -> None:
    trace, weights = trace_of(domain, ANODE)
    assert np.linalg.norm(trace.normal, axis=-1) == pytest.approx(1.0, rel=1e-12)
    assert np.all(trace.normal[..., 1] < 0), "out of the electrolyte, into the metal"
    if domain.profile is None:
        # the area below the anode, by Green's theorem, and the closed normal
        area = np.sum(-trace.y * trace.normal[..., 1] * trace.stretch * weights) * domain.width**2
        assert area == pytest.approx(domain.mean_height * domain.length, rel=1e-9)
        return
    x = trace.x * domain.width
    slope = domain.profile.slope(x)
    s = np.linspace(0, domain.length, 200_001)
    length = np.trapezoid(np.hypot(1, domain.profile.slope(s)), s)
    assert np.sum(trace.stretch * weights) * domain.width == pytest.approx(length, rel=1e-4)
    assert trace.y * domain.width == pytest.approx(domain.profile.height(x), abs=2e-3 * 1e-6)
    wanted = np.stack([slope, -np.ones_like(slope)], axis=-1) / np.hypot(1, slope)[..., None]
    assert np.max(np.abs(trace.normal - wanted)) < 0.02


def test_the_trace_reads_the_bulk_along_the_anode(domain: Domain) -> None:
    block, numbers = field(domain)
    for part in (ANODE, COUNTER):
        trace, _ = trace_of(domain, part)
        for name, (a, b, c) in numbers.items():
            assert trace.cell_values(block, name) == pytest.approx(a + b * trace.x + c * trace.y, rel=1e-12)


def test_points_ten_debye_lengths_from_the_wall(domain: Domain) -> None:
    """Cells there are some 1e-10 m thick and 1e-6 m wide; a linear field is met with its gradient."""
    block, numbers = field(domain)
    trace, _ = trace_of(domain, ANODE)
    wall = np.stack([trace.x, trace.y], axis=-1).reshape(-1, 2)
    points = wall - 10 * DEBYE * trace.normal.reshape(-1, 2)
    probe = PointProbe(domain.mesh, points)
    assert np.all(probe.found)
    for name, (a, b, c) in numbers.items():
        values, gradients = probe.evaluate(block, name)
        assert values == pytest.approx(a + points @ [b, c], rel=1e-10)
        assert gradients == pytest.approx(np.tile([b, c], (len(points), 1)), rel=1e-6)


def test_points_anywhere(domain: Domain) -> None:
    block, numbers = field(domain)
    rng = np.random.default_rng(5)
    points = np.column_stack([rng.uniform(0, 1.25, 200), rng.uniform(0.2, 1.0, 200)])
    corners = np.array([[0.0, 1.0], [1.25, 1.0], [0.625, 1.0 - 1e-7]])
    outside = np.array([[-0.01, 0.5], [1.26, 0.5], [0.6, 1.001], [0.6, -1.0]])
    probe = PointProbe(domain.mesh, np.concatenate([points, corners, outside]))
    assert probe.found.tolist() == [True] * 203 + [False] * 4
    values, gradients = probe.evaluate(block, "one")
    a, b, c = numbers["one"]
    inside = np.concatenate([points, corners])
    assert values[:203] == pytest.approx(a + inside @ [b, c], rel=1e-9)
    assert gradients[:203] == pytest.approx(np.tile([b, c], (203, 1)), rel=1e-6)
    assert np.all(np.isnan(values[203:]))
    assert np.all(np.isnan(gradients[203:]))


def test_quadratic_fields_on_a_flat_cell_are_exact() -> None:
    domain = small_domain()
    block = make_block(domain.mesh, {"only": CONTINUOUS}, 2, "bulk")
    block.function.interpolate(lambda x: x[0] ** 2 - 3 * x[0] * x[1] + 2 * x[1] ** 2)
    points = np.array([[0.4, DEBYE], [0.4, 10 * DEBYE], [0.9, 0.3], [1.2, 1 - 40 * DEBYE]])
    values, gradients = PointProbe(domain.mesh, points).evaluate(block, "only")
    x, y = points.T
    assert values == pytest.approx(x**2 - 3 * x * y + 2 * y**2, rel=1e-10)
    assert gradients == pytest.approx(np.column_stack([2 * x - 3 * y, 4 * y - 3 * x]), rel=1e-6)


def probe_of(stretch: np.ndarray) -> SimpleNamespace:
    return SimpleNamespace(x=np.zeros(stretch.shape), stretch=stretch)


def test_means_and_variation_along_an_electrode() -> None:
    """Eight facets of unequal length; v = 2 + cos kx has the coefficient of variation 1/(2 sqrt 2)."""
    points, weights = gauss_points()
    edges = np.sort(np.concatenate([[0, 1], np.random.default_rng(1).uniform(0, 1, 60)]))
    sizes = np.diff(edges)
    x = edges[:-1, None] + sizes[:, None] * points
    integral = FacetIntegral(MPI.COMM_SELF, probe_of(np.repeat(sizes[:, None], points.size, axis=1)), weights)
    assert integral.length == pytest.approx(1.0)
    assert integral(x**5) == pytest.approx(1 / 6, rel=1e-12), "three Gauss points integrate x^5"
    assert integral.variation(2 + np.cos(2 * np.pi * x)) == pytest.approx(0.5 / np.sqrt(2), rel=1e-6)
    assert integral.variation(np.full(x.shape, -3.0)) == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(integral.variation(np.zeros(x.shape)))
    half = np.where(x < 0.5, 1.0, np.nan)
    assert integral(half) == pytest.approx(0.5, abs=0.02), "no sites count as nothing"
    assert integral.largest(x) == x.max()


def test_nodes_follow_from_gauss_points() -> None:
    points, _ = gauss_points()
    values = 1 - 2 * points + 5 * points**2
    assert values @ _gauss_to_nodes() == pytest.approx([1.0, 1.25, 4.0], rel=1e-12)


def test_interface_rows_are_put_in_order() -> None:
    """Facets come in any order and direction; shared nodes are averaged, and a number beats NaN."""
    x = np.array([[2.0, 1.5, 1.0], [0.0, 0.5, 1.0], [2.0, 2.5, 3.0]])
    value = np.array([[7.0, 6.0, 5.0], [1.0, 2.0, 3.0], [np.nan, np.nan, np.nan]])
    table = ordered_along({"x_m": x, "y_m": 2 * x, "value": value})
    assert list(table) == ["x_m", "y_m", "arc_length_m", "value"]
    assert table["x_m"].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert table["value"][:5].tolist() == [1.0, 2.0, 4.0, 6.0, 7.0]
    assert np.all(np.isnan(table["value"][5:]))
    assert table["arc_length_m"] == pytest.approx(np.sqrt(5) * table["x_m"])
