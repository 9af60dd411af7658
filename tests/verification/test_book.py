"""Every case of the verification book, at its small size: the same definitions that `sim verify` makes the book of."""

from __future__ import annotations

import pytest

from sim.verification.bench import Bench
from sim.verification.case import Case
from sim.verification.cases import all_cases


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_case(case: Case, comm, tmp_path):
    outcome = case.perform(Bench(comm, tmp_path, full=False))
    assert not outcome.failures
    assert outcome.passed
