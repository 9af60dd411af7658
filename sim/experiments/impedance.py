"""Electrochemical impedance: the linear response of the cell about a steady state, and what is read from it.

Z = dV/dI times the cell length [Ohm m^2], its imaginary part negative where it is capacitive.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.config import RunConfig
from sim.config.experiments import Impedance
from sim.domain.layout import wall_cell_of
from sim.experiments.alternating import AlternatingCell, diffusion_length, passes_direct_current
from sim.experiments.impedance_remarks import remarks_of, shares
from sim.experiments.live_cell import Lab, LiveCell
from sim.experiments.result import Array, ExperimentError, ExperimentResult, Skipped, Table
from sim.solve.drive import Drive, drive_of
from sim.solve.errors import SolverFailure
from sim.solve.parameters import ElectrodeParameters, Parameters, make_parameters

#: cells at the electrodes per diffusion length of the highest frequency: Z of the salt then errs by less than 2e-5 of
#: the bulk's resistance at every frequency
CELLS_PER_LENGTH = 4
#: growth of the rows; with 2 the capacitance of a diffuse layer errs by 3e-4, with 1.6 by 7e-5
LARGEST_GROWTH = 1.6


def perform(config: RunConfig, lab: Lab) -> ExperimentResult:
    """The spectrum at the settings' frequencies. Raises ExperimentError where no alternating current can pass."""
    settings = config.experiments.impedance
    frequencies = frequencies_of(settings)
    _check(config)
    cell = LiveCell(resolved(config, float(frequencies.max())), lab)
    bias = set_bias(cell, settings)
    alternating = AlternatingCell(cell)
    table, skipped = _spectrum(alternating, frequencies, lab)
    summary = bias | _summary(cell, alternating, table, float(frequencies.max()))
    remarks = remarks_of(cell.model.parameters, settings.bias, summary, float(frequencies.max()))
    return ExperimentResult("impedance", {"impedance": table}, summary, remarks, tuple(skipped))


def frequencies_of(settings: Impedance) -> Array:
    """The frequencies [Hz], from the highest to the lowest, or in the order in which they are listed."""
    if settings.frequencies is not None:
        return np.array(settings.frequencies, dtype=float)
    decades = math.log10(settings.highest_frequency / settings.lowest_frequency)
    points = max(2, round(decades * settings.points_per_decade) + 1)
    return np.asarray(
        np.geomspace(settings.highest_frequency, settings.lowest_frequency, points), dtype=np.float64
    )


def _check(config: RunConfig) -> None:
    """ExperimentError unless both electrodes let an alternating current through."""
    p = make_parameters(config, config.cell.width)
    adsorbs = bool(config.interface.sites) and p.adsorption_rate > 0
    for name, electrode in (("anode", p.anode), ("counter", p.counter)):
        if not _conducts(electrode, p) and not (name == "anode" and adsorbs):
            why = (
                "an insulating wall" if p.poisson else "a blocking electrode without a resolved double layer"
            )
            raise ExperimentError(
                f"impedance: the {name} is {why}, no alternating current can pass; give it a reaction"
                + (" or a Stern layer" if p.poisson else ", or use 'electrostatics: poisson'")
            )


def _conducts(electrode: ElectrodeParameters, p: Parameters) -> bool:
    if electrode.kind in ("reversible", "reservoir") or electrode.exchange_current_density > 0:
        return True
    return p.poisson and electrode.stern_capacitance > 0


def resolved(config: RunConfig, highest: float) -> RunConfig:
    """The config with a mesh for the linear response: rows that grow slowly, and without Poisson cells at the
    electrodes that resolve the salt wave of the highest frequency [Hz], unless ``mesh.wall_cell`` states their size."""
    mesh = {"growth": min(config.mesh.growth, LARGEST_GROWTH), "wall_cell": config.mesh.wall_cell}
    if config.electrolyte.electrostatics != "poisson" and config.mesh.wall_cell is None:
        wave = diffusion_length(make_parameters(config, config.cell.width), highest)
        mesh["wall_cell"] = min(wave / CELLS_PER_LENGTH, wall_cell_of(config))
    return config.model_copy(update={"mesh": config.mesh.model_copy(update=mesh)})


