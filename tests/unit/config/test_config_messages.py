"""Every mistake in a file is answered with its place and key, what was expected and what was perhaps meant."""

from __future__ import annotations

BASE = """\
name: base
cell: {length: 10 um, width: 8 um}
electrolyte: {concentration: 2500 mol/m^3}
separator:
  conductivity: 0.92 mS/cm
  transference_number: 0.78
anode: {exchange_current_density: 0.33 mA/cm^2}
counter: {exchange_current_density: 0.33 mA/cm^2}
operation: {mode: potentiostatic, voltage: 0.5 V}
"""

SITES = """\
extends: base.yaml
interface:
  reference_energy: 0.4175 eV
  adsorption_rate: 1.74e4 / s
  plating_rate: 3.2 / s
  surface_diffusivity: 1e-9 m^2/s
  sites:
    N1:
"""


def test_all_mistakes_at_once_in_reading_order(write, load_errors) -> None:
    write("base.yaml", BASE)
    text = "extends: base.yaml\ntemprature: 300 K\ncell:\n  width: 8\n  sides: symetry\nmesh:\n  order: 3\n"
    assert load_errors(write("run.yaml", text)) == [
        "run.yaml:2:1: temprature: unknown key; did you mean 'temperature'?",
        "run.yaml:4:3: cell.width: a unit is missing: expected a length such as '10 um', got 8",
        "run.yaml:5:3: cell.sides: unknown value 'symetry'; did you mean 'symmetry'? "
        "(valid: symmetry, periodic)",
        "run.yaml:7:3: mesh.order: unknown value '3' (valid: 1, 2)",
    ]


def test_the_file_that_holds_the_mistake_is_named(write, load_errors) -> None:
    write("base.yaml", BASE.replace("0.92 mS/cm", "0.92 mS"))
    path = write("sub/run.yaml", "extends: ../base.yaml\n")
    (message,) = load_errors(path)
    assert message.startswith(
        "base.yaml:5:3: separator.conductivity: expected a conductivity such as '0.92 mS/cm'"
    )


def test_a_missing_key_points_at_its_section(write, load_errors) -> None:
    path = write("run.yaml", BASE.replace("length: 10 um, ", ""))
    assert load_errors(path) == [
        "run.yaml:2:1: cell.length: required: extent along the electrodes, x [m]",
    ]


def test_a_missing_section_points_at_the_file(write, load_errors) -> None:
    path = write("run.yaml", BASE.replace("counter:", "# counter:"))
    assert load_errors(path) == ["run.yaml: counter: required: upper electrode"]


def test_an_inconsistency_points_at_a_key(write, load_errors) -> None:
    path = write(
        "run.yaml", BASE + "interface:\n  sites:\n    N1: {density: 1 / nm^2, adsorption_energy: 0 eV}\n"
    )
    messages = load_errors(path)
    assert [message.split(": ")[:2] for message in messages] == [
        ["run.yaml:10:1", "interface.reference_energy"],
        ["run.yaml:10:1", "interface.adsorption_rate"],
        ["run.yaml:10:1", "interface.plating_rate"],
        ["run.yaml:10:1", "interface.surface_diffusivity"],
    ]


def test_unknown_keys(write, load_errors) -> None:
    path = write("run.yaml", BASE + "conductivity: 1 S/m\nmesh: {xyz: 1}\nsolver: {max_newton: 3}\n1: 2\n")
    messages = load_errors(path)
    assert messages[0] == "run.yaml:10:1: conductivity: unknown key; did you mean 'separator.conductivity'?"
    assert messages[1] == (
        "run.yaml:11:8: mesh.xyz: unknown key; valid here: wall_cell, growth, max_cell, order, columns"
    )
    assert (
        messages[2] == "run.yaml:12:10: solver.max_newton: unknown key; did you mean 'max_newton_iterations'?"
    )
    assert messages[3].startswith("run.yaml:13:1: 1: unknown key; valid here: name, title, temperature, cell")


