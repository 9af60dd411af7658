"""The cases: their references, what both sides are given, and the command line."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import arguments as parse
from benchmarks.__main__ import chosen, main, run_entry, without_hopeless
from benchmarks.cases import FLAT_10_MV, FLAT_500_MV, TIMES, TRANSIENT, WAVY, all_cases
from benchmarks.model import AS_WRITTEN, FIREDRAKE, NGSOLVE, OURS, SKFEM, Entry, Measured
from benchmarks.ours import config_of
from benchmarks.peers.common import Problem, newton, time_steps
from benchmarks.process import ProcessFailedError, run_process
from benchmarks.theirs import SCRIPTS
from tests.unit.benchmarks.made_up_runs import run

CASES = {case.name: case for case in all_cases()}


@pytest.mark.parametrize(("voltage", "stated"), [(0.01, FLAT_10_MV), (0.5, FLAT_500_MV)])
def test_flat_references_are_the_independent_solution(voltage: float, stated: float):
    from sim.verification.exact.parameters import Cell, Electrode, Electrolyte
    from sim.verification.exact.pnp1d import solve

    wall = Electrode(6.4)
    exact = solve(Cell(Electrolyte(0.639344e-10, 1e-10), wall, wall, 8e-6), voltage=voltage)
    assert exact.current == pytest.approx(stated, rel=1e-10)


def test_the_transient_ends_in_the_steady_state():
    assert TRANSIENT[-1] == pytest.approx(FLAT_500_MV, rel=2e-6)
    assert len(TRANSIENT) == len(TIMES)


@pytest.mark.parametrize("name", CASES)
def test_every_entry_is_one_that_its_code_takes(name: str):
    from sim.config import load_config

    for entry in CASES[name].entries:
        if entry.code != OURS:
            assert entry.code in SCRIPTS
            Problem.read(json.dumps(dict(entry.settings)))
        elif entry.config is not None:
            load_config(Path(__file__).parents[3] / entry.config)


def test_our_config_states_the_peers_cell(tmp_path: Path):
    from sim.config import load_config

    settings = {
        "amplitude": 3e-7,
        "times": (0.1, 1.0),
        "time_tolerance": 1e-2,
        "columns": 7,
        "wall_cell": 1e-11,
    }
    path = tmp_path / "benchmark.yaml"
    path.write_text(json.dumps(config_of(settings)))
    config, problem = load_config(path), Problem(amplitude=3e-7)
    assert config.cell.width == problem.width
    assert config.cell.anode_profile.amplitude == problem.amplitude
    assert config.electrolyte.diffusivity_li == problem.diffusivity_li
    assert config.counter.exchange_current_density == problem.exchange
    assert config.counter.stern.thickness == problem.stern
    assert config.operation.output_times == (0.1, 1.0)
    assert config.solver.time_tolerance == 1e-2
    assert (config.mesh.columns, config.mesh.wall_cell) == (7, 1e-11)
    assert not config.output.fields


def test_a_peer_refuses_a_setting_it_does_not_know():
    with pytest.raises(ValueError, match="colums"):
        Problem.read('{"colums": 3}')


def test_rows_grow_from_both_walls():
    rows = Problem().row_lines() * Problem().width
    assert rows.size - 1 == 102  # the mesh of 31,209 unknowns
    assert np.diff(rows)[0] == pytest.approx(5e-11, rel=0.1)
    np.testing.assert_allclose(np.diff(rows), np.diff(rows)[::-1], rtol=1e-5)


def test_steps_land_on_every_time():
    problem = Problem(times=(1e-5, 1e-3, 1.0), step_ratio=0.3, first_step=1e-8)
    steps = list(time_steps(problem))
    ends = np.cumsum([size for size, _ in steps])
    np.testing.assert_allclose(ends[[lands for _, lands in steps]], problem.times, rtol=1e-12)
    sizes = np.array([size for size, _ in steps])
    assert np.all(sizes[1:] <= np.maximum(0.3 * ends[:-1], 1e-8) * (1 + 1e-9))


class Cubic:
    """x^3 = 8 as a discrete cell, with Newton's counts."""

    def __init__(self) -> None:
        self.x = 1.0

    def residual(self) -> None:
        self.value = self.x**3 - 8

    def factorise(self) -> None:
        self.slope = 3 * self.x**2

    def correction(self) -> float:
        self.update = self.value / self.slope
        return abs(self.update)

    def correct(self, factor: float) -> None:
        self.x -= factor * self.update


