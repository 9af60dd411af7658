"""Which points a sweep has: values and units, order, bases, random designs, and what makes two points equal."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.config import build_config
from sim.sweeps import build_sweep, load_sweep, plan_sweep
from sim.sweeps.keys import unit_suffix

VOLTAGE, MODE = "operation.voltage", "operation.mode"
MODES = {"key": MODE, "values": ["potentiostatic", "galvanostatic"]}


def column(plan, key):
    i = [leaf.key for leaf in plan.leaves].index(key)
    return [planned.values[i] for planned in plan.points]


def steps(key, first, last, points, spacing="linear"):
    return {"key": key, "from": first, "to": last, "points": points, "spacing": spacing}


def test_listed_values_are_converted_and_keep_their_order(plan) -> None:
    made = plan(axes=[{"key": "separator.conductivity", "values": ["0.92 mS/cm", "0.023 S/m"]}])
    assert column(made, "separator.conductivity") == [0.092, 0.023]
    assert made.leaves[0].column == "separator.conductivity_S_m"
    assert "conductivity" in made.leaves[0].description


def test_a_linear_range_meets_its_ends(plan) -> None:
    assert column(plan(axes=[steps(VOLTAGE, "100 mV", "0.5 V", 5)]), VOLTAGE) == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_a_logarithmic_range_hits_the_decades(plan) -> None:
    made = plan(axes=[steps("separator.conductivity", "1e-3 S/m", "10 S/m", 5, "logarithmic")])
    assert column(made, "separator.conductivity") == [1e-3, 1e-2, 0.1, 1.0, 10.0]
    halves = plan(axes=[steps("separator.conductivity", "10 S/m", "1e-1 S/m", 5, "logarithmic")])
    found = column(halves, "separator.conductivity")
    assert np.diff(np.log10(found)) == pytest.approx([-0.5] * 4, abs=1e-11)


def test_ranges_of_plain_and_whole_numbers(plan) -> None:
    made = plan(axes=[steps("separator.porosity", 0.2, 0.8, 4), steps("mesh.columns", 10, 40, 4)])
    assert column(made, "separator.porosity")[::4] == [0.2, 0.4, 0.6, 0.8]
    assert column(made, "mesh.columns")[:4] == [10, 20, 30, 40]
    assert all(type(value) is int for value in column(made, "mesh.columns"))


def test_axes_cross_the_first_slowest(plan) -> None:
    made = plan(axes=[{"key": VOLTAGE, "values": ["1 mV", "2 mV"]}, MODES])
    pairs = list(zip(column(made, VOLTAGE), column(made, MODE), strict=True))
    words = MODES["values"]
    assert pairs == [(v, m) for v in (1e-3, 2e-3) for m in words]
    assert [planned.point.index for planned in made.points] == [0, 1, 2, 3]
    assert made.points[1].point.label == f"bare, {VOLTAGE}=1 mV, {MODE}=galvanostatic"


def test_zipped_keys_change_together(plan) -> None:
    bulk = {
        "zip": [
            {"key": "separator.conductivity", "values": ["0.23 mS/cm", "0.92 mS/cm"]},
            steps("separator.transference_number", 0.39, 0.78, 2),
        ]
    }
    made = plan(axes=[bulk, MODES])
    assert len(made.points) == 4
    assert column(made, "separator.conductivity")[::2] == [0.023, 0.092]
    assert column(made, "separator.transference_number")[::2] == [0.39, 0.78]


def test_a_base_is_varied_by_the_axes_it_names(plan) -> None:
    made = plan(
        base={
            "pia": "sites.yaml",
            "pp": {"file": "bare.yaml", "axes": [MODE]},
            "one": {"file": "bare.yaml", "axes": []},
        },
        axes=[steps("interface.sites.N1.density", "0.1 / nm^2", "1 / nm^2", 3), MODES],
    )
    assert [planned.point.base for planned in made.points] == ["pia"] * 6 + ["pp"] * 2 + ["one"]
    assert column(made, "interface.sites.N1.density")[6:] == [None] * 3
    assert column(made, MODE)[6:] == ["potentiostatic", "galvanostatic", "potentiostatic"]
    assert len(made.unique()) == 8  # `one` is the potentiostatic pp


def test_a_zipped_axis_is_reduced_to_the_keys_of_a_base(plan) -> None:
    pair = [{"key": "separator.porosity", "values": [0.2, 0.8]}, {"key": VOLTAGE, "values": ["1 V", "2 V"]}]
    made = plan(base={"bare": {"file": "bare.yaml", "axes": [VOLTAGE]}}, axes=[{"zip": pair}])
    assert column(made, VOLTAGE) == [1.0, 2.0]
    assert column(made, "separator.porosity") == [1.0, 1.0]  # its own


def test_bases_by_list_and_by_one_name(folder, plan) -> None:
    assert [p.point.base for p in plan(base=["bare.yaml", "sites.yaml"]).points] == ["bare", "sites"]
    assert plan().points[0].point.settings == ()


def test_null_and_whole_sections_are_values(plan) -> None:
    profiles = [{"kind": "flat"}, {"kind": "sinusoid", "amplitude": "0.1 um", "wavelength": "5 um"}]
    made = plan(
        base="sites.yaml",
        axes=[
            {
                "key": "interface.sites.N1",
                "values": [{"density": "1 / nm^2", "adsorption_energy": "0 eV"}, None],
            },
            {"key": "cell.anode_profile", "values": profiles},
        ],
    )
    configs = [made.config(planned.point) for planned in made.points]
    assert [len(config.interface.sites) for config in configs] == [1, 1, 0, 0]
    assert [config.cell.anode_profile.kind for config in configs] == ["flat", "sinusoid"] * 2
    assert '"amplitude":"1e-07 m"' in column(made, "cell.anode_profile")[1]


def test_an_axis_reaches_into_a_section_that_another_one_sets(plan) -> None:
    """What one point sets below a value must not be found by the points after it."""
    profiles = [{"kind": "sinusoid", "amplitude": "0.1 um", "wavelength": "5 um"}]
    made = plan(
        base={"deep": "bare.yaml", "flat": {"file": "bare.yaml", "axes": ["cell.anode_profile"]}},
        axes=[
            {"key": "cell.anode_profile", "values": profiles},
            {"key": "cell.anode_profile.amplitude", "values": ["0.2 um", "0.3 um"]},
        ],
    )
    assert column(made, "cell.anode_profile.amplitude") == [2e-7, 3e-7, 1e-7]


@pytest.mark.parametrize(
    ("unit", "suffix"), [("m^2/s", "m2_s"), ("1/s", "per_s"), ("1/m^2", "per_m2"), ("ohm*m^2", "ohm_m2")]
)
def test_the_unit_ends_a_column_s_name(unit, suffix) -> None:
    assert unit_suffix(unit) == suffix


def test_set_applies_to_every_point_and_the_command_line_wins(folder) -> None:
    (folder / "sweep.yaml").write_text(
        "base: bare.yaml\nset: {mesh.columns: 10, output.fields: false}\n"
        f"axes: [{{key: {MODE}, values: [galvanostatic]}}]\n"
    )
    made = plan_sweep(load_sweep("sweep.yaml", ("mesh.columns=12",)))
    config = made.config(made.points[0].point)
    assert (config.mesh.columns, config.output.fields) == (12, False)
    assert made.spec.name == "sweep"


def test_a_point_s_mapping_gives_the_same_config_elsewhere(plan, tmp_path) -> None:
    made = plan(base="sites.yaml", axes=[steps(VOLTAGE, "0.1 V", "0.3 V", 3)])
    for planned in made.points:
        assert build_config(made.mapping(planned.point), "/") == made.config(planned.point)


def test_equal_points_share_an_id(plan, folder) -> None:
    made = plan(axes=[{"key": VOLTAGE, "values": ["0.5 V", "500 mV", "0.4 V"]}])
    ids = [planned.id for planned in made.points]
    assert ids[0] == ids[1] != ids[2]
    assert list(made.unique().values()) == [made.points[0], made.points[2]]
    (folder / "other.yaml").write_text("extends: bare.yaml\ntitle: another name and title\n")
    assert plan(base="other.yaml").points[0].id == ids[0]
    assert plan(mesh_study=True).points[0].id != ids[0]


def test_of_a_file_the_content_counts(plan, folder) -> None:
    (folder / "copy").mkdir()
    table = "x_m,y_m\n0,0\n1e-5,1e-7\n"
    for path in (folder / "a.csv", folder / "copy" / "b.csv"):
        path.write_text(table)

    def ids(*names):
        axis = {"key": "cell.anode_profile", "values": [{"kind": "table", "file": name} for name in names]}
        return [planned.id for planned in plan(axes=[axis]).points]

    first, second = ids("a.csv", "copy/b.csv")
    assert first == second
    (folder / "a.csv").write_text(table.replace("1e-7", "2e-7"))
    assert ids("a.csv")[0] != first


def variables(*, distribution="uniform", **bounds):
    return [
        {"key": VOLTAGE, "distribution": distribution, **bounds},
        {"key": "separator.porosity", "distribution": "uniform", "low": 0.2, "high": 0.8},
    ]


@pytest.mark.parametrize("method", ["sobol", "latin-hypercube", "monte-carlo"])
def test_random_designs_are_reproducible_and_within_bounds(plan, method) -> None:
    def design(seed):
        given = variables(low="0.1 V", high="0.3 V")
        return plan(random={"method": method, "samples": 64, "seed": seed, "variables": given})

    first, again, other = design(1), design(1), design(2)
    assert [p.id for p in first.points] == [p.id for p in again.points]
    assert {p.id for p in first.points}.isdisjoint({p.id for p in other.points})
    voltage, porosity = column(first, VOLTAGE), column(first, "separator.porosity")
    assert 0.1 <= min(voltage) < 0.13 and 0.27 < max(voltage) <= 0.3
    assert np.mean(porosity) == pytest.approx(0.5, abs=0.08)
    assert [planned.point.sample for planned in first.points] == list(range(64))


def test_every_row_of_a_latin_hypercube_is_hit_once(plan) -> None:
    given = variables(low="0 V", high="1 V")
    made = plan(random={"method": "latin-hypercube", "samples": 16, "variables": given})
    assert sorted(int(16 * value) for value in column(made, VOLTAGE)) == list(range(16))


def test_samples_cross_the_axes_and_are_the_same_for_all_bases(plan) -> None:
    given = variables(low="0.1 V", high="0.3 V")
    bases = {
        "a": "bare.yaml",
        "b": {"file": "sites.yaml", "axes": [VOLTAGE]},
        "c": {"file": "sites.yaml", "axes": [MODE]},
    }
    made = plan(
        base=bases,
        axes=[MODES],
        random={"method": "sobol", "samples": 8, "variables": given},
    )
    assert [p.point.base for p in made.points] == ["a"] * 16 + ["b"] * 8 + ["c"] * 2
    voltage = column(made, VOLTAGE)
    assert voltage[:8] == voltage[8:16] == voltage[16:24]
    assert made.points[-1].point.sample is None


QUANTILES = {  # distribution with its parameters: median, and mean, both of the value [V]
    "loguniform": ({"low": "0.01 V", "high": "1 V"}, 0.1, 0.99 / math.log(100)),
    "normal": ({"mean": "0.3 V", "sd": "20 mV"}, 0.3, 0.3),
    "lognormal": ({"mean": "0.3 V", "sd": "0.3 V"}, 0.3 / math.sqrt(2), 0.3),
}


@pytest.mark.parametrize("distribution", QUANTILES)
def test_distributions_have_their_moments(plan, distribution) -> None:
    given, median, mean = QUANTILES[distribution]
    design = {
        "method": "sobol",
        "samples": 2048,
        "variables": variables(distribution=distribution, **given)[:1],
    }
    values = np.array(column(plan(random=design), VOLTAGE))
    assert np.median(values) == pytest.approx(median, rel=3e-3)
    assert values.mean() == pytest.approx(mean, rel=1e-2)
    if "sd" in given:
        assert values.std() == pytest.approx({"normal": 0.02, "lognormal": 0.3}[distribution], rel=0.05)


def test_bounds_cut_a_distribution_off(plan) -> None:
    """The half of a normal distribution above its mean: mean + sd·√(2/π)."""
    given = variables(distribution="normal", mean="0.3 V", sd="0.1 V", low="0.3 V")[:1]
    values = np.array(column(plan(random={"method": "sobol", "samples": 2048, "variables": given}), VOLTAGE))
    assert values.min() >= 0.3
    assert values.mean() == pytest.approx(0.3 + 0.1 * math.sqrt(2 / math.pi), rel=1e-3)


def test_whole_numbers_are_drawn_evenly_both_ends_included(plan) -> None:
    given = [{"key": "mesh.columns", "distribution": "uniform", "low": 10, "high": 13}]
    found = column(plan(random={"method": "sobol", "samples": 64, "variables": given}), "mesh.columns")
    assert [found.count(n) for n in range(10, 14)] == [16] * 4


def test_saltelli_mixes_two_samples_key_by_key(plan) -> None:
    given = variables(low="0.1 V", high="0.3 V")
    made = plan(random={"method": "saltelli", "samples": 8, "variables": given})
    rows = np.array([column(made, VOLTAGE), column(made, "separator.porosity")]).T.reshape(4, 8, 2)
    first, second, voltage_mixed, porosity_mixed = rows
    assert (voltage_mixed[:, 0] == second[:, 0]).all() and (voltage_mixed[:, 1] == first[:, 1]).all()
    assert (porosity_mixed[:, 0] == first[:, 0]).all() and (porosity_mixed[:, 1] == second[:, 1]).all()


def test_saltelli_gives_the_indices_of_a_linear_function(plan) -> None:
    """f = a x + b y with uniform x, y of equal width: S_x = a²/(a² + b²), by the estimator of scipy."""
    from scipy.stats import sobol_indices

    given = variables(low="0.2 V", high="0.8 V")
    made = plan(random={"method": "saltelli", "samples": 256, "variables": given})
    f = 3 * np.array(column(made, VOLTAGE)) + np.array(column(made, "separator.porosity"))
    parts = f.reshape(4, 1, 256)
    found = sobol_indices(func={"f_A": parts[0], "f_B": parts[1], "f_AB": parts[2:]}, n=256)
    assert found.first_order.ravel() == pytest.approx([0.9, 0.1], abs=0.02)


def test_a_sweep_may_extend_another(folder) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "large.yaml").write_text(
        f"base: ../bare.yaml\naxes: [{{key: {VOLTAGE}, from: 0.1 V, to: 0.5 V, points: 5}}]\n"
    )
    (folder / "small.yaml").write_text(
        f"extends: sub/large.yaml\naxes: [{{key: {VOLTAGE}, values: [0.1 V]}}]\n"
    )
    made = plan_sweep(load_sweep("small.yaml"))
    assert (made.spec.name, len(made.points)) == ("small", 1)


def test_a_check_is_asked_once_for_equal_points(folder) -> None:
    asked = []
    sweep = build_sweep(
        {"base": "bare.yaml", "axes": [{"key": VOLTAGE, "values": ["1 V", "1000 mV", "2 V"]}]}
    )
    plan_sweep(sweep, lambda config: asked.append(config.operation.voltage))
    assert asked == [1.0, 2.0]


SCALE = {"name": "scale", "distribution": "uniform", "low": 0.5, "high": 2}
FOLLOWS = [
    {"key": VOLTAGE, "at_one": "200 mV"},
    {"key": "separator.conductivity", "at_zero": "0.02 S/m", "at_one": "0.5 mS/cm"},
]


def test_one_number_drives_several_keys(plan) -> None:
    made = plan(random={"method": "sobol", "samples": 16, "variables": [{**SCALE, "drives": FOLLOWS}]})
    voltage = np.array(column(made, VOLTAGE))
    assert 0.1 <= voltage.min() < 0.13 and 0.36 < voltage.max() <= 0.4
    assert column(made, "separator.conductivity") == pytest.approx(0.02 + 0.03 * voltage / 0.2, rel=1e-10)


def test_a_base_names_a_number_that_drives_it_or_one_of_its_keys(plan) -> None:
    made = plan(
        base={
            "both": {"file": "bare.yaml", "axes": ["scale"]},
            "one": {"file": "bare.yaml", "axes": [VOLTAGE]},
            "none": {"file": "bare.yaml", "axes": []},
        },
        random={"method": "sobol", "samples": 4, "variables": [{**SCALE, "drives": FOLLOWS}]},
    )
    assert [p.point.base for p in made.points] == ["both"] * 4 + ["one"] * 4 + ["none"]
    voltage, conductivity = column(made, VOLTAGE), column(made, "separator.conductivity")
    assert voltage[:4] == voltage[4:8]
    assert len(set(conductivity[:4])) == 4
    assert conductivity[4:] == [0.092] * 5


def test_numbers_rounded_to_a_step_make_points_coincide(plan) -> None:
    rounded = {**SCALE, "drives": FOLLOWS, "step": 0.25}
    made = plan(random={"method": "sobol", "samples": 64, "variables": [rounded]})
    found = sorted({round(value, 9) for value in column(made, VOLTAGE)})
    assert found == pytest.approx([0.2 * scale for scale in (0.5, 0.75, 1, 1.25, 1.5, 1.75, 2)])
    assert len(made.unique()) == 7


def test_fewer_samples_of_a_sobol_sequence_are_its_first(plan) -> None:
    def drawn(samples):
        given = variables(low="0.1 V", high="0.3 V")
        return [p.id for p in plan(random={"method": "sobol", "samples": samples, "variables": given}).points]

    assert drawn(32)[:8] == drawn(8)
