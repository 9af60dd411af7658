"""The first guess of a steady state: the estimate of the flat cell, and what it missed of the cell's last solution.

Between neighbours of a sweep the estimate follows what the whole cell sees (drive, salt, mean of a map), and what it
misses, the unevenness, hardly changes: that alone is taken over. The last solution itself is the worse guess after a
change of the drive (0.05 V: three factorisations; from the estimate two; from both together one).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.solve.drive import Drive
from sim.solve.estimate import set_estimate
from sim.solve.model import CellModel
from sim.solve.system import CellSystem

Array = npt.NDArray[Any]


class FirstGuess:
    """Sets the guesses of one wired cell, run after run."""

    def __init__(self, model: CellModel, system: CellSystem) -> None:
        self._model, self._system = model, system
        self._estimate: Array | None = None
        self._missed: Array | None = None

    @property
    def is_informed(self) -> bool:
        """Whether an earlier solution takes part."""
        return self._missed is not None

    def set(self, drive: Drive) -> bool:
        """Set the state; False, and nothing is set, for cells without an estimate. Collective."""
        self._estimate = None
        if not set_estimate(drive, self._model):
            return False
        self._estimate = self._state()
        if self._missed is not None:
            guess = self._estimate + self._missed
            own = guess.size - len(self._system.borders)
            self._system.set_state(guess[:own], guess[own:])
        return True

    def learn(self) -> None:
        """Keep what the estimate missed of the present state, which is solved."""
        self._missed = None if self._estimate is None else self._state() - self._estimate

    def _state(self) -> Array:
        return np.concatenate([self._system.numbering.pack(), self._system.globals])
