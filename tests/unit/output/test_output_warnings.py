"""What a run warns of: budgets at their worst step, broken balance, a free energy that rises at open circuit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.output.detailed_balance import imbalance
from sim.output.warnings import BUDGETS, FREE_ENERGY, Watch, run_warnings
from sim.physics import interface
from sim.physics.interface import SiteClass, SurfaceKinetics
from tests.unit.small_cells import small_config

GOOD = dict.fromkeys(BUDGETS, 1e-14)
OPEN = small_config(operation={"mode": "galvanostatic", "current_density": "0 A/m^2", "duration": "1 s"})


def watched(*rows: dict[str, float]) -> Watch:
    watch = Watch()
    for row in rows:
        watch.see(GOOD | row)
    return watch


def test_nothing_to_say() -> None:
    assert run_warnings(OPEN, watched({}, {}), 1e-15) == {
        "worst_budget_error": 1e-14,
        "detailed_balance_error": 1e-15,
        "warnings": [],
    }
    assert run_warnings(OPEN, Watch(), math.nan)["warnings"] == [], "no kinetics, no balance"


@pytest.mark.parametrize("name", BUDGETS)
def test_the_worst_step_counts(name: str) -> None:
    entries = run_warnings(OPEN, watched({name: 2e-5}, {}), 0.0)
    assert entries["worst_budget_error"] == 2e-5
    (said,) = entries["warnings"]
    assert f"{name} 2.0e-05" in said


def test_broken_balance() -> None:
    (said,) = run_warnings(OPEN, watched({}), 1e-8)["warnings"]
    assert "detailed balance" in said


def energies(*values: float) -> Watch:
    return watched(*({FREE_ENERGY: value} for value in values))


def test_a_free_energy_that_rises_at_open_circuit() -> None:
    assert run_warnings(OPEN, energies(-90.0, -95.0, -95.0 + 1e-12), 0.0)["warnings"] == []
    (said,) = run_warnings(OPEN, energies(-90.0, -95.0, -94.5), 0.0)["warnings"]
    assert "rose by 5.0e-01 J/m^2" in said
    (said,) = run_warnings(OPEN, energies(-95.0, -94.5, -96.0), 0.0)["warnings"]
    assert "open circuit" in said
    driven = small_config(operation={"mode": "galvanostatic", "current_density": "1 A/m^2"})
    assert run_warnings(driven, energies(-95.0, -94.5), 0.0)["warnings"] == []


def test_a_watch_survives_a_checkpoint() -> None:
    first = energies(-90.0, -95.0)
    again = Watch(first.worst, first.energy)
    again.see(GOOD | {FREE_ENERGY: -94.5})
    assert len(run_warnings(OPEN, again, 0.0)["warnings"]) == 1


def random_interface(
    seed: int, spread: float = 6
) -> tuple[SurfaceKinetics, tuple[SiteClass, ...], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shape = (7, 3)
    kinetics = SurfaceKinetics(*10 ** rng.uniform(-3, 3, 1), 0.37, *10 ** rng.uniform(-3, 3, 2), 0.71)
    sites = tuple(SiteClass(rng.uniform(0.1, 2, shape), rng.normal(0, spread, shape)) for _ in range(3))
    return kinetics, sites, rng.normal(0, 8, shape), rng.normal(0, 8, shape)


@pytest.mark.parametrize("spread", [6, 30], ids=["usual energies", "up to 2 eV"])
@pytest.mark.parametrize("seed", range(5))
def test_balance_of_random_interfaces(seed: int, spread: float) -> None:
    assert imbalance(*random_interface(seed, spread)) < 1e-11


def test_channels_that_exchange_nothing_do_not_count() -> None:
    kinetics, sites, phi, eta = random_interface(1)
    silent = replace(kinetics, exchange_current_density=0.0, adsorption=0.0, plating=0.0)
    assert math.isnan(imbalance(silent, sites, phi, eta))
    assert imbalance(replace(silent, plating=2.0), sites, phi, eta) < 1e-11


@pytest.mark.parametrize("law", ["adsorption_current", "plating_current"])
def test_a_law_without_balance_is_seen(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The energy counted with another factor in one law alone: what adsorbs at equilibrium does not plate."""
    own = getattr(interface, law)

    def wrong(kinetics: SurfaceKinetics, site: SiteClass, state: object, parts: object) -> object:
        return own(kinetics, replace(site, energy=1.001 * site.energy), state, parts)

    monkeypatch.setattr(interface, law, wrong)
    assert imbalance(*random_interface(2)) > 1e-4
