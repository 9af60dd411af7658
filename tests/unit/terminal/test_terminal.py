"""Requests to stop, and progress as plain lines."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from sim.output.folder import read_status
from sim.solve.errors import SolverGaveUp
from sim.terminal.interrupt import StopRequest
from sim.terminal.progress import RunProgress
from sim.terminal.session import _close, run_session
from tests.unit.small_cells import small_config

NEUTRAL = {"concentration": "2500 mol/m^3", "electrostatics": "electroneutral"}
NUMBERS = (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The handlers of the test program, given back."""
    before = {number: signal.getsignal(number) for number in NUMBERS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def ranks(*others: int | None) -> SimpleNamespace:
    """A communicator whose other ranks have received these signals."""
    return SimpleNamespace(allgather=lambda own: [own, *others])


@pytest.mark.parametrize(("number", "code"), list(zip(NUMBERS, (75, 75, 130), strict=True)))
def test_a_signal_is_remembered_until_asked(number: int, code: int) -> None:
    request = StopRequest().install()
    ask = request.agreed(ranks())
    assert ask() is False
    os.kill(os.getpid(), number)
    assert ask() is True
    assert ask() is True, "once asked to stop, always"
    assert request.exit_code == code


def test_one_rank_speaks_for_all() -> None:
    """A signal that only another rank received stops this one, with its exit code."""
    request = StopRequest()
    assert request.agreed(ranks(None, signal.SIGINT))() is True
    assert request.exit_code == 130
    assert StopRequest().agreed(ranks(None, None))() is False


def test_a_second_interrupt_is_pythons_own() -> None:
    StopRequest().install()
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


METRICS = {"current_density_mean_A_m2": 12.5, "current_density_cv": 0.25}


def test_without_a_terminal_progress_is_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("sim.terminal.progress.time.monotonic", lambda: now[0])
    with RunProgress("pia", 10.0) as progress:
        progress.stage("marching 3 unknowns")
        for step in range(1, 101):
            now[0] += 0.1
            progress.step(step * 0.1, 0.1, 4, METRICS)
    first, *lines = capsys.readouterr().err.splitlines()
    assert first == "pia: marching 3 unknowns"
    assert 1 <= len(lines) <= 3, "ten seconds of steps make few lines"
    for words in (
        "step 51",
        "t = 5.100e+00 s",
        "dt = 1.0e-01 s",
        "4 Newton",
        "j = 12.5 A/m^2",
        "CV = 0.2500",
    ):
        assert words in lines[0]


def test_other_ranks_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with RunProgress("pia", "steady", quiet=True) as progress:
        progress.stage("solving")
        progress.step(1.0, 0.1, 4, METRICS)
    assert capsys.readouterr() == ("", "")


SUMMARY = {
    "current_density_mean_A_m2": 320.0468,
    "cell_voltage_V": 0.5,
    "j_over_j_lim": 0.3363,
    "current_density_cv": 0.0257,
    "current_density_max_over_mean": float("nan"),
    "worst_budget_error": 2e-14,
    "warnings": [],
}


def test_the_closing_lines(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    _close(SUMMARY, {"mesh": 0.25, "solve": 1.0}, tmp_path)
    text = capsys.readouterr().out
    assert "320.047 A/m^2 at 0.5 V, j/j_lim 0.3363" in text
    assert "CV 0.02570, max/mean -" in text
    assert "budgets close to 2.0e-14" in text
    assert "mesh 0.25, solve 1.00, total 1.25" in text
    assert str(tmp_path) in text
    assert "warning" not in text


def test_warnings_and_mesh_errors_are_said(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    errors = {"mesh_error_current_density_mean_A_m2": 0.0123, "mesh_error_current_density_cv": None}
    _close(SUMMARY | errors | {"warnings": ["one", "two"]}, {}, tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("warning")] == ["warning: one", "warning: two"]
    assert "errors of the mesh: current density 1.2e-02 A/m^2, CV -" in lines


def test_a_summary_of_an_earlier_version_is_closed_too(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    old = {key: value for key, value in SUMMARY.items() if key not in ("warnings", "worst_budget_error")}
    _close(old, {}, tmp_path)
    assert "320.047 A/m^2" in capsys.readouterr().out


def test_a_study_that_gives_up_leaves_a_finished_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    def give_up(*arguments: object) -> None:
        raise SolverGaveUp("no steady state found")

    monkeypatch.setattr("sim.studies.mesh_study.study_mesh", give_up)
    config = small_config(
        mesh={"columns": 2}, electrolyte=NEUTRAL, output={"fields": False, "figures": False}
    )
    options = {"resume": False, "overwrite": False, "mesh_study": True}
    assert run_session(config, tmp_path / "run", **options) == 3
    said = capsys.readouterr().err
    assert "no steady state found" in said
    assert "without a mesh study" in said
    assert read_status(tmp_path / "run") == "done"
