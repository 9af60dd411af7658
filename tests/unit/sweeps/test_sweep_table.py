"""The table of a sweep: what each row and column says, in CSV and netCDF, also of a part of a sweep."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from finished_sweep import finished

from sim.sweeps import SweepFolderError
from sim.sweeps.columns import metric_attributes, typed
from sim.sweeps.sensitivity import sensitivity, write_sensitivity
from sim.sweeps.table import sweep_dataset, table_remarks, write_tables

VOLTAGE, MODE = "operation.voltage", "operation.mode"
CONDUCTIVITY, NUMBER = "separator.conductivity", "separator.transference_number"
VOLTAGES = {"key": VOLTAGE, "from": "10 mV", "to": "1 V", "points": 3, "spacing": "logarithmic"}
MODES = {"key": MODE, "values": ["potentiostatic", "galvanostatic"]}
ZIP = {
    "zip": [
        {"key": CONDUCTIVITY, "values": ["0.2 mS/cm", "0.9 mS/cm"]},
        {"key": NUMBER, "values": [0.4, 0.8]},
    ]
}


def metrics(base, values):
    """CV = voltage, known in one mode only; a mean with its unit; what is no metric."""
    voltage = values[VOLTAGE]
    still = values.get(MODE) == "galvanostatic"
    return {
        "current_density_cv": None if still else voltage,
        "current_density_mean_A_m2": 100 * voltage,
        "mesh_error_current_density_cv": 0.01 * voltage,
        "mesh_error_cell_voltage_V": 1e-6,
        "steady": True,
        "kind": "text",
        "warnings": ["one", "two"],
    }


@pytest.fixture
def crossed(plan):
    return plan(axes=[VOLTAGES, MODES])


@pytest.fixture
def store(crossed, folder):
    """Six points: number 1 missing, number 4 failed."""
    return finished(crossed, folder / "out", metrics, missing=[1], failed=[4])


def test_every_planned_point_has_a_row(store):
    csv, nc = write_tables(store.root)[:2]
    table = pd.read_csv(csv)
    head = ["index", "id", "base", "operation.voltage_V", MODE, "status", "reason", "wall_time_s", "warnings"]
    assert list(table.columns[:9]) == head
    assert table["status"].tolist() == ["done", "missing", "done", "done", "failed", "done"]
    assert table["reason"][4] == "step 3: the solver gave up at t = 1 s"
    assert table["operation.voltage_V"].tolist() == [0.01, 0.01, 0.1, 0.1, 1.0, 1.0]
    assert table["current_density_mean_A_m2"][2] == 10.0
    assert table["current_density_cv"].isna().tolist() == [False, True, False, True, True, True]
    assert table["warnings"].tolist() == [2, 0, 2, 2, 0, 2]
    assert table["steady"].tolist()[:1] == [1.0]
    assert "kind" not in table
    assert nc.is_file()
    assert not list(store.root.glob(".table*"))  # no half-written file stays


def test_the_dataset_describes_itself(store):
    write_tables(store.root)
    with xr.open_dataset(store.root / "table.nc") as data:
        voltage = data["operation.voltage_V"]
        assert voltage.dtype == float
        assert (voltage.attrs["units"], voltage.attrs["config_key"], voltage.attrs["scale"]) == (
            "V",
            VOLTAGE,
            "logarithmic",
        )
        assert voltage.attrs["long_name"] == "voltage"
        assert voltage.attrs["description"].startswith("counter minus anode potential")
        assert data[MODE].values.tolist() == ["potentiostatic", "galvanostatic"] * 3
        assert data["current_density_mean_A_m2"].attrs == {
            "long_name": "mean plating current density",
            "units": "A/m^2",
        }
        assert data.attrs["sweep"] == "test"
        assert (data.attrs["source"], data.attrs["git_commit"]) == ("separator-sim 0.1.0", "abc123")
        assert [int(data.attrs[f"points_{word}"]) for word in ("done", "failed", "missing")] == [4, 1, 1]
        assert "key: operation.voltage" in data.attrs["sweep_file"]
        for name in data.variables:
            assert data[name].attrs["long_name"], name


def test_a_crossed_grid_unstacks_as_it_says(store):
    write_tables(store.root)
    with xr.open_dataset(store.root / "table.nc") as data:
        grid = data.set_index(point=data.attrs["grid"]).unstack("point")
    mean = grid["current_density_mean_A_m2"]
    assert dict(mean.sizes) == {"operation.voltage_V": 3, MODE: 2}
    assert float(mean.sel({"operation.voltage_V": 0.1, MODE: "galvanostatic"})) == 10.0
    assert bool(mean.isnull().sel({"operation.voltage_V": 0.01, MODE: "galvanostatic"}))


def test_keys_that_change_together_are_one_axis(plan, folder):
    root = finished(plan(axes=[VOLTAGES, ZIP]), folder / "out", metrics).root
    data = sweep_dataset(root)
    assert data.attrs["grid"] == ["operation.voltage_V", "separator.conductivity_S_m"]
    assert data["separator.conductivity_S_m"].attrs["axis"] == data[NUMBER].attrs["axis"]
    assert data[NUMBER].attrs["units"] == "1"


def test_chosen_metrics_come_in_their_order_with_their_mesh_errors(plan, folder):
    chosen = ["current_density_mean_A_m2", "current_density_cv", "curent_density_cv"]
    root = finished(plan(axes=[VOLTAGES], metrics=chosen), folder / "out", metrics).root
    data = sweep_dataset(root)
    assert list(data.data_vars)[4:] == [*chosen, "mesh_error_current_density_cv"]
    assert np.isnan(data["curent_density_cv"]).all()
    assert table_remarks(root) == [
        "no point has the metric 'curent_density_cv'; did you mean 'current_density_cv'?"
    ]


def test_equal_points_have_equal_rows(plan, folder):
    made = plan(axes=[{"key": VOLTAGE, "values": ["0.1 V", "100 mV"]}])
    root = finished(made, folder / "out", metrics).root
    data = sweep_dataset(root)
    assert data["current_density_cv"].values.tolist() == [0.1, 0.1]
    assert int(data.attrs["points_done"]) == 1
    assert "grid" not in data.attrs


def test_a_point_that_was_done_after_it_failed_is_done(store):
    done = store.done().pop()
    path = store.root / "failures" / f"{done}.json"
    path.write_text(json.dumps({"reason": "earlier", "exit_code": 3, "attempts": 1}))
    data = sweep_dataset(store.root)
    assert data["status"].values[data["id"].values == done].tolist() == ["done"]


def test_a_half_written_point_is_missing(store):
    done = store.done().pop()
    (store.folder(done) / "summary.json").write_text('{"current')
    data = sweep_dataset(store.root)
    assert data["status"].values[data["id"].values == done].tolist() == ["missing"]


def test_before_the_first_point_there_is_a_table(crossed, folder):
    root = finished(crossed, folder / "out", metrics, missing=range(6)).root
    assert pd.read_csv(write_tables(root)[0])["status"].tolist() == ["missing"] * 6


def test_a_folder_without_a_sweep_is_said_so(folder):
    with pytest.raises(SweepFolderError, match="holds no sweep"):
        write_tables(folder)


def test_cells_become_numbers_or_words():
    assert typed(["1", "", "2.5"]).tolist()[::2] == [1.0, 2.5]
    assert typed(["1", "two"]).tolist() == ["1", "two"]
    assert typed(["", ""]).tolist() == ["", ""]


@pytest.mark.parametrize(
    ("name", "words", "unit"),
    [
        ("current_density_mean_A_m2", "mean plating current density", "A/m^2"),
        ("j_over_j_lim", "j/jₗᵢₘ", "1"),
        ("free_energy_J_m2", "free energy", "J/m^2"),
        ("wagner_number", "wagner number", "1"),
        ("mesh_error_cell_voltage_V", "mesh error cell voltage", "V"),
    ],
)
def test_metrics_have_words_and_units(name, words, unit):
    assert metric_attributes(name) == {"long_name": words, "units": unit}


def saltelli(plan, **keys):
    """Three variables: with two, A, B, AB_1, AB_2 backwards would be a design, too."""
    variables = [
        {"key": NUMBER, "distribution": "uniform", "low": 0.3, "high": 0.8},
        {"key": VOLTAGE, "distribution": "uniform", "low": "1 V", "high": "2 V"},
        {"key": CONDUCTIVITY, "distribution": "uniform", "low": "1 S/m", "high": "2 S/m"},
    ]
    return plan(random={"method": "saltelli", "samples": 64, "seed": 3, "variables": variables}, **keys)


def weighted(base, values):
    """4/5 of the variance is the voltage's in one mode, nothing in the other."""
    if values.get(MODE) == "galvanostatic":
        return {"current_density_cv": values[CONDUCTIVITY]}
    return {"current_density_cv": 2 * values[VOLTAGE] + values[CONDUCTIVITY], "cell_voltage_V": 0.5}


