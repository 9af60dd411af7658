"""Stages of time, and the profile that is made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.output.profile import Profile, peak_memory, store_profile
from sim.solve.stopwatch import Stopwatch

PROFILE = Profile(
    {"mesh": 1.0, "solve": 3.0}, {"solve": {"residuals": (0.5, 12), "factorisations": (1.5, 4)}}, 1234, 99.5
)


def test_the_stopwatch_adds_up_and_keeps_the_order() -> None:
    watch = Stopwatch()
    for name in ("mesh", "solve", "mesh"):
        with watch.stage(name):
            pass
    with pytest.raises(ValueError, match="x"), watch.stage("fails"):
        raise ValueError("x")
    assert list(watch.seconds) == ["mesh", "solve", "fails"]
    assert watch.calls == {"mesh": 2, "solve": 1, "fails": 1}
    assert all(0 <= seconds < 1 for seconds in watch.seconds.values())


def test_what_came_after_a_copy() -> None:
    watch = Stopwatch()
    watch.seconds, watch.calls = {"a": 1.0}, {"a": 1}
    copy = watch.copy()
    watch.seconds |= {"a": 1.5, "b": 2.0}
    watch.calls |= {"a": 3, "b": 1}
    assert watch.since(copy) == {"a": (0.5, 2), "b": (2.0, 1)}
    assert copy.seconds == {"a": 1.0}


def test_parts_and_the_rest_make_up_their_stage() -> None:
    assert list(PROFILE.rows()) == [
        ("mesh", 1.0, None, False),
        ("solve", 3.0, None, False),
        ("residuals", 0.5, 12, True),
        ("factorisations", 1.5, 4, True),
        ("other", 1.0, None, True),
    ]
    lines = PROFILE.lines()
    assert lines[2].split() == ["solve", "3.000", "75.0", "%"]
    assert lines[4].split() == ["factorisations", "1.500", "37.5", "%", "4"]
    assert lines[-2].split() == ["total", "4.000"] and "1234 unknowns" in lines[-1]


def test_a_profile_is_added_to_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"status": "done"}')
    store_profile(tmp_path, PROFILE)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["status"] == "done"
    assert manifest["profile"]["stages"]["solve"]["parts"]["factorisations"] == {
        "wall_time_s": 1.5,
        "calls": 4,
    }
    assert manifest["profile"]["total_s"] == 4.0
    assert peak_memory() > 10
