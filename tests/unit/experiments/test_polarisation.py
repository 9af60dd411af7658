"""The polarisation experiment as a procedure: order of points, refusals, remarks, and its figure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from sim.experiments.folder import ExperimentFolder
from sim.experiments.live_cell import Lab
from sim.experiments.polarisation import perform
from sim.experiments.result import ExperimentError, ExperimentResult
from sim.view.experiments.polarisation import figures
from sim.view.experiments.record import ExperimentRecord
from tests.unit.small_cells import small_config

NEUTRAL = {"electrostatics": "electroneutral", "double_layer": "none"}
LAB = Lab(MPI.COMM_SELF)


def polarise(*currents: float, **sections: Any) -> ExperimentResult:
    """PP over 8 um, electroneutral, at these currents [A/m^2]."""
    wanted = {"current_density": [f"{j!r} A/m^2" for j in currents]} if currents else {}
    settings = wanted | sections.pop("polarisation", {})
    electrolyte = NEUTRAL | sections.pop("electrolyte", {})
    return perform(
        small_config(electrolyte=electrolyte, experiments={"polarisation": settings}, **sections), LAB
    )


def test_points_keep_the_order_of_the_list_and_branches_are_symmetric() -> None:
    result = polarise(20.0, -5.0, 0.0, 5.0)
    table = result.tables["polarisation"]
    assert table["current_density_A_m2"].tolist() == [20.0, -5.0, 0.0, 5.0]
    voltage = table["cell_voltage_V"]
    assert voltage[2] == pytest.approx(0.0, abs=1e-12)
    assert voltage[1] == pytest.approx(-voltage[3], rel=1e-9)
    assert result.skipped == ()


def test_currents_beyond_the_limit_are_skipped_and_said() -> None:
    result = polarise(200.0, 50.0, 150.0, -200.0)
    assert result.tables["polarisation"]["current_density_A_m2"].tolist() == [50.0]
    reasons = {one.point: one.reason for one in result.skipped}
    assert set(reasons) == {"200 A/m^2", "150 A/m^2", "-200 A/m^2"}
    assert "not below the limiting current density 115.2 A/m^2" in reasons["150 A/m^2"]
    assert reasons["200 A/m^2"].startswith("not tried: ")
    assert "limiting current" in reasons["-200 A/m^2"], "the other branch is judged for itself"


def test_a_point_that_does_not_converge_is_skipped_and_the_others_stay() -> None:
    """Resolved double layers have no limit to refuse at: the solver finds out."""
    poisson = {"electrostatics": "poisson", "double_layer": None}
    solver = {"max_newton_iterations": 12}
    result = polarise(5.0, 400.0, 500.0, electrolyte=poisson, solver=solver)
    assert result.tables["polarisation"]["current_density_A_m2"].tolist() == [5.0]
    first, second = result.skipped
    assert first.point == "400 A/m^2"
    assert "no steady state found" in first.reason
    assert second.reason == "not tried: there was none at 400 A/m^2 on the way there"


def test_default_currents_reach_nine_tenths_of_the_limit() -> None:
    table = polarise().tables["polarisation"]
    ratio = table["j_over_j_lim"]
    assert ratio[[0, -1]] == pytest.approx([1e-3, 0.9])
    assert np.diff(np.log(ratio)) == pytest.approx(np.log(900) / 18)


def test_the_voltage_is_split_without_remainder() -> None:
    outside = {"series_resistance": "3 ohm*cm^2"}
    table = polarise(30.0, -10.0, polarisation=outside).tables["polarisation"]
    assert table["series_resistance_voltage_V"] == pytest.approx([30 * 3e-4, -10 * 3e-4])
    parts = table["electrolyte_voltage_V"] + table["series_resistance_voltage_V"]
    parts += table["counter_overpotential_V"] - table["anode_overpotential_V"]
    assert parts == pytest.approx(table["cell_voltage_V"], rel=1e-12)


@pytest.mark.parametrize("electrode", ["anode", "counter"])
def test_a_blocking_electrode_has_no_polarisation_curve(electrode: str) -> None:
    with pytest.raises(ExperimentError, match=f"no steady current passes a blocking {electrode}"):
        polarise(1.0, **{electrode: {"kind": "blocking", "exchange_current_density": None}})


def test_a_reversible_anode_has_a_curve_and_no_kinetics() -> None:
    result = polarise(1.0, 20.0, anode={"kind": "reversible", "exchange_current_density": None})
    table = result.tables["polarisation"]
    assert table["anode_overpotential_V"] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert result.summary["exchange_current_density_A_m2"] is None
    assert result.summary["linear_exchange_current_density_A_m2"] is None
    assert "a reversible anode has no kinetics" in " ".join(result.remarks)


def test_few_points_are_said_to_be_few() -> None:
    result = polarise(0.001)
    assert result.summary["tafel_points"] == 0
    assert result.summary["exchange_current_density_A_m2"] is None
    assert "0 points lie in the Tafel window of 20 to 200 mV" in " ".join(result.remarks)
    # the slope at rest needs none of them
    assert result.summary["linear_exchange_current_density_A_m2"] == pytest.approx(3.3, rel=1e-6)


@pytest.mark.parametrize("currents", [(5.0, 40.0, -20.0), (150.0,)])
def test_figure(currents: tuple[float, ...], tmp_path: Path) -> None:
    """Also of an experiment in which every point was refused."""
    folder = ExperimentFolder(tmp_path / "out", "polarisation", small_config(), overwrite=False)
    result = polarise(*currents)
    folder.finish(result)
    drawn = figures(ExperimentRecord.from_folder(tmp_path / "out"))
    if not result.tables["polarisation"]:
        assert drawn == {}
        return
    voltage, tafel = drawn["polarisation"].axes
    assert voltage.lines[0].get_label() == "cell"
    assert voltage.lines[0].get_ydata() == pytest.approx(
        1e3 * np.sort(result.tables["polarisation"]["cell_voltage_V"])
    )
    assert any("j₀ = 3.3 A m⁻², α = 0.500" in str(line.get_label()) for line in tafel.lines)
    assert not math.isnan(result.summary["cell_resistance_at_rest_ohm_m2"])
