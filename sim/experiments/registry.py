"""The virtual experiments by name, and what each is for; imported only when one is done."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from sim.config import RunConfig
from sim.experiments.live_cell import Lab
from sim.experiments.result import ExperimentResult

Experiment = Callable[[RunConfig, Lab], ExperimentResult]


def find_experiment(name: str) -> Experiment:
    """The function `perform(config, lab)` of an experiment of `sim.config.experiments.NAMES`."""
    experiment: Experiment = import_module(f"sim.experiments.{name}").perform
    return experiment
