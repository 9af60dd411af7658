"""Whether an interface at equilibrium is at rest: net rates over one-way rates, by the kinetics of the residual.

At the metal's and the plane's potentials of a state, with eta = phi_metal - phi_plane - U, lithium is in equilibrium
with the metal where c/c_ref = e^eta in solution and mu_s = phi_plane + eta in the adsorbed state (energies in kT). All
channels must then stand still, whatever the maps of energy, capacity and charge and whatever chi, alpha, k_a and k_p.

One-way rates come from the same function: what plates without lithium in solution, desorbs without it, and plates from
covered sites, times the coverage. Nothing of the kinetics is repeated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.physics import interface
from sim.physics.interface import Rates, SiteClass, SurfaceKinetics

Array = npt.NDArray[np.float64]

#: mu_s [kT] at which every site is covered
COVERED = 1e4


@dataclass(frozen=True)
class _Channel:
    """Rates of one channel at equilibrium: net, and one way."""

    net: Any
    one_way: Any

    def share(self) -> Array:
        """|net| over the one-way rate; NaN where nothing is exchanged."""
        net, size = np.broadcast_arrays(*map(np.abs, (self.net, self.one_way)))
        found = np.full(net.shape, np.nan)
        np.divide(net, size, out=found, where=size > 0)
        return found.ravel()


def imbalance(
    kinetics: SurfaceKinetics, sites: tuple[SiteClass, ...], phi: Array, overpotential: Array
) -> float:
    """Largest |net rate| over its one-way rate at equilibrium [1], over all points, channels and classes of sites.

    ``phi`` and ``overpotential`` [RT/F], arrays (facets, points), as are the fields of ``sites``. NaN without a rate.
    """
    channels = [
        channel for site in (None, *sites) for channel in _channels(kinetics, site, phi, overpotential)
    ]
    shares = np.concatenate([channel.share() for channel in channels])
    known = shares[~np.isnan(shares)]
    return float(known.max()) if known.size else float("nan")


def _channels(
    kinetics: SurfaceKinetics, site: SiteClass | None, phi: Array, overpotential: Array
) -> list[_Channel]:
    """The direct channel, or adsorption and plating of one class of sites."""
    sites = () if site is None else (site,)
    c_ratio, equilibrium = np.exp(overpotential), phi + overpotential

    def rates(c: Array, mu: Array) -> Rates:
        return interface.rates(kinetics, sites, c, phi, mu, overpotential)

    nowhere = np.zeros(phi.shape)
    net, dilute = rates(c_ratio, equilibrium), rates(nowhere, equilibrium)
    if site is None:
        return [_Channel(net.direct, dilute.direct)]
    covered = rates(c_ratio, nowhere + COVERED)
    theta = interface.coverage(equilibrium, phi, site.energy)
    return [
        _Channel(net.adsorption, dilute.adsorption),
        _Channel(net.plating, covered.plating * theta),
    ]
