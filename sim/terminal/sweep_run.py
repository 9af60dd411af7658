"""A sweep from the command line: its folder and lock, signals, progress, exit code, and the closing lines."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import typer

from sim.sweeps.engine import Engine, EngineFailed, Listener, Tally
from sim.sweeps.executors import MakeExecutor
from sim.sweeps.lock import SweepLock, SweepLocked
from sim.sweeps.plan import Plan
from sim.sweeps.session import left_behind
from sim.sweeps.status import duration
from sim.sweeps.store import SweepFolderError, SweepStore
from sim.terminal.interrupt import StopRequest
from sim.terminal.sweep_progress import SweepProgress

DONE, BUG, WRONG_INPUT, SOME_FAILED = 0, 1, 2, 3


def run_sweep(
    plan: Plan, folder: Path, make: MakeExecutor, *, resume: bool, overwrite: bool, retry_failed: bool
) -> int:
    """Compute what a sweep's folder lacks and say how it went; returns the exit code.

    0 all points are done, 2 the folder cannot be used, 3 points failed, 75 and 130 stopped on request.
    """
    request = StopRequest().install()
    store = SweepStore(folder)
    try:
        store.make()
        with SweepLock(store.root) as lock:
            store.prepare(plan, resume=resume, overwrite=overwrite)
            return _run(plan, store, lock, make, request, retry_failed=retry_failed)
    except (SweepFolderError, SweepLocked) as error:
        return _say(str(error), WRONG_INPUT)


def leave(code: int) -> None:
    """End with an exit code where it is not 0; at once where a Parsl was left behind.

    Its threads wait for an interchange that is gone, and Python would wait for them. What is done is written by now.
    """
    if left_behind.is_set():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    if code:
        raise typer.Exit(code)


def _run(
    plan: Plan,
    store: SweepStore,
    lock: SweepLock,
    make: MakeExecutor,
    request: StopRequest,
    *,
    retry_failed: bool,
) -> int:
    began = time.monotonic()
    missing = store.missing(plan, retry_failed=retry_failed)
    total, done = len(plan.unique()), len(store.done() & set(plan.unique()))
    store.log(f"{len(missing)} of {total} points to compute")
    with SweepProgress(plan.spec.name, total, done, total - done - len(missing)) as progress:
        listener = Listener(
            outcome=progress.outcome, note=progress.note, stop=request.asked, alive=lock.sign_of_life
        )
        try:
            tally = Engine(store, plan, make, listener).run(missing)
        except EngineFailed as error:
            return _say(f"{error}; go on with --resume", BUG)
    spent = time.monotonic() - began
    return _close(store, plan, tally, spent, request)


def _close(store: SweepStore, plan: Plan, tally: Tally, spent: float, request: StopRequest) -> int:
    """What a reader wants to know at the end; returns the exit code."""
    _tabulate(store)
    planned = set(plan.unique())
    done = len(store.done() & planned)
    failed = [one for one in store.failures() if one.id in planned]
    counts = f"{done} of {len(planned)} points done, {len(failed)} failed"
    store.log(f"ended: {counts}")
    if tally.stopped and done + len(failed) < len(planned):
        return _say(f"stopped with {counts}; go on with --resume ({store.root})", request.exit_code)
    if tally.too_many_failures and done + len(failed) < len(planned):
        limit = f"stopped after {tally.failed} failures"
        return _say(f"{limit} with {counts}: see {store.root / 'failures'}", SOME_FAILED)
    if failed:
        hint = "try them again with --resume --retry-failed"
        return _say(f"{counts}: see {store.root / 'failures'}; {hint}", SOME_FAILED)
    sys.stdout.write(f"{counts} in {duration(spent)}\nresults: {store.root}\n")
    return DONE


def _tabulate(store: SweepStore) -> None:
    """The table of what is done. The points are whole without it, so that it only says what hinders it."""
    from sim.sweeps.table import table_remarks, write_tables

    try:
        write_tables(store.root)
        for remark in table_remarks(store.root):
            sys.stderr.write(f"{remark}\n")
    except (OSError, ImportError) as error:
        sys.stderr.write(f"no table yet ({error}): sim sweep table {store.root}\n")


def _say(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
