"""Measure: `./sim.sh python -m benchmarks`, or `make benchmarks`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.cases import TITLES, all_cases
from benchmarks.machine import BUSY, load, machine_class, today
from benchmarks.model import FIREDRAKE, OURS, Case, Entry, Measured, Run
from benchmarks.report import Setting, markdown, read_csv, renewed, rows_of, stage_rows, write_csv
from benchmarks.rounds import Patience, perform
from benchmarks.summary import short_table
from benchmarks.targets import target_lines

#: what --quick makes of a case: a look at whether everything runs, not a measurement
_QUICK_COLUMNS, _QUICK_LARGEST = 4, 20_000


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="The simulator and its peers side by side."
    )
    parser.add_argument("--cases", nargs="+", metavar="NAME", help="only these, or all whose name begins so")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each entry (default 5)")
    parser.add_argument(
        "--quick", action="store_true", help="small meshes, one run each: does everything work?"
    )
    parser.add_argument(
        "--limit", type=float, default=900.0, help="seconds that one run may take (default 900)"
    )
    parser.add_argument(
        "--patience", type=float, default=300.0, help="seconds for all runs of a slow entry (default 300)"
    )
    parser.add_argument("--largest", type=int, default=1_000_000, help="unknowns to which scaling goes")
    parser.add_argument(
        "--firedrake",
        type=Path,
        metavar="PYTHON",
        help="a Python that has Firedrake, which then takes part too",
    )
    parser.add_argument("--busy", action="store_true", help="measure though the machine has other work")
    parser.add_argument("-o", "--output", type=Path, default=Path("results/benchmarks"), metavar="DIR")
    parser.add_argument("--list", action="store_true", help="name the cases and what enters them")
    parser.add_argument(
        "--references", action="store_true", help="only solve for the references again (some minutes)"
    )
    parser.add_argument(
        "--show",
        type=Path,
        metavar="CSV",
        help="only draw a benchmarks.csv anew, print its tables and hold it against what is aimed at",
    )
    return parser.parse_args(given)


def chosen(options: argparse.Namespace) -> list[Case]:
    """The cases asked for; ValueError for a name that none begins with."""
    cases = all_cases(_QUICK_LARGEST if options.quick else options.largest)
    if options.cases:
        lost = [name for name in options.cases if not any(case.name.startswith(name) for case in cases)]
        if lost:
            raise ValueError(
                f"no case begins with {', '.join(lost)}; there are {', '.join(c.name for c in cases)}"
            )
        cases = tuple(case for case in cases if case.name.startswith(tuple(options.cases)))
    if options.firedrake is None:
        cases = tuple(without(case, FIREDRAKE) for case in cases)
    return [quick(case) for case in cases] if options.quick else list(cases)


def without(case: Case, code: str) -> Case:
    """A case in which a code takes no part."""
    return replace(case, entries=tuple(entry for entry in case.entries if entry.code != code))


def quick(case: Case) -> Case:
    """A case with few columns."""
    entries = tuple(
        replace(entry, settings={**entry.settings, "columns": min(_QUICK_COLUMNS, entry.settings["columns"])})
        if entry.config is None
        else entry
        for entry in case.entries
    )
    return replace(case, entries=entries)


def run_entry(entry: Entry, reference: tuple[float, ...], limit: float, firedrake: Path | None = None) -> Run:
    """One run of whatever code the entry names."""
    from benchmarks.ours import run_ours
    from benchmarks.theirs import run_peer

    if entry.code == OURS:
        return run_ours(entry, reference, limit)
    return run_peer(entry, reference, limit, firedrake)


def without_hopeless(case: Case, measured: Sequence[Measured]) -> Case:
    """A case of the scaling without those who were too slow, or failed, for a smaller one."""
    if not case.name.startswith("scaling"):
        return case
    lost = {
        (one.entry.code, one.entry.label)
        for one in measured
        if one.case.startswith("scaling") and not one.runs
    }
    return replace(case, entries=tuple(e for e in case.entries if (e.code, e.label) not in lost))


def tell(text: str) -> None:
    sys.stderr.write(text + "\n")


def measure(cases: Sequence[Case], options: argparse.Namespace) -> None:
    """Measure the cases; the files are renewed after each, so that a stopped suite keeps what it has, and so do
    rows of cases that are not measured now."""
    from benchmarks.environment import peers_python

    peers_python()
    setting = Setting(today(), machine_class())
    patience = Patience(1 if options.quick else options.repeats, options.limit, options.patience)
    table, stages = options.output / "benchmarks.csv", options.output / "stages.csv"
    measured: list[Measured] = []
    runner = partial(run_entry, firedrake=options.firedrake)
    for case in cases:
        found = perform(without_hopeless(case, measured), runner, patience, tell)
        measured += found
        write_csv(table, renewed(table, rows_of(case, found, setting), TITLES))
        write_csv(stages, renewed(stages, stage_rows(found), TITLES))
    tell_results(table)


def tell_results(table: Path) -> None:
    """Draw and print what a table holds."""
    from benchmarks.figure import draw

    rows = read_csv(table)
    draw(rows, TITLES, table.with_suffix(".png"))
    sys.stdout.write("\n".join((short_table(rows, TITLES), markdown(rows, TITLES))))
    sys.stdout.writelines(f"{line}\n" for line in ["", *target_lines(rows)])


def main(given: Sequence[str] | None = None) -> int:
    options = arguments(given)
    if options.show is not None:
        tell_results(options.show)
        return 0
    if options.references:
        from benchmarks.references import check_references

        sys.stdout.writelines(f"{line}\n" for line in check_references(run_entry, options.limit))
        return 0
    try:
        cases = chosen(options)
    except ValueError as error:
        tell(str(error))
        return 2
    if options.list:
        for case in cases:
            sys.stdout.write(f"{case.name}: {case.title}\n")
            sys.stdout.writelines(f"  {entry.code}, {entry.label}\n" for entry in case.entries)
        return 0
    if load() > BUSY and not (options.busy or options.quick):
        tell(
            f"the machine is busy (load average {load():.1f}, above {BUSY}), seconds would mean nothing; "
            "--busy measures all the same"
        )
        return 2
    measure(cases, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
