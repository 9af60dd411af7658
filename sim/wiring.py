"""One cell, wired: model, compiled system and observer; and those that earlier runs of a process left for later ones.

Of the set-up of a run nearly all is symbolic work and sparsity, which numbers do not change. A sweep's worker keeps the
cells of its last runs; a run of the same structure on the same mesh renews the numbers of one of them. Its results are
those of a new cell to the last digit: numbers are set by the same functions in both (``CellModel.renew``,
``CellSystem.renew``, ``Observer.renew``), and nothing that was solved is kept, unless a pool is asked to start points
where the last ones ended (``CellPool(warm_start=True)``).
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.config import RunConfig
from sim.domain.domain import Domain
from sim.output.metrics import Observer
from sim.solve.first_guess import FirstGuess
from sim.solve.initial import set_rest
from sim.solve.model import CellModel
from sim.solve.stopwatch import Stopwatch
from sim.solve.system import CellSystem

#: cells that a process keeps: both modes of two separators
MOST_CELLS = 4
#: unknowns of all of them together; one of 20,000 holds about 30 MB without factors
MOST_UNKNOWNS = 100_000


@dataclass(frozen=True)
class Mode:
    """What the equations of one cell depend on beside its structure."""

    galvanostatic: bool
    steady: bool


@dataclass(frozen=True, eq=False)
class WiredCell:
    """A cell at rest that is ready to be solved and observed."""

    model: CellModel
    system: CellSystem
    observer: Observer
    guess: FirstGuess

    @property
    def mode(self) -> Mode:
        """The mode that its system was made for."""
        return Mode(self.system.galvanostatic, self.system.steady)

    @property
    def unknowns(self) -> int:
        """Their number on all ranks."""
        return self.system.numbering.n_global


def wire(config: RunConfig, domain: Domain, mode: Mode, watch: Stopwatch) -> WiredCell:
    """A new cell. Collective."""
    with watch.stage("compile"):
        model = CellModel(config, domain)
        system = CellSystem(model, galvanostatic=mode.galvanostatic, steady=mode.steady)
        set_rest(model)
    with watch.stage("observe"):
        return WiredCell(model, system, Observer(model), FirstGuess(model, system))


def renew(cell: WiredCell, config: RunConfig, domain: Domain, watch: Stopwatch) -> None:
    """Make a cell of an earlier run that of a config which fits it."""
    with watch.stage("compile"):
        cell.model.renew(config, domain)
        cell.system.renew()
        set_rest(cell.model)
    with watch.stage("observe"):
        cell.observer.renew()


class CellPool:
    """Cells that finished runs left, the latest last. For processes of one rank.

    warm_start: steady states start from a guess that knows the cell's last one (``FirstGuess``); last digits, within
    Newton's tolerance, then depend on the order of runs.
    """

    def __init__(
        self,
        most_cells: int = MOST_CELLS,
        most_unknowns: int = MOST_UNKNOWNS,
        *,
        warm_start: bool = False,
    ) -> None:
        self._warm_start = warm_start
        self._most_cells, self._most_unknowns = most_cells, most_unknowns
        self._cells: list[WiredCell] = []

    def __len__(self) -> int:
        return len(self._cells)

    @property
    def domains(self) -> tuple[Domain, ...]:
        """Domains whose meshes are here already."""
        return tuple(cell.model.domain for cell in self._cells)

    def take(self, config: RunConfig, domain: Domain, mode: Mode) -> WiredCell | None:
        """A cell of the config's structure, to be renewed; it is given back by ``keep`` after a run that went well, so
        that one that failed is never met again."""
        for cell in reversed(self._cells):
            if cell.mode == mode and cell.model.fits(config, domain):
                self._cells.remove(cell)
                return cell
        return None

    def keep(self, cell: WiredCell) -> None:
        """Leave a cell for later runs, without its factors; the oldest give way."""
        if self._warm_start:
            cell.guess.learn()
        cell.system.renew()
        self._cells.append(cell)
        while len(self._cells) > self._most_cells or self._unknowns() > self._most_unknowns:
            self._cells.pop(0)

    def _unknowns(self) -> int:
        return sum(cell.unknowns for cell in self._cells)
