"""One compiled cell on which an experiment does one thing after another: steady states and marches under any drive.

The residual, the time scheme, the metrics and the budgets are those of `sim run`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sim.config import RunConfig
from sim.config.numerics import Solver
from sim.domain.domain import make_domain
from sim.domain.inputs import check_inputs
from sim.output.budgets import Budgets
from sim.output.metrics import Observer
from sim.solve.drive import Drive, apply_drive, hold_inventories
from sim.solve.estimate import set_estimate
from sim.solve.initial import set_rest
from sim.solve.march import March
from sim.solve.model import CellModel
from sim.solve.schedule import Schedule
from sim.solve.steady import from_here, newton_options, solve_steady
from sim.solve.system import CellSystem


@dataclass(frozen=True)
class Lab:
    """Where an experiment is done: the communicator, who is told of its progress, and who may stop it (the same
    answer on every rank)."""

    comm: Any
    tell: Callable[[str], None] = lambda text: None
    stop: Callable[[], bool] = lambda: False


class LiveCell:
    """A cell at rest, then in whatever state was reached last. Every method is collective.

    A new cell is at rest; ``to_rest`` brings it back. Raises DomainError for unusable input.
    """

    def __init__(self, config: RunConfig, lab: Lab) -> None:
        check_inputs(config)
        self.config, self.lab = config, lab
        self.model = CellModel(config, make_domain(config, lab.comm))
        self.observer = Observer(self.model)
        self._systems: dict[tuple[bool, bool], CellSystem] = {}
        self._solved: Drive | None = None
        self._at_rest = True
        self.to_rest()

    def to_rest(self) -> None:
        """No current, uniform concentration."""
        set_rest(self.model)
        self._solved = None
        self._at_rest = True

    def system(self, *, galvanostatic: bool, steady: bool) -> CellSystem:
        """The compiled system of a mode; those of one cell share its state. Steady ones are first asked for at rest,
        whose inventories they keep."""
        key = (galvanostatic, steady)
        if key not in self._systems:
            system = CellSystem(self.model, galvanostatic=galvanostatic, steady=steady)
            system.stop = self.lab.stop
            self._systems[key] = system
            if steady:
                self._hold_rest(system)
        return self._systems[key]

    def _hold_rest(self, system: CellSystem) -> None:
        """The inventories of rest are those of every steady state."""
        kept, levels = system.numbering.pack(), system.globals
        potential = self.model.counter_potential.value
        set_rest(self.model)
        hold_inventories(system)
        system.set_state(kept, levels)
        self.model.counter_potential.value = potential

    def steady(self, drive: Drive) -> dict[str, float]:
        """Metrics of the steady state at a drive, solved from the present state. Raises SolverGaveUp, and then the
        cell is in the last steady state that was found."""
        system = self.system(galvanostatic=drive.galvanostatic, steady=True)
        before = (
            self._solved.value if self._solved and self._solved.galvanostatic == drive.galvanostatic else 0.0
        )
        options = newton_options(self.config.solver)
        self._at_rest = False
        guess = partial(set_estimate, drive, self.model) if self._solved is None else from_here
        solve_steady(drive, self.model, system, options, solved=before, estimate=guess)
        self._solved = drive
        metrics, flows = self.observer.measure()
        budgets = Budgets(self.model, system, self.observer.limiting_current_density)
        errors = budgets.steady_errors(flows)
        return metrics | {"cell_current_density_A_m2": budgets.cell_current_density} | errors

    def march(
        self,
        drive: Drive,
        duration: float,
        stops: Sequence[float] = (),
        settings: Solver | None = None,
    ) -> Iterator[dict[str, float]]:
        """Rows of metrics of every accepted step under a drive that begins now, for ``duration`` [s] (infinite: to
        the steady state), landing on the ``stops`` [s]; ``time_s`` counts from now. May be left at any row. Raises
        SolverGaveUp, with the last accepted state in place."""
        system = self.system(galvanostatic=drive.galvanostatic, steady=False)
        self._solved = None
        schedule = Schedule.until(duration, settings or self.config.solver, tuple(stops))
        march = March(schedule, self.model, system)
        budgets = Budgets(self.model, system, self.observer.limiting_current_density)
        budgets.start(march.state.history[0], self.observer.measure()[1], at_rest=self._at_rest)
        self._at_rest = False
        apply_drive(drive, self.model, system)
        for step in march.steps():
            metrics, flows = self.observer.measure()
            errors = budgets.update(step, march.state.history[0], flows)
            current = {"cell_current_density_A_m2": budgets.cell_current_density}
            yield {"time_s": step.time, "step_s": step.size} | metrics | current | errors

    def finer_in_time(self, first_step: float, tolerance: float) -> Solver:
        """The config's solver settings with another first step [s] and at most this time tolerance [kT]."""
        solver = self.config.solver
        return solver.model_copy(
            update={"first_step": first_step, "time_tolerance": min(tolerance, solver.time_tolerance)}
        )
