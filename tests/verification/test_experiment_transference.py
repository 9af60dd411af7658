"""The Bruce-Vincent experiment gives back the transference number that went in."""

from __future__ import annotations

from typing import Any

import pytest
from mpi4py import MPI

from sim.experiments.live_cell import Lab
from sim.experiments.result import ExperimentError, ExperimentResult
from sim.experiments.transference import perform
from sim.verification.cells import CLOSURE, NEUTRAL, PIA, flat_cell, lithium, merged

from .cells import config_of

LAB = Lab(MPI.COMM_WORLD)
SITES = {
    "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": "0.01 eV"}},
    "area_factor": 12,
    "reference_energy": "0 eV",
    "adsorption_rate": "1.74e4 / s",
    "plating_rate": "3.2 / s",
    "surface_diffusivity": "1e-9 m^2/s",
}


def measure(mapping: dict[str, Any]) -> ExperimentResult:
    return perform(config_of(mapping), LAB)


def separator(conductivity: float, transference: float, porosity: float = 1.0) -> dict[str, Any]:
    return {
        "conductivity": f"{conductivity!r} S/m",
        "transference_number": transference,
        "porosity": porosity,
    }


@pytest.mark.parametrize(
    ("electrolyte", "transference", "current"),
    [(NEUTRAL, 0.95, 3.3), (CLOSURE, 0.1, 300.0), ({}, 0.78, 3.3)],
    ids=["no layers", "thin layers", "resolved layers"],
)
def test_flat_cells(electrolyte, transference, current):
    mapping = flat_cell(
        8e-6,
        {"electrolyte": electrolyte, "separator": separator(0.023, transference, 0.5)},
        {"anode": lithium(current), "counter": lithium(current)},
    )
    summary = measure(mapping).summary
    assert summary["transference_number"] == pytest.approx(transference, rel=1e-3)
    assert summary["transference_number_four_electrodes"] == pytest.approx(transference, rel=5e-4)
    direct = summary["steady_current_density_solved_directly_A_m2"]
    assert summary["steady_current_density_A_m2"] == pytest.approx(direct, rel=1e-6)
    assert summary["initial_bulk_resistance_ohm_m2"] == pytest.approx(8e-6 / 0.023, rel=5e-4)


def test_rough_anode_against_a_reservoir():
    """One interface, uneven current; anions are held by the anode alone.

    The current spreads otherwise at kappa than at t+ kappa, so that the bulk's resistances do not stand exactly as t+
    to 1: with the square of the amplitude, 2e-4 here and 2e-3 at 0.5 um, on any mesh and in any window.
    """
    wave = {"kind": "sinusoid", "amplitude": "0.2 um", "wavelength": "8 um"}
    mapping = flat_cell(
        8e-6,
        {
            "cell": {"length": "4 um", "anode_profile": wave},
            "electrolyte": NEUTRAL,
            "mesh": {"columns": 4, "growth": 1.6},
        },
        {"anode": lithium(100.0), "counter": {"kind": "reservoir"}},
    )
    assert measure(mapping).summary["transference_number"] == pytest.approx(0.39, rel=5e-4)


def test_sites_that_relax_within_the_charging_of_the_layers():
    """Two electrodes lose the bulk in the interfaces and say so; reference electrodes do not."""
    mapping = flat_cell(8e-6, {"separator": PIA | {"porosity": 0.78}, "interface": SITES})
    result = measure(mapping)
    assert result.summary["transference_number_four_electrodes"] == pytest.approx(0.78, rel=5e-3)
    assert any("the interfaces relax slowly" in remark for remark in result.remarks)


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ({"counter": {"kind": "blocking"}}, "one is blocking"),
        ({"anode": {"kind": "reservoir"}, "counter": {"kind": "reservoir"}}, "anions pass both reservoirs"),
    ],
)
def test_refused(update, message):
    with pytest.raises(ExperimentError, match=message):
        measure(merged(flat_cell(8e-6), update))
