"""The paper's bulk and kinetic measurements repeated on the model: virtual impedance, Bruce-Vincent and Tafel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.config import load_config
from sim.config.shipped import shipped_config
from sim.experiments.live_cell import Lab
from sim.experiments.paper_data import SEPARATORS, Measured
from sim.experiments.registry import find_experiment
from sim.experiments.result import ExperimentError, Skipped
from sim.solve.errors import SolverGaveUp

#: the conductivity needs the highest frequency, the resistances few others
POINTS_PER_DECADE = 2
#: entries of a polarisation's summary that are called exchange current density, and how each is read
TAFEL_READINGS = (
    ("exchange_current_density_A_m2", "Tafel fit at the reaction plane, |eta| of 20 to 200 mV"),
    ("linear_exchange_current_density_A_m2", "slope at rest, (RT/F) dj/d(eta)"),
    ("apparent_exchange_current_density_A_m2", "Tafel fit beyond the double layer"),
)


@dataclass(frozen=True)
class Row:
    """One line of the comparison; a model value of None is a number that does not exist."""

    quantity: str
    separator: str
    measured: float | None
    model: float | None
    unit: str
    how: str


@dataclass(frozen=True)
class Measurements:
    """Measured and virtual numbers of every separator, what to know about them, and experiments that failed."""

    rows: list[Row]
    remarks: list[str]
    skipped: list[Skipped]


def measure(lab: Lab) -> Measurements:
    """kappa, t_li and j_0 of every separator by the virtual experiments."""
    rows: list[Row] = []
    remarks: list[str] = []
    skipped: list[Skipped] = []
    for separator in SEPARATORS:
        config = load_config(shipped_config(separator.cell))
        settings = config.experiments
        few = settings.impedance.model_copy(update={"points_per_decade": POINTS_PER_DECADE})
        config = config.model_copy(update={"experiments": settings.model_copy(update={"impedance": few})})
        found: dict[str, dict[str, Any]] = {}
        for name in ("impedance", "transference", "polarisation"):
            lab.tell(f"{separator.title}: {name}")
            try:
                result = find_experiment(name)(config, Lab(lab.comm, stop=lab.stop))
            except (ExperimentError, SolverGaveUp) as error:
                skipped.append(Skipped(f"{separator.title}, {name}", str(error)))
                found[name] = {}
                continue
            found[name] = result.summary
            if name != "impedance":
                remarks += [f"{separator.title}, {name}: {text}" for text in result.remarks]
        rows += _rows(separator, found)
    return Measurements(rows, remarks, skipped)


def _rows(separator: Measured, found: dict[str, dict[str, Any]]) -> list[Row]:
    title = separator.title
    tafel = found["polarisation"]
    exchange = separator.exchange_current_density
    transference = found["transference"]
    measured = separator.transference_number
    step = f"{1e3 * transference.get('voltage_V', float('nan')):g} mV"
    four = "virtual voltage step, four electrodes"
    conductivity = found["impedance"].get("conductivity_S_m")
    alpha = tafel.get("apparent_transfer_coefficient")
    diffusivity, nucleation = separator.diffusivity, separator.nucleation_overpotential
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
            measured,
            transference.get("transference_number"),
            "1",
            f"virtual Bruce-Vincent, {step}",
        ),
        Row(
            "transference number",
            title,
            measured,
            transference.get("transference_number_four_electrodes"),
            "1",
            four,
        ),
        *(
            Row("exchange current density", title, exchange, tafel.get(name), "A/m^2", how)
            for name, how in TAFEL_READINGS
        ),
        Row("apparent transfer coefficient", title, None, alpha, "1", "Tafel fit beyond the double layer"),
        Row("Li diffusivity", title, diffusivity, None, "m^2/s", "not used: LFP full cells"),
        Row("nucleation overpotential", title, nucleation, None, "V", "not used: no nucleation in the model"),
    ]
