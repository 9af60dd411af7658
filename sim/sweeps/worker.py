"""One point of a sweep in a warm process: what is imported, compiled and meshed for one serves the next.

The run folder grows beside its final name under the name of the worker and is renamed when it is whole, so that a
worker that dies at any moment leaves nothing that looks like a result. Failures come back in the `Outcome`; whoever
runs the sweep records them, so that a worker whose sweep was killed cannot.

The one module of this room that needs dolfinx, and only while it computes.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sim.config import ConfigError, RunConfig
from sim.config.loader import build_config
from sim.output.profile import peak_memory
from sim.sweeps.mpirun import run_on_ranks
from sim.sweeps.order import BUG, DONE, GAVE_UP, WRONG_INPUT, Order, Outcome, PointFailed
from sim.sweeps.store import SweepFolderError, SweepStore, is_whole

#: a point at work renews the time of its folder this often [s]
SIGN_OF_LIFE = 5.0
#: Open MPI's setting of the ways between ranks; points of several ranks are processes of their own and keep theirs
_TRANSPORTS = "OMPI_MCA_btl"


def compute(order: Order) -> Outcome:
    """Compute one point into its folder of the sweep. Raises nothing that is the point's own fault."""
    began = time.monotonic()
    code, reason = DONE, ""
    try:
        _compute(order)
    except PointFailed as error:
        code, reason = error.code, str(error)
    except MemoryError:
        code, reason = BUG, "out of memory"
        _pool.cache_clear()  # the next point may need what earlier ones left
    except Exception as error:  # noqa: BLE001 -- whatever one point does, the others go on
        code, reason = BUG, f"{type(error).__name__}: {error} ({_place(error)})"
    gc.collect()  # matrices and factors hang in cycles; what was imported is frozen and costs nothing here
    return Outcome(order.id, code, reason, time.monotonic() - began, worker_name(), peak_memory())


@cache
def worker_name() -> str:
    """A name that no other process has, also none of an earlier sweep on another machine."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _compute(order: Order) -> None:
    store = SweepStore(order.root)
    if is_whole(store.folder(order.id)):
        return  # finished by a worker that was believed lost
    folder = store.scratch(order.id, worker_name())
    folder.mkdir(parents=True)
    try:
        config = build_config(order.mapping, order.root)
        with _alive(folder):
            if order.ranks > 1:
                run_on_ranks(config, folder, order.ranks, mesh_study=order.mesh_study)
            else:
                _run_here(config, folder, mesh_study=order.mesh_study, warm_start=order.warm_start)
        store.finish(order.id, worker_name())
    except (ConfigError, SweepFolderError) as error:
        raise PointFailed(WRONG_INPUT, str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # of a point that failed; one that is done was renamed


def _run_here(config: RunConfig, folder: Path, *, mesh_study: bool, warm_start: bool) -> None:
    """The run in this process, with what `sim run` adds to it."""
    comm = _warm_up()
    from sim.domain.errors import DomainError
    from sim.domain.refine import check_refinable
    from sim.output.folder import RunFolderError
    from sim.simulation import Monitor, run
    from sim.solve.errors import SolverGaveUp
    from sim.studies.mesh_study import attach, study_mesh

    try:
        if mesh_study:
            check_refinable(config)
        summary = run(config, folder, comm, pool=_pool(warm_start)).summary
        if config.output.figures:
            from sim.view import draw_run

            draw_run(folder)
        if mesh_study:
            attach(folder, summary, study_mesh(config, summary, comm, Monitor()), comm)
    except (DomainError, RunFolderError) as error:
        raise PointFailed(WRONG_INPUT, str(error)) from error
    except SolverGaveUp as error:
        raise PointFailed(GAVE_UP, str(error)) from error


@cache
def _warm_up() -> Any:
    """Import the simulator and start MPI, once; what is loaded by now is never looked at by the garbage collector."""
    with _without_neighbours():
        from sim.solve.parallel import alone

        comm = alone()
    import sim.simulation  # noqa: F401

    gc.collect()
    gc.freeze()
    return comm


@cache
def _pool(warm_start: bool) -> Any:
    """Compiled cells that the points of this process share."""
    from sim.wiring import CellPool

    return CellPool(warm_start=warm_start)


@contextmanager
def _without_neighbours() -> Iterator[None]:
    """Let Open MPI start without shared memory, of which a worker that is ended leaves a piece on its node."""
    before = os.environ.get(_TRANSPORTS)
    os.environ[_TRANSPORTS] = "self"
    try:
        yield
    finally:
        del os.environ[_TRANSPORTS]
        if before is not None:
            os.environ[_TRANSPORTS] = before


@contextmanager
def _alive(folder: Path) -> Iterator[None]:
    """Renew the time of a folder while a point is at work in it."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(SIGN_OF_LIFE):
            with suppress(OSError):
                os.utime(folder)

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _place(error: BaseException) -> str:
    """File and line where an exception was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
