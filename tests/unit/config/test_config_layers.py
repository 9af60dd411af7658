"""`extends`, ``--set`` and how layers merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config import FlatProfile, SinusoidProfile, build_config, load_config

BASE = """\
name: base
title: The base
cell:
  length: 10 um
  width: 8 um
  anode_profile:
    kind: nuclei
    nuclei:
    - {position: 2 um, height: 0.6 um, width: 0.6 um}
    - {position: 5 um, height: 1 um, width: 0.8 um}
electrolyte: {concentration: 2500 mol/m^3}
separator: {conductivity: 0.92 mS/cm, transference_number: 0.78}
anode: {exchange_current_density: 0.33 mA/cm^2, stern: {thickness: 0.5 nm, relative_permittivity: 10}}
counter: {exchange_current_density: 0.33 mA/cm^2}
interface:
  reference_energy: 0.4175 eV
  adsorption_rate: 1.74e4 / s
  plating_rate: 3.2 / s
  surface_diffusivity: 1e-9 m^2/s
  sites:
    N1: {density: 0.75 / nm^2, adsorption_energy: -0.65 eV}
    N2: {density: 0.25 / nm^2, adsorption_energy: 0.28 eV}
operation: {mode: potentiostatic, voltage: 0.5 V, c_rate: 0.5, areal_capacity: 1 mAh/cm^2}
"""


@pytest.fixture
def base(write) -> Path:
    """base.yaml in the working folder."""
    return write("base.yaml", BASE)


def test_a_later_file_wins_key_by_key(base, write) -> None:
    config = load_config(write("run.yaml", "extends: base.yaml\ncell: {width: 9 um}\n"))
    assert (config.cell.length, config.cell.width) == (1e-5, 9e-6)


def test_name_and_title_are_not_inherited(base, write) -> None:
    config = load_config(write("run.yaml", "extends: base.yaml\n"))
    assert (config.name, config.title) == ("run", "run")
    config = load_config(write("run.yaml", "extends: base.yaml\nname: mine\n"))
    assert (config.name, config.title) == ("mine", "mine")
    assert load_config("base.yaml").title == "The base"


def test_several_files_merge_in_order(base, write) -> None:
    write("a.yaml", "temperature: 310 K\ncell: {width: 9 um}\n")
    write("b.yaml", "temperature: 320 K\n")
    config = load_config(write("run.yaml", "extends: [base.yaml, a.yaml, b.yaml]\n"))
    assert (config.temperature, config.cell.width) == (320.0, 9e-6)


def test_a_file_reached_twice_does_not_undo_what_came_between(base, write) -> None:
    write("a.yaml", "extends: base.yaml\ncell: {width: 9 um}\n")
    write("b.yaml", "extends: base.yaml\ntemperature: 310 K\n")
    config = load_config(write("run.yaml", "extends: [a.yaml, b.yaml]\n"))
    assert (config.temperature, config.cell.width) == (310.0, 9e-6)


def test_paths_are_relative_to_the_file_that_says_so(base, write, tmp_path) -> None:
    write("lib/h.csv", "x_m,y_m\n0,0\n1e-5,0\n")
    write("lib/rough.yaml", "extends: ../base.yaml\ncell: {anode_profile: {kind: table, file: h.csv}}\n")
    config = load_config(write("runs/run.yaml", "extends: ../lib/rough.yaml\n"))
    assert config.cell.anode_profile.file == tmp_path / "lib/h.csv"
    flat = write("runs/flat.yaml", "extends: ../base.yaml\n")
    overridden = load_config(flat, ["cell.anode_profile={kind: table, file: lib/h.csv}"])
    assert overridden.cell.anode_profile == config.cell.anode_profile


def test_cycles_are_named(write, load_errors) -> None:
    write("a.yaml", "extends: b.yaml\n")
    write("b.yaml", "name: b\nextends: [c.yaml]\n")
    write("c.yaml", "extends: b.yaml\n")
    assert load_errors("a.yaml") == ["c.yaml:1:1: extends: a file extends itself: b.yaml -> c.yaml -> b.yaml"]
    write("self.yaml", "extends: self.yaml\n")
    assert load_errors("self.yaml") == [
        "self.yaml:1:1: extends: a file extends itself: self.yaml -> self.yaml"
    ]


def test_extends_needs_files(base, write, load_errors) -> None:
    assert load_errors(write("run.yaml", "extends: [base.yaml, bse.yaml]\n")) == [
        "run.yaml:1:22: extends: no such file: bse.yaml; did you mean 'base.yaml'?"
    ]
    assert load_errors(write("run.yaml", "extends: {base: 1}\n")) == [
        "run.yaml:1:1: extends: expected the name of a file or a list of names"
    ]


@pytest.mark.parametrize(
    "override",
    ["operation.voltage=0.1 V", "operation={voltage: 0.1 V}", " operation.voltage = 100 mV"],
)
def test_an_override_replaces_one_key(base, override: str) -> None:
    config = load_config(base, [override])
    assert config.operation.voltage == 0.1
    assert config.operation.c_rate == 0.5


def test_an_override_reaches_into_a_list(base) -> None:
    nuclei = load_config(base, ["cell.anode_profile.nuclei.1.height=2 um"]).cell.anode_profile.nuclei
    assert [n.height for n in nuclei] == [0.6e-6, 2e-6]
    assert nuclei[1].width == 0.8e-6


OVERRIDES = [
    (
        "operation.voltage=0.5",
        "operation.voltage: a unit is missing: expected a voltage such as '0.5 V', got 0.5",
    ),
    ("separtor.conductivity=1 S/m", "separtor: unknown key; did you mean 'separator'?"),
    (
        "cell.anode_profile.nuclei.1.height=9",
        "cell.anode_profile.nuclei.1.height: a unit is missing: expected",
    ),
    ("cell.anode_profile.nuclei.2.height=9 um", "cell.anode_profile.nuclei: expected a list, got a mapping"),
    ("operation.voltage", "expected KEY=VALUE, such as operation.voltage='0.5 V'"),
    ("=3", "expected KEY=VALUE, such as operation.voltage='0.5 V'"),
    ("mesh=[1", "not valid YAML: expected ',' or ']'"),
    ("extends=base.yaml", "'extends' belongs in a file"),
    ("cell=null", "cell: required: geometry of the cell"),
]


@pytest.mark.parametrize(("override", "message"), OVERRIDES, ids=[override for override, _ in OVERRIDES])
def test_a_wrong_override_is_shown(base, load_errors, override: str, message: str) -> None:
    (found,) = load_errors(base, override)
    assert found.startswith(f"--set {override}: {message}")


def test_the_last_of_equal_overrides_wins(base) -> None:
    assert load_config(base, ["temperature=300 K", "temperature=310 K"]).temperature == 310.0


def test_null_removes_what_was_inherited(base, write) -> None:
    path = write("run.yaml", "extends: base.yaml\ninterface: {sites: {N2: null}}\n")
    assert list(load_config(path).interface.sites) == ["N1"]
    assert load_config(path, ["interface.sites=null"]).interface.sites == {}
    assert load_config(path, ["cell.anode_profile=null"]).cell.anode_profile == FlatProfile()


def test_null_stern_is_kept_and_can_be_given_again(base, write) -> None:
    path = write("run.yaml", "extends: base.yaml\nanode: {kind: blocking, stern: null}\n")
    assert load_config(path).anode.stern is None
    stern = load_config(path, ["anode.stern.thickness=1 nm"]).anode.stern
    assert stern is not None
    assert (stern.thickness, stern.relative_permittivity) == (1e-9, 30.0)


def test_another_kind_starts_afresh(base) -> None:
    profile = "{kind: sinusoid, amplitude: 1 um, wavelength: 5 um}"
    config = load_config(base, [f"cell.anode_profile={profile}"])
    assert config.cell.anode_profile == SinusoidProfile(kind="sinusoid", amplitude="1 um", wavelength="5 um")
    assert load_config(base, ["cell.anode_profile.kind=flat"]).cell.anode_profile == FlatProfile()


def test_the_same_kind_is_changed_in_place(base, write) -> None:
    profile = "anode_profile: {kind: sinusoid, amplitude: 1 um, wavelength: 5 um}"
    path = write("wave.yaml", f"extends: base.yaml\ncell: {{{profile}}}\n")
    changed = load_config(path, ["cell.anode_profile={kind: sinusoid, amplitude: 2 um}"]).cell.anode_profile
    assert (changed.amplitude, changed.wavelength) == (2e-6, 5e-6)


def test_an_electrode_keeps_its_keys_when_its_kind_changes(base) -> None:
    anode = load_config(base, ["anode.kind=blocking"]).anode
    assert anode.stern is not None
    assert anode.stern.thickness == 0.5e-9


def test_an_alternative_replaces_the_inherited_one(base) -> None:
    operation = load_config(
        base, ["operation.mode=galvanostatic", "operation.current_density=7 A/m^2"]
    ).operation
    assert (operation.applied_current_density, operation.c_rate) == (7.0, None)

    interface = load_config(base, ["interface.diffusion_barrier=0.1 eV"]).interface
    assert (interface.diffusion_barrier, interface.surface_diffusivity) == (0.1, None)

    site_map = "{kind: stripes, density: 1 / nm^2, pitch: 1 um, fraction: 0.5}"
    site = load_config(base, [f"interface.sites.N1.map={site_map}"]).interface.sites["N1"]
    assert (site.density, site.adsorption_energy) == (None, -0.65)

    both = ["electrolyte.diffusivity_li=1e-10 m^2/s", "electrolyte.diffusivity_anion=2e-10 m^2/s"]
    config = load_config(base, both)
    assert (config.separator.conductivity, config.separator.transference_number) == (None, None)
    assert config.electrolyte.diffusivity_anion == 2e-10


def test_two_alternatives_in_one_layer_are_an_error(base, load_errors) -> None:
    assert load_errors(base, "operation.c_rate=1", "operation.current_density=7 A/m^2") == [
        "--set operation.c_rate=1: operation.c_rate: give 'current_density' or 'c_rate', not both"
    ]


def test_removing_an_alternative_keeps_the_other(base) -> None:
    assert load_config(base, ["operation.current_density=null"]).operation.c_rate == 0.5


def test_a_program_can_extend_files(base, tmp_path) -> None:
    config = build_config({"extends": "base.yaml", "name": "x", "temperature": "310 K"}, base_dir=tmp_path)
    assert (config.name, config.temperature, config.cell.width) == ("x", 310.0, 8e-6)


def test_anchors_and_merge_keys(base, write) -> None:
    text = "extends: base.yaml\nanode: &metal {transfer_coefficient: 0.4}\ncounter:\n  <<: *metal\n"
    config = load_config(write("run.yaml", text))
    assert config.counter.transfer_coefficient == 0.4
