"""What a polarisation curve says about the anode's kinetics, and which of it is one reaction's constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.config import RunConfig
from sim.experiments.half_cell import HalfCellState
from sim.experiments.tafel import TafelFit, fit_tafel, halves, in_window
from sim.physics.scaling import thermal_voltage

#: a channel with less than this part of the current is not active
NO_CHANNEL = 1e-4
#: a current less even than this has surface means instead of values
UNEVEN = 1e-6

Number = float | int | None


@dataclass(frozen=True)
class KineticsReport:
    """Entries of the summary, and what to know about them."""

    summary: dict[str, Number]
    remarks: tuple[str, ...]


def kinetics_report(
    config: RunConfig,
    states: Sequence[HalfCellState],
    rows: Sequence[Mapping[str, float]],
    beside_rest: Sequence[HalfCellState],
) -> KineticsReport:
    """Fits of the anode's ``states`` (with the table's ``rows``) and its slope between two states beside rest."""
    window = config.experiments.polarisation.tafel_window
    unit = thermal_voltage(config.temperature)
    is_lithium = config.anode.kind == "lithium"
    chosen = in_window(states, window, unit) if is_lithium else []
    plane, apparent = fit_tafel(chosen, outer=False), fit_tafel(chosen, outer=True)
    lower, upper = (fit_tafel(part, outer=True) for part in halves(chosen))
    # without a point on the curve the states beside rest tell nothing of channels either
    shares = [row["adsorbed_channel_fraction"] for row in rows if row["current_density_A_m2"]]
    single = bool(shares) and max(abs(share) for share in shares) < NO_CHANNEL
    summary: dict[str, Number] = {
        "tafel_window_low_V": window[0],
        "tafel_window_high_V": window[1],
        "tafel_points": len(chosen),
        "linear_exchange_current_density_A_m2": _linear(beside_rest) if is_lithium else None,
        **_entries("", plane if single else None),
        **_entries("apparent_", apparent),
        **_part("lower_half", lower),
        **_part("upper_half", upper),
    }
    remarks = [_channels(config, shares, summary), *_approximations(config, rows, chosen)]
    return KineticsReport(summary, tuple(text for text in remarks if text))


def _linear(beside_rest: Sequence[HalfCellState]) -> float | None:
    """(RT/F) dj/d(-eta_s) at rest [A/m^2], by the two states beside it."""
    if len(beside_rest) != 2:
        return None
    low, high = beside_rest
    change = high.surface_overpotential - low.surface_overpotential
    return -(high.current_density - low.current_density) / change if change else None


def _entries(prefix: str, fit: TafelFit | None) -> dict[str, Number]:
    return {
        f"{prefix}exchange_current_density_A_m2": fit.exchange_current_density if fit else None,
        f"{prefix}exchange_current_density_standard_error_A_m2": fit.exchange_current_density_error
        if fit
        else None,
        f"{prefix}transfer_coefficient": fit.transfer_coefficient if fit else None,
        f"{prefix}transfer_coefficient_standard_error": fit.transfer_coefficient_error if fit else None,
    }


def _part(name: str, fit: TafelFit | None) -> dict[str, Number]:
    return {
        f"apparent_exchange_current_density_{name}_A_m2": fit.exchange_current_density if fit else None,
        f"apparent_transfer_coefficient_{name}": fit.transfer_coefficient if fit else None,
    }


def _channels(config: RunConfig, shares: Sequence[float], summary: Mapping[str, Number]) -> str:
    """Which channels carry the current, and whether there is one exchange current density."""
    if config.anode.kind != "lithium":
        return f"a {config.anode.kind} anode has no kinetics: there is no exchange current density"
    if not shares:
        return "no point carries a current: which channels are active is not known"
    low, high = min(shares), max(shares)
    if not config.interface.sites or high < NO_CHANNEL:
        return "only the direct channel is active: one exchange current density and one transfer coefficient"
    linear = _text(summary["linear_exchange_current_density_A_m2"])
    ends = [
        f"{_text(summary[f'apparent_exchange_current_density_{part}_half_A_m2'])} A/m^2 with alpha "
        f"{_text(summary[f'apparent_transfer_coefficient_{part}_half'])} in its {part} half"
        for part in ("lower", "upper")
    ]
    values = f"{linear} A/m^2 from the slope at rest, in the Tafel window {' and '.join(ends)}"
    if low > 1 - NO_CHANNEL:
        return (
            f"only the sites carry current, by adsorption and then plating: there is no single j0 ({values})"
        )
    return (
        f"two channels carry the current, the sites {100 * low:.3g} to {100 * high:.3g} % of it: "
        f"there is no single exchange current density ({values})"
    )


def _approximations(
    config: RunConfig, rows: Sequence[Mapping[str, float]], chosen: Sequence[HalfCellState]
) -> list[str]:
    """Too few points, and means of an uneven surface."""
    found = []
    if config.anode.kind == "lithium" and len(chosen) < 3:
        low, high = (1e3 * limit for limit in config.experiments.polarisation.tafel_window)
        found.append(
            f"{len(chosen)} points lie in the Tafel window of {low:.4g} to {high:.4g} mV: too few for a fit with "
            "standard errors; choose other currents or another experiments.polarisation.tafel_window"
        )
    worst = max((row["current_density_cv"] for row in rows if row["current_density_A_m2"]), default=0.0)
    if config.anode.kind == "lithium" and worst > UNEVEN:
        found.append(
            f"the current is not even along the anode (CV up to {worst:.3g}): the Tafel fits use means over the "
            "surface, of the current per true area, the overpotential and ln c, which is an approximation"
        )
    return found


def _text(value: Number) -> str:
    return "-" if value is None else f"{value:.4g}"
