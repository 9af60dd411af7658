"""Results opened in Python: a run, several runs, a sweep or an experiment, from their folders alone.

`load` opens a folder; it is `sim.load`. No solver is needed. What a folder lacks raises ViewError when it is asked for.
"""

from sim.loaded.experiment import LoadedExperiment
from sim.loaded.open import load
from sim.loaded.run import LoadedRun
from sim.loaded.runs import LoadedRuns
from sim.loaded.sweep import LoadedSweep

__all__ = ["LoadedExperiment", "LoadedRun", "LoadedRuns", "LoadedSweep", "load"]
