"""Dimensionless groups of a cell (physics.md, section 5)."""

from __future__ import annotations

import math

import numpy as np

from sim.physics.constants import FARADAY
from sim.physics.interface import occupancy
from sim.solve.model import CellModel


def dimensionless_groups(model: CellModel, mean_current_density: float) -> dict[str, float]:
    """lambda_D/H, Wagner number, Du_s and Da_ads at the coverage of rest; NaN where a group is not defined.

    Wa = kappa (d eta/d j)/H with the charge-transfer resistance V_T/j_0; Du_s = Sigma_s k/(t_li kappa) with
    Sigma_s = F^2 D_s Gamma theta(1 - theta)/(RT) and k = 2 pi/length; Da_ads = F Gamma k_a/j.
    """
    p, domain = model.parameters, model.domain
    gap = domain.width - domain.mean_height
    thermal, length = p.scales.potential, p.length
    kappa = p.lithium_conductivity * (1 + p.diffusivity_anion / p.diffusivity_li)
    exchange = p.anode.exchange_current_density
    x = (np.arange(200) + 0.5) / 200 * length
    sites = model.site_fields.at(x)
    reference = model.config.interface.reference_energy or 0.0
    conductance, capacity = 0.0, float(sites.capacity.mean())
    for site in sites.classes:
        at_rest = occupancy(math.log(p.reference_ratio), 0.0, (site.energy + reference) / thermal)
        mobile = float(np.mean(site.capacity * at_rest.covered * at_rest.free))
        conductance += FARADAY * p.surface_diffusivity * mobile / thermal
    current = abs(mean_current_density)
    return {
        "debye_length_over_gap": p.debye_length / gap,
        "wagner_number": kappa * thermal / exchange / gap if exchange else math.nan,
        "surface_dukhin_number": conductance * 2 * math.pi / length / p.lithium_conductivity,
        "adsorption_damkoehler_number": FARADAY * capacity * p.adsorption_rate / current
        if current
        else math.nan,
    }
