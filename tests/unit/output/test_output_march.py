"""What follows a march: budgets that notice a wrong flow, and checkpoints that give back the state."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.output.budgets import Budgets
from sim.output.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from sim.output.metrics import Flows, Observer
from sim.solve.march import March
from sim.solve.model import CellModel
from sim.solve.system import CellSystem
from tests.unit.small_cells import NUCLEI, small_config, small_march

SITES = {
    "sites": {
        "S": {"density": "1 / nm^2", "adsorption_energy": "-0.03 eV", "charge": -1, "charged_fraction": 0.02}
    },
    "reference_energy": "0 eV",
    "adsorption_rate": "1e4 / s",
    "plating_rate": "3 / s",
    "surface_diffusivity": "1e-9 m^2/s",
}
ROUGH = {"length": "10 um", "width": "8 um", "anode_profile": NUCLEI}
OPERATION = {"mode": "potentiostatic", "voltage": "0.2 V", "duration": "1 s"}
#: which budget must notice which flow; the anode's ionic current and the charges enter that of the charge
NOTICES = {
    "anode_metal": "lithium_balance_error",
    "anode_ionic": "charge_balance_error",
    "counter_ionic": "lithium_balance_error",
    "anode_anions": "anion_inventory_error",
    "counter_anions": "anion_inventory_error",
    "anode_charge": "charge_balance_error",
    "counter_charge": "charge_balance_error",
}


@pytest.fixture(scope="module")
def recorded() -> tuple[CellModel, CellSystem, float, list[tuple], tuple]:
    """Rest, and every step to a second with its level and flows; one side is a reservoir, so that anions pass."""
    counter = {"kind": "reservoir", "exchange_current_density": None}
    model, system, march = small_march(small_config(counter=counter, interface=SITES, operation=OPERATION))
    observer = Observer(model)
    rest = (march.state.history[0], observer.measure()[1])
    steps = [(step, march.state.history[0], observer.measure()[1]) for step in march.steps()]
    return model, system, observer.limiting_current_density, steps, rest


def errors(recorded: tuple, change: object = lambda flows: flows) -> list[dict[str, float]]:
    """Budgets after every step, of changed flows."""
    model, system, limit, steps, rest = recorded
    budgets = Budgets(model, system, limit)
    budgets.start(rest[0], change(rest[1]))
    return [budgets.update(step, level, change(flows)) for step, level, flows in steps]


def test_budgets_close(recorded: tuple) -> None:
    assert max(errors(recorded)[-1].values()) < 1e-9


def test_every_flow_is_watched() -> None:
    assert {field.name for field in fields(Flows)} == set(NOTICES)


@pytest.mark.parametrize("name", NOTICES)
def test_budgets_notice_a_wrong_flow(name: str, recorded: tuple) -> None:
    """A hundredth too much of one flow, of the largest of its kind, is seen by its budget."""
    kind = name.split("_")[1]
    alike = [
        other for other in NOTICES if other.split("_")[1] in (kind, "metal" if kind == "ionic" else kind)
    ]
    extra = 0.01 * max(abs(getattr(recorded[3][-1][2], other)) for other in alike)
    count = iter(range(10_000))

    def wrong(flows: Flows) -> Flows:
        # a constant error of a charge is no current; one that grows is
        times = next(count) if kind == "charge" else 1
        return replace(flows, **{name: getattr(flows, name) + times * extra})

    good, bad = (max(found[NOTICES[name]] for found in errors(recorded, f)) for f in (lambda f: f, wrong))
    assert bad > 1e-6
    assert bad > 100 * good


def test_the_first_steps_are_watched_too(recorded: tuple) -> None:
    """What counts as rounding of the charges is far below a hundredth of what charges the anode's double layer."""
    early = errors(recorded, lambda flows: replace(flows, anode_charge=1.01 * flows.anode_charge))[:5]
    assert min(found["charge_balance_error"] for found in early) > 1e-5


