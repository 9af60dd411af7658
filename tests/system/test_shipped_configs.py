"""Every shipped config is a cell that can be solved, and marched for its first steps, on a coarse mesh."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from mpi4py import MPI

from sim.config import RunConfig, load_config
from sim.simulation import Monitor, run
from tests.system.commands import CONFIGS, ERRORS

#: all but the base, which is no run by itself, and the flat measurement cells of the paper study, tested with it
FILES = sorted(
    path
    for path in CONFIGS.rglob("*.yaml")
    if path.name != "base.yaml" and path.parent.name not in ("paper", "sweeps", "clusters")
)
#: simulated time of the march [s]
MOMENT = 1e-7


def shipped(path: Path, *overrides: str) -> RunConfig:
    own_mesh = path.stem == "user-mesh"
    coarse = () if own_mesh else ("mesh.columns=6",)
    return load_config(path, ("output.figures=false", *coarse, *overrides))


def test_all_files_are_found() -> None:
    names = {path.stem for path in FILES}
    assert names >= {"pp", "pia", "control-2", "control-3", "pia-bulk", "transient", "user-mesh", "stripes"}
    assert len(names) == len(FILES)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_steady_state(path: Path) -> None:
    times = ("operation.duration=steady", "operation.output_times=[]")
    config = shipped(path, *times)
    summary = run(config, None, MPI.COMM_WORLD).summary
    assert summary["steady"]
    assert math.isinf(summary["time_s"])
    assert all(summary[name] < 1e-9 for name in ERRORS), {name: summary[name] for name in ERRORS}
    # plates, below the diffusion limit but for what resolved double layers carry, somewhat unevenly
    assert 0 < summary["j_over_j_lim"] < 1.1
    assert 0 < summary["current_density_cv"] < 0.5
    assert summary["current_density_max_over_mean"] > 1
    assert 0 < summary["c_li_min_mol_m3"] < 2500 < summary["c_li_max_mol_m3"]
    if config.operation.mode == "galvanostatic":
        applied = config.operation.applied_current_density
        assert summary["counter_current_density_A_m2"] == pytest.approx(applied, rel=1e-9)
        assert 0 < summary["cell_voltage_V"] < 0.2
    else:
        assert summary["cell_voltage_V"] == pytest.approx(0.5, rel=1e-12)
    if config.interface.sites:
        assert 0 < summary["coverage_mean"] < 1
    else:
        assert math.isnan(summary["coverage_mean"])
        assert summary["adsorbed_channel_fraction"] == 0


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_first_steps(path: Path) -> None:
    config = shipped(path, f"operation.duration={MOMENT} s", "operation.output_times=[]")
    steps: list[tuple[float, dict[str, float]]] = []

    def step(time: float, size: float, iterations: int, metrics: dict[str, float]) -> None:
        steps.append((time, metrics))

    summary = run(config, None, MPI.COMM_WORLD, monitor=Monitor(step=step)).summary
    assert len(steps) > 2
    assert steps[-1][0] == summary["time_s"] == MOMENT
    assert all(steps[-1][1][name] == summary[name] for name in ("current_density_mean_A_m2", *ERRORS))
    assert summary["anion_inventory_error"] < 1e-9
    assert summary["charge_balance_error"] < 1e-6
    # the voltage drives lithium from the counter electrode at once; charged sites may first dissolve some of the anode
    assert steps[0][1]["counter_current_density_A_m2"] > 0
    assert summary["counter_current_density_A_m2"] > 0
    assert -10 < summary["current_density_mean_A_m2"] < 1000
    assert 0 < summary["c_li_min_mol_m3"] < 2500 < summary["c_li_max_mol_m3"]
