"""The physical limit that makes an input wrong: the limiting current of an electroneutral cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.constants import FARADAY, GAS_CONSTANT

if TYPE_CHECKING:
    from sim.config.run import RunConfig


def limiting_current_problem(config: RunConfig, mean_height: float) -> str | None:
    """Why no steady state exists at the applied current, or None if nothing speaks against it.

    mean_height [m]: of the anode.
    """
    operation = config.operation
    if operation.mode != "galvanostatic" or operation.duration != "steady":
        return None
    return steady_current_problem(config, operation.applied_current_density, mean_height)


def steady_current_problem(config: RunConfig, current_density: float, mean_height: float) -> str | None:
    """Why no steady state exists at a current density [A/m^2], or None if nothing speaks against it.

    j_lim = 4 t₊κV_T/H = 4 F D₊c₀/H between two electrodes with the anion at rest, half of it against a
    reservoir, with H = width − mean_height [m]. With fixed charge or resolved double layers the current can
    exceed it.
    """
    electrolyte = config.electrolyte
    reservoirs = [config.anode.kind, config.counter.kind].count("reservoir")
    if electrolyte.electrostatics == "poisson" or electrolyte.fixed_charge != 0 or reservoirs == 2:
        return None
    gap = config.cell.width - mean_height
    limit = (2 if reservoirs else 4) * _li_conductance(config) / gap
    if abs(current_density) < limit:
        return None
    return f"no steady state: {current_density:.4g} A/m^2 is not below the limiting current density {limit:.4g} A/m^2"


def _li_conductance(config: RunConfig) -> float:
    """t₊κV_T = F D₊c₀ [A/m]."""
    if config.electrolyte.diffusivity_li is not None:
        return FARADAY * config.electrolyte.diffusivity_li * config.electrolyte.concentration
    conductivity, transference = config.separator.conductivity, config.separator.transference_number
    if conductivity is None or transference is None:
        raise ValueError("neither conductivity with transference_number nor diffusivities are given")
    return transference * conductivity * GAS_CONSTANT * config.temperature / FARADAY
