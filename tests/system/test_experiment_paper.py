"""`sim experiment paper` needs no config, the other experiments do; the whole study is run by hand (half a minute)."""

from __future__ import annotations

from pathlib import Path

from tests.system.commands import settings, sim, status


def test_the_config_is_optional_for_the_paper_alone(tmp_path: Path) -> None:
    refused = sim("experiment", "polarisation", cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr == ("polarisation needs the config of a cell: sim experiment polarisation CONFIG\n")
    # overrides go to its own config: a cell that is not symmetric is refused before anything is solved
    unlike = settings(counter__exchange_current_density="1 mA/cm^2")
    asked = sim("experiment", "paper", *unlike, cwd=tmp_path)
    assert asked.returncode == 2
    assert asked.stderr.splitlines()[-1] == "paper: the symmetric cell needs two lithium electrodes of one j0"
    assert status(tmp_path / "results" / "paper") == "failed"
