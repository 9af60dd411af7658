"""The shipped configs, what is written of them, and the schema for editors."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sim.config import build_config, dump_config, json_schema, load_config

CONFIGS = Path(__file__).resolve().parents[3] / "configs"


def test_a_dumped_config_loads_back_equal(shipped: Path, tmp_path: Path) -> None:
    config = load_config(shipped)
    copy = tmp_path / "config.yaml"
    copy.write_text(dump_config(config), encoding="utf-8")
    assert load_config(copy) == config
    assert pickle.loads(pickle.dumps(config)) == config


def test_a_shipped_config_is_named_after_its_file(shipped: Path) -> None:
    config = load_config(shipped)
    assert config.name == shipped.stem
    assert config.title != config.name


def test_a_dump_is_in_si_with_units(minimal) -> None:
    text = dump_config(build_config(minimal | {"anode": {"kind": "blocking", "stern": None}}))
    assert "length: 1e-05 m\n" in text
    assert "conductivity: 0.092 S/m\n" in text
    assert "anode:\n  kind: blocking\n  transfer_coefficient: 0.5\n  stern: null\n" in text
    assert "wall_cell" not in text  # absent stays absent
    assert build_config(YAML(typ="safe").load(text)).anode.stern is None


@pytest.mark.parametrize("name", ["0.5", "null", "yes", "1e-9"])
def test_a_name_that_looks_like_something_else_survives(minimal, name: str) -> None:
    config = build_config(minimal | {"name": name})
    assert build_config(YAML(typ="safe").load(dump_config(config))) == config


SEPARATORS = {  # κ [S/m], t₊, porosity (paper, Fig. 3A and 2F) and the sites
    "pp": (0.023, 0.39, 0.23, ()),
    "pia": (0.092, 0.78, 0.78, ("N1", "N2")),
    "control-2": (0.092, 0.78, 0.78, ("N1",)),
    "control-3": (0.092, 0.78, 0.78, ("N2",)),
    "pia-bulk": (0.092, 0.78, 0.78, ()),
}


@pytest.mark.parametrize("name", SEPARATORS)
def test_a_separator_is_its_bulk_and_its_sites(name: str) -> None:
    config = load_config(CONFIGS / f"{name}.yaml")
    separator = config.separator
    bulk = (separator.conductivity, separator.transference_number, separator.porosity)
    assert (*bulk, tuple(config.interface.sites)) == SEPARATORS[name]


def test_the_separators_share_everything_else() -> None:
    own = {"name", "title", "separator", "interface"}
    dumps = [load_config(CONFIGS / f"{name}.yaml").model_dump(exclude=own) for name in SEPARATORS]
    assert all(dump == dumps[0] for dump in dumps)
    rates = [load_config(CONFIGS / f"{n}.yaml").interface.model_dump(exclude={"sites"}) for n in SEPARATORS]
    assert all(rate == rates[0] for rate in rates)


def test_the_sites_charge_the_interface_as_stated() -> None:
    """Neutral for PIA, −6.0 and +6.0 mC/m² for controls 2 and 3."""

    def charge(name: str) -> float:
        sites = load_config(CONFIGS / f"{name}.yaml").interface.sites.values()
        return sum(1.602176634e-19 * s.charge * s.charged_fraction * (s.density or 0.0) for s in sites)

    assert charge("pia") == pytest.approx(0.0, abs=1e-12)
    assert charge("control-2") == pytest.approx(-6.0e-3, rel=2e-3)
    assert charge("control-3") == pytest.approx(6.0e-3, rel=2e-3)


def test_both_drives_of_the_paper_stand_in_the_base() -> None:
    pia = CONFIGS / "pia.yaml"
    assert load_config(pia).operation.applied_voltage == 0.5
    driven = load_config(pia, ["operation.mode=galvanostatic"]).operation
    assert driven.applied_current_density == 5.0


def test_the_base_lacks_only_a_separator(load_errors) -> None:
    (message,) = load_errors(CONFIGS / "base.yaml")
    assert "separator.conductivity: required, e.g. '0.92 mS/cm', with transference_number" in message


def test_every_value_of_a_separator_has_a_source() -> None:
    """Each line that holds a value of the model says where it comes from."""
    structure = (
        "extends:",
        "name:",
        "title:",
        "- {position",
        "kind: nuclei",
        "mode:",
        "duration:",
        "electrostatics:",
    )
    for path in sorted(CONFIGS.glob("*.yaml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.strip()
            is_value = text and not text.startswith("#") and not text.split("#")[0].strip().endswith(":")
            if is_value and not text.startswith(structure):
                assert "#" in text, f"{path.name}: no source: {text}"


def test_the_committed_schema_is_the_models() -> None:
    committed = json.loads((CONFIGS / "config.schema.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(json_schema())), "run: sim schema > configs/config.schema.json"


def test_the_schema_describes_every_key_with_its_unit() -> None:
    for name, model in {"": json_schema(), **json_schema()["$defs"]}.items():
        for key, schema in model["properties"].items():
            assert key == "kind" or schema.get("description"), f"{name}.{key} has no description"
            if "x-unit" in schema:
                assert f"[{schema['x-unit']}]" in schema["description"], (
                    f"{name}.{key} does not name its unit"
                )


def test_the_schema_allows_partial_files_and_null() -> None:
    schema = json_schema()
    assert "required" not in json.dumps(schema["$defs"]["Cell"])
    assert schema["properties"]["extends"]["anyOf"][0] == {"type": "string"}
    assert schema["properties"]["temperature"]["default"] == "298.15 K"
    assert "null" in schema["$defs"]["Operation"]["properties"]["voltage"]["type"]
