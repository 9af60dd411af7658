"""`sim experiment paper`: the symmetric cell and its fits, and charged media, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares

from sim.config import load_config
from sim.config.shipped import shipped_config
from sim.experiments.live_cell import Lab
from sim.experiments.paper_bulk import Row
from sim.experiments.paper_charge import _medium, donnan_transference, measured_transference, ratio_for
from sim.experiments.paper_polarisation import CURRENTS, MEASURED, SymmetricCell, symmetric_cell
from sim.verification.exact.closed_forms import butler_volmer_voltage
from sim.verification.exact.parameters import from_measured

WIDTH, SALT = 50e-6, from_measured(0.092, 0.78, 1000.0)
VOLT = SALT.thermal_voltage


@pytest.fixture(scope="module")
def cell() -> SymmetricCell:
    from mpi4py import MPI

    return symmetric_cell(load_config(shipped_config("paper/pia-symmetric")), Lab(MPI.COMM_WORLD))


def kinetics(exchange: float) -> np.ndarray:
    """Both electrodes in uniform salt, 4 V_T asinh(j/(2 j0)) [V]."""
    return np.asarray(4 * VOLT * np.arcsinh(CURRENTS / (2 * exchange)))


def test_the_tafel_value_at_steady_state_and_at_once(cell: SymmetricCell) -> None:
    assert cell.exchange_current_density == 6.4
    exact = butler_volmer_voltage(CURRENTS, SALT, WIDTH, 6.4)
    assert cell.steady.cell == pytest.approx(exact, rel=1e-5)
    # 81, 141, 185, 252 mV where 29.5, 54.6, 78.2, 120.1 were measured
    assert 1e3 * cell.steady.cell == pytest.approx([81, 141, 185, 252], abs=0.5)
    assert pytest.approx([29.5, 54.6, 78.2, 120.1]) == 1e3 * MEASURED
    assert cell.at_once.electrodes == pytest.approx(kinetics(6.4), rel=1e-5)
    assert cell.at_once.cell == pytest.approx(kinetics(6.4) + CURRENTS * WIDTH / 0.092, rel=1e-5)
    # between the references beside the electrodes the steady salt adds 4 V_T artanh J, J = j/j_lim
    between = 4 * VOLT * np.arctanh(CURRENTS / SALT.limiting_current(WIDTH))
    assert cell.steady.cell - cell.steady.electrodes == pytest.approx(between, rel=1e-5)


def test_fits_are_those_of_the_closed_forms(cell: SymmetricCell) -> None:
    def best(voltages, start):
        return least_squares(lambda p: 1e3 * (voltages(*np.exp(p)) - MEASURED), np.log(start)).x

    (steady,) = np.exp(best(lambda j0: butler_volmer_voltage(CURRENTS, SALT, WIDTH, j0), [6.4]))
    assert cell.fit.exchange_current_density == pytest.approx(steady, rel=1e-3)
    assert cell.fit.resistance is None
    exchange, resistance = np.exp(best(lambda j0, r: kinetics(j0) + r * CURRENTS, [6.4, 1e-4]))
    assert cell.free_at_once.exchange_current_density == pytest.approx(exchange, rel=1e-3)
    assert cell.free_at_once.resistance == pytest.approx(resistance, rel=3e-3)
    assert 0.1 * cell.fit.exchange_current_density == pytest.approx(2.7, abs=0.01)
    assert 0.1 * cell.free_at_once.exchange_current_density == pytest.approx(1.94, abs=0.005)
    assert 1e4 * cell.free_at_once.resistance == pytest.approx(1.97, abs=0.005)
    # less than the electrolyte has by its own conductivity: the third contradiction
    assert cell.free_at_once.resistance < 0.5 * cell.at_once.resistance
    assert cell.free_at_once.error < cell.fit.error


@pytest.mark.parametrize("ratio", [-1.2, 0.8])
def test_transference_number_of_a_charged_medium(comm, ratio: float) -> None:
    """t c_li/(t c_li + (1 - t) c_anion) with Donnan's concentrations, from c_li c_anion = 1 and the charge balance."""
    c_li = -ratio / 2 + (1 + ratio**2 / 4) ** 0.5
    expected = 0.39 * c_li / (0.39 * c_li + 0.61 / c_li)
    assert donnan_transference(ratio, 0.39) == pytest.approx(expected, rel=1e-12)
    config = load_config(shipped_config("paper/pia-symmetric"))
    assert measured_transference(_medium(config, ratio), Lab(comm)) == pytest.approx(expected, rel=1e-6)


def test_the_charge_that_pia_needs_is_negative() -> None:
    needed = ratio_for(0.78, 0.39)
    assert needed == pytest.approx(-1.93, abs=0.001)
    assert donnan_transference(needed, 0.39) == pytest.approx(0.78, rel=1e-12)
    assert ratio_for(0.39, 0.39) == 0


def test_rows_name_what_they_compare(cell: SymmetricCell) -> None:
    from sim.experiments.paper import paper_summary, polarisation_rows

    rows = polarisation_rows(cell)
    assert all(isinstance(row, Row) for row in rows)
    assert [row.measured for row in rows[:4]] == MEASURED.tolist()
    assert [row.quantity for row in rows].count("series resistance") == 2
    assert set(cell.table()) > {"measured_V", "tafel_j0_V", "fitted_j0_V"}
    media = [_Medium(-1.9, 0.78), _Medium(1.9, 0.1)]
    summary = paper_summary(cell, media)  # type: ignore[arg-type]
    assert summary["fitted_at_once_series_resistance_ohm_m2"] == cell.free_at_once.resistance
    assert summary["electrolyte_resistance_at_once_ohm_m2"] == pytest.approx(WIDTH / 0.092, rel=1e-5)


class _Medium:
    def __init__(self, ratio: float, transference: float) -> None:
        self.fixed_charge_ratio, self.fixed_charge_C_m3 = ratio, 9.6e7 * ratio
        self.transference_number_model = transference
