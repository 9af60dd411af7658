"""The impedance experiment against closed forms: case 14, the blocking cell, the adsorbed state, and direct current."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from sim.experiments.impedance import perform
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.result import ExperimentError, ExperimentResult
from sim.solve.drive import Drive
from sim.verification.cells import (
    CLOSURE,
    NEUTRAL,
    PIA,
    as_mapping,
    flat_cell,
    galvanostatic,
    lithium,
    merged,
)
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE, symmetric_impedance
from sim.verification.exact.closed_forms_interface import conductances
from sim.verification.exact.parameters import (
    Cell,
    Electrode,
    Electrolyte,
    SiteLayer,
    from_measured,
    shipped_cell,
)
from tests.reference.impedance_forms import adsorbing_impedance, adsorption_capacitance, blocking_impedance

from .cells import config_of

LAB = Lab(MPI.COMM_WORLD)
WIDE = (1e6, 3e4, 1e3, 30.0, 1.0, 0.1, 1e-2)


def measure(mapping: dict[str, Any], frequencies: tuple[float, ...], **settings: Any) -> ExperimentResult:
    """The experiment at these frequencies [Hz]."""
    listed = {"frequencies": [f"{f!r} Hz" for f in frequencies]} | settings
    return perform(config_of(merged(mapping, {"experiments": {"impedance": listed}})), LAB)


def impedance(result: ExperimentResult) -> np.ndarray:
    """Z [Ohm m^2]."""
    table = result.tables["impedance"]
    return np.asarray(table["impedance_real_ohm_m2"] + 1j * table["impedance_imag_ohm_m2"])


def bulk(conductivity: float, transference: float) -> dict[str, Any]:
    return {"conductivity": f"{conductivity!r} S/m", "transference_number": transference}


@pytest.mark.parametrize(
    ("conductivity", "transference", "concentration", "width", "current", "porosity"),
    [
        (0.023, 0.39, 1000.0, 8e-6, 3.3, 1.0),
        (0.092, 0.78, 2500.0, 8e-6, 6.4, 0.78),
        (0.2, 0.15, 500.0, 200e-6, 5e3, 0.4),
    ],
    ids=["PP", "PIA", "bulk counts"],
)
def test_case_14(conductivity, transference, concentration, width, current, porosity):
    """The salt in pores relaxes with D/eps_p; in the last cell 98 % of Z are the bulk's."""
    mapping = flat_cell(
        width,
        {"electrolyte": NEUTRAL | {"concentration": f"{concentration!r} mol/m^3"}},
        {"separator": bulk(conductivity, transference) | {"porosity": porosity}},
        {"anode": lithium(current), "counter": lithium(current)},
    )
    result = measure(mapping, WIDE)
    electrolyte = from_measured(conductivity, transference, concentration)
    exact = symmetric_impedance(np.array(WIDE) * porosity, electrolyte, width, current)
    assert np.abs(impedance(result) / exact - 1).max() < 3e-5
    summary = result.summary
    assert summary["conductivity_S_m"] == pytest.approx(conductivity, rel=1e-6)
    assert summary["bulk_resistance_ohm_m2"] == pytest.approx(width / conductivity, rel=1e-6)
    assert summary["charge_transfer_resistance_ohm_m2"] == pytest.approx(
        2 * THERMAL_VOLTAGE / current, rel=1e-7
    )
    direct = width / (transference * conductivity) + 2 * THERMAL_VOLTAGE / current
    assert summary["dc_resistance_ohm_m2"] == pytest.approx(direct, rel=1e-7)


def test_printed_numbers_of_case_14():
    mapping = flat_cell(8e-6, {"electrolyte": NEUTRAL | {"concentration": "1000 mol/m^3"}})
    found = impedance(measure(mapping, (0.1, 1.0))) * 1e4
    assert found[0] == pytest.approx(161.701605 - 2.175264j, rel=1e-6)
    assert found[1] == pytest.approx(159.846249 - 0.654806j, rel=1e-6)


@pytest.mark.parametrize(
    ("gap", "concentration", "permittivity", "diffusivity", "stern"),
    [(8e-6, 2500.0, 30.0, 1e-12, 0.3e-9), (1e-9, 2500.0, 30.0, 1e-12, 0.0), (24e-9, 1.0, 78.0, 1e-9, 0.3e-9)],
    ids=["thin layers", "layers of an eighth of the gap, no Stern layer", "overlapping layers"],
)
def test_blocking_cell(gap, concentration, permittivity, diffusivity, stern):
    electrolyte = Electrolyte(diffusivity, diffusivity, concentration, None, permittivity)
    electrode = Electrode(1.0, stern_thickness=stern, stern_permittivity=10.0)
    layer = {"thickness": f"{stern!r} m", "relative_permittivity": 10.0}
    mapping = merged(
        as_mapping(Cell(electrolyte, electrode, electrode, gap)),
        {name: {"kind": "blocking", "stern": layer} for name in ("anode", "counter")},
    )
    result = measure(mapping, WIDE)
    capacitance = electrode.stern_capacitance if stern else np.inf
    found, exact = impedance(result), blocking_impedance(WIDE, electrolyte, gap, capacitance)
    assert np.abs(found / exact - 1).max() < 1e-4
    counts = np.abs(exact.real) > 1e-3 * np.abs(exact)
    assert np.abs(found.real / exact.real - 1)[counts].max() < 1e-4
    assert result.summary["dc_resistance_ohm_m2"] is None
    if gap > 1e-6:
        series = 1 / (1 / capacitance + electrolyte.debye_length / electrolyte.permittivity)
        assert result.summary["anode_double_layer_capacitance_F_m2"] == pytest.approx(series, rel=1e-4)
        assert result.summary["counter_double_layer_capacitance_F_m2"] == pytest.approx(series, rel=1e-4)


