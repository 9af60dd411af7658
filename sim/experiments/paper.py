"""The model put to the PIA separator paper's own numbers (PNAS 2023).

Measured kappa, t_li and j_0 beside what the same measurements on the model return; the polarisation of the symmetric
cell with the Tafel j_0 and with fitted ones; and the four places where the paper's numbers contradict each other.
The experiment's config is that of the symmetric cell; the others are shipped in ``configs/``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from sim.config import RunConfig
from sim.experiments.live_cell import Lab
from sim.experiments.paper_bulk import Row, measure
from sim.experiments.paper_charge import ChargedMedium, charged_media
from sim.experiments.paper_data import POLARISATION_CURRENTS, POLARISATION_VOLTAGES
from sim.experiments.paper_modes import drives_and_concentrations
from sim.experiments.paper_polarisation import SymmetricCell, symmetric_cell
from sim.experiments.paper_text import contradictions
from sim.experiments.result import ExperimentResult, Table


def perform(config: RunConfig, lab: Lab) -> ExperimentResult:
    """The whole comparison; ``config`` is the symmetric cell, by default ``configs/paper/pia-symmetric.yaml``."""
    cell = symmetric_cell(config, lab)
    media = charged_media(config, lab)
    states, scales = drives_and_concentrations(lab)
    measured = measure(lab)
    rows = [*measured.rows, *polarisation_rows(cell)]
    tables = {
        "paper": table_of_words([asdict(row) for row in rows]),
        "paper_polarisation": cell.table(),
        "paper_drives": table_of_words([asdict(state) for state in states]),
        "paper_concentrations": table_of_words([asdict(one) for one in scales]),
        "paper_fixed_charge": table_of_words([asdict(medium) for medium in media]),
    }
    page = contradictions(states, scales, cell, media)
    return ExperimentResult(
        "paper",
        tables,
        paper_summary(cell, media),
        tuple(measured.remarks),
        tuple(measured.skipped),
        {"contradictions": page},
    )


def table_of_words(rows: Sequence[Mapping[str, float | str | None]]) -> Table:
    """Columns of numbers (None becomes NaN) or of words, from rows that all have the same keys."""
    table: Table = {}
    for key in rows[0]:
        column = [row[key] for row in rows]
        words = any(isinstance(value, str) for value in column)
        table[key] = np.array(column, dtype=object if words else float)
    return table


def polarisation_rows(cell: SymmetricCell) -> list[Row]:
    """The symmetric cell's voltages with the Tafel j_0, and the two quantities that fits give."""
    rows = [
        Row(
            f"polarisation at {current / 10:g} mA/cm^2",
            "PIA",
            measured,
            float(voltage),
            "V",
            "Tafel j0, steady",
        )
        for current, measured, voltage in zip(
            POLARISATION_CURRENTS, POLARISATION_VOLTAGES, cell.steady.cell, strict=True
        )
    ]
    tafel = cell.exchange_current_density
    fits = (
        (cell.fit, "fit to the polarisation, kappa and t_li as measured"),
        (cell.free_at_once, "fit with a free series resistance, salt at rest"),
        (cell.free_steady, "fit with a free series resistance, steady state"),
    )
    for fit, how in fits:
        rows.append(Row("exchange current density", "PIA", tafel, fit.exchange_current_density, "A/m^2", how))
        if fit.resistance is not None:
            rows.append(Row("series resistance", "PIA", None, fit.resistance, "ohm*m^2", how))
    return rows


def paper_summary(cell: SymmetricCell, media: Sequence[ChargedMedium]) -> dict[str, Any]:
    """The numbers that the contradictions turn on."""
    fits = {"fitted": cell.fit, "fitted_at_once": cell.free_at_once, "fitted_steady": cell.free_steady}
    summary: dict[str, Any] = {"tafel_exchange_current_density_A_m2": cell.exchange_current_density}
    for name, fit in fits.items():
        summary[f"{name}_exchange_current_density_A_m2"] = fit.exchange_current_density
        if fit.resistance is not None:
            summary[f"{name}_series_resistance_ohm_m2"] = fit.resistance
        summary[f"{name}_rms_error_V"] = fit.error
    summary["electrolyte_resistance_at_once_ohm_m2"] = cell.at_once.resistance
    summary["electrolyte_resistance_steady_ohm_m2"] = cell.steady.resistance
    needed = media[0]
    return summary | {
        "fixed_charge_for_pia_C_m3": needed.fixed_charge_C_m3,
        "fixed_charge_for_pia_over_F_c0": needed.fixed_charge_ratio,
        "transference_number_of_that_charge_with_positive_sign": media[-1].transference_number_model,
    }
