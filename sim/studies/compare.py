"""Several configs side by side: their runs, the error of their meshes, one set of figures and one table."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from sim.config import RunConfig
from sim.output.folder import read_status
from sim.studies.batch import Batch, Job, StudyError, StudyFailed

_RUNS = "runs"
#: exit code of a run whose solver gave up
GAVE_UP = 3
#: tells a study's runs from a folder of the user's that happens to have that name
_MARKER = ".study"


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
        shutil.rmtree(runs, ignore_errors=True)
        (out / "report.html").unlink(missing_ok=True)
    runs.mkdir(parents=True, exist_ok=True)
    (runs / _MARKER).touch()


def run_folder(out: Path, *names: str) -> Path:
    """Where a study keeps one of its runs."""
    return out.joinpath(_RUNS, *names)


def run_all(jobs: Sequence[Job], out: Path, workers: int | None, tell: Callable[[str], None]) -> None:
    """Run the jobs (in folders below ``out``/runs), each with its mesh study. Raises StudyFailed."""
    batch = Batch(out / _RUNS / ".configs", workers, tell)

    def stop(number: int, frame: FrameType | None) -> None:
        batch.stop(number)

    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT):
        signal.signal(number, stop)
    try:
        batch.run(jobs)
    except StudyFailed as failure:
        # a run whose mesh study alone gave up is complete: it is compared without the error of its mesh
        if failure.code != GAVE_UP or any(read_status(job.folder) != "done" for job in jobs):
            raise
        tell(str(failure))
    shutil.rmtree(out / _RUNS / ".configs", ignore_errors=True)


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
    from sim.view import comparison_remarks, draw_comparison

    written = draw_comparison(folders, out, "comparison")
    say("\n".join([*(f"written: {path}" for path in written), *comparison_remarks(folders)]))
    return 0
