"""The paper's bulk and kinetic measurements repeated on the model: virtual impedance, Bruce-Vincent and Tafel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.config import load_config
from sim.config.shipped import shipped_config
from sim.experiments.live_cell import Lab
from sim.experiments.paper_data import SEPARATORS, Measured
from sim.experiments.registry import find_experiment

#: the conductivity needs the highest frequency, the resistances few others
POINTS_PER_DECADE = 2


@dataclass(frozen=True)
class Row:
    """One line of the comparison; a model value of None is a number that does not exist."""

    quantity: str
    separator: str
    measured: float | None
    model: float | None
    unit: str
    how: str


def measurement_rows(lab: Lab) -> tuple[list[Row], list[str]]:
    """Measured and virtual kappa, t_li and j_0 of every separator, and the remarks of the Tafel fits."""
    rows: list[Row] = []
    remarks: list[str] = []
    for separator in SEPARATORS:
        config = load_config(shipped_config(separator.cell))
        settings = config.experiments
        few = settings.impedance.model_copy(update={"points_per_decade": POINTS_PER_DECADE})
        config = config.model_copy(update={"experiments": settings.model_copy(update={"impedance": few})})
        found = {}
        for name in ("impedance", "transference", "polarisation"):
            lab.tell(f"{separator.title}: {name}")
            found[name] = find_experiment(name)(config, Lab(lab.comm, stop=lab.stop))
        rows += _rows(separator, {name: result.summary for name, result in found.items()})
        remarks += [f"{separator.title}: {text}" for text in found["polarisation"].remarks]
    return rows, remarks


def _rows(separator: Measured, found: dict[str, dict[str, Any]]) -> list[Row]:
    title = separator.title
    tafel = found["polarisation"]
    exchange = separator.exchange_current_density
    readings = (
        ("exchange_current_density_A_m2", "Tafel fit at the reaction plane, |eta| of 20 to 200 mV"),
        ("linear_exchange_current_density_A_m2", "slope at rest, (RT/F) dj/d(eta)"),
        ("apparent_exchange_current_density_A_m2", "Tafel fit beyond the double layer"),
    )
    conductivity = found["impedance"]["conductivity_S_m"]
    transference = found["transference"]["transference_number"]
    return [
        Row(
            "conductivity",
            title,
            separator.conductivity,
            conductivity,
            "S/m",
            "virtual impedance, four probes",
        ),
        Row(
            "transference number",
            title,
            separator.transference_number,
            transference,
            "1",
            "virtual Bruce-Vincent",
        ),
        *(
            Row("exchange current density", title, exchange, tafel[name], "A/m^2", how)
            for name, how in readings
        ),
        Row(
            "apparent transfer coefficient",
            title,
            None,
            tafel["apparent_transfer_coefficient"],
            "1",
            "Tafel fit beyond the double layer",
        ),
        Row("Li diffusivity", title, separator.diffusivity, None, "m^2/s", "not used: LFP full cells"),
        Row(
            "nucleation overpotential",
            title,
            separator.nucleation_overpotential,
            None,
            "V",
            "not used: no nucleation in the model",
        ),
    ]
