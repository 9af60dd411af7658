"""A compiled cell that serves run after run: to the last digit what a new cell gives, in any order."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dolfinx")

from mpi4py import MPI

from sim import simulation, wiring
from sim.config import RunConfig, build_config
from sim.domain.domain import make_domain
from sim.simulation import Monitor, run
from sim.solve.errors import Interrupted, SolverGaveUp
from sim.solve.stopwatch import Stopwatch
from sim.wiring import CellPool, Mode, wire
from tests.unit.numbers_of_configs import changed, numbers, tree
from tests.unit.small_cells import NUCLEI, small_config

COMM = MPI.COMM_SELF
SITE = {"density": "0.75 / nm^2", "adsorption_energy": "-0.65 eV", "charge": -1, "charged_fraction": 0.05}
OTHER = {"density": "0.25 / nm^2", "adsorption_energy": "0.28 eV", "charge": 1, "charged_fraction": 0.15}
SITES = {
    "adsorption_rate": "1.74e4 / s",
    "plating_rate": "3.2 / s",
    "reference_energy": "0.4175 eV",
    "surface_diffusivity": "1e-9 m^2/s",
    "area_factor": 12.0,
    "sites": {"N1": SITE, "N2": OTHER},
}
ROUGH = {"anode_profile": NUCLEI}
#: one mesh whatever the Debye length
MESH = {"columns": 8, "wall_cell": "20 nm", "max_cell": "2 um", "growth": 3.0}
PLAIN = {"mesh": MESH, "output": {"figures": False, "fields": False}}
NEUTRAL = {"electrostatics": "electroneutral"}
CHARGED = {"fixed_charge": "2e6 C/m^3"}
#: the walls' own charge, and a surface energy: numbers that are 0 where nothing is said of them
WALLS = {name: {"surface_charge": "1 mC/m^2"} for name in ("anode", "counter")}
CURVED = {"anode": {"surface_charge": "1 mC/m^2", "surface_energy": "0.5 J/m^2"}}
CURRENT = {"operation": {"mode": "galvanostatic", "current_density": "12 A/m^2"}}
MARCH = {
    "operation": {"mode": "potentiostatic", "voltage": "0.1 V", "duration": "3 us", "output_times": ["1 us"]}
}
#: where numbers make the mesh
GEOMETRY = ("cell", "mesh")
#: counts and limits that a small run does not come near, and settings without an effect on it
LEFT = ("c_rate", "areal_capacity", "newton_tolerance", "time_tolerance", "steady_tolerance")


def laid(*sections: dict[str, Any]) -> dict[str, Any]:
    """Sections of small configs over each other, key by key."""
    result: dict[str, Any] = {}
    for part in sections:
        for name, keys in part.items():
            result[name] = result.get(name, {}) | keys
    return result


STRUCTURES = {
    "sites, steady": laid(PLAIN, {"electrolyte": NEUTRAL, "interface": SITES}, WALLS),
    "two coverages, at a current, curved, fixed charge": laid(
        PLAIN,
        {"cell": ROUGH, "electrolyte": NEUTRAL | CHARGED, "interface": SITES | {"overlap": "independent"}},
        CURVED,
        CURRENT,
    ),
    "double layers, in time": laid(PLAIN, WALLS, MARCH),
}


def other_numbers(config: RunConfig) -> RunConfig:
    """The config with all of its numbers changed that leave the mesh alone."""
    left = {place for place, value in numbers(tree(config)) if place[0] in GEOMETRY or place[-1] in LEFT}
    return build_config(changed(tree(config), lambda place, value: value if place in left else value * 0.97))


def sample() -> list[RunConfig]:
    """Three structures in two sets of numbers; the first also on a mesh of its own and with sites on a part of it."""
    configs = []
    for name, sections in STRUCTURES.items():
        config = small_config(**sections, name=name)
        configs += [config, other_numbers(config)]
    first = STRUCTURES["sites, steady"]
    stripes = {
        "N1": {k: v for k, v in SITE.items() if k != "density"}
        | {"map": {"kind": "stripes", "density": "0.75 / nm^2", "pitch": "10 um", "fraction": 0.5}}
    }
    longer = laid(first, {"cell": {"length": "11 um"}})
    patch = laid(first, {"interface": {"sites": stripes}})
    shifted = laid(
        first,
        {"interface": {"sites": {"N1": stripes["N1"] | {"map": stripes["N1"]["map"] | {"phase": 0.5}}}}},
    )
    return [*configs, small_config(**longer), small_config(**patch), small_config(**shifted)]


def results(folder: Path) -> dict[str, bytes]:
    """What a run writes that is not about the run itself."""
    return {name: (folder / name).read_bytes() for name in ("summary.json", "interface.csv", "metrics.csv")}


def test_the_sample_differs_in_every_number() -> None:
    """A key that is added to a config belongs into the sample, so that a stale copy of it would show."""
    every, differing = set(), set()
    for sections in STRUCTURES.values():
        one = small_config(**sections)
        before, after = dict(numbers(tree(one))), dict(numbers(tree(other_numbers(one))))
        every |= {place for place in before if place[0] not in GEOMETRY and place[-1] not in LEFT}
        differing |= {place for place in before if before[place] != after[place]}
    assert every - differing == {("counter", "surface_energy")}  # which is flat


def test_results_do_not_depend_on_what_was_run_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool] = []
    take = CellPool.take

    def noted(self: CellPool, *arguments: Any) -> Any:
        cell = take(self, *arguments)
        taken.append(cell is not None)
        return cell

    monkeypatch.setattr(CellPool, "take", noted)
    configs = sample()
    alone = []
    for number, config in enumerate(configs):
        run(config, tmp_path / f"new-{number}", COMM)
        alone.append(results(tmp_path / f"new-{number}"))
    assert len({one["summary.json"] for one in alone}) == len(alone)
    order = list(range(len(configs))) * 2
    random.Random(3).shuffle(order)
    pool = CellPool()
    for turn, number in enumerate(order):
        folder = tmp_path / f"pooled-{turn}"
        run(configs[number], folder, COMM, pool=pool)
        assert results(folder) == alone[number], configs[number].name
    assert 8 <= sum(taken) < len(order)
    assert len(pool) == wiring.MOST_CELLS


def pooled(pool: CellPool, config: RunConfig, **options: Any) -> str:
    """The summary of a run, in words that are equal for equal numbers."""
    return repr(run(config, None, COMM, pool=pool, **options).summary)


def steady(voltage: str = "0.1 V", **sections: Any) -> RunConfig:
    operation = {"operation": {"mode": "potentiostatic", "voltage": voltage}}
    return small_config(**laid(PLAIN, {"electrolyte": NEUTRAL}, operation, sections))


def test_a_cell_that_failed_is_not_met_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = CellPool()
    expected = pooled(pool, steady())
    assert len(pool) == 1
    with pytest.raises(SolverGaveUp):
        run(steady(solver={"max_newton_iterations": 1}), None, COMM, pool=pool)
    assert len(pool) == 0
    assert pooled(pool, steady()) == expected
    with pytest.raises(Interrupted):
        run(steady(), None, COMM, pool=pool, monitor=Monitor(stop=lambda: True))
    assert len(pool) == 0
    assert pooled(pool, steady()) == expected
    # the next run's monitor is asked, not that of the one before
    assert pooled(pool, steady(), monitor=Monitor()) == expected

    def broken(*arguments: Any, **options: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as context:
        context.setattr(simulation, "solve_steady", broken)
        with pytest.raises(MemoryError):
            run(steady(), None, COMM, pool=pool)
    assert len(pool) == 0


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Iterations of the steady states that are solved from now on."""
    found: list[int] = []
    solve = simulation.solve_steady

    def noted(*arguments: Any, **options: Any) -> Any:
        report = solve(*arguments, **options)
        found.append(report.iterations)
        return report

    monkeypatch.setattr(simulation, "solve_steady", noted)
    return found


