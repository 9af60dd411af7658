"""One run from the command line: communicator, signals, progress, exit code, and the closing lines."""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from typing import Any

from sim.config import RunConfig
from sim.terminal.interrupt import StopRequest
from sim.terminal.progress import RunProgress

DONE, BUG, WRONG_INPUT, GAVE_UP = 0, 1, 2, 3
#: budgets that close worse than this are pointed out
BUDGET_TOLERANCE = 1e-6


def run_session(
    config: RunConfig, folder: Path, *, resume: bool, overwrite: bool, started: float, quiet: bool = False
) -> int:
    """Run one config on all ranks and say how it went; returns the exit code."""
    request = StopRequest().install()
    comm = communicator()
    import_seconds = time.perf_counter() - started
    from sim.domain.errors import DomainError
    from sim.output.folder import RunFolderError
    from sim.simulation import Monitor, run
    from sim.solve.errors import Interrupted, SolverGaveUp

    import_seconds = time.perf_counter() - started
    silent = quiet or comm.rank > 0
    try:
        with RunProgress(config.name, config.operation.duration, quiet=silent) as progress:
            monitor = Monitor(progress.stage, progress.step, request.agreed(comm))
            result = run(config, folder, comm, resume=resume, overwrite=overwrite, monitor=monitor)
    except (RunFolderError, DomainError) as error:
        return tell(comm, str(error), WRONG_INPUT)
    except SolverGaveUp as error:
        return tell(comm, f"{error}\nkept: {folder} up to the last accepted step", GAVE_UP)
    except Interrupted:
        saved = (folder / "checkpoint.npz").exists()
        hint = "continue with --resume" if saved else "nothing was saved yet, --resume starts anew"
        return tell(comm, f"stopped; {hint} ({folder})", request.exit_code)
    except Exception:
        if comm.size == 1:
            raise
        traceback.print_exc()
        comm.Abort(BUG)
    stages = {"import": import_seconds, **result.stages}
    if comm.rank == 0 and config.output.figures:
        drawn = time.perf_counter()
        from sim.view import draw_run

        draw_run(folder)
        stages["figures"] = time.perf_counter() - drawn
    if not silent:
        _close(result.summary, stages, folder)
    return DONE


def communicator() -> Any:
    """All ranks, with PETSc leaving the signals to us."""
    import petsc4py

    petsc4py.init(["sim", "-no_signal_handler"])
    from mpi4py import MPI

    return MPI.COMM_WORLD


def tell(comm: Any, message: str, code: int) -> int:
    """Say a message once and return the exit code, on every rank."""
    if comm.rank == 0:
        sys.stderr.write(message + "\n")
    comm.barrier()
    return code


def _close(summary: dict[str, Any], stages: dict[str, float], folder: Path) -> None:
    """The main numbers, the time by stage, and where the rest is."""
    mean, voltage = summary["current_density_mean_A_m2"], summary["cell_voltage_V"]
    lines = [
        f"current density {mean:.6g} A/m^2 at {voltage:.6g} V, j/j_lim {summary['j_over_j_lim']:.4f}",
        f"unevenness of plating: CV {_number(summary['current_density_cv'])}, "
        f"max/mean {_number(summary['current_density_max_over_mean'])}",
    ]
    errors = {name: summary[name] for name in summary if name.endswith("_error")}
    worst = max((value for value in errors.values() if value is not None), default=0.0)
    lines.append(f"budgets close to {worst:.1e}")
    if worst > BUDGET_TOLERANCE:
        listed = ", ".join(f"{name} {value:.1e}" for name, value in errors.items() if value is not None)
        lines.append(f"warning: the budgets do not close ({listed}): do not trust this result")
    times = ", ".join(f"{name} {seconds:.2f}" for name, seconds in stages.items())
    lines += [f"time [s]: {times}, total {sum(stages.values()):.2f}", f"results: {folder}"]
    sys.stdout.write("\n".join(lines) + "\n")


def _number(value: float | None) -> str:
    return "-" if value is None or value != value else f"{value:.5f}"
