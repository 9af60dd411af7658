"""One virtual experiment from the command line: communicator, signals, progress, exit code, and the closing lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sim.config import RunConfig
from sim.terminal.interrupt import StopRequest
from sim.terminal.session import BUG, DONE, GAVE_UP, WRONG_INPUT, communicator, tell


def run_experiment(name: str, config: RunConfig, path: Path, *, overwrite: bool) -> int:
    """Do one experiment on all ranks, write its folder and its figures; returns the exit code."""
    request = StopRequest().install()
    comm = communicator()
    from sim.domain.errors import DomainError
    from sim.experiments.folder import ExperimentFolder
    from sim.experiments.live_cell import Lab
    from sim.experiments.registry import find_experiment
    from sim.experiments.result import ExperimentError
    from sim.output.folder import RunFolderError
    from sim.solve.errors import Interrupted, SolverGaveUp

    folder: ExperimentFolder | None = None
    problem: str | None = None
    if comm.rank == 0:
        try:
            folder = ExperimentFolder(path, name, config, overwrite=overwrite)
        except RunFolderError as error:
            problem = str(error)
    problem = comm.bcast(problem, root=0)
    if problem is not None:
        return tell(comm, problem, WRONG_INPUT)

    def end(status: str, message: str, code: int) -> int:
        if folder is not None:
            folder.fail(status, message)
        return tell(comm, message, code)

    lab = Lab(comm, _say if comm.rank == 0 else _nobody, request.agreed(comm))
    try:
        result = find_experiment(name)(config, lab)
    except (ExperimentError, DomainError) as error:
        return end("failed", str(error), WRONG_INPUT)
    except SolverGaveUp as error:
        return end("failed", str(error), GAVE_UP)
    except Interrupted:
        return end("interrupted", f"stopped; nothing of {name} is kept, start it again", request.exit_code)
    except BaseException as error:
        if folder is not None:
            folder.fail("failed", f"{type(error).__name__}: {error}")
        if comm.size > 1:
            import traceback

            traceback.print_exc()
            comm.Abort(BUG)
        raise
    if folder is not None:
        folder.finish(result)
        from sim.view.experiments import draw_experiment

        draw_experiment(path)
        _close(result, path)
    comm.barrier()
    return DONE


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _nobody(text: str) -> None:
    """Other ranks say nothing."""


def _close(result: Any, path: Path) -> None:
    """The numbers, what to know about them, and what could not be had."""
    lines = [f"{key} {_text(value)}" for key, value in result.summary.items()]
    lines += list(result.remarks)
    lines += [f"skipped: {one.point}: {one.reason}" for one in result.skipped]
    sys.stdout.write("\n".join([*lines, f"results: {path}"]) + "\n")


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "-" if value is None else str(value)
