"""One life of Parsl: points go in, outcomes come out, and what breaks in between is noticed.

Parsl resubmits points whose worker or pilot job was lost. What it does not notice, or does not survive: the death of
its interchange; a worker killed while it held the lock of a queue that the others wait for; a worker killed between
taking a point and saying so. Hence the watch over the signs of life of the points at work.
"""

from __future__ import annotations

import atexit
import logging
import queue
import shutil
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.sweeps.executors import MakeExecutor
from sim.sweeps.order import KILLED, Order, Outcome

if TYPE_CHECKING:
    import psutil

#: a point whose worker is lost so many times is taken to be the cause
MOST_LOSSES = 4
#: with points in the hands of pilots, no result and no sign of life of any point for so long [s] is a standstill
STANDSTILL = 45.0
_CHECK_EVERY = 2.0
#: lines of a failed pilot's standard error that are told
_LAST_LINES = 5
#: Parsl may take so long to end [s], and so long its processes after it; a pilot gives its pool five seconds
_CLEANUP_PATIENCE, _END_PATIENCE = 20.0, 10.0


#: set once a Parsl whose interchange is gone was left behind: its threads wait for ever, see `sim.terminal.sweep_run`
left_behind = threading.Event()


class SessionBroken(Exception):
    """Parsl cannot go on; the message says why. What was computed stands."""


class PilotsFailed(SessionBroken):
    """One pilot job after the other failed."""


class Session:
    """A running Parsl for the points of one sweep, as a context."""

    def __init__(self, make: MakeExecutor, logs: Path, points: Path) -> None:
        self._make, self._logs, self._points = make, logs, points
        self._results: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._outstanding = 0
        self._last_check = self._last_sign = time.monotonic()
        self._signs: dict[str, float] = {}
        self._has_hands = False
        self._ended = threading.Event()

    def __enter__(self) -> Session:
        import parsl
        from parsl.config import Config

        self._logs.mkdir(parents=True, exist_ok=True)
        self._log = _log_to(self._logs / "parsl.log")
        self._executor = self._make(str(self._logs))
        config = Config(
            executors=[self._executor],
            retries=MOST_LOSSES - 1,
            retry_handler=_retry_cost,
            run_dir=str(self._logs),
            initialize_logging=False,
            strategy="simple",
            strategy_period=1,
            usage_tracking=0,
        )
        self._kernel = parsl.DataFlowKernel(config)
        threading.Thread(target=self._watch_hands, daemon=True, name="hands").start()
        return self

    def __exit__(self, *exception: object) -> None:
        """End Parsl. What asks an interchange that is gone waits for ever: it is left behind."""
        self._ended.set()
        own = _pilots_here(self._executor.provider)
        atexit.unregister(self._kernel.atexit_cleanup)
        cleanup = threading.Thread(target=self._kernel.cleanup, daemon=True, name="cleanup")
        if self._executor.interchange_proc.poll() is None:
            cleanup.start()
            cleanup.join(_CLEANUP_PATIENCE)
        if cleanup.ident is None or cleanup.is_alive():
            left_behind.set()
            self._executor.provider.cancel(list(self._executor.blocks_to_job_id.values()))
            self._executor.interchange_proc.kill()
        _await_end(own)
        logging.getLogger("parsl").removeHandler(self._log)
        self._log.close()

    def submit(self, orders: Iterable[Order]) -> None:
        """Hand in points, the function by its name: Parsl's decorator wraps it in code of this Python's own."""
        from sim.sweeps.worker import compute

        for order in orders:
            self._outstanding += 1
            options = {"executors": "all", "cache": False, "ignore_for_cache": [], "app_kwargs": {}}
            future = self._kernel.submit(compute, app_args=(order,), **options)
            future.add_done_callback(partial(self._arrived, order.id))

    def _arrived(self, identity: str, future: Any) -> None:
        self._results.put((identity, future))

    @property
    def outstanding(self) -> int:
        """Points handed in that have not come back."""
        return self._outstanding

    def next(self, patience: float) -> Outcome | None:
        """The next outcome, None where none comes within a time [s]. Raises SessionBroken."""
        try:
            identity, future = self._results.get(timeout=patience)
        except queue.Empty:
            self._check()
            return None
        self._last_sign = time.monotonic()
        self._outstanding -= 1
        return _outcome(identity, future.exception(), future)

    def _check(self) -> None:
        """Raise SessionBroken where nothing will come any more."""
        now = time.monotonic()
        if now - self._last_check < _CHECK_EVERY:
            return
        self._last_check = now
        code = self._executor.interchange_proc.poll()
        if code is not None:
            raise SessionBroken(f"Parsl's interchange ended with {code}")
        signs = _signs(self._points)
        if signs != self._signs or not self._has_hands:
            self._signs, self._last_sign = signs, now
        if now - self._last_sign > STANDSTILL:
            raise SessionBroken(f"no sign of life from any point for {STANDSTILL:.0f} s")

    def _watch_hands(self) -> None:
        """See whether a pilot has points: without one they wait for a scheduler, which may take days.

        From a thread of its own: an interchange that is gone lets whoever asks wait for ever.
        """
        while not self._ended.wait(_CHECK_EVERY):
            managers = self._executor.connected_managers()
            self._has_hands = any(manager["tasks"] for manager in managers)


