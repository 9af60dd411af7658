"""`sim experiment polarisation` against closed forms: case 4, the constants that went in, the slopes at rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.experiments.live_cell import Lab
from sim.experiments.polarisation import perform
from sim.experiments.result import ExperimentResult
from sim.verification.cells import CLOSURE, NEUTRAL, PIA, PP, flat_cell, lithium, merged
from sim.verification.exact import closed_forms, closed_forms_interface
from sim.verification.exact.parameters import Electrode, SiteLayer, from_measured

from .cells import config_of

WIDTH = 25e-6
SALTS = {"pp": from_measured(0.023, 0.39), "pia": from_measured(0.092, 0.78)}
POISSON = {"electrostatics": "poisson"}


def polarise(comm: Any, mapping: dict[str, Any], *currents: float, **settings: Any) -> ExperimentResult:
    wanted = settings | {"current_density": [f"{j!r} A/m^2" for j in currents]}
    return perform(config_of(merged(mapping, {"experiments": {"polarisation": wanted}})), Lab(comm))


@pytest.mark.parametrize(
    ("name", "bulk", "exchange", "currents"),
    [("pp", PP, 3.3, (1.0, 5.0, 30.0, -20.0)), ("pia", PIA, 6.4, (-150.0, 2.0, 60.0, 280.0))],
)
def test_case_4_with_a_series_resistance(comm, name, bulk, exchange, currents) -> None:
    electrodes = {"anode": lithium(exchange), "counter": lithium(exchange)}
    cell = flat_cell(WIDTH, {"electrolyte": NEUTRAL, "separator": bulk}, electrodes)
    result = polarise(comm, cell, *currents, series_resistance="1.97 ohm*cm^2")
    current = np.array(currents)
    exact = closed_forms.butler_volmer_voltage(current, SALTS[name], WIDTH, exchange)
    table = result.tables["polarisation"]
    assert table["cell_voltage_V"] == pytest.approx(exact + 1.97e-4 * current, rel=1e-5)
    # at rest the low-frequency limit of case 14
    limit = closed_forms.symmetric_impedance(1e-9, SALTS[name], WIDTH, exchange).real + 1.97e-4
    assert result.summary["cell_resistance_at_rest_ohm_m2"] == pytest.approx(limit, rel=1e-5)


@pytest.mark.parametrize("electrolyte", [NEUTRAL, CLOSURE, POISSON], ids=["none", "closure", "poisson"])
@pytest.mark.parametrize(("alpha", "exchange"), [(0.3, 3.3), (0.62, 8.0)])
@pytest.mark.parametrize("sign", [1, -1], ids=["plating", "stripping"])
def test_tafel_returns_what_went_in(comm, electrolyte, alpha, exchange, sign) -> None:
    """Charged surface, other reference concentration: what shifts eta and c must not shift the constants."""
    anode = lithium(exchange, transfer_coefficient=alpha, surface_charge="-8 mC/m^2")
    salt = electrolyte | {"reference_concentration": "1800 mol/m^3"}
    cell = flat_cell(8e-6, {"electrolyte": salt, "separator": PIA, "anode": anode})
    currents = [sign * j for j in (5.0, 20.0, 80.0, 200.0, 400.0)]
    result = polarise(comm, cell, *currents, tafel_window=["5 mV", "0.3 V"])
    summary = result.summary
    assert summary["tafel_points"] >= 3
    assert summary["exchange_current_density_A_m2"] == pytest.approx(exchange, rel=1e-6)
    assert summary["transfer_coefficient"] == pytest.approx(alpha, rel=1e-6)
    assert summary["exchange_current_density_standard_error_A_m2"] < 1e-6 * exchange
    apparent = summary["apparent_transfer_coefficient"]
    if electrolyte is NEUTRAL:
        assert apparent == pytest.approx(alpha, rel=1e-9)
    else:
        # Frumkin: the charged plane changes c and takes its part of the overpotential
        assert abs(apparent - alpha) > 0.02


def test_frumkin_correction_of_the_slope(comm) -> None:
    """Apparent alpha near rest in closed form: psi = dpsi/deta eta with C_S(eta - psi) = C_D psi, without surface
    charge. ln[j/(1 - e^eta)] = ln j_0 - alpha eta_plane - psi with eta_plane = eta - psi gives alpha + (1 - alpha)
    dpsi/deta."""
    alpha, thickness, salt = 0.4, 3e-10, SALTS["pia"]
    anode = lithium(6.4, transfer_coefficient=alpha)
    cell = flat_cell(8e-6, {"electrolyte": CLOSURE, "separator": PIA, "anode": anode})
    result = polarise(comm, cell, 0.02, 0.05, -0.03, tafel_window=["1 uV", "1 mV"])
    # both layers have one permittivity, so that C_S/(C_S + C_D) = lambda_D/(lambda_D + d_S)
    expected = alpha + (1 - alpha) * salt.debye_length / (salt.debye_length + thickness)
    assert result.summary["apparent_transfer_coefficient"] == pytest.approx(expected, rel=2e-3)
    assert result.summary["apparent_exchange_current_density_A_m2"] == pytest.approx(6.4, rel=1e-3)


@pytest.mark.parametrize("energy", [0.0, -0.05])
def test_two_channels_have_no_single_exchange_current(comm, energy) -> None:
    """The slope at rest is that of the equivalent circuit G_d + G_a G_p/(G_a + G_p)."""
    sites = {
        "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": f"{energy!r} eV"}},
        "area_factor": 12,
        "reference_energy": "0 eV",
        "adsorption_rate": "40 / s",
        "plating_rate": "3.2 / s",
        "barrier_position": 0.4,
        "surface_diffusivity": "0 m^2/s",
    }
    cell = flat_cell(8e-6, {"electrolyte": NEUTRAL, "separator": PIA, "interface": sites})
    cell["anode"] = lithium(3.3, transfer_coefficient=0.45)
    result = polarise(comm, cell, 20.0, 60.0, 200.0, 400.0, 700.0, tafel_window=["5 mV", "0.3 V"])
    layer = SiteLayer(12e18 / 6.02214076e23, energy, 40.0, 3.2, 0.4, 0.0)
    g = closed_forms_interface.conductances(SALTS["pia"], Electrode(3.3, 0.45), layer)
    slope = g.direct + g.adsorption * g.plating / (g.adsorption + g.plating)
    linear = result.summary["linear_exchange_current_density_A_m2"]
    assert linear == pytest.approx(slope * SALTS["pia"].thermal_voltage, rel=1e-5)
    assert result.summary["exchange_current_density_A_m2"] is None
    assert result.summary["transfer_coefficient"] is None
    assert any("no single exchange current density" in remark for remark in result.remarks)
    halves = [
        result.summary[f"apparent_exchange_current_density_{part}_half_A_m2"] for part in ("lower", "upper")
    ]
    assert abs(halves[0] / halves[1] - 1) > 0.05


def test_an_uneven_anode_gives_means_and_says_so(comm) -> None:
    bump = {"kind": "nuclei", "nuclei": [{"position": "2 um", "height": "1 um", "width": "1 um"}]}
    cell = flat_cell(8e-6, {"electrolyte": NEUTRAL, "mesh": {"columns": 12}})
    cell["cell"] |= {"anode_profile": bump}
    result = polarise(comm, cell, 2.0, 10.0, 40.0, 80.0)
    assert result.summary["exchange_current_density_A_m2"] == pytest.approx(3.3, rel=0.02)
    # next to rest the law is linear and means are exact
    assert result.summary["linear_exchange_current_density_A_m2"] == pytest.approx(3.3, rel=1e-6)
    assert any("means over the surface" in remark for remark in result.remarks)
