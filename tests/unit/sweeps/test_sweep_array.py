"""Job arrays: which rows a task has, what it is told, and what it skips."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.config import build_config, dump_config
from sim.output.atomic import write_json
from sim.sweeps import Plan, SweepFolderError, SweepStore, build_sweep, plan_sweep
from sim.sweeps.array import array_limit, export_array, parse_rows, read_orders
from sim.sweeps.order import Order, Outcome
from sim.sweeps.profile import Profile
from sim.sweeps.task import compute_rows


@pytest.fixture
def planned(folder: Path) -> Plan:
    """Nine rows, of which three are equal to others."""
    voltages = {"key": "operation.voltage", "values": ["0.1 V", "0.2 V", "0.3 V"]}
    widths = {"key": "cell.width", "values": ["8 um", "4 um", "8 um"]}
    return plan_sweep(
        build_sweep({"name": "nine rows", "base": "bare.yaml", "axes": [voltages, widths]}, folder)
    )


@pytest.fixture
def store(planned: Plan, tmp_path: Path) -> SweepStore:
    made = SweepStore(tmp_path / "a folder")
    made.make()
    made.prepare(planned, resume=False, overwrite=False)
    return made


def slurm(**keys: Any) -> Profile:
    return Profile.model_validate({"provider": "slurm", **keys})


def test_chunks_cover_every_row(planned: Plan, store: SweepStore) -> None:
    array = export_array(store, planned, slurm(), 4, 1001)
    assert (array.tasks, array.chunk) == (3, 4)
    orders = [list(read_orders(store, range(4 * i, 4 * i + 4))) for i in range(array.tasks)]
    ids = [order.id for several in orders for order in several]
    assert ids == list(planned.unique())
    assert len(ids) == 6


def test_orders_hold_whole_configs(planned: Plan, store: SweepStore) -> None:
    export_array(store, planned, slurm(), None, 1001)
    (order,) = read_orders(store, range(3, 4))
    assert not order.warm_start and not order.mesh_study
    expected = planned.config(planned.points[3].point)
    assert dump_config(build_config(order.mapping)) == dump_config(expected)
    assert order.root == str(store.root.resolve())


def test_orders_say_how_points_are_computed(planned: Plan, store: SweepStore) -> None:
    spec = planned.spec.model_copy(update={"warm_start": True, "mesh_study": True})
    export_array(store, replace(planned, sweep=replace(planned.sweep, spec=spec)), slurm(), None, 1001)
    (order,) = read_orders(store, range(3, 4))
    assert order.warm_start and order.mesh_study


def test_more_tasks_than_allowed_are_refused_or_chunked(planned: Plan, store: SweepStore) -> None:
    with pytest.raises(SweepFolderError, match=r"9 tasks are more than the 4 .* use --chunk 3 or more"):
        export_array(store, planned, slurm(), 1, 4)
    assert export_array(store, planned, slurm(), 3, 4).tasks == 3


def test_the_scheduler_tells_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = tmp_path / "scontrol"
    stand_in.write_text("#!/bin/sh\necho 'MaxArraySize            = 77'\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert array_limit("slurm") == 77
    assert array_limit("pbs") == 10000
    stand_in.write_text("#!/bin/sh\nexit 1\n")
    assert array_limit("slurm") == 1001


@pytest.mark.parametrize("provider", ["slurm", "pbs"])
def test_tasks_are_started_with_their_rows(
    provider: str, planned: Plan, store: SweepStore, tmp_path: Path
) -> None:
    """The script, run by a shell with `echo` for the environment's Python."""
    profile = Profile.model_validate({"provider": provider, "python": "echo", "partition": "cpu", "jobs": 2})
    array = export_array(store, planned, profile, 4, 1001)
    index = {"slurm": "SLURM_ARRAY_TASK_ID", "pbs": "PBS_ARRAY_INDEX"}[provider]
    said = subprocess.run(["sh", array.script], env={index: "2"}, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == f"-m sim sweep point {store.root.resolve()} 8-11"
    wanted = {"slurm": "#SBATCH --array=0-2%2\n", "pbs": "#PBS -J 0-2\n"}[provider]
    assert wanted in array.script.read_text()
    assert {"slurm": "#SBATCH --partition=cpu", "pbs": "#PBS -q cpu"}[provider] in array.script.read_text()


def test_pbs_has_no_array_of_one(planned: Plan, store: SweepStore) -> None:
    array = export_array(store, planned, Profile(provider="pbs"), None, 10000)
    assert array.tasks == 1
    assert "#PBS -J" not in array.script.read_text()


def test_rows_as_users_write_them() -> None:
    assert parse_rows(["7", "20-22"]) == [range(7, 8), range(20, 23)]
    for wrong in ("x", "3-", "-3", "1,2"):
        with pytest.raises(ValueError, match="expected the index of a row"):
            parse_rows([wrong])


def test_a_task_skips_what_is_settled(
    planned: Plan, store: SweepStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second point fails; the second task computes what the first did not."""
    export_array(store, planned, slurm(), None, 1001)
    computed = []

    def compute(order: Order) -> Outcome:
        computed.append(order.id)
        if order.id == list(planned.unique())[1]:
            return Outcome(order.id, 3, "no steady state", 1.0, "worker", 1.0)
        folder = store.folder(order.id)
        folder.mkdir()
        write_json(folder / "manifest.json", {"status": "done"})
        write_json(folder / "summary.json", {})
        return Outcome(order.id, 0, "", 1.0, "worker", 1.0)

    monkeypatch.setattr("sim.sweeps.worker.compute", compute)
    told: list[str] = []
    assert compute_rows(store, [range(3)], retry_failed=False, tell=told.append) == 1
    assert compute_rows(store, [range(9)], retry_failed=False, tell=told.append) == 0
    assert computed == list(planned.unique())
    assert any("failed before: no steady state" in line for line in told)
    assert compute_rows(store, [range(9)], retry_failed=True, tell=told.append) == 1
    assert store.failures()[0].attempts == 2


def test_points_without_an_export_say_what_to_do(planned: Plan, store: SweepStore) -> None:
    with pytest.raises(SweepFolderError, match="sim sweep export"):
        compute_rows(store, [range(1)], retry_failed=False, tell=lambda text: None)
