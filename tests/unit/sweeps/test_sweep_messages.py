"""Every mistake in a sweep is answered in one line with its place, before anything is computed."""

from __future__ import annotations

import pytest

DIFFUSIVITY = "interface.surface_diffusivity"
START = "base: sites.yaml\n"


def test_a_misspelled_key_is_one_line_with_the_nearest(errors) -> None:
    text = f"{START}axes:\n  - {{key: interface.surface_difusivity, values: [1e-9 m^2/s, 1e-8 m^2/s]}}\n"
    assert errors(text + "  - {key: operation.mode, values: [potentiostatic, galvanostatic]}\n") == [
        "sweep.yaml:3:6: interface.surface_difusivity: unknown key; did you mean 'surface_diffusivity'?"
    ]


WRONG = {  # the rest of a sweep of sites.yaml, and the line
    "key elsewhere": (
        "axes:\n- {key: operation.porosity, values: [0.5]}",
        "3:4: operation.porosity: unknown key; did you mean 'separator.porosity'?",
    ),
    "key below a value": (
        "axes:\n- {key: temperature.low, values: [1 K]}",
        "3:4: temperature.low: there is no key 'low' below a single value",
    ),
    "unknown site": (
        "axes:\n- {key: interface.sites.N3.density, values: [1 / nm^2]}",
        "3:4: interface.sites.N3.density: base 'sites' has no 'N3'; there are: N1",
    ),
    "item of a list": (
        "set: {cell.anode_profile: {kind: nuclei, nuclei: [{position: 1 um, height: 1 um, width: 1 um}]}}\n"
        "axes:\n- {key: cell.anode_profile.nuclei.1.height, values: [1 um]}",
        "4:4: cell.anode_profile.nuclei.1.height: base 'sites' has 1 items there, counted from 0, and no '1'",
    ),
    "name": ("axes:\n- {key: name, values: [a]}", "3:4: name: a run does not depend on it"),
    "unit of a value": (
        f"axes:\n- key: {DIFFUSIVITY}\n  values: [1e-9 m^2/s, 1e-9 m/s]",
        f"4:24: {DIFFUSIVITY}: expected a diffusivity such as '1e-9 m^2/s', got '1e-9 m/s': 'm/s' is of another "
        f"dimension (point 1: sites, {DIFFUSIVITY}=1e-9 m/s)",
    ),
    "unit of a range": (
        f"axes:\n- {{key: {DIFFUSIVITY}, from: 1e-9, to: 1e-8 m^2/s, points: 3}}",
        f"3:40: {DIFFUSIVITY}: a unit is missing: expected a diffusivity such as '1e-9 m^2/s', got 1e-09",
    ),
    "word in a range": (
        "axes:\n- {key: operation.duration, from: steady, to: 1 s, points: 3}",
        "3:29: operation.duration: expected a number, got 'steady'",
    ),
    "range of words": (
        "axes:\n- {key: operation.mode, from: 1, to: 2, points: 2}",
        "3:25: operation.mode: takes no numbers; list its values",
    ),
    "range through zero": (
        f"axes:\n- {{key: {DIFFUSIVITY}, from: 0 m^2/s, to: 1e-8 m^2/s, points: 3, spacing: logarithmic}}",
        f"3:82: {DIFFUSIVITY}: logarithmic needs ends of one sign, neither of them zero",
    ),
    "uneven whole numbers": (
        "axes:\n- {key: mesh.columns, from: 10, to: 13, points: 3}",
        "3:41: mesh.columns: the steps between whole numbers must be whole",
    ),
    "empty axis": (
        f"axes:\n- {{key: {DIFFUSIVITY}, values: []}}",
        "3:40: axes.0.values: expected at least one value",
    ),
    "no values": (
        f"axes:\n- {{key: {DIFFUSIVITY}}}",
        "3:3: axes.0.values: required: a list; or give 'from', 'to' and 'points'",
    ),
    "no key": (
        "axes:\n- {values: [1]}",
        "3:3: axes.0.key: required: the config key to change, e.g. interface.surface_diffusivity",
    ),
    "half a range": (
        f"axes:\n- {{key: {DIFFUSIVITY}, from: 1 m^2/s, to: 2 m^2/s}}",
        "3:3: axes.0.points: required for a range",
    ),
    "values and a range": (
        "axes:\n- {key: separator.porosity, values: [0.5], from: 0.1, to: 0.2, points: 2}",
        "3:44: axes.0.from: give 'values' or 'from', not both",
    ),
    "one point": (
        "axes:\n- {key: separator.porosity, from: 0.1, to: 0.2, points: 1}",
        "3:49: axes.0.points: must be at least 2, got 1",
    ),
    "misspelled word of the file": ("axis: []", "2:1: axis: unknown key; did you mean 'axes'?"),
    "misspelled word of an axis": (
        "axes:\n- {key: separator.porosity, value: [0.5], values: [0.5]}",
        "3:29: axes.0.value: unknown key; did you mean 'values'?",
    ),
    "unequal zip": (
        "axes:\n- zip:\n  - {key: separator.porosity, values: [0.1, 0.2]}\n  - {key: temperature, values: [300 K]}",
        "3:3: axes.0.zip: keys that change together need equally many values, got 2 and 1",
    ),
    "key varied twice": (
        "axes:\n- {key: separator.porosity, values: [0.1]}\n- {key: separator.porosity, values: [0.2]}",
        "4:4: axes.1.key: 'separator.porosity' is varied twice; let it change in one axis",
    ),
    "key set and varied": (
        "axes:\n- {key: separator.porosity, values: [0.1]}\nset: {separator.porosity: 0.2}",
        "4:7: set.separator.porosity: is varied by an axis, too",
    ),
    "neighbours across processes": (
        "ranks: 2\nwarm_start: true",
        "3:1: warm_start: points of several ranks are processes of their own and know no neighbour",
    ),
    "misspelled key to set": (
        "set: {separator.porosty: 0.2}",
        "2:7: separator.porosty: unknown key; did you mean 'porosity'?",
    ),
    "samples": (
        "random: {method: sobol, samples: 100, "
        "variables: [{key: separator.porosity, distribution: uniform, low: 0, high: 1}]}",
        "2:25: random.samples: 'sobol' needs a power of two, such as 64 or 128, got 100",
    ),
    "distribution": (
        "random:\n  method: sobol\n  samples: 4\n"
        "  variables: [{key: separator.porosity, distribution: unifrom, low: 0, high: 1}]",
        "5:41: random.variables.0.distribution: unknown value 'unifrom'; did you mean 'uniform'? "
        "(valid: uniform, loguniform, normal, lognormal)",
    ),
    "order of the bounds": (
        "random:\n  method: monte-carlo\n  samples: 3\n  variables:\n"
        "  - {key: operation.voltage, distribution: uniform, low: 1 V, high: 10 mV}",
        "6:63: operation.voltage: must be above low, 1 V",
    ),
    "mean without sd": (
        "random:\n  method: monte-carlo\n  samples: 3\n  variables:\n"
        "  - {key: operation.voltage, distribution: normal, mean: 1 V}",
        "6:5: random.variables.0.sd: required for 'normal'",
    ),
    "number without a name": (
        "random:\n  method: monte-carlo\n  samples: 3\n  variables:\n"
        "  - {distribution: uniform, low: 0, high: 1, "
        "drives: [{key: operation.voltage, at_zero: 0 V, at_one: 1 V}]}",
        "6:5: random.variables.0.name: required where a number drives several keys",
    ),
    "name without a number": (
        "random:\n  method: monte-carlo\n  samples: 3\n  variables:\n"
        "  - {name: x, key: separator.porosity, distribution: uniform, low: 0, high: 1}",
        "6:6: random.variables.0.name: only with 'drives'",
    ),
    "misspelled key that is driven": (
        "random:\n  method: monte-carlo\n  samples: 3\n  variables:\n"
        "  - {name: x, distribution: uniform, low: 0, high: 1, "
        "drives: [{key: operation.voltag, at_zero: 0 V, at_one: 1 V}]}",
        "6:65: operation.voltag: unknown key; did you mean 'voltage'?",
    ),
    "unit of a key that is driven": (
        "random:\n  method: monte-carlo\n  samples: 3\n  variables:\n"
        "  - {name: x, distribution: uniform, low: 0, high: 1, "
        "drives: [{key: operation.voltage, at_zero: 0 V, at_one: 1 m}]}",
        "6:103: operation.voltage: expected a voltage such as '0.5 V', got '1 m': 'm' is of another dimension",
    ),
    "sd of a temperature": (
        "random:\n  method: monte-carlo\n  samples: 3\n  variables:\n"
        "  - {key: temperature, distribution: normal, mean: 300 K, sd: 5 degC}",
        "6:59: temperature: a difference of temperatures is given in K",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_line(errors, case) -> None:
    rest, line = WRONG[case]
    assert errors(f"{START}{rest}\n") == [f"sweep.yaml:{line}"]


def test_a_base_that_is_not_there(errors, folder) -> None:
    assert errors("base: {a: site.yaml}\n") == [
        "sweep.yaml:1:8: base.a: no such file: site.yaml; did you mean 'sites.yaml'?"
    ]


def test_a_base_without_the_site_that_an_axis_varies(errors) -> None:
    axes = "axes:\n- {key: interface.sites.N1.density, values: [1 / nm^2]}\n"
    assert errors(f"base: [sites.yaml, bare.yaml]\n{axes}") == [
        "sweep.yaml:3:4: interface.sites.N1.density: base 'bare' has no 'N1'; "
        "base.bare.axes can list the axes that change it"
    ]


def test_a_base_names_an_axis_that_is_none(errors) -> None:
    axes = "axes: [{key: operation.mode, values: [galvanostatic]}]\n"
    assert errors("base: {a: {file: bare.yaml, axes: [operation.mod]}}\n" + axes) == [
        "sweep.yaml:1:36: base.a.axes.0: no axis varies 'operation.mod'; keys that are varied: operation.mode"
    ]


def test_two_bases_of_one_name(errors) -> None:
    (line,) = errors("base: [a/pia.yaml, b/pia.yaml]\n")
    assert line == "sweep.yaml:1:1: base: two bases of the same name: give each one, {NAME: FILE, …}"


def test_a_wrong_override(errors) -> None:
    assert errors(START, "separator.porosty=1") == [
        "--set separator.porosty=1: separator.porosty: unknown key; did you mean 'porosity'?"
    ]


def test_a_mistake_in_the_base_is_told_at_its_place_once(errors, folder) -> None:
    (folder / "sites.yaml").write_text("extends: bare.yaml\nseparator: {porosity: 2}\n")
    axes = "axes: [{key: operation.mode, values: [potentiostatic, galvanostatic]}]\n"
    (line,) = errors(START + axes)
    assert line.startswith("sites.yaml:2:13: separator.porosity: must be at most 1, got 2 (point 0: ")


def test_at_most_five_are_told(errors) -> None:
    voltages = ", ".join(f"{n} A" for n in range(8))
    lines = errors(f"{START}axes: [{{key: operation.voltage, values: [{voltages}]}}]\n")
    assert len(lines) == 6
    assert lines[-1] == "… and 3 more"


def test_no_such_sweep(folder) -> None:
    from sim.config import ConfigError
    from sim.sweeps import load_sweep

    (folder / "claim.yaml").write_text(START)
    with pytest.raises(ConfigError, match=r"^clam\.yaml: no such file; did you mean 'claim\.yaml'\?$"):
        load_sweep("clam.yaml")
