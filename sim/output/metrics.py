"""The numbers of one state: evenness of the plating current, concentrations, voltage (physics.md, section 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.output.electrode_probe import ElectrodeProbe, ElectrodeValues
from sim.output.free_energy import FreeEnergy, has_free_energy
from sim.output.near_field import LineAbove, NormalField
from sim.output.reduce import FacetIntegral
from sim.output.trace import gauss_points
from sim.output.warnings import FREE_ENERGY
from sim.physics.bulk import concentration, electroneutral_potential
from sim.physics.constants import FARADAY
from sim.solve.model import CellModel
from sim.solve.parallel import gathered, largest, smallest

#: current above this multiple of the mean counts as hot
HOT = 1.5
#: reference points of a facet at which nodal values are read
NODES = np.array([0.0, 0.5, 1.0])


@dataclass(frozen=True)
class Flows:
    """What passes the electrodes per cell depth: currents [A/m], anions [mol/(m s)], charge seen by the
    electrolyte [C/m]."""

    anode_metal: float
    anode_ionic: float
    counter_ionic: float
    anode_anions: float
    counter_anions: float
    anode_charge: float
    counter_charge: float


class Observer:
    """Reads metrics from the present state of a model; every call is collective."""

    def __init__(self, model: CellModel) -> None:
        points, weights = gauss_points()
        comm = model.domain.mesh.comm
        self._model, self._comm = model, comm
        self.anode = ElectrodeProbe(model, "anode", points)
        self.nodes = ElectrodeProbe(model, "anode", NODES)
        self.counter = ElectrodeProbe(model, "counter", points)
        self._along_anode = FacetIntegral(comm, self.anode, weights)
        self._along_counter = FacetIntegral(comm, self.counter, weights)
        self._field = NormalField(model, self.anode)
        self._line = LineAbove(model)
        self._free_energy = FreeEnergy(model) if has_free_energy(model) else None

    def renew(self) -> None:
        """Measure by the model's present numbers, where those it was made with are no longer its own. Collective."""
        for probe in (self.anode, self.nodes, self.counter):
            probe.renew()
        self._field.renew()
        self._line.renew()

    @property
    def limiting_current_density(self) -> float:
        """j_lim [A/m^2] of the mean gap."""
        domain = self._model.domain
        return self._model.parameters.limiting_current_density(domain.width - domain.mean_height)

    def flows(self, anode: ElectrodeValues, counter: ElectrodeValues) -> Flows:
        """Integrals over both electrodes."""
        along_anode, along_counter = self._along_anode, self._along_counter
        return Flows(
            anode_metal=along_anode(anode.rates.metal),
            anode_ionic=along_anode(anode.rates.ionic),
            counter_ionic=along_counter(counter.rates.ionic),
            anode_anions=along_anode(anode.anion_flux),
            counter_anions=along_counter(counter.anion_flux),
            anode_charge=along_anode(anode.charge),
            counter_charge=along_counter(counter.charge),
        )

    def measure(self) -> tuple[dict[str, float], Flows]:
        """Metrics by name with the unit in the name, and the flows for the budgets."""
        anode, counter = self.anode.values(), self.counter.values()
        flows, length = self.flows(anode, counter), self._model.domain.length
        metal, along = anode.rates.metal, self._along_anode
        mean, arc_mean = flows.anode_metal / length, along.mean(metal)
        peak = max(along.largest(metal), along.largest(self.nodes.values().rates.metal))
        field, outer_field = self._field.values(anode.phi)
        low, high = self._concentration_range()
        capacity = sum(self.anode.capacities, np.zeros(metal.shape))
        sites = along(capacity)
        faradaic = flows.counter_ionic - FARADAY * flows.counter_anions
        scale = self._model.parameters.scales.potential
        metrics = {
            "current_density_mean_A_m2": mean,
            "current_density_cv": along.variation(metal),
            "current_density_max_over_mean": peak / arc_mean if arc_mean else float("nan"),
            "current_density_hot_fraction": along.mean((metal > HOT * arc_mean).astype(float)),
            "ionic_current_density_cv": along.variation(anode.rates.ionic),
            "normal_field_cv": along.variation(field),
            "outer_field_cv": along.variation(outer_field),
            "c_li_std_mol_m3": self._line.standard_deviation(),
            "j_over_j_lim": mean / self.limiting_current_density,
            "cell_voltage_V": self._model.counter_potential.value * scale,
            "counter_current_density_A_m2": -faradaic / length,
            "anode_charge_density_C_m2": flows.anode_charge / length,
            "counter_charge_density_C_m2": flows.counter_charge / length,
            "adsorbed_channel_fraction": along(anode.rates.plating) / flows.anode_metal
            if flows.anode_metal
            else 0.0,
            "c_li_min_mol_m3": low,
            "c_li_max_mol_m3": high,
            "coverage_mean": along(anode.adsorbed) / sites if sites else float("nan"),
        }
        if self._free_energy is not None:
            ends = ((self.anode, anode, along), (self.counter, counter, self._along_counter))
            metrics[FREE_ENERGY] = self._free_energy.value(ends)
        return metrics, flows

    def detailed_balance_error(self) -> float:
        """Largest net rate at equilibrium over its one-way rate, over both electrodes [1]; NaN without rates."""
        errors = [probe.detailed_balance_error() for probe in (self.anode, self.counter)]
        # NaN: this rank has no facet of that electrode, or the electrode no kinetics
        found = largest(self._comm, max((e for e in errors if not np.isnan(e)), default=-np.inf))
        return found if found >= 0 else float("nan")

    def _concentration_range(self) -> tuple[float, float]:
        """Least and largest c_li in the cell [mol/m^3]."""
        bulk, values = self._model.bulk, self._model.bulk.function.x.array
        mu_li = values[bulk.component_dofs("mu_li")]
        if self._model.parameters.poisson:
            phi = values[bulk.component_dofs("phi")]
        else:
            fixed = self._model.parameters.fixed_charge or None
            phi = electroneutral_potential(mu_li, values[bulk.component_dofs("mu_anion")], fixed)
        c_li = concentration(mu_li, phi, 1) * self._model.parameters.scales.concentration
        return float(smallest(self._comm, float(c_li.min()))), largest(self._comm, float(c_li.max()))

    def interface_table(self) -> dict[str, np.ndarray] | None:
        """Columns of ``interface.csv`` at the nodes of the anode, ordered by x (rank 0; ``None`` elsewhere)."""
        values, probe = self.nodes.values(), self.nodes
        # the normal field is read at the Gauss points; the quadratic through them gives the nodes
        field, outer_field = self._field.values(self.anode.values().phi)
        columns = {
            "x_m": probe.x,
            "y_m": probe.y,
            "current_density_A_m2": values.rates.metal,
            "direct_current_density_A_m2": values.rates.direct,
            "adsorbed_current_density_A_m2": values.rates.plating,
            "ionic_current_density_A_m2": values.rates.ionic,
            "c_li_mol_m3": values.c_li,
            "phi_V": values.phi,
            "normal_field_V_m": field @ _gauss_to_nodes(),
            "outer_field_V_m": outer_field @ _gauss_to_nodes(),
            "coverage": values.coverage,
            "site_capacity_mol_m2": sum(probe.capacities, np.zeros(probe.x.shape)),
            "adsorption_energy_eV": _mean_energy(probe),
            "surface_charge_C_m2": probe.surface_charge,
        }
        stacked = np.stack([column.reshape(-1, NODES.size) for column in columns.values()], axis=1)
        everywhere = gathered(self._comm, stacked)
        if everywhere is None:
            return None
        return ordered_along({name: everywhere[:, number] for number, name in enumerate(columns)})


