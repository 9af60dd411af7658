"""Bulk relations: neutrality, its potential and its field, concentrations, and the scales."""

from __future__ import annotations

import numpy as np
import pytest

from sim.physics import bulk
from sim.physics.constants import ELEMENTARY_CHARGE, FARADAY, VACUUM_PERMITTIVITY
from sim.physics.scaling import (
    Scales,
    debye_length,
    limiting_current_density,
    nernst_einstein,
    thermal_voltage,
)

RNG = np.random.default_rng(3)
MU_LI, MU_ANION = RNG.uniform(-4, 4, (2, 50))


@pytest.mark.parametrize("fixed", [None, 0.0, 0.7, -0.7, 1e-9, 40.0, -40.0])
def test_the_electroneutral_potential_makes_the_electrolyte_neutral(fixed: float | None) -> None:
    phi = bulk.electroneutral_potential(MU_LI, MU_ANION, fixed)
    c_li, c_anion = bulk.concentration(MU_LI, phi, 1), bulk.concentration(MU_ANION, phi, -1)
    charge = bulk.space_charge(c_li, c_anion, fixed or 0.0)
    assert np.max(np.abs(charge) / (c_li + c_anion)) < 1e-14
    # the product of the concentrations is that of the electrochemical potentials: no charge changes it
    assert c_li * c_anion == pytest.approx(np.exp(MU_LI + MU_ANION), rel=1e-12)


@pytest.mark.parametrize("fixed", [None, 0.7, -0.7])
def test_the_electroneutral_field_is_the_gradient_of_the_potential(fixed: float | None) -> None:
    li_slope, anion_slope = RNG.uniform(-2, 2, (2, 50))
    field = bulk.electroneutral_field(MU_LI, MU_ANION, li_slope, anion_slope, fixed)
    step = 1e-5
    before, after = (
        bulk.electroneutral_potential(MU_LI + s * li_slope, MU_ANION + s * anion_slope, fixed)
        for s in (-step, step)
    )
    assert field == pytest.approx((after - before) / (2 * step), abs=1e-8)


def test_flux_is_ficks_and_ohms_law_at_once() -> None:
    """-D c grad(ln c + z phi) = -D (grad c + z c grad phi)."""
    c, c_slope, phi_slope = 1.7, 0.3, -0.9
    for charge in (1, -1):
        flux = bulk.molar_flux(2.0, c, c_slope / c + charge * phi_slope)
        assert flux == pytest.approx(-2.0 * (c_slope + charge * c * phi_slope), rel=1e-14)


def test_scales_of_the_paper() -> None:
    assert thermal_voltage(298.15) == pytest.approx(25.6926e-3, rel=1e-5)
    assert debye_length(2500, 30, 298.15) == pytest.approx(0.119e-9, rel=5e-3)
    # the same from the charges of single ions: sqrt(eps kT/(2 e^2 n))
    n, kt = 2500 * 6.02214076e23, 1.380649e-23 * 298.15
    alone = np.sqrt(30 * VACUUM_PERMITTIVITY * kt / (2 * ELEMENTARY_CHARGE**2 * n))
    assert debye_length(2500, 30, 298.15) == pytest.approx(alone, rel=1e-9)


def test_diffusivities_give_back_conductivity_and_transference_number() -> None:
    kappa, t_li, c, temperature = 0.092, 0.78, 2500.0, 298.15
    d_li, d_anion = nernst_einstein(kappa, t_li, c, temperature)
    assert d_li / (d_li + d_anion) == pytest.approx(t_li)
    assert FARADAY * c * (d_li + d_anion) / thermal_voltage(temperature) == pytest.approx(kappa)
    assert d_li == pytest.approx(7.64e-12, rel=2e-3)


def test_limiting_current() -> None:
    """Between two electrodes the concentration falls from 2 c_0 to 0 over H, against a reservoir from c_0."""
    both = limiting_current_density(1e-10, 2500, 8e-6)
    assert both == pytest.approx(2 * FARADAY * 1e-10 * (2 * 2500) / 8e-6)
    assert limiting_current_density(1e-10, 2500, 8e-6, against_reservoir=True) == both / 2


def test_units_of_the_scaled_model_belong_together() -> None:
    scales = Scales(length=8e-6, concentration=2500, diffusivity=7.6e-12, temperature=298.15)
    assert scales.time == pytest.approx(8e-6**2 / 7.6e-12)
    # what a current of 1 brings to an area in a time of 1 is an amount of 1, and its charge a charge of 1
    assert scales.current_density * scales.time / FARADAY == pytest.approx(scales.surface_amount)
    assert scales.current_density * scales.time == pytest.approx(scales.surface_charge)
    assert scales.potential == thermal_voltage(298.15)
