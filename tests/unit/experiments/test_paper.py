"""The page, tables and figure of the paper study, from made-up numbers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from sim.config import load_config
from sim.config.experiments import NAMES, OWN_CONFIGS
from sim.config.shipped import shipped_config
from sim.experiments import paper_bulk
from sim.experiments.folder import ExperimentFolder
from sim.experiments.live_cell import Lab
from sim.experiments.paper import paper_summary, polarisation_rows, table_of_words
from sim.experiments.paper_bulk import Row
from sim.experiments.paper_charge import ChargedMedium
from sim.experiments.paper_data import POLARISATION_VOLTAGES, SEPARATORS
from sim.experiments.paper_modes import ModeState, Scales
from sim.experiments.paper_polarisation import Fit, SymmetricCell, Voltages
from sim.experiments.paper_text import contradictions
from sim.experiments.result import ExperimentResult
from sim.solve.errors import SolverGaveUp
from sim.view.experiments import draw_experiment

RAMP = np.array(POLARISATION_VOLTAGES)
CELL = SymmetricCell(
    6.4,
    Voltages(3 * RAMP, 2 * RAMP),
    Voltages(2.5 * RAMP, 2 * RAMP),
    Fit(27.0, None, 1.1 * RAMP, 3e-3),
    Fit(19.0, 1.9e-4, RAMP, 1e-3),
    Fit(18.0, 4e-5, RAMP, 1e-3),
)
MEDIA = [ChargedMedium(-1.9, -1.8e8, 0.78, 0.781), ChargedMedium(1.9, 1.8e8, 0.1, 0.101)]
STATES = [
    ModeState(title, drive, concentration, voltage, current, 120.0, current / 120, 0.1)
    for title in ("PP", "PIA")
    for drive, concentration, voltage, current in (
        ("0.5 V", 2500.0, 0.5, 110.0),
        ("0.5 C", 2500.0, 0.07, 5.0),
        ("0.5 V", 1000.0, 0.5, 105.0),
    )
]
SCALES = [
    Scales(title, c, 1e-10, 1e-12, 2e-12, 0.5, 0.023, 120.0)
    for title in ("PP", "PIA")
    for c in (2500.0, 1000.0)
]


def test_every_contradiction_is_stated_with_its_numbers() -> None:
    page = contradictions(STATES, SCALES, CELL, MEDIA)
    for text in (
        "## 1. 0.5 V and 0.5 C",
        "0.5 V drives 22 times the current of 0.5 C, which needs only 70 mV",
        "| PP | 2500 | 0.100 |",
        "110 A/m² with 2500 mol/m³, 105 A/m² with 1000 mol/m³",
        "| 1 | 29.5 | 88.5 |",
        "asks for j₀ = 2.7 mA/cm²",
        "j₀ = 1.9 mA/cm² and 1.9 Ω cm² in all",
        "| -1.900 | -1.8e+08 | 0.7800 | 0.7810 |",
        "t₊ = 0.78 needs a negative charge of -1.90 F c₀",
        "| PIA | 2.41e-10 | 0.34 |",
    ):
        assert text in page, text
    assert page.count("\n## ") == 5


def test_tables_hold_words_and_numbers(tmp_path: Path) -> None:
    table = table_of_words([asdict(row) for row in (Row("a, b", "PP", None, 1.5, "S/m", "how"),)])
    assert table["measured"].dtype == float
    assert np.isnan(table["measured"][0])
    config = load_config(shipped_config(OWN_CONFIGS["paper"]))
    folder = ExperimentFolder(tmp_path / "out", "paper", config, overwrite=False)
    folder.finish(ExperimentResult("paper", {"paper": table}, {}, pages={"page": "# Words\n"}))
    written = (tmp_path / "out" / "paper.csv").read_text().splitlines()
    assert written[1] == '"a, b",PP,nan,1.5,S/m,how'
    assert (tmp_path / "out" / "page.md").read_text() == "# Words\n"


def test_a_measurement_that_fails_is_said_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> object:
        def perform(config: object, lab: Lab) -> ExperimentResult:
            if name == "transference":
                raise SolverGaveUp("no step was small enough")
            return ExperimentResult(name, {}, {"conductivity_S_m": 0.5}, ("said",))

        return perform

    monkeypatch.setattr(paper_bulk, "find_experiment", find)
    measured = paper_bulk.measure(Lab(MPI.COMM_SELF))
    assert [one.point for one in measured.skipped] == ["PP, transference", "PIA, transference"]
    assert measured.skipped[0].reason == "no step was small enough"
    assert [row.model for row in measured.rows if row.quantity == "conductivity"] == [0.5, 0.5]
    assert all(row.model is None for row in measured.rows if row.quantity == "transference number")
    assert measured.remarks == ["PP, polarisation: said", "PIA, polarisation: said"]


def test_figure(tmp_path: Path) -> None:
    rows = [
        Row(quantity, separator.title, 1.0, model, "1", how)
        for separator in SEPARATORS
        for quantity, model, how in (
            ("conductivity", 1.1, "virtual impedance, four probes"),
            ("transference number", 0.9, "virtual Bruce-Vincent, 1 mV"),
            ("transference number", 0.95, "virtual voltage step, four electrodes"),
            ("exchange current density", None, "Tafel fit at the reaction plane, |eta| of 20 to 200 mV"),
            ("exchange current density", 1.0, "slope at rest, (RT/F) dj/d(eta)"),
            ("exchange current density", 0.8, "Tafel fit beyond the double layer"),
        )
    ]
    tables = {
        "paper": table_of_words([asdict(row) for row in [*rows, *polarisation_rows(CELL)]]),
        "paper_polarisation": CELL.table(),
        "paper_fixed_charge": table_of_words([asdict(medium) for medium in MEDIA]),
    }
    config = load_config(shipped_config(OWN_CONFIGS["paper"]))
    folder = ExperimentFolder(tmp_path / "out", "paper", config, overwrite=False)
    folder.finish(ExperimentResult("paper", tables, paper_summary(CELL, MEDIA)))
    (picture,) = draw_experiment(tmp_path / "out")
    assert picture.name == "paper.png"
    assert picture.stat().st_size > 20_000


@pytest.mark.parametrize("name", [*OWN_CONFIGS.values(), *(separator.cell for separator in SEPARATORS)])
def test_its_configs_are_shipped(name: str) -> None:
    config = load_config(shipped_config(name))
    assert config.cell.anode_profile.kind == "flat"
    assert config.electrolyte.concentration == 1000
    assert set(OWN_CONFIGS) <= set(NAMES)
