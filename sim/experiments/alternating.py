"""A live cell under a small alternating voltage about a steady state, and what an experimenter reads from it.

Resistances are per cell length, lithium electrodes serve as references: mu_li of the electrolyte in front of an
electrode is what a lithium reference electrode there would show.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import pi, sqrt

from sim.experiments.live_cell import LiveCell
from sim.solve.frequency import FrequencyResponse, Response, steady_response
from sim.solve.parameters import ElectrodeParameters, Parameters
from sim.solve.probes import ElectrodeMeans, mean_field

#: heights of the two potential probes, as parts of the way from the anode's highest point to the counter electrode
PROBES = 0.25, 0.75
#: diffusion lengths and Debye lengths that the probes keep from the electrodes: e^(-20/sqrt(2)) = 7e-7
CLEAR = 20.0
#: frequency at which double layers are read, over that of their own relaxation D/(2 pi lambda_D^2)
CHARGING_FREQUENCY = 1e-3


@dataclass(frozen=True)
class InterfaceResistances:
    """Charge-transfer resistance of each electrode [Ohm m^2]."""

    anode: float
    counter: float

    @property
    def total(self) -> float:
        """Of both electrodes [Ohm m^2]."""
        return self.anode + self.counter


def ambipolar_diffusivity(p: Parameters) -> float:
    """Diffusivity of the salt in the pores, 2 D_li D_anion/(D_li + D_anion)/eps_p [m^2/s]."""
    return 2 / (1 / p.diffusivity_li + 1 / p.diffusivity_anion) / p.porosity


def passes_direct_current(cell: LiveCell) -> bool:
    """Whether lithium can pass both electrodes at steady state."""
    p = cell.model.parameters
    through_sites = cell.model.surface is not None and p.adsorption_rate * p.plating_rate > 0
    return (_reacts(p.anode) or through_sites) and _reacts(p.counter)


def _reacts(electrode: ElectrodeParameters) -> bool:
    return electrode.kind in ("reversible", "reservoir") or electrode.exchange_current_density > 0


class AlternatingCell:
    """The linear response of a cell about its present steady state. Every method is collective."""

    def __init__(self, cell: LiveCell) -> None:
        self._cell, self._model = cell, cell.model
        self._system = cell.system(galvanostatic=True, steady=False)
        domain = self._model.domain
        self._unit = domain.length_scale
        room = domain.width - domain.max_height
        low, high = (domain.max_height + part * room for part in PROBES)
        self._field, self._weight = mean_field(self._system, low / self._unit, high / self._unit)
        self._clearance = PROBES[0] * room
        self._means = {name: ElectrodeMeans(self._system, name) for name in ("anode", "counter")}
        self.renew()

    def renew(self) -> None:
        """Linearise about the state that the cell is in now."""
        self._response = FrequencyResponse(self._system)
        self.__dict__.pop("steady", None)

    def response(self, frequency: float) -> Response:
        """The response at a frequency [Hz]."""
        return self._response.at(frequency)

    @cached_property
    def steady(self) -> Response:
        """The limit of low frequencies; only for a cell that passes direct current."""
        return steady_response(self._cell.system(galvanostatic=True, steady=True))

    @property
    def probes_are_clear(self) -> bool:
        """Whether the potential probes stand outside the double layers."""
        p = self._model.parameters
        return not p.poisson or self._clearance > CLEAR * p.debye_length

    def probe_frequency(self, wanted: float) -> float:
        """The lowest frequency [Hz], from the wanted one on, at which no salt wave reaches the potential probes."""
        least = ambipolar_diffusivity(self._model.parameters) * (CLEAR / self._clearance) ** 2 / (2 * pi)
        return max(wanted, least)

    def complex_conductivity(self, response: Response) -> complex:
        """Four-probe kappa + i omega eps eps_p [S/m]: current density over the mean field between the probes."""
        return response.admittance / (self._field.along(response) / self._weight / self._unit)

    def interface_impedances(self, response: Response) -> tuple[complex, complex]:
        """Anode and counter: arc mean of phi_metal - U - mu_li over the cell current [Ohm m^2]."""
        anode, counter = self._means["anode"], self._means["counter"]
        at_anode = anode.lithium.along(response) / anode.arc_length
        at_counter = counter.lithium.along(response) / counter.arc_length
        return at_anode / response.admittance, (1.0 - at_counter) / response.admittance

    def interface_resistances(self) -> InterfaceResistances:
        """Charge transfer at direct current."""
        anode, counter = self.interface_impedances(self.steady)
        return InterfaceResistances(anode.real, counter.real)

    def bulk_voltage(self) -> float:
        """Between two lithium reference electrodes in front of both electrodes, at the present state [V]."""
        anode, counter = self._means["anode"], self._means["counter"]
        difference = counter.lithium.value() / counter.arc_length - anode.lithium.value() / anode.arc_length
        return difference * self._model.parameters.scales.potential

    @property
    def charging_frequency(self) -> float:
        """Where double layers charge much faster than they leak and much slower than they form [Hz]."""
        p = self._model.parameters
        return CHARGING_FREQUENCY * p.diffusivity_li / p.debye_length**2 / p.porosity / (2 * pi)

    def double_layer_capacitance(self, name: str, response: Response) -> float | None:
        """Charge over phi_metal - phi just outside the layer, per cell length [F/m^2]; None: no layer there."""
        electrode = self._model.anode if name == "anode" else self._model.counter
        means, scales = self._means[name], self._model.parameters.scales
        if means.charge is None or electrode.structure.kind == "reservoir":
            return None
        metal = 0.0 if name == "anode" else 1.0
        drop = metal - means.outer_potential.along(response) / means.arc_length
        unit = scales.surface_charge * scales.length / scales.potential / self._model.domain.length
        return float((means.charge.along(response) / drop).real * unit)


def diffusion_length(p: Parameters, frequency: float) -> float:
    """Length of the salt wave at a frequency [Hz], sqrt(D_amb/(eps_p omega)) [m]."""
    return sqrt(ambipolar_diffusivity(p) / (2 * pi * frequency))
