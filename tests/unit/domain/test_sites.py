"""Site maps and the fields made of them: means, seeds, edges, and that no site is lost on a facet."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from sim.domain.errors import DomainError
from sim.domain.site_maps import LinearMap, SiteMap, StripesMap, UniformMap, random_map
from sim.domain.sites import FACET_WEIGHTS, SiteFields, SiteType, site_map_function
from sim.physics.constants import AVOGADRO, ELEMENTARY_CHARGE

LENGTH = 10e-6
PER_NM2 = 1e18


def site(**keys) -> SimpleNamespace:
    base = {
        "density": None,
        "map": None,
        "adsorption_energy": -0.65,
        "charge": -1.0,
        "charged_fraction": 0.05,
    }
    return SimpleNamespace(**{**base, **keys})


def mapped(**keys) -> SiteMap:
    return site_map_function(site(map=SimpleNamespace(**keys)), LENGTH)


def stripes() -> SiteMap:
    return mapped(kind="stripes", density=1e18, pitch=2.7e-6, fraction=0.3, phase=0.2)


def patches(sides: str = "symmetry", variation: float = 0.5, seed: int = 4) -> SiteMap:
    keys = {"density": 1e18, "patch_length": 1e-6, "variation": variation, "seed": seed}
    return site_map_function(site(map=SimpleNamespace(kind="random", **keys)), LENGTH, sides)


def midpoints(count: int) -> np.ndarray:
    return (np.arange(count) + 0.5) * (LENGTH / count)


def test_uniform():
    density = site_map_function(site(density=0.75e18), LENGTH)
    assert np.array_equal(density(midpoints(3)), [0.75e18] * 3)
    assert density.variation_length is None


def test_stripes_are_where_the_phase_says():
    density = stripes()
    assert density(np.array([0.2, 0.2 + 0.299, 0.2 + 0.301, 1.1999, 1.2001]) * 2.7e-6).tolist() == [
        1e18,
        1e18,
        0.0,
        0.0,
        1e18,
    ]
    assert np.allclose(density.edges[:2], [0.2 * 2.7e-6, 0.5 * 2.7e-6])
    assert density.variation_length == pytest.approx(0.3 * 2.7e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("sides", ["symmetry", "periodic"])
@pytest.mark.parametrize("variation", [0.0, 0.3, 1.0])
def test_random_maps_have_exactly_the_mean_and_the_variation(seed, sides, variation):
    density = patches(sides, variation, seed)
    n = density(midpoints(5000))
    assert n.min() > 0
    assert n.mean() == pytest.approx(1e18, rel=1e-10)
    assert n.std() == pytest.approx(variation * 1e18, rel=1e-9, abs=1e3)


def test_random_maps_close_at_the_sides():
    d = np.linspace(0.0, 2e-6, 9)
    even, periodic = patches(), patches("periodic")
    assert np.allclose(even(d), even(-d), rtol=1e-12)
    assert np.allclose(even(LENGTH + d), even(LENGTH - d), rtol=1e-12)
    assert np.allclose(periodic(d), periodic(LENGTH + d), rtol=1e-12)


def test_random_maps_are_functions_of_position_and_seed():
    x = midpoints(400)
    assert np.allclose(patches()(x)[37:40], patches()(x[37:40]), rtol=1e-13)
    assert not np.allclose(patches(seed=4)(x), patches(seed=5)(x))
    with pytest.raises(DomainError, match="harmonics"):
        random_map(1e18, 1e-9, 0.5, 1, LENGTH, periodic=False)


def test_tables_are_linear_between_their_rows(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text("x_m,density_per_nm2\n0,0\n4e-6,1\n10e-6,0.5\n")
    density = mapped(kind="table", file=path)
    assert np.allclose(
        density(np.array([0, 2e-6, 4e-6, 7e-6, 10e-6])), np.array([0, 0.5, 1, 0.75, 0.5]) * PER_NM2
    )
    path.write_text("x_m,density_per_nm2\n0,0\n10e-6,-1\n")
    with pytest.raises(DomainError, match="negative"):
        mapped(kind="table", file=path)


@pytest.mark.parametrize("mode", ["L", "RGB", "I;16"])
def test_pictures_run_along_x_and_white_is_full(tmp_path, mode):
    levels = np.array([0.0, 1.0, 1.0, 0.4, 0.0])
    dtype, white = (np.uint16, 65535) if mode == "I;16" else (np.uint8, 255)
    pixels = np.vstack([np.zeros(5), levels * white, levels * white]).astype(dtype)
    picture = Image.fromarray(pixels)
    path = tmp_path / "sites.png"
    (picture.convert("RGB") if mode == "RGB" else picture).save(path)
    density = mapped(kind="image", file=path, density=1.5e18)
    expected = 1.5e18 * levels * 2 / 3
    assert np.allclose(density((np.arange(5) + 0.5) * 2e-6), expected, rtol=1e-3, atol=1e6)
    path.write_text("no picture")
    with pytest.raises(DomainError, match=r"sites\.png"):
        mapped(kind="image", file=path, density=1.5e18)


@pytest.mark.parametrize(
    "density",
    [
        UniformMap(1e18),
        StripesMap(1e18, 2.7e-6, 0.3, 0.2, LENGTH),
        random_map(1e18, 1e-6, 0.6, 3, LENGTH, periodic=False),
        LinearMap(np.array([0.0, 3e-6, 3.1e-6, 1e-5]), np.array([0.0, 1.0, 0.2, 0.4]) * 1e18),
    ],
)
def test_means_over_intervals(density):
    ends = np.array([0.0, 0.13, 0.2, 0.54, 0.541, 0.97, 1.0]) * LENGTH
    exact = density.mean(ends[:-1], ends[1:])
    samples = (np.arange(200_000) + 0.5) / 200_000
    for start, end, mean in zip(ends[:-1], ends[1:], exact, strict=True):
        assert mean == pytest.approx(
            density(start + (end - start) * samples).mean(), abs=1e-5 * density.scale
        )
    assert np.allclose(density.mean(ends[1:], ends[:-1]), exact, rtol=1e-9)
    assert np.allclose(density.mean(ends[1:3], ends[1:3]), density(ends[1:3]))


def fields(overlap: str, *densities: SiteMap) -> SiteFields:
    energies, charges = (-0.65, 0.28), (-0.05, 0.15)
    types = tuple(
        SiteType(f"N{k + 1}", density, energies[k], charges[k]) for k, density in enumerate(densities)
    )
    return SiteFields(types, overlap, 12.0)


def test_mean_field_is_the_weighted_energy():
    sample = fields("mean_field", UniformMap(0.75e18), UniformMap(0.25e18)).at(midpoints(4))
    (only,) = sample.classes
    assert np.allclose(only.capacity, 12e18 / AVOGADRO)
    assert np.allclose(only.energy, 0.75 * -0.65 + 0.25 * 0.28)
    assert np.allclose(sample.surface_charge, 0.0, atol=1e-12)
    alone = fields("mean_field", UniformMap(0.75e18)).at(midpoints(4))
    assert np.allclose(alone.surface_charge, -0.05 * 0.75e18 * ELEMENTARY_CHARGE)
    assert alone.surface_charge[0] == pytest.approx(-6.0e-3, rel=2e-3)


def test_independent_types_keep_their_energies():
    sample = fields("independent", stripes(), UniformMap(0.25e18)).at(midpoints(200))
    first, second = sample.classes
    assert set(np.unique(first.energy)) == {-0.65, 0.0}
    assert np.array_equal(first.energy == 0.0, first.capacity == 0.0)
    assert np.all(second.energy == 0.28)
    assert np.allclose(sample.capacity, first.capacity + second.capacity)


def test_no_sites():
    sample = SiteFields((), "mean_field", 12.0).at(midpoints(3))
    assert sample.classes == ()
    assert not sample.surface_charge.any()
    assert not sample.capacity.any()


def test_energy_is_zero_where_there_are_no_sites():
    (only,) = fields("mean_field", stripes()).at(midpoints(500)).classes
    assert np.array_equal(only.energy == 0.0, only.capacity == 0.0)
    assert 0 < np.count_nonzero(only.capacity) < 500


@pytest.mark.parametrize("facets", [7, 23, 60])
@pytest.mark.parametrize(
    "density", [stripes(), UniformMap(1e18), patches()], ids=["stripes", "uniform", "random"]
)
def test_no_site_is_lost_on_facets(density, facets):
    ends = np.linspace(0.0, LENGTH, facets + 1)
    sample = fields("mean_field", density).on_facets(ends[:-1], ends[1:])
    capacity = sample.classes[0].capacity
    assert capacity.shape == (facets, 3)
    assert capacity.min() >= 0.0
    total = np.sum(capacity @ FACET_WEIGHTS * np.diff(ends))
    exact = 12.0 / AVOGADRO * density.mean(np.zeros(1), np.full(1, LENGTH))[0] * LENGTH
    # The Gauss rule on facets where the map counts as smooth may miss up to a fraction of its tolerance.
    assert total == pytest.approx(exact, rel=1e-12 if density.edges.size else 5e-4)


@pytest.mark.parametrize(
    "density", [stripes(), UniformMap(1e18), patches()], ids=["stripes", "uniform", "random"]
)
def test_a_rank_may_hold_no_facets(density):
    none = np.empty(0)
    assert fields("mean_field", density).on_facets(none, none).capacity.shape == (0, 3)


def test_facets_at_stripes_edges_do_not_care_about_rounding():
    density = stripes()
    edge = density.edges[1]
    inside = np.array([edge - 1e-7]), np.array([edge * (1 + 1e-15)])
    outside = np.array([edge * (1 - 1e-15)]), np.array([edge + 1e-7])
    assert np.all(fields("mean_field", density).on_facets(*inside).capacity == 12e18 / AVOGADRO)
    assert np.all(fields("mean_field", density).on_facets(*outside).capacity == 0.0)


def test_smooth_maps_stay_pointwise_and_jumps_become_means():
    ends = np.linspace(0.0, LENGTH, 101)
    smooth = fields("mean_field", patches()).on_facets(ends[:-1], ends[1:])
    assert np.allclose(smooth.capacity * AVOGADRO / 12.0, patches()(smooth.x), rtol=1e-12)
    jumping = fields("mean_field", stripes()).on_facets(ends[:-1], ends[1:]).capacity
    across = np.any((ends[:-1, None] < stripes().edges) & (stripes().edges < ends[1:, None]), axis=1)
    assert np.all(np.ptp(jumping, axis=1) == 0.0)
    assert across.any()
    full = 12e18 / AVOGADRO
    assert np.all((jumping[across, 0] > 0) & (jumping[across, 0] < full))


def test_shipped_sites_are_read_from_a_config(config):
    sites = {
        "N1": {
            "density": "0.75 / nm^2",
            "adsorption_energy": "-0.65 eV",
            "charge": -1,
            "charged_fraction": 0.05,
        },
        "N2": {
            "density": "0.25 / nm^2",
            "adsorption_energy": "0.28 eV",
            "charge": 1,
            "charged_fraction": 0.15,
        },
    }
    cfg = config(sites=sites)
    sample = SiteFields.from_config(cfg.interface, LENGTH).at(midpoints(2))
    assert sample.classes[0].capacity == pytest.approx([1.9926e-5] * 2, rel=1e-4)
    assert sample.classes[0].energy == pytest.approx([-0.4175] * 2)
    assert np.abs(sample.surface_charge).max() < 1e-12
