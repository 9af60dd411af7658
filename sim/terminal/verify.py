"""`sim verify`: the verification book from the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.terminal.session import DONE, WRONG_INPUT, communicator, tell

FAILED = 1


def run_verification(numbers: Sequence[int], folder: Path | None, *, full: bool) -> int:
    """Perform all cases, or those of these numbers, on all ranks, and write the book; returns the exit code: 1 when a
    case is not within its tolerances."""
    comm = communicator()
    from sim.verification.book import perform, write_book
    from sim.verification.cases import all_cases

    cases = all_cases()
    known = [case.number for case in cases]
    unknown = [number for number in numbers if number not in known]
    if unknown:
        return tell(comm, f"no case {unknown[0]}; there are {known[0]} to {known[-1]}", WRONG_INPUT)
    chosen = [case for case in cases if not numbers or case.number in numbers]
    done = perform(chosen, comm, full=full, tell=_say if comm.rank == 0 else _nobody)
    if comm.rank == 0 and folder is not None:
        pages = write_book(done, folder, full=full)
        sys.stdout.write(f"the book: {pages[0]}\n")
    comm.barrier()
    return DONE if all(one.outcome.passed for one in done) else FAILED


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _nobody(text: str) -> None:
    """Other ranks say nothing."""