def test_steady_budgets_notice_a_wrong_flow(recorded: tuple) -> None:
    model, system, limit, *_ = recorded
    budgets = Budgets(model, system, limit)
    good = Flows(
        anode_metal=3.0,
        anode_ionic=3.0,
        counter_ionic=-3.0,
        anode_anions=0.0,
        counter_anions=0.0,
        anode_charge=1.0,
        counter_charge=-1.0,
    )
    assert max(budgets.steady_errors(good).values()) == 0
    for name, value, error in [
        ("anode_metal", 3.03, "lithium_balance_error"),
        ("counter_ionic", -3.03, "charge_balance_error"),
        ("counter_anions", 1e-6, "anion_inventory_error"),
    ]:
        assert budgets.steady_errors(replace(good, **{name: value}))[error] > 5e-3


def stepped(count: int, **sections: object) -> tuple[CellModel, CellSystem, March, Budgets]:
    """A march after some steps, with its budgets."""
    sections = {"operation": OPERATION, "interface": SITES} | sections
    model, system, march = small_march(small_config(**sections))
    observer = Observer(model)
    budgets = Budgets(model, system, observer.limiting_current_density)
    budgets.start(march.state.history[0], observer.measure()[1])
    steps = march.steps()
    for _ in range(count):
        budgets.update(next(steps), march.state.history[0], observer.measure()[1])
    return model, system, march, budgets


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("electrostatics", ["poisson", "electroneutral"])
def test_a_checkpoint_gives_back_the_march(electrostatics: str, count: int, tmp_path: Path) -> None:
    """Every level, the next step and the budgets, bit by bit; the next step is then the same."""
    sections = {
        "electrolyte": {"concentration": "2500 mol/m^3", "electrostatics": electrostatics},
        "cell": ROUGH,
    }
    model, system, march, budgets = stepped(count, **sections)
    march.state.rejected = 5
    path = tmp_path / "checkpoint.npz"
    write_checkpoint(path, model, system, march, budgets, {"remark": 4.5})
    other, fresh, _ = small_march(model.config)
    again = Budgets(other, fresh, 1.0)
    restored, data = read_checkpoint(path, model.config, other, fresh, again)
    assert data["remark"] == 4.5
    for name in ("next_step", "steps", "rejected"):
        assert getattr(restored.state, name) == getattr(march.state, name)
    assert len(restored.state.history) == len(march.state.history) == min(count + 1, 3)
    for one, two in zip(restored.state.history, march.state.history, strict=True):
        assert one.time == two.time
        assert np.array_equal(one.values, two.values)
        assert np.array_equal(one.levels, two.levels)
        assert np.array_equal(one.stored.blocks, two.stored.blocks)
    assert np.array_equal(fresh.numbering.pack(), system.numbering.pack())
    assert np.array_equal(again.initial, budgets.initial)
    for name, value in vars(budgets.passed).items():
        assert np.array_equal(getattr(again.passed, name), value)
    one, two = next(march.steps()), next(restored.steps())
    assert (one.time, one.size, one.newton.norms) == (two.time, two.size, two.newton.norms)
    assert np.array_equal(fresh.numbering.pack(), system.numbering.pack())


def test_a_checkpoint_of_another_cell_is_refused(tmp_path: Path) -> None:
    model, system, march, budgets = stepped(1)
    path = tmp_path / "checkpoint.npz"
    write_checkpoint(path, model, system, march, budgets, {})
    nothing = SimpleNamespace()
    finer, fine_system, _ = small_march(
        small_config(operation=OPERATION, interface=SITES, mesh={"columns": 5})
    )
    with pytest.raises(CheckpointError, match="another mesh; use --overwrite"):
        read_checkpoint(path, finer.config, finer, fine_system, nothing)
    write_checkpoint(path, *stepped(1, interface={}), {})
    with pytest.raises(CheckpointError, match="no unknown 'mu_s'"):
        read_checkpoint(path, model.config, model, system, nothing)