def _pilots_here(provider: Any) -> list[psutil.Process]:
    """The processes of the pilot jobs that run on this machine without a scheduler."""
    import psutil

    found = []
    for job in provider.resources.values():
        with suppress(psutil.Error, KeyError):  # a scheduler's job has no such number
            pilot = psutil.Process(int(job["remote_pid"]))
            found += [pilot, *pilot.children(recursive=True)]
    return found


def _await_end(processes: list[psutil.Process]) -> None:
    """Wait for processes, which until they have ended may begin another point; kill what takes too long."""
    import psutil

    for process in psutil.wait_procs(processes, timeout=_END_PATIENCE)[1]:
        with suppress(psutil.Error):
            process.kill()


def _log_to(path: Path) -> logging.Handler:
    """Send Parsl's messages to a file, and nowhere else."""
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("parsl")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return handler


def _signs(points: Path) -> dict[str, float]:
    """The time of every run folder in the making."""
    found = {}
    for folder in points.glob(".*"):
        try:
            found[folder.name] = folder.stat().st_mtime
        except OSError:
            continue  # finished meanwhile
    return found


def _retry_cost(error: Exception, task: Any) -> float:
    """1 for a lost worker or pilot, else more than there is: a point that fails would fail again."""
    return 1.0 if _is_loss(error) else MOST_LOSSES


def _is_loss(error: BaseException | None) -> bool:
    from parsl.executors.high_throughput.errors import ManagerLost, WorkerLost

    return isinstance(error, (ManagerLost, WorkerLost))


def _outcome(identity: str, error: BaseException | None, future: Any) -> Outcome:
    """The outcome of a future that has ended; raises SessionBroken where the executor gave up."""
    if error is None:
        outcome: Outcome = future.result()
        return outcome
    if _is_loss(error):
        reason = f"its worker was lost {MOST_LOSSES} times, killed by a limit of memory or time? ({error})"
        return Outcome(identity, KILLED, reason, 0.0, "", 0.0)
    from parsl.executors.errors import BadStateException

    if isinstance(error, BadStateException):
        raise PilotsFailed(_last_words(str(error)))
    raise SessionBroken(f"{type(error).__name__}: {error}")


def _last_words(text: str) -> str:
    """What the last of several pilot jobs said on its standard error, of what Parsl tells of all of them."""
    said = [line.strip() for line in text.rpartition("STDERR:")[2].splitlines() if line.strip()]
    return f"job after job failed: {' | '.join(said[-_LAST_LINES:])}"


def remove_logs(logs: Path) -> None:
    """Remove what Parsl wrote; pilots that are ending may write a last line meanwhile."""
    for _ in range(10):
        shutil.rmtree(logs, ignore_errors=True)
        if not logs.exists():
            return
        time.sleep(0.2)
