"""The two-dimensional reference against the one-dimensional ones, the linear response and itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.verification.exact import closed_forms_interface as interface
from sim.verification.exact import electroneutral1d, pnp1d
from sim.verification.exact.parameters import shipped_cell

from . import mapped_grid, rough2d, rough2d_poisson
from .rough2d import RoughCell
from .wall2d import SiteFields


@pytest.mark.parametrize("closure", [True, False])
def test_flat_rough_cell_is_one_dimensional(closure):
    cell = shipped_cell("control-2")
    flat = RoughCell(cell, mapped_grid.Profile(np.zeros_like, np.zeros_like), closure=closure)
    state = rough2d.solve(flat, voltage=0.5, columns=3, rows=4)
    reference = electroneutral1d.at_voltage(cell, 0.5, closure)
    assert state.current == pytest.approx(reference.current, rel=1e-9)
    assert state.coverage == pytest.approx(reference.coverage, rel=1e-9)
    state = rough2d.solve(flat, current=5.0, columns=3, rows=4)
    assert state.voltage == pytest.approx(electroneutral1d.at_current(cell, 5.0, closure).voltage, rel=1e-9)


@pytest.mark.parametrize("diffusivity", [1e-9, 1e-8])
def test_small_waves_follow_the_linear_response(diffusivity):
    """Case 10 from the physical parameters: both channels and surface diffusion on a slightly wavy anode."""
    cell, wave, k = shipped_cell("pia", charged=False), 5e-6, 2 * np.pi / 5e-6
    cell = replace(cell, sites=replace(cell.sites, surface_diffusivity=diffusivity))
    rough = RoughCell(cell, mapped_grid.sinusoid(wave / 400, wave), wave, False, "reservoir")
    found = []
    for n in (20, 40):
        state = rough2d.solve(rough, voltage=1e-5, columns=n, rows=2 * n)
        weight = np.ones(n + 1)
        weight[[0, -1]] = 0.5
        harmonic = 2 * (weight @ (state.metal_current * np.cos(k * state.x))) / (weight @ state.metal_current)
        found.append(harmonic / (k * wave / 400 / np.tanh(k * 8e-6)))
    response = interface.conductances(cell.electrolyte, cell.anode, cell.sites)
    expected = interface.interface_response(response, wave, 8e-6, 0.092 * 0.78)
    assert found[1] + (found[1] - found[0]) / 3 == pytest.approx(expected, rel=3e-4)


def test_rough_cell_in_detailed_balance_on_random_maps():
    rng = np.random.default_rng(7)
    a, b, c = rng.uniform(0.2, 1.0, (3, 4))

    def wavy(amplitudes, scale):
        return lambda x: (
            scale * np.sum([v * np.sin((i + 1) * 1e6 * x) for i, v in enumerate(amplitudes)], axis=0)
        )

    maps = SiteFields(lambda x: np.maximum(wavy(a, 1e-5)(x), 0.0), wavy(b, 0.1), wavy(c, 0.02))
    rough = RoughCell(shipped_cell("pia"), mapped_grid.shipped_profile(), maps=maps)
    state = rough2d.solve(rough, voltage=0.0, columns=40, rows=16)
    assert np.max(np.abs(state.metal_current)) < 1e-8
    assert np.max(np.abs(state.ionic_current)) < 1e-8
    assert np.ptp(state.coverage) > 0.1


def test_shipped_rough_cells_converge_with_second_order():
    found = rough2d.converged(
        RoughCell(shipped_cell("pia"), mapped_grid.shipped_profile()),
        voltage=0.5,
        columns=30,
        rows=24,
    )
    row = next(
        r for r in rough2d.reference_table() if (r["name"], r["case"]) == ("pia", "charged, closure, 0.5 V")
    )
    expected = [float(row["current_A_m2"]), float(row["current_cv"])]
    assert found.finest.imbalance < 1e-10
    assert found.values[[0, 2]] == pytest.approx(expected, rel=2e-3)
    assert found.orders[0] == pytest.approx(2.0, abs=0.2)


def test_flat_rough_poisson_cell_is_one_dimensional():
    flat = RoughCell(shipped_cell("control-2"), mapped_grid.Profile(np.zeros_like, np.zeros_like))
    coarse, fine = (state.current for state in rough2d_poisson.refined(flat, 0.5, columns=2, cells=40))
    exact = pnp1d.solve(flat.cell, voltage=0.5).current
    assert fine + (fine - coarse) / 3 == pytest.approx(exact, rel=1e-4)


def test_rough_poisson_cell_agrees_with_the_closure():
    """Case 16 on the rough anode with charged sites: resolved double layers against the thin-layer closure."""
    rough = RoughCell(shipped_cell("control-2"), mapped_grid.shipped_profile())
    coarse, fine = (rough2d.quantities(s) for s in rough2d_poisson.refined(rough, 0.5, columns=30, cells=30))
    current, _, variation, _ = fine + (fine - coarse) / 3
    table = {
        row["name"]: row for row in rough2d.reference_table() if row["case"] == "charged, closure, 0.5 V"
    }
    assert current == pytest.approx(float(table["control-2"]["current_A_m2"]), rel=5e-4)
    assert variation == pytest.approx(float(table["control-2"]["current_cv"]), rel=1e-2)
