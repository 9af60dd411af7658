"""What the command line must know before it imports anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from sim.cli import EXPERIMENTS, app
from sim.config.experiments import NAMES

LOADED = """
import sys
from typer.testing import CliRunner
from sim.cli import app
result = CliRunner().invoke(app, ["run", "--help"])
assert result.exit_code == 0 and "--profile" in result.output, result.output
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_names_of_experiments_are_those_of_the_config() -> None:
    assert EXPERIMENTS == NAMES


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    heavy = {"numpy", "pydantic", "pint", "scipy", "pandas", "matplotlib", "dolfinx", "parsl", "pyvista"}
    assert not heavy & set(done.stdout.split())


def test_every_default_is_a_valid_value(tmp_path: Path) -> None:
    """Each command of one folder gets as far as saying what is wrong with it."""
    for command in ("render", "animate", "figures", "paraview", "report"):
        done = CliRunner().invoke(app, [command, str(tmp_path / "absent")])
        assert done.exit_code == 2, (command, done.output)
        assert "Invalid value" not in done.output, (command, done.output)
