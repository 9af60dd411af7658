"""What the engine makes of outcomes, breaks and requests to stop; Parsl is played."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from sim.sweeps import SweepStore, engine
from sim.sweeps.engine import MOST_RESTARTS, Engine, EngineFailed, Listener
from sim.sweeps.order import DONE, GAVE_UP, Order, Outcome
from sim.sweeps.session import SessionBroken

AXES: list[dict[str, Any]] = [{"key": "operation.voltage", "values": [f"0.{n} V" for n in range(1, 7)]}]


class Played:
    """Sessions that follow a script: one outcome code per point, or a break, in the order of events."""

    def __init__(self, script: list[int | str]) -> None:
        self.script = script
        self.submitted: list[list[str]] = []

    def __call__(self, make: Any, logs: Any, points: Any) -> Played:
        return self

    def __enter__(self) -> Played:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def submit(self, orders: Iterable[Order]) -> None:
        self.orders = list(orders)
        self.submitted.append([order.id for order in self.orders])

    @property
    def outstanding(self) -> int:
        return len(self.orders)

    def next(self, patience: float) -> Outcome | None:
        if not self.script:
            return None
        event = self.script.pop(0)
        if isinstance(event, str):
            raise SessionBroken(event)
        return Outcome(self.orders.pop(0).id, event, "reason" if event else "", 1.0, "w", 100.0)


@pytest.fixture
def sweep(plan, tmp_path, monkeypatch):
    """Runs the engine over six points: sweep(script, failures=…) gives (tally or error, store, sessions)."""

    def run(
        script: list[int | str], listener: Listener | None = None, **keys: Any
    ) -> tuple[Any, SweepStore, Played]:
        planned = plan(axes=AXES, **keys)
        store = SweepStore(tmp_path / "out")
        store.make()
        store.prepare(planned, resume=store.exists, overwrite=False)
        played = Played(list(script))
        monkeypatch.setattr(engine, "Session", played)
        missing = store.missing(planned, retry_failed=True)
        try:
            return Engine(store, planned, None, listener or Listener()).run(missing), store, played
        except EngineFailed as error:
            return error, store, played

    return run


def test_outcomes_are_counted_and_failures_recorded(sweep) -> None:
    heard: list[Outcome] = []
    tally, store, _ = sweep([0, GAVE_UP, 0, 0, 137, 0], Listener(outcome=heard.append))
    assert (tally.done, tally.failed, tally.stopped, tally.too_many_failures) == (4, 2, False, False)
    assert [one.code for one in heard] == [DONE, GAVE_UP, DONE, DONE, 137, DONE]
    assert sorted((one.exit_code, one.attempts) for one in store.failures()) == [(GAVE_UP, 1), (137, 1)]
    assert "failed: reason" in (store.root / "log.txt").read_text()


def test_attempts_add_up(sweep) -> None:
    sweep([GAVE_UP] * 6)
    _, store, _ = sweep([GAVE_UP] * 6)
    assert [one.attempts for one in store.failures()] == [2] * 6


def test_a_sweep_ends_with_its_limit_of_failures(sweep) -> None:
    tally, store, _ = sweep([0, GAVE_UP, GAVE_UP, 0, 0, 0], failures=2)
    assert tally.too_many_failures and (tally.done, tally.failed) == (1, 2)
    assert len(store.failures()) == 2


def test_after_a_break_only_what_is_missing_is_handed_in_again(sweep) -> None:
    notes: list[str] = []
    tally, _, played = sweep([0, 0, "gone", 0, "gone again", 0, 0, 0], Listener(note=notes.append))
    assert tally.done == 6
    first, second, third = played.submitted
    assert (second, third) == (first[2:], first[3:])
    assert notes == ["gone; starting anew with 4 points", "gone again; starting anew with 3 points"]


def test_breaks_without_a_result_end_the_sweep(sweep) -> None:
    error, _, played = sweep([0, *["no workers"] * 9])
    assert isinstance(error, EngineFailed) and "no workers" in str(error)
    assert len(played.submitted) == 1 + MOST_RESTARTS


def test_a_request_to_stop_is_heard(sweep) -> None:
    asked = iter([False, False, False, True, True, True, True])
    tally, _, played = sweep([0] * 6, Listener(stop=lambda: next(asked, True)))
    assert tally.stopped and 0 < tally.done < 6 and len(played.submitted) == 1


def test_leftovers_are_removed(sweep, tmp_path) -> None:
    scratch = tmp_path / "out" / "points" / ".id.worker"
    played: list[Outcome] = []

    def leave(outcome: Outcome) -> None:
        played.append(outcome)
        scratch.mkdir(exist_ok=True)
        (scratch / "config.yaml").touch()
        scratch.with_name(".id.worker.yaml").touch()

    sweep([0] * 6, Listener(outcome=leave))
    assert played and not list(scratch.parent.glob(".*"))
