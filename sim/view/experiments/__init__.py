"""Figures of a virtual experiment, from its folder alone."""

from sim.view.experiments.record import draw_experiment

__all__ = ["draw_experiment"]
