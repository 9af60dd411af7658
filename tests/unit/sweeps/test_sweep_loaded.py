"""A sweep opened in Python with sim.load."""

from __future__ import annotations

from pathlib import Path

import pytest
from finished_sweep import finished
from matplotlib.figure import Figure

import sim
from sim.loaded import LoadedSweep
from sim.view import ViewError

VOLTAGE, MODE = "operation.voltage", "operation.mode"
AXES = [
    {"key": VOLTAGE, "from": "10 mV", "to": "1 V", "points": 3, "spacing": "logarithmic"},
    {"key": MODE, "values": ["potentiostatic", "galvanostatic"]},
]


@pytest.fixture
def root(plan, folder) -> Path:
    made = plan(axes=AXES, metrics=["current_density_cv"])
    return finished(made, folder / "out", lambda _, v: {"current_density_cv": v[VOLTAGE]}, failed=[2]).root


def test_a_sweep(root: Path):
    sweep = sim.load(root)
    assert isinstance(sweep, LoadedSweep)
    assert sweep.status == {"done": 5, "failed": 1, "missing": 0}
    assert len(sweep.table) == 6
    done = sweep.table[sweep.table.status == "done"]
    assert done["current_density_cv"].tolist() == done["operation.voltage_V"].tolist()
    assert sweep.dataset.sizes == {"point": 6}
    assert "5 done, 1 failed" in repr(sweep)
    page = sweep._repr_html_()
    assert "operation.voltage_V" in page and "failed" in page
    assert isinstance(sweep.plot(y=("current_density_cv",)), Figure)
    with pytest.raises(ViewError):
        sweep.plot(x="nothing")


def test_a_plan_alone_is_no_sweep(folder: Path):
    (folder / "plan.csv").write_text("index,id,base\n")
    with pytest.raises(ViewError):
        _ = sim.load(folder).table