@pytest.mark.parametrize("adsorption_rate", [1.74e4, 3.0])
def test_adsorbed_state(adsorption_rate):
    """The storage of the sites shows as an arc of its own; PIA, and sites that exchange slowly."""
    electrolyte, anode, counter = from_measured(0.092, 0.78), Electrode(3.3), Electrode(5.0)
    sites = SiteLayer(2e-5, 0.01, adsorption_rate=adsorption_rate)
    mapping = merged(as_mapping(Cell(electrolyte, anode, counter, 8e-6, sites)), {"electrolyte": NEUTRAL})
    result = measure(mapping, WIDE)
    surface = conductances(electrolyte, anode, sites)
    exact = adsorbing_impedance(
        WIDE, electrolyte, 8e-6, surface, adsorption_capacitance(sites), THERMAL_VOLTAGE / 5.0
    )
    assert np.abs(impedance(result) / exact - 1).max() < 1e-5
    metal = surface.direct + surface.adsorption * surface.plating / (surface.adsorption + surface.plating)
    assert result.summary["anode_charge_transfer_resistance_ohm_m2"] == pytest.approx(1 / metal, rel=1e-7)


def test_double_layers_of_lithium_emerge():
    """Poisson: case 14 where the layers are charged, and a capacitance in parallel with the kinetics above."""
    cell = shipped_cell("pia-bulk")
    frequencies = (2e4, 1e3, 1e-3, 1e-4)
    result = measure(merged(as_mapping(cell), {"separator": {"porosity": 1.0}}), frequencies)
    found, exact = impedance(result), symmetric_impedance(np.array(frequencies), cell.electrolyte, 8e-6, 3.3)
    assert found[2:] == pytest.approx(exact[2:], rel=5e-5)
    layer = 1 / (
        1 / cell.anode.stern_capacitance + cell.electrolyte.debye_length / cell.electrolyte.permittivity
    )
    assert result.summary["counter_double_layer_capacitance_F_m2"] == pytest.approx(layer, rel=2e-4)
    kinetics, ohmic = 3.3 / THERMAL_VOLTAGE, 8e-6 / 0.092
    randles = ohmic + 2 / (kinetics + 2j * np.pi * np.array(frequencies[:2]) * layer)
    assert found[:2] == pytest.approx(randles, rel=0.02)
    assert result.summary["conductivity_S_m"] == pytest.approx(0.092, rel=1e-6)


@pytest.mark.parametrize("electrolyte", [{}, CLOSURE], ids=["poisson", "closure"])
def test_low_frequencies_under_bias_are_neighbouring_steady_states(electrolyte):
    mapping = flat_cell(
        8e-6, {"electrolyte": electrolyte, "separator": PIA, "operation": galvanostatic(100.0)}
    )
    result = measure(mapping, (1e-4,), bias="operation")
    cell = LiveCell(config_of(mapping), LAB)
    voltage = [cell.steady(Drive(True, j))["cell_voltage_V"] for j in (99.9, 100.1)]
    slope = (voltage[1] - voltage[0]) / 0.2
    assert result.summary["bias_current_density_A_m2"] == pytest.approx(100.0)
    assert result.summary["dc_resistance_ohm_m2"] == pytest.approx(slope, rel=1e-5)
    assert impedance(result)[0].real == pytest.approx(result.summary["dc_resistance_ohm_m2"], rel=1e-7)


@pytest.mark.parametrize("sides", ["symmetry", "periodic"])
def test_conductivity_over_a_rough_anode(sides):
    """Four probes do not see the anode's shape, nor the electrodes; a reservoir serves as well as lithium."""
    wave = {"kind": "sinusoid", "amplitude": "1 um", "wavelength": "8 um"}
    mapping = flat_cell(
        8e-6,
        {"cell": {"length": "8 um", "anode_profile": wave, "sides": sides}, "electrolyte": NEUTRAL},
        {"anode": {"kind": "reversible"}, "counter": {"kind": "reservoir"}, "mesh": {"columns": None}},
    )
    summary = measure(mapping, (1.0,)).summary
    assert summary["conductivity_frequency_Hz"] > 1.0
    assert summary["conductivity_S_m"] == pytest.approx(0.023, rel=2e-5)
    assert summary["charge_transfer_resistance_ohm_m2"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ({"electrolyte": NEUTRAL, "counter": {"kind": "blocking"}}, "counter is a blocking electrode"),
        ({"anode": {"kind": "blocking", "stern": None}}, "anode is an insulating wall"),
    ],
)
def test_no_alternating_current(update, message):
    with pytest.raises(ExperimentError, match=message):
        measure(flat_cell(8e-6, update), (1.0,))
