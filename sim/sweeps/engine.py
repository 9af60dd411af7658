"""Computes the missing points of a sweep: hands them to Parsl, records what comes back, and begins anew where it broke.

The caller holds the folder's lock and has prepared it. Whatever ends this process, what is done is in the folder, and
the next call computes the rest.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.sweeps.executors import MakeExecutor
from sim.sweeps.order import Order, Outcome
from sim.sweeps.plan import Plan
from sim.sweeps.session import PilotsFailed, Session, SessionBroken, remove_logs
from sim.sweeps.store import Failure, SweepStore

#: Parsl is started anew so many times in a row without a result in between
MOST_RESTARTS = 3
#: the sweep looks for a request to stop this often [s], and tells other machines that it lives
_LISTEN, _SIGN_OF_LIFE = 0.2, 30.0
_REMOVALS = 10


class EngineFailed(Exception):
    """The sweep cannot go on, for a reason that is none of its points'; what is done stands."""


@dataclass(frozen=True)
class Listener:
    """Who follows a sweep: `outcome` hears of every point, `note` of what else happens, `stop` is asked a few times a
    second, `alive` is called every half minute."""

    outcome: Callable[[Outcome], None] = lambda outcome: None
    note: Callable[[str], None] = lambda text: None
    stop: Callable[[], bool] = lambda: False
    alive: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Tally:
    """How a sweep ended: points done and failed now, whether it was stopped on request, and by too many failures."""

    done: int
    failed: int
    stopped: bool = False
    too_many_failures: bool = False


class Engine:
    """One run over the missing points of a sweep."""

    def __init__(self, store: SweepStore, plan: Plan, make: MakeExecutor, listener: Listener) -> None:
        self._store, self._plan, self._make, self._listener = store, plan, make, listener
        self._points = plan.unique()
        self._attempts = {failure.id: failure.attempts for failure in store.failures()}
        self._done = self._failed = 0
        self._last_alive = time.monotonic()

    def run(self, ids: list[str]) -> Tally:
        """Compute points; raises EngineFailed."""
        missing = dict.fromkeys(ids)
        logs = (self._store.root / ".parsl").resolve()
        breaks = 0
        while missing and not self._ends():
            before = len(missing)
            try:
                self._session(missing, logs)
            except SessionBroken as error:
                idle = len(missing) == before
                if idle and isinstance(error, PilotsFailed):  # more jobs would wait in vain, too
                    raise EngineFailed(f"{error} (see {logs})") from error
                breaks = breaks + 1 if idle else 1
                self._note(f"{error}; starting anew with {len(missing)} points")
                if breaks > MOST_RESTARTS:
                    raise EngineFailed(f"{error} ({breaks} times in a row; see {logs})") from error
        remove_logs(logs)
        remove_leftovers(self._store.root / "points")
        return Tally(self._done, self._failed, self._listener.stop(), self._too_many())

    def _session(self, missing: dict[str, None], logs: Path) -> None:
        """Hand the missing points to Parsl, and take away what comes back, until none is left or the sweep ends."""
        with Session(self._make, logs, self._store.root / "points") as session:
            session.submit(map(self._order, list(missing)))
            while session.outstanding and not self._ends():
                outcome = session.next(_LISTEN)
                if outcome is not None:
                    missing.pop(outcome.id, None)
                    self._record(outcome)
                self._live()

    def _order(self, identity: str) -> Order:
        spec = self._plan.spec
        mapping = self._plan.mapping(self._points[identity].point)
        root = str(self._store.root.resolve())
        return Order(identity, mapping, root, spec.ranks, spec.mesh_study, spec.warm_start)

    def _record(self, outcome: Outcome) -> None:
        if outcome.done:
            self._done += 1
        else:
            self._failed += 1
            attempts = self._attempts.get(outcome.id, 0) + 1
            self._store.fail(Failure(outcome.id, outcome.reason, outcome.code, attempts))
            self._store.log(f"{outcome.id} failed: {outcome.reason}")
        self._listener.outcome(outcome)

    def _live(self) -> None:
        if time.monotonic() - self._last_alive > _SIGN_OF_LIFE:
            self._last_alive = time.monotonic()
            self._listener.alive()

    def _ends(self) -> bool:
        return self._too_many() or self._listener.stop()

    def _too_many(self) -> bool:
        limit = self._plan.spec.failures
        return limit is not None and self._failed >= limit

    def _note(self, text: str) -> None:
        self._store.log(text)
        self._listener.note(text)


def remove_leftovers(points: Path) -> None:
    """Remove run folders that were in the making; workers that are ending may still write into them."""
    for _ in range(_REMOVALS):
        for left in points.glob(".*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        if not any(points.glob(".*")):
            return
        time.sleep(_LISTEN)
