"""A run that is stopped by SIGTERM ends with 75 after a checkpoint; resumed, it gives the result of an
undisturbed run."""

from __future__ import annotations

import json
import signal
import subprocess
import time

import numpy as np
import pytest

from sim.verification.bench import Bench
from sim.verification.cells import CLOSURE, merged, potentiostatic
from sim.verification.patchy import patchy_cell
from sim.verification.ranks import command, environment, write_config
from sim.verification.readback import RunFolder


def finish(arguments: list[str]) -> None:
    """Run a command to its end, which must be good."""
    done = subprocess.run(
        arguments, env=environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("electrolyte", "columns", "tolerance"), [({}, 6, 1e-4), (CLOSURE, 24, 1e-4)], ids=["poisson", "closure"]
)
def test_resumed_run_equals_the_undisturbed_one(electrolyte, columns, tolerance, comm, tmp_path):
    update = {
        "electrolyte": electrolyte,
        "operation": potentiostatic(0.3) | {"duration": "1 s"},
        "solver": {"time_tolerance": tolerance},
        "mesh": {"columns": columns},
    }
    table = Bench(comm, tmp_path, full=False).table
    config = write_config(tmp_path / "cell.yaml", merged(patchy_cell(table), update))
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    finish(command(config, whole, 1))
    process = subprocess.Popen(
        command(config, stopped, 1),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    # once it marches, half a second is time for some of its hundreds of steps, not for all
    for line in process.stdout:
        if "marching" in line:
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 75, output
    manifest = json.loads((stopped / "manifest.json").read_text())
    assert manifest["status"] == "interrupted"
    done = subprocess.run(
        command(config, stopped, 1, "--resume"),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    one, other = RunFolder(whole), RunFolder(stopped)
    for key, value in one.summary.items():
        if isinstance(value, float) and "error" not in key:
            assert other.summary[key] == pytest.approx(value, rel=1e-10), key
    first, second = one.table("metrics.csv"), other.table("metrics.csv")
    assert np.array_equal(first["time_s"], second["time_s"])
    for key in ("lithium_balance_error", "charge_balance_error", "anion_inventory_error"):
        assert other.summary[key] < 1e-9
