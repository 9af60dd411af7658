"""At global equilibrium every rate vanishes for any maps of capacity, energy and charge, any chi, alpha, k_a,
k_p and D_s.

All currents are taken relative to the exchange currents of their channel. The coverage is that of equilibrium
with the metal at the plane's own potential, theta = 1/(1 + e^(G + e phi)/kT).
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.cells import CLOSURE, NEUTRAL, flat_cell, lithium, merged
from sim.verification.exact.closed_forms import THERMAL_VOLTAGE
from sim.verification.exact.parameters import FARADAY

from .cells import run_in, solve

MODES = {"poisson": {}, "closure": CLOSURE, "none": NEUTRAL}


def random_cell(seed: int, electrolyte: dict) -> dict:
    """Two kinds of sites in random patches on a rough anode; every constant drawn at random."""
    rng = np.random.default_rng(seed)
    sites = {}
    for number, (charge, energy) in enumerate([(-1, rng.uniform(-0.1, 0)), (1, rng.uniform(0, 0.15))]):
        sites[f"N{number}"] = {
            "map": {
                "kind": "random",
                "density": f"{float(rng.uniform(0.2, 0.8))!r} / nm^2",
                "patch_length": "0.7 um",
                "variation": 0.5,
                "seed": seed + number,
            },
            "adsorption_energy": f"{float(energy)!r} eV",
            "charge": charge,
            "charged_fraction": 0.2,
        }
    return flat_cell(
        3e-6,
        {
            "cell": {
                "length": "4 um",
                "anode_profile": {
                    "kind": "rough",
                    "rms": "0.1 um",
                    "correlation_length": "0.6 um",
                    "seed": seed,
                },
            },
            "electrolyte": electrolyte,
            "anode": lithium(float(rng.uniform(1, 10)), transfer_coefficient=float(rng.uniform(0.2, 0.8))),
            "counter": lithium(float(rng.uniform(1, 10)), surface_charge="0.03 C/m^2"),
            "interface": {
                "sites": sites,
                "overlap": "mean_field" if seed % 2 else "independent",
                "reference_energy": "0.02 eV",
                "adsorption_rate": f"{10 ** float(rng.uniform(1, 4))!r} / s",
                "plating_rate": f"{10 ** float(rng.uniform(-1, 3))!r} / s",
                "barrier_position": float(rng.uniform(0.1, 0.9)),
                "surface_diffusivity": "1e-9 m^2/s",
            },
            "mesh": {"columns": 30},
        },
    )


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", MODES)
def test_nothing_flows_at_rest(name, seed, tmp_path):
    mapping = random_cell(seed, MODES[name])
    interface = run_in(tmp_path / "run", mapping).interface
    capacity = interface["site_capacity_mol_m2"]
    direct = float(mapping["anode"]["exchange_current_density"].split()[0])
    rates = [float(mapping["interface"][key].split()[0]) for key in ("adsorption_rate", "plating_rate")]
    assert np.std(capacity) > 0.1 * np.mean(capacity)
    assert np.ptp(interface["surface_charge_C_m2"]) > 0.01
    if name != "none":
        assert np.ptp(interface["phi_V"]) > 1e-3
    exchange = FARADAY * np.mean(capacity) * rates[1]
    assert np.max(np.abs(interface["direct_current_density_A_m2"])) < 1e-8 * direct
    assert np.max(np.abs(interface["adsorbed_current_density_A_m2"])) < 1e-8 * exchange
    ionic = interface["ionic_current_density_A_m2"] - interface["direct_current_density_A_m2"]
    assert np.max(np.abs(ionic)) < 1e-8 * FARADAY * np.mean(capacity) * rates[0]
    if mapping["interface"]["overlap"] == "mean_field":
        energy = (interface["adsorption_energy_eV"] + 0.02 + interface["phi_V"]) / THERMAL_VOLTAGE
        # where two facets meet, the file holds the mean of their values, of theta and of the energy
        assert interface["coverage"] == pytest.approx(1 / (1 + np.exp(energy)), rel=1e-5)


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("name", MODES)
def test_every_run_states_the_balance_of_its_own_maps(name, seed):
    """Also at a state far from equilibrium: the maps, constants and potentials are the run's, equilibrium is asked of
    the kinetics."""
    mapping = merged(random_cell(seed, MODES[name]), {"operation": {"voltage": "0.2 V"}})
    summary = solve(mapping)
    assert summary["current_density_mean_A_m2"] > 1
    assert summary["detailed_balance_error"] < 1e-11
    assert summary["warnings"] == []


def test_a_current_breaks_the_balance(tmp_path):
    """The test above can fail: 1 mV makes a thousandth of the exchange currents flow."""
    mapping = merged(random_cell(1, NEUTRAL), {"operation": {"voltage": "1 mV"}})
    interface = run_in(tmp_path / "run", mapping).interface
    assert np.max(np.abs(interface["direct_current_density_A_m2"])) > 1e-4
