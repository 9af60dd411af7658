"""Several configs side by side: their runs, the error of their meshes, one set of figures and one table."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from sim.config import RunConfig
from sim.output.atomic import write_json
from sim.studies.batch import Batch, Job, StudyError, StudyFailed

#: metrics that get an error bar from the coarser mesh
WITH_ERROR = ("current_density_mean_A_m2", "current_density_cv", "ionic_current_density_cv", "cell_voltage_V")
#: how much coarser that mesh is: fewer columns, a thicker first cell, larger cells
COLUMNS, CELLS = 0.6, 1.6
#: the width over the largest cell of the coarser mesh, where the config leaves it to the mesh (a sixteenth)
COARSE_ROWS = 10
_RUNS, _COARSE = "runs", "coarse"
#: tells a study's runs from a folder of the user's that happens to have that name
_MARKER = ".study"


def coarser(config: RunConfig, columns: int, wall_cell: float) -> RunConfig:
    """The same cell, solved for its steady state on a coarser mesh (``wall_cell`` in m)."""
    largest = CELLS * config.mesh.max_cell if config.mesh.max_cell else config.cell.width / COARSE_ROWS
    mesh = config.mesh.model_copy(
        update={
            "columns": max(2, round(COLUMNS * columns)),
            "wall_cell": CELLS * wall_cell,
            "max_cell": largest,
        }
    )
    operation = config.operation.model_copy(update={"history": False, "output_times": ()})
    output = config.output.model_copy(update={"fields": False, "figures": False})
    return config.model_copy(update={"mesh": mesh, "operation": operation, "output": output})


def prepare(out: Path, *, overwrite: bool) -> None:
    """Make room for a study; refuses to replace anything it does not know. Raises StudyError."""
    try:
        _make_room(out, out / _RUNS, overwrite=overwrite)
    except OSError as error:
        raise StudyError(f"{out}: cannot hold results: {error.strerror or error}") from error


def _make_room(out: Path, runs: Path, *, overwrite: bool) -> None:
    """Empty folder of the runs, marked as a study's; an earlier study gives way."""
    if out.exists() and any(out.iterdir()):
        if not (runs / _MARKER).exists():
            raise StudyError(f"{out}: holds other files; choose another folder with -o")
        if not overwrite:
            raise StudyError(
                f"{out}: holds an earlier comparison; use --overwrite, or another folder with -o"
            )
        for path in (runs, out / _COARSE):
            shutil.rmtree(path, ignore_errors=True)
    runs.mkdir(parents=True, exist_ok=True)
    (runs / _MARKER).touch()


def run_folder(out: Path, *names: str) -> Path:
    """Where a study keeps one of its runs."""
    return out.joinpath(_RUNS, *names)


def run_all(jobs: Sequence[Job], out: Path, workers: int | None, tell: Callable[[str], None]) -> None:
    """Run the jobs (in folders below ``out``/runs) and their coarser twins. Raises StudyFailed."""
    batch = Batch(out / _RUNS / ".configs", workers, tell)

    def stop(number: int, frame: FrameType | None) -> None:
        batch.stop(number)

    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT):
        signal.signal(number, stop)
    batch.run(jobs)
    twins = {job: twin for job in jobs if (twin := _twin(job, out)) is not None}
    batch.run(list(twins.values()))
    for job, twin in twins.items():
        _attach_error(job.folder, twin.folder)
    shutil.rmtree(out / _RUNS / ".configs", ignore_errors=True)


def _twin(job: Job, out: Path) -> Job | None:
    """The run on a coarser mesh; a user's own mesh and a stated duration have none."""
    mesh = json.loads((job.folder / "manifest.json").read_text(encoding="utf-8"))["mesh"]
    if mesh["columns"] is None or job.config.operation.duration != "steady":
        return None
    twin = coarser(job.config, mesh["columns"], mesh["wall_cell_counter"][0])
    return Job(twin, out / _COARSE / job.folder.relative_to(out / _RUNS))


def _attach_error(folder: Path, twin: Path) -> None:
    """Difference to the coarser mesh, a safe estimate of the finer one's error, into summary.json."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    other = json.loads((twin / "summary.json").read_text(encoding="utf-8"))
    for name in WITH_ERROR:
        if summary[name] is not None and other[name] is not None:
            summary[f"mesh_error_{name}"] = abs(summary[name] - other[name])
    write_json(folder / "summary.json", summary)


def say(text: str) -> None:
    """Progress of a study, a line at a time."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def with_history(config: RunConfig) -> RunConfig:
    """The same run from rest, where it is a steady state."""
    if config.operation.duration != "steady":
        return config
    return config.model_copy(update={"operation": config.operation.model_copy(update={"history": True})})


def compare_configs(
    configs: Sequence[RunConfig], out: Path, *, overwrite: bool, history: bool, jobs: int | None
) -> int:
    """Run and compare; returns an exit code."""
    if history:
        configs = [with_history(config) for config in configs]
    names = [config.name for config in configs]
    if len(set(names)) < len(names):
        raise StudyError(f"configs of one comparison need different names, got {', '.join(names)}")
    prepare(out, overwrite=overwrite)
    folders = [run_folder(out, config.name) for config in configs]
    try:
        run_all([Job(c, folder) for c, folder in zip(configs, folders, strict=True)], out, jobs, say)
    except StudyFailed as failure:
        say(str(failure))
        return failure.code
    from sim.view import draw_comparison

    written = draw_comparison(folders, out, "comparison")
    say("\n".join(f"written: {path}" for path in written))
    return 0
