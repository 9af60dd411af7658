"""The state along an electrode in SI: what the metrics, ``interface.csv`` and the interface fields are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.output.detailed_balance import imbalance
from sim.output.trace import FacetTrace
from sim.physics import interface
from sim.physics.bulk import concentration, electroneutral_potential
from sim.physics.constants import FARADAY
from sim.physics.interface import Rates, SiteClass, SurfaceKinetics
from sim.physics.kinetics import stern_charge
from sim.solve.compat import Submesh
from sim.solve.electrodes import ElectrodeState
from sim.solve.facets import sample_sites
from sim.solve.model import CellModel
from sim.solve.parameters import ElectrodeParameters
from sim.solve.spaces import set_samples, unsampled

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ElectrodeValues:
    """Fields of one electrode in SI, arrays (facets, points): currents [A/m^2] per true area, plating positive."""

    rates: Rates
    anion_flux: Array  #: anions that leave the electrolyte [mol/(m^2 s)]
    c_li: Array  #: at the reaction plane [mol/m^3]
    phi: Array  #: at the reaction plane [V]
    charge: Array  #: eps d(phi)/dn [C/m^2], zero in electroneutral mode
    coverage: Array  #: mean over the classes of sites, NaN where there are none
    adsorbed: Array  #: Gamma theta [mol/m^2]


_SiteLink = tuple[FacetTrace, npt.NDArray[np.int64], npt.NDArray[np.bool_]]


class ElectrodeProbe:
    """Evaluates one electrode at fixed points of its facets (owned ones; the caller reduces over ranks)."""

    def __init__(self, model: CellModel, name: str, points: Array) -> None:
        self._model = model
        self._electrode: ElectrodeState = model.anode if name == "anode" else model.counter
        self._is_anode = name == "anode"
        facets = model.facets.anode if self._is_anode else model.facets.counter
        self.trace = FacetTrace(model.domain.mesh, facets, points)
        scale = model.domain.length_scale
        self.x, self.y = self.trace.x * scale, self.trace.y * scale
        self.stretch = self.trace.stretch * scale
        self._site_facets = self._link_sites(facets, points)
        self._facets = facets
        self._sample = unsampled(facets.mesh, "sample")
        self.renew()

    def _link_sites(self, facets: Submesh, points: Array) -> _SiteLink | None:
        """Trace on the sites' facets, their row for each facet here (-1: none), and whether it runs backwards."""
        sites = self._model.facets.sites
        if not self._is_anode or sites is None:
            return None
        trace = FacetTrace(self._model.domain.mesh, sites, points)
        row_of = {int(parent): row for row, parent in enumerate(sites.parent_facets[: trace.n_facets])}
        own_facets = facets.parent_facets[: self.trace.n_facets]
        rows = np.array([row_of.get(int(parent), -1) for parent in own_facets], dtype=np.int64)
        backwards = np.zeros(rows.size, dtype=bool)
        here = rows >= 0
        ends = np.stack([trace.x[rows[here]][:, [0, -1]], trace.y[rows[here]][:, [0, -1]]])
        own = np.stack([self.trace.x[here][:, [0, -1]], self.trace.y[here][:, [0, -1]]])
        same, opposite = (
            np.sum((ends - own) ** 2, axis=(0, 2)),
            np.sum((ends[:, :, ::-1] - own) ** 2, axis=(0, 2)),
        )
        backwards[here] = opposite < same
        return trace, rows, backwards

    def renew(self) -> None:
        """Gamma, E, sigma and U at the points, from the samples that the residual uses, of the model's present
        numbers."""
        model, p, facets = self._model, self._model.parameters, self._facets
        samples = sample_sites(model.site_fields, facets, model.domain.length_scale)
        reference = model.config.interface.reference_energy or 0.0

        def at_points(values: Any) -> Array:
            set_samples(self._sample, values)
            return self.trace.facet_values(self._sample)

        classes = samples.classes if self._is_anode else ()
        self.capacities = [np.maximum(at_points(site.capacity), 0.0) for site in classes]
        self.energies = [at_points(site.energy) for site in classes]
        self._sites = tuple(
            SiteClass(capacity, (energy + reference) / p.scales.potential)
            for capacity, energy in zip(self.capacities, self.energies, strict=True)
        )
        self.surface_charge = (
            self.trace.facet_values(self._electrode.surface_charge) * p.scales.surface_charge
        )
        shift = self._electrode.equilibrium_potential
        self._shift = 0.0 if isinstance(shift, float) else self.trace.facet_values(shift)

    @property
    def _parameters(self) -> ElectrodeParameters:
        p = self._model.parameters
        return p.anode if self._is_anode else p.counter

    def _kinetics(self) -> SurfaceKinetics:
        """Rate constants in SI."""
        p, electrode = self._model.parameters, self._parameters
        return SurfaceKinetics(
            electrode.exchange_current_density,
            electrode.transfer_coefficient,
            FARADAY * p.adsorption_rate,
            FARADAY * p.plating_rate,
            p.barrier_position,
        )

    def _own(self, name: str) -> Array | None:
        block = self._electrode.unknowns
        return self.trace.block_values(block, name) if block is not None and name in block else None

    def _outer(self) -> tuple[Array, Array]:
        """phi and mu_li [kT] on the facets."""
        model, bulk = self._model, self._model.bulk
        mu_li = self.trace.cell_values(bulk, "mu_li")
        if model.parameters.poisson:
            return self.trace.cell_values(bulk, "phi"), mu_li
        fixed = model.parameters.fixed_charge or None
        return electroneutral_potential(mu_li, self.trace.cell_values(bulk, "mu_anion"), fixed), mu_li

    def _plane(self) -> tuple[Array, Array]:
        """phi of the reaction plane and mu_li, which crosses the double layer unchanged [kT]."""
        outer, mu_li = self._outer()
        psi = self._own("psi")
        return (outer if psi is None else outer + psi), mu_li

    def _metal(self) -> float:
        """Potential of the metal [RT/F]."""
        return 0.0 if self._is_anode else self._model.counter_potential.value

    def _mu_surface(self) -> Array:
        """mu_s [kT], NaN where there are no sites."""
        surface = self._model.surface
        values = np.full(self.x.shape, np.nan)
        if surface is None or self._site_facets is None:
            return values
        trace, rows, backwards = self._site_facets
        found = trace.block_values(surface.block, "mu_s")
        here = rows >= 0
        values[here] = found[rows[here]]
        turned = here & backwards
        values[turned] = values[turned][:, ::-1]
        return values

    @property
    def stern_capacitance(self) -> float:
        """C_S [F/m^2]; 0 for an insulating wall, infinite without a Stern layer."""
        return self._parameters.stern_capacitance

    def detailed_balance_error(self) -> float:
        """``imbalance`` at the plane's present potential on this rank's facets [1]; NaN where no rate is stated."""
        phi, _ = self._plane()
        overpotential = self._metal() - phi - self._shift
        return imbalance(self._kinetics(), self._sites, phi, np.asarray(overpotential, dtype=np.float64))

    def values(self) -> ElectrodeValues:
        """The electrode's present state."""
        p = self._model.parameters
        scales = p.scales
        phi, mu_li = self._plane()
        c_li = concentration(mu_li, phi, 1)
        metal = self._metal()
        rates, mu_surface = self._rates(c_li, phi, metal)
        anion, charge = self._own("anion"), self._own("charge")
        if charge is None:
            capacitance = self.stern_capacitance if p.poisson else 0.0
            own = self.surface_charge if p.poisson else np.zeros(phi.shape)
            charge = stern_charge(capacitance * scales.potential, metal, phi, own)
        else:
            charge = charge * scales.surface_charge
        adsorbed = interface.adsorbed_amount(self._sites, phi, np.nan_to_num(mu_surface)) + np.zeros(
            phi.shape
        )
        capacity = sum(self.capacities, np.zeros(phi.shape))
        with np.errstate(invalid="ignore", divide="ignore"):
            coverage = np.where(capacity > 0, adsorbed / capacity, np.nan)
        return ElectrodeValues(
            rates=rates,
            anion_flux=np.asarray(
                np.zeros(phi.shape) if anion is None else anion * scales.current_density / FARADAY,
                dtype=np.float64,
            ),
            c_li=c_li * scales.concentration,
            phi=phi * scales.potential,
            charge=charge,
            coverage=coverage,
            adsorbed=adsorbed,
        )

    def _rates(self, c_li: Array, phi: Array, metal: float) -> tuple[Rates, Array]:
        """Currents [A/m^2] by the physics of the residual, or the multiplier where equilibrium is prescribed."""
        p = self._model.parameters
        mu_surface = self._mu_surface()
        overpotential = metal - phi - self._shift
        zero = np.zeros(phi.shape)
        rates = interface.rates(
            self._kinetics(),
            self._sites,
            c_li * p.reference_ratio,
            phi,
            np.nan_to_num(mu_surface),
            overpotential,
        )
        current = self._own("current")
        direct = rates.direct if current is None else current * p.scales.current_density
        return Rates(direct + zero, rates.adsorption + zero, rates.plating + zero), mu_surface
