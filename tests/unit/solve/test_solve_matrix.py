"""The combined matrix: the same entries whether or not PETSc assembles the bulk's straight into it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from mpi4py import MPI

import sim.solve.matrix
from sim.domain.domain import make_domain
from sim.solve.drive import is_galvanostatic
from sim.solve.initial import set_rest
from sim.solve.model import CellModel
from sim.solve.system import CellSystem
from tests.unit.small_cells import NUCLEI, SITES, small_config

FLAT: dict[str, Any] = {}
WITH_SITES = {"interface": SITES}
CELLS: dict[str, dict[str, Any]] = {
    "flat": FLAT,
    "nuclei": {"cell": {"anode_profile": NUCLEI}},
    "current": {"operation": {"mode": "galvanostatic", "current_density": "60 A/m^2"}},
    "sites": WITH_SITES,
    "fixed charge": {"electrolyte": {"fixed_charge": "-1e6 C/m^3"}},
    "reservoirs": {
        "anode": {"kind": "reservoir", "exchange_current_density": None},
        "counter": {"kind": "reservoir", "exchange_current_density": None},
    },
    "blocking": {
        "anode": {"kind": "blocking", "exchange_current_density": None},
        "counter": {"kind": "reversible", "exchange_current_density": None},
    },
    "closure": {"electrolyte": {"electrostatics": "electroneutral"}},
    "closure with sites": {"electrolyte": {"electrostatics": "electroneutral"}, "interface": SITES},
}


def system_of(sections: dict[str, Any], *, steady: bool) -> CellSystem:
    """A cell away from rest: no entry vanishes by accident."""
    config = small_config(**sections)
    model = CellModel(config, make_domain(config, MPI.COMM_SELF))
    system = CellSystem(model, galvanostatic=is_galvanostatic(config), steady=steady)
    set_rest(model)
    generator = np.random.default_rng(1)
    for block in system.numbering.blocks:
        block.function.x.array[:] += generator.uniform(-0.1, 0.1, block.function.x.array.size)
    return system


def matrices(system: CellSystem) -> list[scipy.sparse.csr_array]:
    """K + 3 M pinned, K + 0 M, K + 3 M anew, and K and M apart; entries that are stored stay, zero or not."""
    found = []
    for weight, pin in ((3.0, True), (0.0, False), (3.0, True)):
        starts, columns, values = system._matrix.assemble(weight, pin=pin).getValuesCSR()
        found.append(scipy.sparse.csr_array((values, columns, starts), copy=True))
    apart = system.split()
    for values in (apart.static, apart.stored):
        found.append(scipy.sparse.csr_array((values, apart.columns, apart.starts), copy=True))
    return found


@pytest.mark.parametrize("steady", [True, False])
@pytest.mark.parametrize("sections", CELLS.values(), ids=CELLS)
def test_entries_are_those_of_forms_assembled_apart(
    sections: dict[str, Any], steady: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct = matrices(system_of(sections, steady=steady))
    monkeypatch.setattr(sim.solve.matrix, "is_direct", lambda *_: False)
    general = matrices(system_of(sections, steady=steady))
    for mine, whole in zip(direct, general, strict=True):
        difference = abs(mine - whole).max()
        assert difference <= 1e-14 * abs(whole).max()
        left_out = set(zip(*whole.nonzero(), strict=True)) - set(zip(*stored_places(mine), strict=True))
        assert not left_out, "entries that are not zero have no place"


def stored_places(matrix: scipy.sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of all that is stored, zero or not."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices


@pytest.mark.parametrize(("electrostatics", "share"), [("poisson", 7 / 9), ("electroneutral", 1.0)])
def test_ions_that_know_nothing_of_each_other_have_no_entries(
    electrostatics: str, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = {"electrolyte": {"electrostatics": electrostatics}}
    direct = system_of(sections, steady=True)._matrix.matrix.getInfo()["nz_used"]
    monkeypatch.setattr(sim.solve.matrix, "is_direct", lambda *_: False)
    general = system_of(sections, steady=True)._matrix.matrix.getInfo()["nz_used"]
    assert direct == pytest.approx(share * general, rel=0.01)


@pytest.mark.parametrize("sections", [FLAT, WITH_SITES], ids=["flat", "sites"])
def test_the_parts_add_up_with_the_weight_of_the_storage(sections: dict[str, Any]) -> None:
    """One kernel makes both, with weights of its own for each."""
    system, weight = system_of(sections, steady=False), 1e6  # a short step's: the storage of some 1e-3 counts
    whole = system._matrix.assemble(weight, pin=False).getValuesCSR()[2].copy()
    apart = system.split()
    assert np.abs(apart.stored).max() > 1e-4
    rounding = 1e-15 * np.abs(whole).max()
    np.testing.assert_allclose(whole - apart.static, weight * apart.stored, rtol=1e-12, atol=rounding)