def _gauss_to_nodes() -> np.ndarray:
    """Weights (gauss, nodes) of the quadratic through the Gauss points, evaluated at the nodes."""
    points, _ = gauss_points()
    return np.linalg.solve(
        np.vander(points, increasing=True).T, np.vander(NODES, points.size, increasing=True).T
    )


def _mean_energy(probe: ElectrodeProbe) -> np.ndarray:
    """Energy of the sites, weighted by capacity [eV]; 0 where there are none."""
    total = sum(probe.capacities, np.zeros(probe.x.shape))
    energy = sum(
        (g * e for g, e in zip(probe.capacities, probe.energies, strict=True)), np.zeros(probe.x.shape)
    )
    return np.divide(energy, total, out=np.zeros(probe.x.shape), where=total > 0)


def ordered_along(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Facets by x, each from left to right; nodes shared by two facets are averaged; with the arc length."""
    for_turn = columns["x_m"][:, 0] > columns["x_m"][:, -1]
    columns = {name: np.where(for_turn[:, None], c[:, ::-1], c) for name, c in columns.items()}
    order = np.argsort(columns["x_m"][:, 1])
    merged = {name: _merge(column[order]) for name, column in columns.items()}
    steps = np.hypot(np.diff(merged["x_m"]), np.diff(merged["y_m"]))
    arc = np.concatenate([[0.0], np.cumsum(steps)])
    first = {name: merged[name] for name in ("x_m", "y_m")}
    return {**first, "arc_length_m": arc, **{n: c for n, c in merged.items() if n not in first}}


def _merge(column: np.ndarray) -> np.ndarray:
    """One value per node: (facets, 3) to (2 facets + 1); NaN gives way to a number."""
    result = np.empty(2 * len(column) + 1)
    result[1::2] = column[:, 1]
    both = np.stack([np.append(column[:, 0], column[-1, 2]), np.insert(column[:, 2], 0, column[0, 0])])
    counts = np.sum(~np.isnan(both), axis=0)
    result[0::2] = np.where(counts > 0, np.nansum(both, axis=0) / np.maximum(counts, 1), np.nan)
    return result
