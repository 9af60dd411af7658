"""Cells of one structure have the same forms: whatever a form branches on is in `Structure`."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dolfinx")

from mpi4py import MPI

from sim.config import RunConfig, build_config, load_config
from sim.domain.domain import make_domain
from sim.output.free_energy import FreeEnergy, has_free_energy
from sim.solve.model import CellModel
from sim.solve.residual import (
    anion_constraint,
    cell_equations,
    galvanostatic_constraint,
    lithium_constraint,
)
from tests.unit.numbers_of_configs import changed, numbers, tree, with_number

ROOT = Path(__file__).resolve().parents[3]
CONFIGS = sorted(
    path
    for place in ("configs", "configs/examples", "configs/paper")
    for path in (ROOT / place).glob("*.yaml")
)
#: where numbers only make the mesh, or do not reach the forms at all
ELSEWHERE = ("cell", "operation", "mesh", "solver", "experiments")
FEW_COLUMNS = {"order": 2, "growth": 4.0, "columns": 3}


def coarse(config: RunConfig, **sections: Any) -> RunConfig:
    """A config on a mesh of few cells."""
    mesh = FEW_COLUMNS | {"order": config.mesh.order}
    return build_config({**tree(config), **sections, "mesh": mesh})


def signatures(model: CellModel) -> list[str]:
    """Signatures of all forms that a run's system and observer compile, before derivatives."""
    equations = cell_equations(model)
    constraints = [make(model) for make in (galvanostatic_constraint, anion_constraint, lithium_constraint)]
    forms = [form for e in equations for form in (*e.forms, e.storage)]
    forms += [form for c in constraints for form in (*c.terms, c.storage)]
    if has_free_energy(model):
        forms.append(FreeEnergy.density(model) * model.dx)
    return [form.signature() for form in forms if form is not None]


def shape(model: CellModel) -> tuple[Any, ...]:
    """All that a compiled cell depends on beside the mesh's nodes and which facets carry sites."""
    facets = model.facets
    cell = model.domain.mesh.ufl_domain().ufl_coordinate_element()
    return model.structure, cell, facets.ds_sites is None, facets.ds_bare is None


def model_of(config: RunConfig) -> CellModel:
    return CellModel(config, make_domain(config, MPI.COMM_SELF))


def loaded(path: Path) -> RunConfig | None:
    """A config on a coarse mesh; None for base.yaml, which is no cell."""
    return None if path.name == "base.yaml" else coarse(load_config(path))


def variants(config: RunConfig) -> list[RunConfig]:
    """All numbers changed at once; then each of them vanishing, or no longer vanishing, where such a cell can be."""
    inner = {place: value for place, value in numbers(tree(config)) if place[0] not in ELSEWHERE}
    everything = build_config(
        changed(tree(config), lambda place, value: value * 0.997 if place in inner else value)
    )
    single = [
        with_number(config, place, other)
        for place, value in inner.items()
        for other in ((0.0,) if value else (1e-3, 10.0))
    ]
    return [everything, *(one for one in single if one is not None)]


def test_cells_of_one_structure_have_the_same_forms() -> None:
    """Over all shipped configs and examples, and over PIA with every number changed, vanishing or appearing."""
    pia = load_config(ROOT / "configs/pia.yaml")
    sample = [config for path in CONFIGS if (config := loaded(path)) is not None]
    sample += variants(coarse(pia))
    sample += variants(
        coarse(pia, electrolyte=tree(pia)["electrolyte"] | {"electrostatics": "electroneutral"})
    )
    known: dict[tuple[Any, ...], tuple[list[str], str]] = {}
    shared = 0
    for config in sample:
        model = model_of(config)
        found = signatures(model)
        before, name = known.setdefault(shape(model), (found, config.name))
        shared += before is not found
        assert found == before, f"{config.name} and {name} have one structure and other forms"
    assert len(known) > 8 and shared > 30


@pytest.mark.parametrize("name", ["residual.py", "electrodes.py"])
def test_forms_are_written_from_the_structure_alone(name: str) -> None:
    """Parameters and configs hold numbers; a branch on one would escape those who reuse a compiled cell."""
    nodes = ast.walk(ast.parse((ROOT / "sim/solve" / name).read_text(encoding="utf-8")))
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    assert not read & {"parameters", "config", "domain", "site_fields"}