def test_sensitivity_of_each_group(plan, folder):
    root = finished(saltelli(plan, axes=[MODES]), folder / "out", weighted).root
    result = sensitivity(root)
    table = result.table.set_index(["group", "key"])
    assert table.loc[("potentiostatic", VOLTAGE), "total"] == pytest.approx(0.8, abs=0.05)
    assert table.loc[("potentiostatic", CONDUCTIVITY), "first_order"] == pytest.approx(0.2, abs=0.05)
    assert table.loc[("galvanostatic", VOLTAGE), "total"] == 0.0
    assert table.loc[("galvanostatic", CONDUCTIVITY), "total"] == pytest.approx(1.0, abs=0.1)
    assert result.remarks == ()
    assert table.loc[("potentiostatic", NUMBER), ["first_order", "total"]].tolist() == [0.0, 0.0]
    assert len(pd.read_csv(write_sensitivity(root, result))) == 6
    assert any("separator.conductivity" in line for line in result.lines())


def test_rows_of_failed_points_are_left_out_and_said(plan, folder):
    root = finished(saltelli(plan), folder / "out", weighted, failed=[5], missing=[70]).root
    result = sensitivity(root)
    assert result.table["rows"].tolist() == [62, 62, 62]
    (remark,) = result.remarks
    assert remark.startswith("current_density_cv: 2 of 64 rows of the design are left out")
    assert "does not vary" in sensitivity(root, ("cell_voltage_V",)).remarks[-1]


