"""The files and the table that a measurement leaves."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figure import draw
from benchmarks.model import AS_WRITTEN, NGSOLVE, OUR_FORMULATION, OURS, SKFEM, Case, Measured
from benchmarks.report import COLUMNS, Setting, markdown, read_csv, renewed, rows_of, write_csv
from benchmarks.summary import short_table
from benchmarks.targets import target_lines
from tests.unit.benchmarks.made_up_runs import measured, run

SETTING = Setting("2026-01-02", "2 cores, a processor, Linux")


def rows(*entries: Measured, name: str = "case") -> list[dict[str, str]]:
    return rows_of(Case(name, name, (), (1.0,)), entries, SETTING)


def test_rows_tell_ratios_only_where_they_count(tmp_path: Path):
    found = rows(measured(OURS, [1.0], 1e-3), measured(NGSOLVE, [30.0], 5e-2), measured(SKFEM, [0.5], 1e-4))
    write_csv(tmp_path / "new" / "benchmarks.csv", found)
    ours, peer, finer = read_csv(tmp_path / "new" / "benchmarks.csv")
    assert tuple(ours) == COLUMNS
    assert (ours["whole_ratio"], ours["counts"]) == ("", "")
    assert (peer["whole_ratio"], peer["counts"], peer["error"]) == ("30", "yes", "0.05")
    assert (finer["whole_ratio"], finer["counts"]) == ("", "no")
    assert peer["date"] == "2026-01-02"


def test_the_table_names_who_failed_and_how_often_was_measured():
    failed = Measured("case", measured(SKFEM, []).entry, (), "more than 900 s")
    text = markdown(
        rows(measured(OURS, [1.0] * 5), measured(NGSOLVE, [30.0, 31.0]), failed), {"case": "Title"}
    )
    assert "| Title | separator-sim, default | 1 | 0.5 |" in text
    assert "30.5 (solve 30.5)" in text
    assert "scikit-fem, P1 | more than 900 s" in text
    assert "Medians of 2 to 5 interleaved runs" in text
    assert "2 cores, a processor, Linux; 2026-01-02" in text


def test_a_case_measured_again_replaces_its_rows_and_no_others(tmp_path: Path):
    table = tmp_path / "benchmarks.csv"
    assert renewed(table, rows(measured(OURS, [1.0]), name="b"), ("a", "b", "c")) != []
    for name, wall in (("c", 3.0), ("a", 1.0), ("b", 2.0), ("c", 4.0)):
        write_csv(table, renewed(table, rows(measured(OURS, [wall]), name=name), ("a", "b", "c")))
    assert [(row["case"], row["whole_s"]) for row in read_csv(table)] == [("a", "1"), ("b", "2"), ("c", "4")]
    write_csv(table, [{"case": "a", "other": "columns"}])
    assert [row["case"] for row in renewed(table, rows(measured(OURS, [1.0]), name="b"), ("a", "b"))] == ["b"]


def test_the_short_table_has_the_best_peer_of_each_kind_and_ours_as_accurate():
    found = rows(
        measured(OURS, [2.0], 1e-5),
        measured(OURS, [1.0], 1e-2),
        measured(SKFEM, [90.0], 5e-2, usage=AS_WRITTEN),
        measured(NGSOLVE, [30.0], 5e-2, usage=AS_WRITTEN),
        measured(NGSOLVE, [5.0], 1e-3, usage=OUR_FORMULATION),
        measured(SKFEM, [3.0], 1e-3, usage=OUR_FORMULATION),
    )
    *_, line = short_table(found, {"case": "Title"}).splitlines()
    assert line == (
        "| Title | NGSolve: 30 (15) s, 5.0e-02 | 1 (0.5) s, 1.0e-02 | **30** (solve 30) "
        "| 5 (2.5) s, 1.0e-03 | 2 (1) s, 1.0e-05 | **2.5** (solve 2.5) |"
    )
    assert len(short_table(rows(measured(OURS, [1.0])), {}).splitlines()) == 2, "no peer, no line"


def test_where_a_peer_is_ahead_the_table_says_so():
    text = markdown(rows(measured(OURS, [2.0]), measured(NGSOLVE, [1.0])), {})
    assert "0.5 (solve 0.5)" in text


def test_the_figure_is_drawn(tmp_path: Path):
    found = rows(measured(OURS, [1.0]), measured(NGSOLVE, [30.0]))
    found += rows(measured(OURS, [1.0]), name="scaling-100")
    draw(found, {"case": "Title"}, tmp_path / "benchmarks.png")
    assert (tmp_path / "benchmarks.png").stat().st_size > 10_000


def test_targets_are_judged_by_the_best_peer():
    found = rows(
        measured(OURS, [1.0]),
        measured(NGSOLVE, [9.0], usage=AS_WRITTEN),
        measured(SKFEM, [12.0], usage=AS_WRITTEN),
        measured(SKFEM, [1.0], usage=OUR_FORMULATION),
        measured(NGSOLVE, [4.0], usage=OUR_FORMULATION),
        name="flat",
    )
    written, formulation = target_lines(found)
    assert written.startswith("missed  flat: against the best peer as its users write it: 9 times faster")
    assert formulation.startswith("met     flat: against NGSolve in our formulation: 4 times faster")


def test_targets_of_the_scaling():
    found = []
    for size, seconds in ((10_000, 1.0), (100_000, 10.0**1.25), (1_000_000, 10.0**2.5)):
        one = Measured("scaling", measured(OURS, []).entry, (run(seconds, solve=seconds, unknowns=size),))
        found += rows(one, name=f"scaling-{size}")
    text = "\n".join(target_lines(found))
    assert "missed  cost of the solve to 100,000 unknowns: 1.25 as exponent" in text
    assert "met     cost of the solve to 1,000,000 unknowns: 1.25 as exponent" in text
    assert "missed  solve for 100,000 unknowns: 17.8 s" in text
    assert "met     memory at 1,000,000 unknowns: 0.102 kB per unknown" in text
