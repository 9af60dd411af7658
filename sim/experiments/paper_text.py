"""The paper's contradictions as a page in Markdown, every number computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.experiments.paper_charge import ChargedMedium
from sim.experiments.paper_data import SEPARATORS
from sim.experiments.paper_modes import SAND_RATIO, ModeState, Scales
from sim.experiments.paper_polarisation import CURRENTS, MEASURED, SymmetricCell

#: SI to the units of the field
MILLIVOLT, MILLIAMPERE_CM2, OHM_CM2, NANOMETRE = 1e3, 0.1, 1e4, 1e9


def contradictions(
    states: Sequence[ModeState],
    scales: Sequence[Scales],
    cell: SymmetricCell,
    media: Sequence[ChargedMedium],
) -> str:
    """The page, for states and scales in the order of `drives_and_concentrations`."""
    parts = [
        ["# Where the paper's numbers contradict each other", "", *_preface()],
        ["## 1. 0.5 V and 0.5 C cannot both hold", "", *_drives(states)],
        ["## 2. 2500 mol/m³ in the model, 1 M in the cells", "", *_concentrations(states, scales)],
        [
            "## 3. The Tafel exchange current density does not give the measured polarisation",
            "",
            *_polarisation(cell),
        ],
        ["## 4. A transference number of 0.78 cannot come from positive fixed charge", "", *_charge(media)],
        ["## Data the model does not use", "", *_unused()],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _preface() -> Iterable[str]:
    yield "Every number on this page comes from the model or from the paper; nothing is averaged away."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    line = "|" + "---|" * len(head)
    return ["| " + " | ".join(head) + " |", line, *("| " + " | ".join(row) + " |" for row in rows)]


def _drives(states: Sequence[ModeState]) -> Iterable[str]:
    shipped = [state for state in states if state.concentration_mol_m3 == states[0].concentration_mol_m3]
    head = ("separator", "drive", "voltage (V)", "current density (A/m²)", "j/j_lim", "CV of the current")
    yield from _table(
        head,
        (
            (
                s.separator,
                s.drive,
                f"{s.cell_voltage_V:.4g}",
                f"{s.current_density_A_m2:.4g}",
                f"{s.j_over_j_lim:.3g}",
                f"{s.current_density_cv:.3g}",
            )
            for s in shipped
        ),
    )
    yield ""
    for held, charged in zip(shipped[::2], shipped[1::2], strict=True):
        factor = held.current_density_A_m2 / charged.current_density_A_m2
        yield (
            f"{held.separator}: {held.drive} drives {factor:.3g} times the current of {charged.drive}, which needs "
            f"only {MILLIVOLT * charged.cell_voltage_V:.3g} mV. At {held.drive} the cell stands at "
            f"{100 * held.j_over_j_lim:.3g} % of its limiting current, at {charged.drive} at "
            f"{100 * charged.j_over_j_lim:.2g} %, where the electrodes' kinetics even the current out."
        )


def _concentrations(states: Sequence[ModeState], scales: Sequence[Scales]) -> Iterable[str]:
    head = (
        "separator",
        "c (mol/m³)",
        "Debye length (nm)",
        "D₊ (m²/s)",
        "D of the salt (m²/s)",
        f"Sand's time at {SAND_RATIO:g} j_lim (s)",
        "κ (mS/cm)",
        "j_lim (A/m²)",
    )
    yield from _table(
        head,
        (
            (
                s.separator,
                f"{s.concentration_mol_m3:g}",
                f"{NANOMETRE * s.debye_length_m:.3f}",
                f"{s.diffusivity_li_m2_s:.3g}",
                f"{s.ambipolar_diffusivity_m2_s:.3g}",
                f"{s.sand_time_s:.3g}",
                f"{10 * s.conductivity_S_m:.3g}",
                f"{s.limiting_current_density_A_m2:.4g}",
            )
            for s in scales
        ),
    )
    yield ""
    yield (
        "κ and t₊ are measured and go in as they are. The concentration therefore leaves κ and j_lim = 4 t₊κRT/(FH) "
        "alone; the diffusivities that belong to κ go as 1/c, Sand's time as c, the Debye length as 1/√c."
    )
    for title in dict.fromkeys(state.separator for state in states):
        first, second = (s for s in states if s.separator == title and s.drive == states[0].drive)
        yield (
            f"{title} at {first.drive}: {first.current_density_A_m2:.4g} A/m² with "
            f"{first.concentration_mol_m3:g} mol/m³, {second.current_density_A_m2:.4g} A/m² with "
            f"{second.concentration_mol_m3:g} mol/m³: what changes is what the double layers do to the kinetics."
        )


def _polarisation(cell: SymmetricCell) -> Iterable[str]:
    exchange = MILLIAMPERE_CM2 * cell.exchange_current_density
    head = (
        "current density (mA/cm²)",
        "measured (mV)",
        f"j₀ = {exchange:.3g} mA/cm² (Tafel), steady",
        "the same, before the salt has moved",
        "fitted j₀",
        "fitted j₀ and resistance, before the salt has moved",
        "the same, steady",
    )
    curves = (
        MEASURED,
        cell.steady.cell,
        cell.at_once.cell,
        cell.fit.voltages,
        cell.free_at_once.voltages,
        cell.free_steady.voltages,
    )
    yield from _table(
        head,
        (
            (f"{MILLIAMPERE_CM2 * j:g}", *(f"{MILLIVOLT * curve[i]:.1f}" for curve in curves))
            for i, j in enumerate(CURRENTS)
        ),
    )
    yield ""
    yield _what_the_fits_say(cell)


def _what_the_fits_say(cell: SymmetricCell) -> str:
    ohmic, steady = OHM_CM2 * cell.at_once.resistance, OHM_CM2 * cell.steady.resistance
    fit, once, late = cell.fit, cell.free_at_once, cell.free_steady
    factor = fit.exchange_current_density / cell.exchange_current_density
    asked, asked_once, asked_late = (
        f"{MILLIAMPERE_CM2 * one.exchange_current_density:.3g} mA/cm²" for one in (fit, once, late)
    )
    found, found_late = (f"{OHM_CM2 * (one.resistance or 0.0):.3g} Ω cm²" for one in (once, late))
    return (
        f"With κ and t₊ as measured the polarisation asks for j₀ = {asked} (rms error {MILLIVOLT * fit.error:.2g} mV), "
        f"{factor:.2g} times the Tafel value. With the resistance between the electrodes set free it asks for "
        f"j₀ = {asked_once} and {found} in all (rms {MILLIVOLT * once.error:.2g} mV; with the steady concentrations at "
        f"the electrodes {asked_late} and {found_late}). That is less than the electrolyte alone has by its measured κ "
        f"and thickness, {ohmic:.3g} Ω cm² ({steady:.3g} Ω cm² once the salt has moved): an outside resistance in "
        "series with it would have to be negative. So area, thickness or κ of this cell are not the measured ones, or "
        "its cycled lithium reacts faster (more surface, another interphase) than that of the Tafel plot."
    )


def _charge(media: Sequence[ChargedMedium]) -> Iterable[str]:
    head = ("ρ/(F c₀)", "ρ (C/m³)", "t₊ by Donnan equilibrium", "t₊ of the model")
    yield from _table(
        head,
        (
            (
                f"{m.fixed_charge_ratio:+.3f}",
                f"{m.fixed_charge_C_m3:+.3g}",
                f"{m.transference_number_donnan:.4f}",
                f"{m.transference_number_model:.4f}",
            )
            for m in media
        ),
    )
    yield ""
    liquid, wanted = (separator.transference_number for separator in SEPARATORS)
    needed, mirrored = media[0], media[-1]
    yield (
        f"Positive charge (protonated amines) keeps Li⁺ out and lets anions in. In PP's liquid (t₊ = {liquid:g}) at "
        f"1 M every positive charge lowers t₊, to {mirrored.transference_number_model:.2f} at "
        f"ρ = {mirrored.fixed_charge_ratio:+.2f} F c₀; t₊ = {wanted:g} needs a negative charge of "
        f"{needed.fixed_charge_ratio:.2f} F c₀ ({needed.fixed_charge_C_m3:.3g} C/m³). The bulk therefore takes the "
        "measured κ and t₊, and the sites act at the interface alone, so that nothing counts twice."
    )


def _unused() -> Iterable[str]:
    yield from _table(
        ("separator", "D of Li from LFP full cells (cm²/s)", "nucleation overpotential (V)"),
        ((s.title, f"{1e4 * s.diffusivity:.3g}", f"{s.nucleation_overpotential:.2f}") for s in SEPARATORS),
    )
    yield ""
    yield (
        "The diffusivity is that of a full cell by its peak currents, not of the electrolyte; the model starts with "
        "lithium everywhere and knows no nucleation."
    )