def test_a_base_without_the_variables_has_no_indices(plan, folder):
    made = saltelli(plan, base={"whole": "bare.yaml", "flat": {"file": "sites.yaml", "axes": []}})
    result = sensitivity(finished(made, folder / "out", weighted).root)
    assert result.table["group"].unique().tolist() == ["whole"]


def test_other_sweeps_have_no_sensitivity(store, plan, folder):
    with pytest.raises(SweepFolderError, match="saltelli"):
        sensitivity(store.root)
    root = finished(saltelli(plan), folder / "second", weighted).root
    with pytest.raises(SweepFolderError, match="did you mean 'current_density_cv'"):
        sensitivity(root, ("curent_density_cv",))


def test_a_number_that_drives_several_keys_is_one_variable(plan, folder):
    drives = [
        {"key": VOLTAGE, "at_one": "1 V"},
        {"key": CONDUCTIVITY, "at_one": "1 S/m"},
    ]
    variables = [
        {"key": NUMBER, "distribution": "uniform", "low": 0.3, "high": 0.8},
        {"name": "scale", "distribution": "uniform", "low": 1, "high": 2, "drives": drives},
    ]
    made = plan(random={"method": "saltelli", "samples": 64, "seed": 3, "variables": variables})
    table = sensitivity(finished(made, folder / "out", weighted).root).table.set_index("key")
    assert table["total"].to_dict() == {NUMBER: 0.0, "scale": pytest.approx(1.0, abs=0.1)}


def test_sensitivity_of_the_logarithm(plan, folder):
    """ln of a product of powers is a sum, to which every variable adds alone; a value of 0 has none."""

    def product(base, values):
        return {
            "current_density_cv": values[VOLTAGE] ** 8 * values[CONDUCTIVITY] ** 4 * (values[NUMBER] < 0.79)
        }

    root = finished(saltelli(plan), folder / "out", product).root
    plain = sensitivity(root).table.set_index("key")
    found = sensitivity(root, logarithm=True)
    table = found.table.set_index("key")
    assert table["metric"].unique().tolist() == ["ln current_density_cv"]
    assert table.loc[VOLTAGE, "total"] == pytest.approx(0.8, abs=0.06)
    assert table.loc[CONDUCTIVITY, "first_order"] == pytest.approx(0.2, abs=0.06)
    assert table["total"].sum() == pytest.approx(1, abs=0.1)
    assert plain["total"].sum() > 1.1
    assert "are left out" in found.remarks[0]
