"""Charge transfer and sites: detailed balance for any constants, signs, and the double layer's closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.physics import interface, kinetics
from sim.physics.constants import FARADAY, LITHIUM_MOLAR_VOLUME, VACUUM_PERMITTIVITY
from sim.physics.interface import SiteClass, SurfaceKinetics
from sim.physics.scaling import debye_length, thermal_voltage


def random_interface(seed: int) -> tuple[SurfaceKinetics, tuple[SiteClass, ...], np.random.Generator]:
    rng = np.random.default_rng(seed)
    constants = SurfaceKinetics(
        *rng.uniform(0.1, 5, 1), rng.uniform(0.1, 0.9), *rng.uniform(0.1, 9, 2), rng.uniform()
    )
    sites = tuple(
        SiteClass(*pair) for pair in zip(rng.uniform(0.1, 2, 3), rng.uniform(-6, 6, 3), strict=True)
    )
    return constants, sites, rng


@pytest.mark.parametrize("seed", range(20))
def test_detailed_balance(seed: int) -> None:
    """At any concentration and potential there is one equilibrium of all three channels: eta = ln c (Nernst) and
    mu_s = phi + eta."""
    constants, sites, rng = random_interface(seed)
    c_ratio, phi = rng.uniform(0.05, 5), rng.uniform(-5, 5)
    eta = np.log(c_ratio)
    rates = interface.rates(constants, sites, c_ratio, phi, phi + eta, eta)
    for site in sites:
        parts = interface.occupancy(phi + eta, phi, site.energy)
        alone = (
            constants.plating
            * site.capacity
            * parts.covered
            * np.exp(-constants.transfer_coefficient * (eta - site.energy))
        )
        assert abs(interface.plating_current(constants, site, eta, parts)) < 1e-12 * alone
    scale = constants.exchange_current_density + sum(
        (constants.adsorption + constants.plating) * site.capacity * np.exp(abs(site.energy))
        for site in sites
    )
    assert np.abs([rates.direct, rates.adsorption, rates.plating]) == pytest.approx(0, abs=1e-12 * scale)
    # away from it, each channel runs towards it: a lower metal potential plates, more ions adsorb
    below = interface.rates(constants, sites, c_ratio, phi, phi + eta, eta - 0.1)
    assert below.direct > 0
    assert below.plating > 0
    assert interface.rates(constants, sites, 1.1 * c_ratio, phi, phi + eta, eta).adsorption > 0
    assert below.metal == below.direct + below.plating
    assert below.ionic == below.direct + below.adsorption


def test_without_sites_only_the_direct_channel_is_left() -> None:
    constants, _, _ = random_interface(1)
    rates = interface.rates(constants, (), 1.0, 0.0, 0.0, -1.0)
    assert rates.metal == rates.ionic == rates.direct > 0


def test_small_overpotentials_see_the_charge_transfer_resistance() -> None:
    """j = -j_0 eta whatever alpha."""
    for alpha in (0.2, 0.5, 0.9):
        assert kinetics.butler_volmer(3.3, 1.0, -1e-6, alpha) == pytest.approx(3.3e-6, rel=1e-5)
        assert kinetics.butler_volmer(3.3, 1.0, 0.0, alpha) == 0


def test_large_overpotentials_see_tafels_slope() -> None:
    one, ten = (kinetics.butler_volmer(1.0, 1.0, eta, 0.3) for eta in (-20.0, -20.0 - np.log(10) / 0.3))
    assert ten / one == pytest.approx(10.0, rel=1e-5)


@pytest.mark.parametrize("energy", [-50.0, -3.0, 0.0, 8.0, 60.0])
def test_free_sites_are_known_where_nearly_all_are_covered(energy: float) -> None:
    """1 - theta = theta e^(G + phi - mu_s), also where it is e^-50 and 1 less theta is nothing."""
    parts = interface.occupancy(0.7, -0.2, energy)
    assert parts.free == pytest.approx(parts.covered * np.exp(energy - 0.2 - 0.7), rel=1e-13)
    assert parts.covered + parts.free == pytest.approx(1.0, rel=1e-15)
    assert 0 < parts.free <= 1


def test_mobility_is_the_capacity_of_the_sites() -> None:
    """Gamma theta (1 - theta) is what the adsorbed amount changes by per kT."""
    _, sites, _ = random_interface(4)
    mu, phi, step = 0.7, -0.2, 1e-5
    low, high = (interface.adsorbed_amount(sites, phi, mu + s) for s in (-step, step))
    assert interface.surface_mobility(sites, phi, mu) == pytest.approx((high - low) / (2 * step), rel=1e-8)
    assert 0 < interface.adsorbed_amount(sites, phi, mu) < sum(site.capacity for site in sites)


def test_hopping_diffusivity() -> None:
    """1/4 (0.34 nm)^2 1e13/s e^(-0.146 eV/kT) is the 1e-9 m^2/s of base.yaml."""
    found = interface.hopping_diffusivity(0.146, thermal_voltage(298.15))
    assert found == pytest.approx(9.835e-10, rel=1e-3)
    assert interface.hopping_diffusivity(0.0, 1.0, hop=2.0, attempt=3.0) == 3.0


def test_a_weak_diffuse_layer_is_a_capacitor_of_one_debye_length() -> None:
    length = debye_length(2500, 30, 298.15)
    charge = kinetics.diffuse_charge(1.0, 1e-4, length) * FARADAY * 2500
    plate = 30 * VACUUM_PERMITTIVITY / length * 1e-4 * thermal_voltage(298.15)
    assert charge == pytest.approx(plate, rel=1e-8)
    # four times the salt makes the layer half as thick
    assert kinetics.diffuse_charge(4.0, 1e-4, length) == pytest.approx(
        2 * kinetics.diffuse_charge(1.0, 1e-4, length)
    )


def test_the_tail_of_the_diffuse_layer_starts_with_its_charge() -> None:
    """At the plane eps d(phi)/dx = -charge, Grahame's relation; further out it is the slope of Gouy's potential."""
    psi, length = np.array([-4.0, 0.1, 3.0]), 0.3

    def gouy(x: float) -> np.ndarray:
        return 4 * np.arctanh(np.tanh(psi / 4) * np.exp(-x / length))

    assert kinetics.diffuse_tail_field(psi, 0.0, length) == pytest.approx(
        -2 / length * np.sinh(psi / 2), rel=1e-12
    )
    for x in (0.2, 3.0):
        slope = (gouy(x + 1e-6) - gouy(x - 1e-6)) / 2e-6
        assert kinetics.diffuse_tail_field(psi, x, length) == pytest.approx(slope, rel=1e-6)


def test_stern_layer_and_curvature() -> None:
    assert kinetics.stern_charge(0.8, 0.3, 0.1, -0.02) == pytest.approx(0.8 * 0.2 - 0.02)
    # 1.7 J/m^2 on a bump of 0.1 um radius costs 2.3 mV
    shift = kinetics.curvature_potential(1.7, LITHIUM_MOLAR_VOLUME, 1e7, FARADAY)
    assert shift == pytest.approx(-2.29e-3, rel=2e-3)


@pytest.mark.parametrize("energy", [-12.0, -1e-9, 0.0, 5.0])
def test_what_is_stored_changes_with_the_adsorbed_amount(energy: float) -> None:
    sites = (SiteClass(0.7, energy), SiteClass(1.3, -energy))
    states = [(0.3, -0.2), (1.1, 0.4), (-2.0, 0.0)]
    apart = [
        interface.amount_stored(sites, phi, mu) - interface.adsorbed_amount(sites, phi, mu)
        for mu, phi in states
    ]
    assert apart == pytest.approx([apart[0]] * 3, abs=1e-15)
    assert abs(interface.amount_stored((SiteClass(1.0, -50.0),), 0.0, 0.0)) < 1e-21
