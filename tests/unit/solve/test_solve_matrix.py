"""The combined matrix: the same entries whether or not it lies in the arrays of its largest form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from sim.domain.domain import make_domain
from sim.solve.drive import is_galvanostatic
from sim.solve.initial import set_rest
from sim.solve.matrix import MatrixForms
from sim.solve.model import CellModel
from sim.solve.system import CellSystem
from tests.unit.small_cells import SITES, small_config

FLAT: dict[str, Any] = {}
CURRENT = {"operation": {"mode": "galvanostatic", "current_density": "60 A/m^2"}}
WITH_SITES = {"interface": SITES}


def matrices(sections: dict[str, Any], *, steady: bool) -> list[tuple[Any, ...]]:
    """CSR arrays of K + 3 M pinned, of K + 0 M, and of K and M apart."""
    config = small_config(**sections)
    model = CellModel(config, make_domain(config, MPI.COMM_SELF))
    system = CellSystem(model, galvanostatic=is_galvanostatic(config), steady=steady)
    set_rest(model)
    found = []
    for weight, pin in ((3.0, True), (0.0, False), (3.0, True)):
        matrix = system._matrix.assemble(weight, pin=pin)
        found.append(tuple(array.copy() for array in matrix.getValuesCSR()))
    apart = system.split()
    found.append((apart.starts.copy(), apart.columns.copy(), apart.static.copy(), apart.stored.copy()))
    return found


@pytest.mark.parametrize("steady", [True, False])
@pytest.mark.parametrize("sections", [FLAT, CURRENT, WITH_SITES], ids=["flat", "current", "sites"])
def test_entries_are_those_of_a_matrix_of_its_own(
    sections: dict[str, Any], steady: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = matrices(sections, steady=steady)
    monkeypatch.setattr(MatrixForms, "_is_combined", lambda *_: False)
    for mine, own in zip(shared, matrices(sections, steady=steady), strict=True):
        for one, other in zip(mine, own, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-14, atol=0.0)


def test_the_matrix_of_a_plain_cell_costs_no_second_set_of_arrays() -> None:
    config = small_config()
    model = CellModel(config, make_domain(config, MPI.COMM_SELF))
    forms = CellSystem(model, galvanostatic=False, steady=True)._matrix
    largest = forms._parts[0]
    assert np.shares_memory(forms._values, largest.matrix.data)
    assert np.shares_memory(forms._columns, largest.matrix.indices)
    assert largest.places is None
