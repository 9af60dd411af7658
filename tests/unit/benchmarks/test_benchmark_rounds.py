"""Entries take turns; slow and failing ones are spared."""

from __future__ import annotations

from benchmarks.model import NGSOLVE, OURS, Case, Entry
from benchmarks.process import ProcessFailedError
from benchmarks.rounds import Patience, perform
from tests.unit.benchmarks.made_up_runs import run

PEER = Entry(NGSOLVE, "used", "P1", {"columns": 100, "times": (1.0, 2.0), "compiled": True})
MINE = Entry(OURS, "used", "default", {"columns": 100, "times": (1.0, 2.0)})
CASE = Case("case", "a case", (MINE, PEER), (1.0,))


class Recording:
    """A runner that writes down who ran, warm-ups apart, and takes `seconds` of each code."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.order, self.warmed = seconds, [], []

    def __call__(self, entry: Entry, reference: tuple[float, ...], limit: float):
        if not reference:
            self.warmed.append(entry)
            return run(0.1)
        self.order.append(entry.code)
        if self.seconds[entry.code] > limit:
            raise ProcessFailedError(f"more than {limit:g} s")
        return run(self.seconds[entry.code])


def quiet(text: str) -> None:
    """Nobody reads."""


def test_turns_are_taken():
    runner = Recording({OURS: 1.0, NGSOLVE: 2.0})
    ours, peer = perform(CASE, runner, Patience(repeats=3), quiet)
    assert runner.order == [OURS, NGSOLVE] * 3
    assert len(ours.runs) == len(peer.runs) == 3


def test_warm_ups_are_small_and_of_the_same_kind():
    runner = Recording({OURS: 1.0, NGSOLVE: 2.0})
    perform(CASE, runner, Patience(repeats=1), quiet)
    mine, peer = runner.warmed
    assert mine.settings == {
        "columns": 2,
        "times": (1.0,),
    }  # a transient's kernels are not those of a steady state
    assert peer.settings["columns"] == 2
    assert peer.settings["times"] == ()


def test_cold_entries_are_not_warmed_up():
    runner = Recording({OURS: 1.0})
    perform(
        Case("cold", "cold", (Entry(OURS, "used", "cold", cold=True),), (1.0,)), runner, Patience(1), quiet
    )
    assert runner.warmed == []


def test_slow_entries_get_fewer_runs():
    runner = Recording({OURS: 1.0, NGSOLVE: 40.0})
    ours, peer = perform(CASE, runner, Patience(repeats=5, limit=900.0, all_runs=100.0), quiet)
    assert len(ours.runs) == 5
    assert len(peer.runs) == 2


def test_who_passes_the_limit_is_not_tried_again_and_told():
    runner, told = Recording({OURS: 1.0, NGSOLVE: 40.0}), []
    ours, peer = perform(CASE, runner, Patience(repeats=5, limit=10.0), told.append)
    assert runner.order.count(NGSOLVE) == 1
    assert peer.runs == ()
    assert peer.note == "more than 10 s"
    assert len(ours.runs) == 5
    assert any("more than 10 s" in line for line in told)