def set_bias(cell: LiveCell, settings: Impedance) -> dict[str, Any]:
    """Bring the cell to the steady state of the settings; its voltage and current."""
    # no current: where surfaces differ the voltage of rest is not zero, but a blocking cell needs one given
    rest = Drive(passes_direct_current(cell), 0.0)
    metrics = cell.steady(rest if settings.bias == "rest" else drive_of(cell.config))
    names = {
        "bias_voltage_V": "cell_voltage_V",
        "bias_current_density_A_m2": "cell_current_density_A_m2",
    }
    return {ours: metrics[theirs] for ours, theirs in names.items()}


def _spectrum(alternating: AlternatingCell, frequencies: Array, lab: Lab) -> tuple[Table, list[Skipped]]:
    found, skipped = [], []
    for frequency in map(float, frequencies):
        try:
            found.append((frequency, alternating.response(frequency).impedance))
        except SolverFailure as error:
            skipped.append(Skipped(f"{frequency:.6g} Hz", str(error)))
            continue
        lab.tell(f"{frequency:.4g} Hz: |Z| = {abs(found[-1][1]) * 1e4:.6g} ohm*cm^2")
    impedance = np.array([value for _, value in found], dtype=complex)
    return {
        "frequency_Hz": np.array([frequency for frequency, _ in found], dtype=float),
        "impedance_real_ohm_m2": impedance.real,
        "impedance_imag_ohm_m2": impedance.imag,
        "impedance_magnitude_ohm_m2": np.abs(impedance),
        "phase_deg": np.degrees(np.angle(impedance)),
    }, skipped


def _summary(cell: LiveCell, alternating: AlternatingCell, table: Table, highest: float) -> dict[str, Any]:
    """What is read from the responses; None where it cannot be read (``remarks_of`` says why)."""
    domain, poisson = cell.model.domain, cell.model.parameters.poisson
    gap = domain.width - domain.mean_height
    summary: dict[str, Any] = dict.fromkeys(("conductivity_S_m", "conductivity_frequency_Hz"))
    summary["bulk_resistance_ohm_m2"] = None
    if alternating.probes_are_clear:
        frequency = alternating.probe_frequency(highest)
        conductivity = alternating.complex_conductivity(alternating.response(frequency)).real
        summary |= {"conductivity_S_m": conductivity, "conductivity_frequency_Hz": frequency}
        summary["bulk_resistance_ohm_m2"] = gap / conductivity
    summary |= _resistances(cell, alternating)
    if poisson:
        summary |= _double_layers(alternating)
        intercept = intercept_resistance(table)
        summary["two_electrode_conductivity_S_m"] = None if intercept is None else gap / intercept
        summary |= shares(cell.model.parameters, summary["conductivity_S_m"])
    return summary


def _resistances(cell: LiveCell, alternating: AlternatingCell) -> dict[str, float | None]:
    names = (
        "charge_transfer_resistance_ohm_m2",
        "anode_charge_transfer_resistance_ohm_m2",
        "counter_charge_transfer_resistance_ohm_m2",
        "dc_resistance_ohm_m2",
    )
    if not passes_direct_current(cell):
        return dict.fromkeys(names)
    each = alternating.interface_resistances()
    values = (each.total, each.anode, each.counter, alternating.steady.impedance.real)
    return dict(zip(names, values, strict=True))


def _double_layers(alternating: AlternatingCell) -> dict[str, float | None]:
    names = ("anode", "counter")
    if not alternating.probes_are_clear:
        return {f"{name}_double_layer_capacitance_F_m2": None for name in names}
    response = alternating.response(alternating.charging_frequency)
    return {
        f"{name}_double_layer_capacitance_F_m2": alternating.double_layer_capacitance(name, response)
        for name in names
    }


def intercept_resistance(table: Table) -> float | None:
    """Re Z [Ohm m^2] where -Im Z is least before the first arc, coming from high frequencies; None: no such place in
    the spectrum."""
    order = np.argsort(-table["frequency_Hz"])
    reactance = np.abs(table["impedance_imag_ohm_m2"][order])
    for here in range(1, reactance.size - 1):
        if reactance[here] <= reactance[here - 1] and reactance[here] < reactance[here + 1]:
            return float(table["impedance_real_ohm_m2"][order][here])
    return None
