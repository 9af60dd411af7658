"""The same numbers on one rank and on two, through the command, as users start it."""

from __future__ import annotations

import pytest

from sim.verification.bench import Bench
from sim.verification.cells import CLOSURE, galvanostatic, merged, potentiostatic
from sim.verification.patchy import patchy_cell
from sim.verification.ranks import has_ranks, summary_on

MODES = {
    "steady": {"operation": galvanostatic(10.0) | {"voltage": None}},
    "transient": {"electrolyte": CLOSURE, "operation": potentiostatic(0.2) | {"duration": "200 us"}},
}


@pytest.mark.mpi
@pytest.mark.skipif(not has_ranks(), reason="needs mpirun")
@pytest.mark.parametrize("mode", MODES)
def test_two_ranks_give_the_numbers_of_one(mode, comm, tmp_path):
    """Summary to 1e-8; budgets, which are rounding, below their bar or no worse than on one rank."""
    bench = Bench(comm, tmp_path, full=False)
    mapping = merged(patchy_cell(bench.table), MODES[mode])
    one, two = (summary_on(ranks, bench, mapping, mode) for ranks in (1, 2))
    assert one.keys() == two.keys()
    for key, value in one.items():
        if "error" in key:
            assert two[key] < max(1e-9, 2 * value), key
        elif isinstance(value, float):
            # a standard deviation is the rounding of what it deviates from, 2500 mol/m^3, at the least
            rounding = 1e-14 * 2500.0 if key == "c_li_std_mol_m3" else 0.0
            assert two[key] == pytest.approx(value, rel=1e-8, abs=rounding), key
