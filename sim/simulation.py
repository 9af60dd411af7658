"""One run, wired: config -> domain -> model -> solver -> metrics, fields and run folder.

The same forty lines serve every separator, mode and mesh; what differs is data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sim.config import RunConfig
from sim.domain.domain import Domain, make_domain
from sim.domain.inputs import check_inputs
from sim.output.groups import dimensionless_groups
from sim.output.recorder import Recorder
from sim.solve.compat import kernel_watch
from sim.solve.drive import apply_drive, drive_of, hold_inventories, is_galvanostatic
from sim.solve.errors import Interrupted, SolverGaveUp
from sim.solve.first_guess import FirstGuess
from sim.solve.march import March
from sim.solve.model import CellModel
from sim.solve.newton import NewtonReport
from sim.solve.schedule import Schedule
from sim.solve.steady import newton_options, solve_steady
from sim.solve.stopwatch import Stopwatch
from sim.solve.system import CellSystem
from sim.wiring import CellPool, Mode, WiredCell, renew, wire


@dataclass(frozen=True)
class Monitor:
    """Who listens to a run: ``step`` and ``stage`` tell, ``stop`` asks (the same answer on every rank)."""

    stage: Callable[[str], None] = lambda text: None
    step: Callable[[float, float, int, dict[str, float]], None] = lambda time, size, iterations, metrics: None
    stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Result:
    """What a run gives back: metrics (those of summary.json), the folder, and where the time went.

    ``stages``: wall time of each stage [s]; ``parts``: of some stages, (seconds, calls) of what takes most of them.
    """

    summary: dict[str, Any]
    folder: Path | None
    stages: dict[str, float]
    parts: dict[str, dict[str, tuple[float, int]]] = field(default_factory=dict)
    unknowns: int = 0


@dataclass(frozen=True)
class _Cell:
    """One wired run."""

    config: RunConfig
    model: CellModel
    system: CellSystem
    guess: FirstGuess
    recorder: Recorder
    watch: Stopwatch
    monitor: Monitor


def is_transient(config: RunConfig) -> bool:
    """Whether the run marches in time."""
    return config.operation.duration != "steady" or config.operation.history


def run(
    config: RunConfig,
    folder: Path | None,
    comm: Any,
    *,
    resume: bool = False,
    overwrite: bool = False,
    monitor: Monitor | None = None,
    pool: CellPool | None = None,
) -> Result:
    """Run one config; with ``folder`` ``None`` nothing is written. ``pool``: cells of earlier runs of this process,
    which is then one of a single rank; they shorten the set-up and change no result (with a warm start, none beyond
    Newton's tolerance).

    Raises RunFolderError or DomainError for unusable input, SolverGaveUp when no attempt is left, Interrupted after a
    requested stop; what was reached by then is in the folder. Collective.
    """
    monitor = monitor or Monitor()
    watch, kernels = Stopwatch(), kernel_watch.copy()
    check_inputs(config)
    recorder = Recorder.open(folder, config, comm, resume=resume, overwrite=overwrite)
    if recorder.finished_before:
        return Result(recorder.previous_summary(), folder, {})
    try:
        with watch.stage("mesh"):
            domain = make_domain(config, comm, () if pool is None else pool.domains)
        recorder.log(domain)
        wired = _wired(config, domain, pool, watch)
        model, system = wired.model, wired.system
        system.stop = monitor.stop
        with watch.stage("observe"):
            recorder.attach(model, system, wired.observer)
        cell = _Cell(config, model, system, wired.guess, recorder, watch, monitor)
        summary = _march(cell) if is_transient(config) else _steady(cell)
    except Interrupted:
        recorder.interrupted()
        raise
    except SolverGaveUp as error:
        recorder.gave_up(str(error))
        raise
    except BaseException as error:
        recorder.failed(f"{type(error).__name__}: {error}")
        raise
    summary |= dimensionless_groups(model, summary["current_density_mean_A_m2"])
    stages = watch.seconds
    recorder.finish(summary, stages)
    parts = {"compile": kernel_watch.since(kernels), "solve": system.watch.since(Stopwatch())}
    if pool is not None:
        pool.keep(wired)
    return Result(summary, folder, stages, parts, system.numbering.n_global)


def _wired(config: RunConfig, domain: Domain, pool: CellPool | None, watch: Stopwatch) -> WiredCell:
    """The cell of a config at rest, new or of an earlier run."""
    mode = Mode(is_galvanostatic(config), not is_transient(config))
    known = None if pool is None else pool.take(config, domain, mode)
    if known is None:
        return wire(config, domain, mode, watch)
    renew(known, config, domain, watch)
    return known


def _steady(cell: _Cell) -> dict[str, Any]:
    """The steady state, solved directly."""
    recorder, monitor = cell.recorder, cell.monitor

    def progress(fraction: float, report: NewtonReport) -> None:
        recorder.attempt(fraction, report)
        part = "the full drive" if fraction == 1 else f"{100 * fraction:.3g} % of the drive"
        monitor.stage(f"steady state at {part}: {report.reason}, {report.iterations} iterations")

    monitor.stage(f"solving for {cell.system.numbering.n_global} unknowns")
    if cell.guess.is_informed:
        recorder.warm_start()
    with cell.watch.stage("solve"):
        hold_inventories(cell.system)
        options = newton_options(cell.config.solver)
        drive = drive_of(cell.config)
        guess = partial(cell.guess.set, drive)
        solve_steady(drive, cell.model, cell.system, options, progress, estimate=guess)
    with cell.watch.stage("output"):
        return recorder.steady_state()


def _march(cell: _Cell) -> dict[str, Any]:
    """The transient from rest, or from the folder's checkpoint."""
    config, recorder = cell.config, cell.recorder
    cell.monitor.stage(f"marching {cell.system.numbering.n_global} unknowns")
    march = recorder.restored_march(config) or March(Schedule.of(config), cell.model, cell.system)
    recorder.begin(march)  # before the drive jumps: its displacement current belongs to the first step
    apply_drive(drive_of(config), cell.model, cell.system)
    steps = march.steps()
    while True:
        with cell.watch.stage("solve"):
            step = next(steps, None)
        if step is None:
            break
        with cell.watch.stage("output"):
            metrics = recorder.step(march, step)
        cell.monitor.step(step.time, step.size, step.newton.iterations, metrics)
    with cell.watch.stage("output"):
        return recorder.transient_end(march)
