"""A comparison counts only where our error is no larger."""

from __future__ import annotations

import pytest

from benchmarks.model import NGSOLVE, OURS, SKFEM, Case, error_of
from benchmarks.report import Setting, rows_of
from benchmarks.verdict import best_peer, compare, exponent
from tests.unit.benchmarks.made_up_runs import measured


def test_the_median_of_the_runs_counts():
    one = measured(OURS, [9.0, 1.0, 2.0, 3.0, 100.0])
    assert one.wall_s == 3.0
    assert one.solve_s == 1.5


def test_the_fastest_of_ours_that_is_as_accurate_is_compared():
    rough, fine = measured(OURS, [1.0], 5e-2), measured(OURS, [2.0], 1e-4)
    (found,) = compare([rough, fine, measured(NGSOLVE, [30.0], 1e-3)])
    assert found.ours is fine
    assert found.whole == 15.0
    assert found.solve == 15.0


def test_an_equal_error_counts_and_a_larger_one_does_not():
    peer = measured(NGSOLVE, [30.0], 1e-3)
    (equal,) = compare([measured(OURS, [1.0], 1e-3), peer])
    (larger,) = compare([measured(OURS, [1.0], 1.02e-3), peer])
    assert equal.whole == 30.0
    assert larger.ours is None
    assert larger.whole is None


def test_without_errors_nothing_counts():
    (found,) = compare([measured(OURS, [1.0], None), measured(NGSOLVE, [30.0], None)])
    assert found.whole is None


def test_a_prescribed_error_is_all_that_is_asked():
    ours, peer = measured(OURS, [1.0], 9e-3), measured(NGSOLVE, [30.0], 1e-3)
    (found,) = compare([ours, peer], wanted=1e-2)
    assert found.whole == 30.0
    assert compare([ours, measured(SKFEM, [2.0], 2e-2)], wanted=1e-2) == []
    (missed,) = compare([ours, peer], wanted=5e-3)
    assert missed.ours is None


def test_who_failed_is_not_compared():
    assert compare([measured(OURS, [1.0]), measured(NGSOLVE, [])]) == []


def test_the_best_peer_decides():
    found = rows_of(
        Case("case", "a case", ()),
        [
            measured(OURS, [1.0]),
            measured(NGSOLVE, [30.0], usage="a"),
            measured(SKFEM, [20.0], usage="a"),
            measured(SKFEM, [2.0], usage="b"),
        ],
        Setting("2026-01-02", "a machine"),
    )
    best, of_ngsolve = best_peer(found, "a"), best_peer(found, "a", NGSOLVE)
    assert best is not None and (best["code"], float(best["whole_ratio"])) == (SKFEM, 20.0)
    assert of_ngsolve is not None and float(of_ngsolve["whole_ratio"]) == 30.0
    assert best_peer(found, "nobody's") is None


def test_exponent_of_a_power_law():
    assert exponent([1e3, 1e4, 1e6], [2 * 1e3**1.3, 2 * 1e4**1.3, 2 * 1e6**1.3]) == pytest.approx(1.3)
    with pytest.raises(ValueError, match="two sizes"):
        exponent([1e3, 1e3], [1.0, 2.0])


def test_error_of_a_transient_is_its_largest():
    assert error_of([1.1, 2.0], (1.0, 2.0)) == pytest.approx(0.1)
    assert error_of([1.0], ()) is None
    with pytest.raises(ValueError, match="1 currents for 2"):
        error_of([1.0], (1.0, 2.0))
