"""One run from the command line: communicator, signals, progress, exit code, and the closing lines."""

from __future__ import annotations

import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import startup
from sim.config import RunConfig
from sim.terminal.interrupt import StopRequest
from sim.terminal.progress import RunProgress

if TYPE_CHECKING:
    from sim.simulation import Monitor, Result
    from sim.studies.tolerance import Meshed

DONE, BUG, WRONG_INPUT, GAVE_UP = 0, 1, 2, 3


def run_session(
    config: RunConfig,
    folder: Path,
    *,
    resume: bool,
    overwrite: bool,
    mesh_study: bool = False,
    tolerance: float | None = None,
    profile: bool = False,
    quiet: bool = False,
) -> int:
    """Run one config on all ranks, on the mesh that a tolerance [1] asks for, on two more meshes for a study, and say
    how it went and, as a profile, where the time went; returns the exit code."""
    request = StopRequest().install()
    comm = communicator()
    from sim.domain.errors import DomainError
    from sim.domain.refine import check_refinable
    from sim.output.folder import RunFolderError, check_free
    from sim.simulation import Monitor, run
    from sim.solve.errors import Interrupted, SolverGaveUp

    start_up = age_of_process()
    silent = quiet or comm.rank > 0
    result = None
    try:
        if mesh_study or tolerance is not None:
            check_refinable(config)
        with RunProgress(config.name, config.operation.duration, quiet=silent) as progress:
            monitor = Monitor(progress.stage, progress.step, request.agreed(comm))
            meshed, stages = None, {"start-up": start_up}
            if tolerance is not None:
                check_free(folder, resume=resume, overwrite=overwrite)
                meshed, stages["search for a mesh"] = _mesh_for(config, tolerance, comm, monitor)
                config = meshed.config
            result = run(config, folder, comm, resume=resume, overwrite=overwrite, monitor=monitor)
            stages |= result.stages | _draw(config, folder, comm)
            summary = result.summary if meshed is None else _attach(result, meshed, comm)
            if mesh_study:
                summary, stages["mesh study"] = _study(config, result, comm, monitor)
    except (RunFolderError, DomainError) as error:
        return tell(comm, str(error), WRONG_INPUT)
    except SolverGaveUp as error:
        kept = (
            f"{folder} up to the last accepted step" if result is None else f"{folder}, without a mesh study"
        )
        return tell(comm, f"{error}\nkept: {kept}", GAVE_UP)
    except Interrupted:
        return tell(comm, _stopped(folder, finished=result is not None), request.exit_code)
    except Exception:
        if comm.size == 1:
            raise
        traceback.print_exc()
        comm.Abort(BUG)
    if not silent:
        if meshed is not None:
            sys.stdout.write(f"mesh within {meshed.search.tolerance:g}: {meshed.settings()}\n")
        _close(summary, stages, folder)
        if profile and result is not None and result.stages:  # not where the run was finished before
            _tell_profile(result, stages)
    return DONE


def age_of_process() -> float:
    """Time since this process began [s], to about 0.01 s; the launcher's is the same process.

    Both by the clock that counts from the start of the machine: the time of day at which that was is known to the
    second only. Where the system has no such clock, by that time all the same.
    """
    try:
        fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - began
    except (OSError, AttributeError):
        import psutil

        return time.time() - psutil.Process().create_time()


def _tell_profile(result: Result, stages: dict[str, float]) -> None:
    """Print the stages and their parts, and keep them in the manifest."""
    from sim.output.profile import Profile, peak_memory, store_profile

    profile = Profile(stages, result.parts, result.unknowns, peak_memory())
    sys.stdout.write("\n".join(profile.lines()) + "\n")
    if result.folder is not None:
        store_profile(result.folder, profile)


def _stopped(folder: Path, *, finished: bool) -> str:
    """What a stopped run left, and how to go on."""
    if finished:
        return f"stopped; the run is complete, its mesh study is not: --resume --mesh-study starts it anew ({folder})"
    saved = (folder / "checkpoint.npz").exists()
    hint = "continue with --resume" if saved else "nothing was saved yet, --resume starts anew"
    return f"stopped; {hint} ({folder})"


def _draw(config: RunConfig, folder: Path, comm: Any) -> dict[str, float]:
    """Draw the run's figures on rank 0; returns the time it took [s]."""
    if comm.rank > 0 or not config.output.figures:
        return {}
    drawn = time.perf_counter()
    from sim.view import draw_run

    draw_run(folder)
    return {"figures": time.perf_counter() - drawn}


def _study(config: RunConfig, result: Result, comm: Any, monitor: Monitor) -> tuple[dict[str, Any], float]:
    """The summary with the errors of the mesh, unless the folder has them already, and the time it took [s]."""
    from sim.studies.mesh_study import attach, has_study, study_mesh

    began = time.perf_counter()
    summary = result.summary
    if not has_study(result.folder, comm):
        estimates = study_mesh(config, summary, comm, monitor)
        summary = attach(result.folder, summary, estimates, comm)
    return summary, time.perf_counter() - began


def _mesh_for(config: RunConfig, tolerance: float, comm: Any, monitor: Monitor) -> tuple[Meshed, float]:
    """The config on the mesh that a tolerance asks for, and the time the search took [s]."""
    from sim.studies.tolerance import mesh_for

    began = time.perf_counter()
    return mesh_for(config, tolerance, comm, monitor), time.perf_counter() - began


def _attach(result: Result, meshed: Meshed, comm: Any) -> dict[str, Any]:
    """The summary with the errors of the mesh that was found."""
    from sim.studies.tolerance import attach_tolerance

    return attach_tolerance(result.folder, result.summary, meshed, comm)


def communicator() -> Any:
    """All ranks, with PETSc leaving the signals to us, and all modules that solve imported."""
    import petsc4py

    petsc4py.init(["sim", "-no_signal_handler"])
    from mpi4py import MPI

    import sim.simulation  # noqa: F401 all that solves

    startup.settled()
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
    if "worst_budget_error" in summary:  # not in folders of an earlier version, which --resume opens too
        lines.append(f"budgets close to {summary['worst_budget_error']:.1e}")
    if "mesh_error_current_density_cv" in summary:
        errors = (
            _error(summary[f"mesh_error_{name}"])
            for name in ("current_density_mean_A_m2", "current_density_cv")
        )
        lines.append("errors of the mesh: current density {} A/m^2, CV {}".format(*errors))
    lines += [f"warning: {text}" for text in summary.get("warnings", ())]
    times = ", ".join(f"{name} {seconds:.2f}" for name, seconds in stages.items())
    lines += [f"time [s]: {times}, total {sum(stages.values()):.2f}", f"results: {folder}"]
    sys.stdout.write("\n".join(lines) + "\n")


def _number(value: float | None) -> str:
    return "-" if value is None or value != value else f"{value:.5f}"


def _error(value: float | None) -> str:
    return "-" if value is None or value != value else f"{value:.1e}"
