"""What a comparison says about the errors of its meshes: numbers with ±, pairs that are not told apart, warnings."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import synthetic_run as synthetic

from sim.view import Run, comparison_remarks
from sim.view.caption import caption
from sim.view.labels import metric_value
from sim.view.resolved import mesh_remarks, resolution_table

CV, MEAN, VOLTAGE = "current_density_cv", "current_density_mean_A_m2", "cell_voltage_V"


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.0286, 0.00031, "0.0286 ± 0.0004"),  # rounded up: an error is not made smaller
        (0.0286, 0.0003, "0.0286 ± 0.0003"),
        (0.02861, 0.00096, "0.029 ± 0.001"),
        (108.989, 0.0213, "108.99 ± 0.03"),
        (108.989, 1.0, "109 ± 1"),
        (108.989, 0.0002, "109"),  # beyond the fifth digit
        (-0.5, 0.01, "−0.50 ± 0.01"),
        (0.003, 0.2, "0.0 ± 0.2"),
        (0.00673901, 5.1e-7, "(6.7390 ± 0.0006)×10⁻³"),
        (2.1234e-7, 3e-9, "(2.12 ± 0.03)×10⁻⁷"),
        (0.5, 0.0, "0.500"),
        (0.5, math.nan, "0.500"),
        (math.nan, 0.1, "–"),
        (0.0, 0.0, "0"),
    ],
)
def test_numbers_with_their_error(value: float, error: float, text: str) -> None:
    assert metric_value("c_li_std_mol_m3", value, error) == text


def opened(place: Path, name: str, config: synthetic.Fake, **entries: object) -> Run:
    folder = synthetic.write_run(place / name, config)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8")) | entries
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return Run.from_folder(folder)


def errors(**values: float) -> dict[str, float]:
    return {f"mesh_error_{name}": value for name, value in values.items()}


def test_pairs_that_differ_by_less_than_their_errors(tmp_path: Path) -> None:
    """The difference counts against the sum of both errors, metric by metric."""
    first = opened(
        tmp_path, "pp", synthetic.PP, **errors(current_density_cv=0.1, current_density_mean_A_m2=1.0)
    )
    second = opened(
        tmp_path, "c", synthetic.CONTROL_3, **errors(current_density_cv=0.1, current_density_mean_A_m2=1.0)
    )
    third = opened(
        tmp_path, "b", synthetic.PIA_BULK, **errors(current_density_cv=1e-9, current_density_mean_A_m2=1.0)
    )
    table = resolution_table([first, second, third]).set_index(["first", "second", "metric"])
    assert table.loc[("pp", "control-3", CV), "resolved"] == "yes"
    assert table.loc[("pp", "control-3", CV), "error"] == pytest.approx(0.2)
    assert table.loc[("control-3", "pia-bulk", CV), "resolved"] == "no"
    assert table.loc[("control-3", "pia-bulk", MEAN), "resolved"] == "no"
    assert table.loc[("pp", "pia-bulk", CV), "resolved"] == "yes"
    assert table.loc[("pp", "pia-bulk", "current_density_max_over_mean"), "resolved"] == "unknown"
    assert VOLTAGE not in table.reset_index()["metric"].to_list(), "prescribed"
    remarks = mesh_remarks([first, second, third])
    assert len(remarks) == 2
    assert all("Control 3 and " in remark and "less than the errors" in remark for remark in remarks)
    assert remarks[0] in caption([first, second, third], None)


def test_the_drive_prescribes_what_is_not_compared(tmp_path: Path) -> None:
    driven = [
        opened(tmp_path, name, synthetic.Fake(name, 0.1, 5.0, mode="galvanostatic")) for name in ("pp", "pia")
    ]
    assert {VOLTAGE} <= set(resolution_table(driven)["metric"])
    assert MEAN not in set(resolution_table(driven)["metric"])
    held = opened(tmp_path, "held", synthetic.PP)
    assert {VOLTAGE, MEAN} <= set(resolution_table([held, driven[1]])["metric"])


def test_all_told_apart_or_nothing_known(tmp_path: Path) -> None:
    runs = [
        opened(tmp_path, name, fake, **errors(current_density_cv=1e-6))
        for name, fake in (("a", synthetic.PP), ("b", synthetic.CONTROL_2))
    ]
    assert mesh_remarks(runs) == ["all pairs of runs differ by more than the errors of their meshes"]
    assert mesh_remarks(runs[:1]) == []
    unknown = opened(tmp_path, "c", synthetic.CONTROL_3)
    assert mesh_remarks([*runs, unknown])[0].startswith("Control 3: the error of its mesh is not known")


def test_warnings_of_the_runs_are_repeated(tmp_path: Path) -> None:
    run = opened(tmp_path, "pp", synthetic.PP, warnings=["the budgets do not close"])
    assert run.warnings == ("the budgets do not close",)
    other = opened(tmp_path, "pia", synthetic.PIA)
    assert other.warnings == ()
    said = comparison_remarks([run.folder, other.folder])
    assert said[-1].startswith("warning: PP")
    assert said[-1].endswith("the budgets do not close")
    assert "the budgets do not close" in caption([run, other], None)