def test_errors_of_a_union_concern_the_chosen_kind(write, load_errors) -> None:
    profile = (
        "  anode_profile:\n    kind: nuclei\n    nuclei:\n    - {position: 1 um, heigth: 2 um, width: 1 um}\n"
    )
    path = write("run.yaml", BASE.replace("cell: {length: 10 um, width: 8 um}", f"cell:\n{profile}"))
    messages = load_errors(path)
    assert messages[2:] == [
        "run.yaml:6:7: cell.anode_profile.nuclei.0.height: "
        "required: height of the bump, negative for a pit [m]",
        "run.yaml:6:24: cell.anode_profile.nuclei.0.heigth: unknown key; did you mean 'height'?",
    ]


def test_kinds_of_a_union(write, load_errors) -> None:
    write("base.yaml", BASE)
    site = "      adsorption_energy: 1 eV\n      map: "
    messages = load_errors(write("run.yaml", f"{SITES}{site}{{kind: stripe, density: 1 / nm^2}}\n"))
    assert messages == [
        "run.yaml:10:7: interface.sites.N1.map: unknown kind 'stripe'; did you mean 'stripes'? "
        "(valid: stripes, random, table, image)"
    ]
    messages = load_errors(write("run.yaml", f"{SITES}{site}{{density: 1 / nm^2}}\n"))
    assert messages == [
        "run.yaml:10:7: interface.sites.N1.map: required: 'kind', one of stripes, random, table, image"
    ]


def test_wrong_types(write, load_errors) -> None:
    more = "interface: {sites: [N1]}\noutput: {fields: yes}\nmesh: {columns: 2.5}\ntitle: 3\n"
    text = BASE.replace("anode: {exchange_current_density: 0.33 mA/cm^2}", "anode: lithium") + more
    assert load_errors(write("run.yaml", text)) == [
        "run.yaml:7:1: anode: expected a mapping of keys, got 'lithium'",
        "run.yaml:10:13: interface.sites: expected a mapping NAME: {…}, got a list",
        "run.yaml:11:10: output.fields: expected true or false, got 'yes'",
        "run.yaml:12:8: mesh.columns: expected a whole number, got 2.5",
        "run.yaml:13:1: title: expected a text, got 3",
    ]


def test_a_site_name_is_one_word(write, load_errors) -> None:
    write("base.yaml", BASE)
    path = write("run.yaml", SITES.replace("N1:", "N 1: {density: 1 / nm^2, adsorption_energy: 1 eV}"))
    assert load_errors(path) == [
        "run.yaml:8:5: interface.sites.N 1: expected a name of letters, digits and '_', got 'N 1'"
    ]


def test_a_missing_file_is_named_at_its_key(write, load_errors, tmp_path) -> None:
    write("base.yaml", BASE)
    path = write(
        "sub/run.yaml", "extends: ../base.yaml\ncell:\n  anode_profile: {kind: table, file: h.csv}\n"
    )
    assert load_errors(path) == [
        f"sub/run.yaml:3:32: cell.anode_profile.file: no such file: {tmp_path}/sub/h.csv"
    ]


def test_broken_yaml(write, load_errors) -> None:
    (message,) = load_errors(write("run.yaml", "name: a\ncell: {length: 10 um\nanode: 1\n"))
    assert message.startswith("run.yaml:3:")
    assert ": not valid YAML: " in message
    (message,) = load_errors(write("run.yaml", "name: a\nname: b\n"))
    assert (
        message
        == 'run.yaml:2:1: not valid YAML: found duplicate key "name" with value "b" (original value: "a")'
    )
    assert load_errors(write("run.yaml", "- a\n")) == [
        "run.yaml: expected a mapping of keys (name: …, cell: …)"
    ]


def test_unreadable_files(write, load_errors, tmp_path) -> None:
    write("base.yaml", BASE)
    assert load_errors("bas.yaml") == ["bas.yaml: no such file; did you mean 'base.yaml'?"]
    assert load_errors("no/where.yaml") == ["no/where.yaml: no such file"]
    (message,) = load_errors(tmp_path)
    assert message.startswith(f"{tmp_path}: cannot be read: ")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (message,) = load_errors("binary.yaml")
    assert message.startswith("binary.yaml: cannot be read: ")


def test_an_empty_file_lacks_everything(write, load_errors) -> None:
    assert len(load_errors(write("run.yaml", ""))) == 5
