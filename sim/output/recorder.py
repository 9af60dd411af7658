"""Turns accepted states into files: metrics, interface, fields, checkpoint, summary."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.config import RunConfig
from sim.domain.domain import Domain
from sim.output.budgets import Budgets
from sim.output.checkpoint import read_checkpoint, write_checkpoint
from sim.output.fields import BulkFields, FieldSeries, interface_grid
from sim.output.folder import RunFolder, RunFolderError, prepare_folder
from sim.output.metrics import Observer
from sim.output.warnings import Watch, run_warnings
from sim.solve.march import March, Step
from sim.solve.model import CellModel
from sim.solve.newton import NewtonReport
from sim.solve.system import CellSystem

#: without stated output times, fields are written this often per decade of time
FRAMES_PER_DECADE = 2
#: a checkpoint is written this often [s of wall time], and when a run is stopped
CHECKPOINT_INTERVAL = 60.0


class Recorder:
    """One run's record; on ranks above 0 it takes part in collectives and writes nothing."""

    def __init__(
        self, folder: Path | None, config: RunConfig, comm: Any, *, resumed: bool, finished: bool
    ) -> None:
        self._config, self._comm = config, comm
        self.folder_path, self._resumed = folder, resumed
        self.finished_before = finished
        writes = folder if comm.rank == 0 and not finished else None
        self._folder = RunFolder(writes, config, resumed=resumed, ranks=comm.size)
        self._march: March | None = None
        self._last: dict[str, float] = {}
        self._watch = Watch()
        self._steady = False
        self._last_checkpoint = time.monotonic()
        self._next_frame = 0.0
        self._frame_time: float | None = None

    @classmethod
    def open(
        cls, folder: Path | None, config: RunConfig, comm: Any, *, resume: bool, overwrite: bool
    ) -> Recorder:
        """Prepare the folder on rank 0 and tell the others. Raises RunFolderError on every rank."""
        outcome: tuple[bool, bool, str | None] = (False, False, None)
        if comm.rank == 0 and folder is not None:
            try:
                continued = prepare_folder(folder, config, resume=resume, overwrite=overwrite)
                done = resume and not continued and (folder / "summary.json").exists()
                outcome = (continued, done, None)
            except RunFolderError as error:
                outcome = (False, False, str(error))
            except OSError as error:
                outcome = (False, False, f"{folder}: cannot hold results: {error.strerror or error}")
        continued, done, problem = comm.bcast(outcome, root=0)
        if problem is not None:
            raise RunFolderError(problem)
        return cls(folder, config, comm, resumed=continued, finished=done)

    def previous_summary(self) -> dict[str, Any]:
        """Summary of a run that was finished before."""
        if self.folder_path is None:
            return {}
        return dict(json.loads((self.folder_path / "summary.json").read_text(encoding="utf-8")))

    def log(self, domain: Domain) -> None:
        """Record the mesh."""
        for line in domain.quality.as_lines():
            self._folder.log(line)
        self._folder.note(mesh_sha256=domain.mesh_hash, mesh=asdict(domain.quality))

    def attach(self, model: CellModel, system: CellSystem, observer: Observer) -> None:
        """The model whose states are recorded from now on."""
        self._model, self._system, self._observer = model, system, observer
        self._budgets = Budgets(model, system, observer.limiting_current_density)
        self._writes_fields = self._config.output.fields and self.folder_path is not None
        if self._writes_fields and self.folder_path is not None:
            self._bulk = BulkFields(model)
            place = self.folder_path / "fields"
            self._bulk_series = FieldSeries(place, "bulk")
            self._interface_series = FieldSeries(place, "interface")

    def warm_start(self) -> None:
        """Log that an earlier run takes part in the first guess."""
        self._folder.log("first guess: the flat cell, and what it missed in an earlier run of this process")

    def attempt(self, fraction: float, report: NewtonReport) -> None:
        """Log one Newton solution of a steady state."""
        norms = " ".join(f"{norm:.1e}" for norm in report.norms)
        text = (
            f"drive {fraction:.4g}: {report.reason} after {report.iterations} iterations; updates {norms} kT"
        )
        self._folder.log(text)

    def steady_state(self) -> dict[str, Any]:
        """Record a direct steady state: one row, at time 0 of a clock that does not run."""
        metrics, flows = self._observer.measure()
        errors = self._budgets.steady_errors(flows)
        row = {"time_s": math.inf, "step_s": math.inf} | self._with_current(metrics) | errors
        self._folder.add_row(row)
        self._watch.see(row)
        self._write_state(math.inf)
        return self._summary(row, steady=True)

    def _with_current(self, metrics: dict[str, float]) -> dict[str, float]:
        """Metrics with the cell current, which the budgets know once they have seen the step."""
        return metrics | {"cell_current_density_A_m2": self._budgets.cell_current_density}

    def restored_march(self, config: RunConfig) -> March | None:
        """The march of the folder's checkpoint, if the run is resumed and has one. Collective."""
        path = None if self.folder_path is None else self.folder_path / "checkpoint.npz"
        exists = self._comm.bcast(
            path is not None and path.exists() if self._comm.rank == 0 else None, root=0
        )
        if not self._resumed or path is None or not exists:
            return None
        march, extra = read_checkpoint(path, config, self._model, self._system, self._budgets)
        now = march.state.history[0].time
        self._next_frame, self._frame_time = float(extra["next_frame"]), float(extra["frame_time"])
        self._last = dict(zip(extra["row_names"].tolist(), extra["row_values"].tolist(), strict=True))
        self._watch = Watch(extra["worst_budgets"], extra["free_energy"])
        self._folder.continue_rows(now)
        if self._writes_fields:
            self._bulk_series.continue_from(int(extra["frames"]))
            self._interface_series.continue_from(int(extra["frames"]))
        self._folder.log(f"continued from t = {now:.6g} s")
        return march

    def begin(self, march: March) -> None:
        """Take the first level's contents and write its fields."""
        self._march = march
        metrics, flows = self._observer.measure()
        if self._budgets.initial is None:
            self._budgets.start(march.state.history[0], flows)
            self._write_frame(0.0)
            self._last = metrics

    def step(self, march: March, step: Step) -> dict[str, float]:
        """Record an accepted step; returns its metrics."""
        metrics, flows = self._observer.measure()
        errors = self._budgets.update(step, march.state.history[0], flows)
        row = {"time_s": step.time, "step_s": step.size} | self._with_current(metrics) | errors
        self._folder.add_row(row)
        self._watch.see(row)
        self._last = row
        self._steady = step.is_steady
        if step.is_output or (not self._config.operation.output_times and step.time >= self._next_frame):
            self._write_frame(step.time)
            self._next_frame = step.time * 10 ** (1 / FRAMES_PER_DECADE)
        due = time.monotonic() - self._last_checkpoint > CHECKPOINT_INTERVAL
        if self._comm.bcast(due, root=0):
            self._checkpoint()
        return row

    def transient_end(self, march: March) -> dict[str, Any]:
        """Record the last state."""
        time_now = march.state.history[0].time
        self._write_state(time_now, frame=self._frame_time != time_now)
        return self._summary(self._last, steady=self._steady)

    def _write_state(self, time_now: float, *, frame: bool = True) -> None:
        """interface.csv and, where asked for, the fields of the present state."""
        table = self._observer.interface_table()
        if table is not None:
            self._folder.write_interface(table)
        if frame:
            self._write_frame(0.0 if math.isinf(time_now) else time_now)

    def _write_frame(self, time_now: float) -> None:
        if not self._writes_fields:
            return
        self._frame_time = time_now  # known to all ranks, unlike the files
        grid, table = self._bulk.gather(), self._observer.interface_table()
        if grid is not None and table is not None:
            self._bulk_series.write(time_now, grid)
            self._interface_series.write(time_now, interface_grid(table))

    def _checkpoint(self) -> None:
        if self._march is None or self.folder_path is None or not self._march.state.steps:
            return
        path = self.folder_path / "checkpoint.npz"
        extra = {
            "next_frame": self._next_frame,
            "frames": len(self._bulk_series) if self._writes_fields else 0,
            "frame_time": math.nan if self._frame_time is None else self._frame_time,
            "row_names": list(self._last),
            "row_values": list(self._last.values()),
            "worst_budgets": self._watch.worst,
            "free_energy": self._watch.energy,
        }
        write_checkpoint(path, self._model, self._system, self._march, self._budgets, extra)
        self._folder.write_rows()
        self._last_checkpoint = time.monotonic()

    def _summary(self, row: dict[str, float], *, steady: bool) -> dict[str, Any]:
        values = {name: value for name, value in row.items() if name != "step_s"}
        return values | {
            "limiting_current_density_A_m2": self._observer.limiting_current_density,
            "steady": steady,
            **run_warnings(self._config, self._watch, self._observer.detailed_balance_error()),
        }

    def interrupted(self) -> None:
        """Record a requested stop. Collective."""
        self._keep_last_step()
        self._folder.finish("interrupted")

    def gave_up(self, reason: str) -> None:
        """Record that the solver cannot go on, and what was reached. Collective."""
        self._keep_last_step()
        self.failed(reason)

    def failed(self, reason: str) -> None:
        """Record why the run ended early; asks nothing of the other ranks, which may not have failed."""
        self._folder.log(reason)
        self._folder.finish("failed", reason=reason)

    def _keep_last_step(self) -> None:
        """Checkpoint, fields and summary of the last accepted step."""
        if self._march is None or not self._march.state.steps:
            return
        newest = self._march.state.history[0]
        self._system.set_state(newest.values, newest.levels)
        self._checkpoint()
        self._write_state(newest.time, frame=self._frame_time != newest.time)
        self._folder.write_summary(self._summary(self._last, steady=False))

    def finish(self, summary: dict[str, Any], stages: dict[str, float]) -> None:
        """Record the end of a run."""
        rounded = {name: round(seconds, 3) for name, seconds in stages.items()}
        self._folder.finish("done", summary, stages_s=rounded, unknowns=self._system.numbering.n_global)
        if self._comm.rank == 0 and self.folder_path is not None:
            (self.folder_path / "checkpoint.npz").unlink(missing_ok=True)