@pytest.mark.parametrize("reuse", [False, True])
def test_newton_of_the_peers(reuse: bool):
    from benchmarks.peers.common import Counter

    cell, counter = Cubic(), Counter()
    iterations = newton(cell, counter, 1e-12, 50, reuse=reuse)
    assert cell.x == pytest.approx(2.0, rel=1e-14)
    assert iterations == counter.iterations
    assert (counter.factorisations < iterations) == reuse
    cell.x = math.nan
    assert newton(cell, counter, 1e-12, 50, reuse=reuse) == 0


def test_references_are_those_of_the_cases():
    from benchmarks.references import check_references, reference_cases

    assert {case.reference for case in reference_cases()} == {(WAVY,), TRANSIENT}
    lines = check_references(lambda entry, reference, limit: run(1.0, 2e-6), 1.0)
    assert len(lines) == 4
    assert lines[1] == "wavy: NGSolve, P4: 2.0e-06 from the reference"


def test_names_choose_cases(capsys: pytest.CaptureFixture[str]):
    assert [case.name for case in chosen(parse(["--cases", "flat-10", "pia"]))] == ["flat-10mV", "pia"]
    few = chosen(parse(["--quick", "--cases", "flat-500"]))[0]
    assert {entry.settings["columns"] for entry in few.entries} == {4}
    assert main(["--cases", "no-such"]) == 2
    assert "no case begins with no-such" in capsys.readouterr().err


def test_firedrake_takes_part_where_a_python_has_it(tmp_path: Path):
    codes = {entry.code for case in chosen(parse([])) for entry in case.entries}
    assert codes == {OURS, NGSOLVE, SKFEM}
    given = parse(["--firedrake", str(tmp_path / "python")])
    assert {entry.code for case in chosen(given) for entry in case.entries} == {*codes, FIREDRAKE}
    # a stand-in for its Python: what it is called with comes back as the result
    stand_in = tmp_path / "python"
    stand_in.write_text(
        "#!/bin/sh\n"
        'test "$(basename "$1")" = firedrake_cell.py || exit 1\n'
        'echo \'{"currents_A_m2": [2.0], "solve_s": 0.1, "setup_s": 0.2, "unknowns": 3, "peak_memory_MiB": 4.0,\' \\\n'
        '  \'"code": "Firedrake 1", "solver": "MUMPS", "blas": "one"}\'\n'
    )
    stand_in.chmod(0o755)
    found = run_entry(Entry(FIREDRAKE, AS_WRITTEN, "P1", {"columns": 2}), (2.0,), 30, stand_in)
    assert (found.code, found.error, found.unknowns) == ("Firedrake 1", 0.0, 3)


def test_scaling_spares_those_who_were_lost():
    small, large = CASES["scaling-6000"], CASES["scaling-20000"]
    lost = small.entries[-1]
    left = without_hopeless(large, [Measured(small.name, lost, (), "more than 900 s")])
    assert len(left.entries) == len(large.entries) - 1
    assert lost.label not in {entry.label for entry in left.entries if entry.code == lost.code}
    assert without_hopeless(CASES["pia"], [Measured("scaling-6000", lost, ())]) is CASES["pia"]


def test_a_process_is_timed_and_its_failure_told():
    done = run_process(
        [sys.executable, "-c", "import os, time; time.sleep(0.2); print(os.environ['OMP_NUM_THREADS'])"], 30
    )
    assert done.output == "1\n"
    assert 0.2 < done.wall_s < 10
    with pytest.raises(ProcessFailedError, match="exit code 3: why"):
        run_process([sys.executable, "-c", "import sys; sys.stderr.write('why'); sys.exit(3)"], 30)
    with pytest.raises(ProcessFailedError, match=r"more than 0\.2 s"):
        run_process([sys.executable, "-c", "import time; time.sleep(5)"], 0.2)
