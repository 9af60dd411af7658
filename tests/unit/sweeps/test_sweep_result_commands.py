"""``sim sweep table``, ``plot`` and ``sensitivity`` as a user types them, on sweeps that seem to have run."""

from __future__ import annotations

from pathlib import Path

import pytest
from finished_sweep import finished
from typer.testing import CliRunner

from sim.terminal.sweep import sweep_app

VOLTAGE, MODE = "operation.voltage", "operation.mode"
AXES = [
    {"key": VOLTAGE, "from": "10 mV", "to": "1 V", "points": 3, "spacing": "logarithmic"},
    {"key": MODE, "values": ["potentiostatic", "galvanostatic"]},
]


def sim_sweep(*words: str | Path) -> tuple[int, list[str]]:
    """Exit code and lines of ``sim sweep …``."""
    done = CliRunner().invoke(sweep_app, [str(word) for word in words])
    return done.exit_code, done.output.splitlines()


@pytest.fixture
def root(plan, folder) -> Path:
    made = plan(axes=AXES, metrics=["current_density_cv", "misspelt_cv"])
    return finished(made, folder / "out", lambda _, v: {"current_density_cv": v[VOLTAGE]}, failed=[2]).root


def test_table(root: Path):
    code, lines = sim_sweep("table", root)
    assert code == 0
    assert "no point has the metric 'misspelt_cv'" in lines[0]
    assert lines[1:3] == [f"written: {root / 'table.csv'}", f"written: {root / 'table.nc'}"]


def test_plot(root: Path):
    code, lines = sim_sweep(
        "plot", root, "--x", "voltage", "--y", "current_density_cv", "--colour", MODE, "--pdf"
    )
    assert (code, lines) == (0, [f"written: {root / 'figures' / f'lines.{kind}'}" for kind in ("png", "pdf")])


def test_sensitivity(plan, folder):
    variables = [{"key": VOLTAGE, "distribution": "uniform", "low": "0 V", "high": "1 V"}]
    made = plan(random={"method": "saltelli", "samples": 16, "variables": variables})
    root = finished(made, folder / "out", lambda _, v: {"current_density_cv": v[VOLTAGE]}).root
    code, lines = sim_sweep("sensitivity", root, "--metric", "current_density_cv")
    assert code == 0
    assert lines[0] == "current_density_cv"
    assert lines[1].split()[0] == VOLTAGE
    assert (root / "sensitivity.csv").is_file()
    assert lines[-1] == f"written: {root / 'figures' / 'sensitivity.png'}"


@pytest.mark.parametrize("command", ["table", "plot", "sensitivity"])
def test_a_folder_without_a_sweep_is_answered_in_one_line(folder: Path, command: str):
    assert sim_sweep(command, folder) == (2, [f"{folder}: holds no sweep"])


def test_a_wrong_column_is_answered_in_one_line(root: Path):
    code, (line,) = sim_sweep("plot", root, "--y", "current_density_vc")
    assert code == 2
    assert "did you mean 'current_density_cv'" in line


def test_sensitivity_needs_its_design(root: Path):
    code, (line,) = sim_sweep("sensitivity", root)
    assert code == 2
    assert "saltelli" in line
