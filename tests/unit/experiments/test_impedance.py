"""The impedance experiment's parts: frequencies, intercept, the limit of low frequencies, extrapolation, figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from sim.experiments.alternating import AlternatingCell, diffusion_length
from sim.experiments.folder import ExperimentFolder
from sim.experiments.impedance import frequencies_of, intercept_resistance, perform, resolved
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.step_window import Window, extrapolate
from sim.solve.drive import Drive
from sim.solve.parameters import make_parameters
from sim.view.experiments.impedance import figures
from sim.view.experiments.record import ExperimentRecord
from tests.unit.small_cells import NUCLEI, small_config

LAB = Lab(MPI.COMM_SELF)
COARSE = {"wall_cell": "0.5 um", "max_cell": "2 um", "columns": 4}
NEUTRAL = {"electrostatics": "electroneutral"}


def test_frequencies_fall_from_the_highest_to_the_lowest():
    spread = {"highest_frequency": "1 kHz", "lowest_frequency": "0.1 Hz", "points_per_decade": 5}
    found = frequencies_of(small_config(experiments={"impedance": spread}).experiments.impedance)
    assert found[[0, 5, -1]] == pytest.approx([1e3, 1e2, 0.1])
    assert found.size == 21
    listed = small_config(experiments={"impedance": {"frequencies": ["2 Hz", "5 Hz"]}})
    assert frequencies_of(listed.experiments.impedance).tolist() == [2.0, 5.0]


def test_intercept_is_where_the_reactance_is_least_above_the_first_arc():
    frequency = np.geomspace(1e-2, 1e6, 33)
    omega = 2j * np.pi * frequency
    impedance = 1 / (1e-4 / 3 * omega * 1e-4 + 1 / 3) + 1 / (1 / 50 + omega * 1e-3)
    table = {
        "frequency_Hz": frequency,
        "impedance_real_ohm_m2": impedance.real,
        "impedance_imag_ohm_m2": impedance.imag,
    }
    assert intercept_resistance(table) == pytest.approx(3.0, rel=1e-3)
    low = {name: column[frequency < 10] for name, column in table.items()}
    assert intercept_resistance(low) is None


def test_direct_current_is_the_limit_of_low_frequencies():
    """In every unknown: with the inventory held, the level of the anion too."""
    config = small_config(electrolyte=NEUTRAL, mesh=COARSE, cell={"anode_profile": NUCLEI})
    cell = LiveCell(config, LAB)
    cell.steady(Drive(True, 20.0))
    alternating = AlternatingCell(cell)
    steady, slow = alternating.steady, alternating.response(1e-6)
    assert slow.impedance == pytest.approx(steady.impedance, rel=1e-4)
    assert slow.blocks == pytest.approx(steady.blocks, abs=1e-4)


def test_meshes_for_the_linear_response():
    neutral = resolved(small_config(electrolyte=NEUTRAL), 1e6)
    wave = diffusion_length(make_parameters(neutral, 8e-6), 1e6)
    assert neutral.mesh.wall_cell == pytest.approx(wave / 4)
    assert wave == pytest.approx((1.165e-12 / 0.5 / (2e6 * np.pi)) ** 0.5, rel=1e-2)
    assert neutral.mesh.growth == 1.6
    stated = resolved(small_config(electrolyte=NEUTRAL, mesh={"wall_cell": "1 nm", "growth": 1.3}), 1e6)
    assert (stated.mesh.wall_cell, stated.mesh.growth) == (1e-9, 1.3)


@pytest.mark.parametrize("interface_time", [0.0, 1e-4])
def test_extrapolation_leaves_out_what_charging_left_behind(interface_time):
    window = Window(1e-3, 0.1, interface_time, 0.1)
    time = np.geomspace(1e-4, 1.0, 100)
    tail = 1e-3 / np.sqrt(time) if interface_time else 0.0
    assert extrapolate(window, time, 2.0 - np.sqrt(time) + 0.5 * time + tail) == pytest.approx(2.0, rel=1e-9)


def test_figures(tmp_path: Path):
    config = small_config(
        electrolyte=NEUTRAL,
        mesh=COARSE,
        experiments={"impedance": {"frequencies": ["100 Hz", "1 Hz", "0.1 Hz"]}},
    )
    folder = ExperimentFolder(tmp_path / "out", "impedance", config, overwrite=False)
    folder.finish(perform(config, LAB))
    drawn = figures(ExperimentRecord.from_folder(tmp_path / "out"))
    assert set(drawn) == {"nyquist", "bode"}
    axes = drawn["nyquist"].axes[0]
    assert axes.get_aspect() == 1
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Re Z (Ω cm²)", "−Im Z (Ω cm²)")
    assert min(axes.lines[0].get_ydata()) > 0