@pytest.mark.parametrize("mode", ["potentiostatic", "galvanostatic"])
def test_neighbours_warm_start_each_other_on_request(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few iterations to the same results; none, where the point is the last one again; never where nobody asked."""
    drives = [f"{10 + i} A/m^2" if mode == "galvanostatic" else f"{0.4 + 0.01 * i:.2f} V" for i in (0, 1, 1)]
    key = "current_density" if mode == "galvanostatic" else "voltage"
    configs = [
        small_config(
            **laid(STRUCTURES["sites, steady"], {"cell": ROUGH}), operation={"mode": mode, key: drive}
        )
        for drive in drives
    ]
    iterations = counted(monkeypatch)
    cold, warm = CellPool(), CellPool(warm_start=True)
    for name, pool in (("cold", cold), ("warm", warm)):
        for number, config in enumerate(configs):
            run(config, tmp_path / f"{name}-{number}", COMM, pool=pool)
    assert iterations[0] == iterations[3]
    assert iterations[1] == iterations[2] > iterations[4] > iterations[5] == 1
    for number in range(3):
        alone = json.loads((tmp_path / f"cold-{number}" / "summary.json").read_text())
        found = json.loads((tmp_path / f"warm-{number}" / "summary.json").read_text())
        for name in ("current_density_mean_A_m2", "current_density_cv", "cell_voltage_V", "coverage_mean"):
            assert found[name] == pytest.approx(alone[name], rel=1e-9), name
        log = (tmp_path / f"warm-{number}" / "log.txt").read_text()
        assert ("missed in an earlier run" in log) is (number > 0)
    assert "missed" not in (tmp_path / "cold-1" / "log.txt").read_text()


def test_a_pool_keeps_the_latest_cells_within_its_bounds() -> None:
    configs = [steady(cell={"length": f"{length} um"}) for length in (9, 10, 11)]
    domains = [make_domain(config, COMM) for config in configs]
    mode = Mode(galvanostatic=False, steady=True)
    cells = [wire(config, domain, mode, Stopwatch()) for config, domain in zip(configs, domains, strict=True)]
    few, small = CellPool(most_cells=2), CellPool(most_unknowns=2 * cells[0].unknowns)
    for cell in cells:
        few.keep(cell)
        small.keep(cell)
    for pool in (few, small):
        assert pool.domains == tuple(domains[1:])
        assert pool.take(configs[0], domains[0], mode) is None
        assert pool.take(configs[2], domains[2], Mode(galvanostatic=True, steady=True)) is None
        assert pool.take(configs[2], domains[2], mode) is cells[2]
        assert pool.take(configs[2], domains[2], mode) is None and len(pool) == 1
    none = CellPool(most_unknowns=cells[0].unknowns - 1)
    none.keep(cells[0])
    assert not len(none)


def test_meshes_are_shared_where_they_are_the_same() -> None:
    first = make_domain(steady(), COMM)
    again = make_domain(steady(electrolyte={"concentration": "2000 mol/m^3"}), COMM, [first])
    assert again.mesh is first.mesh and again.facet_tags is first.facet_tags
    assert again.quality.debye_length > first.quality.debye_length
    assert make_domain(steady(cell={"length": "11 um"}), COMM, [first]).mesh is not first.mesh
    assert make_domain(steady(cell={"width": "9 um"}), COMM, [first]).mesh is not first.mesh
