"""What the command line must know before it imports anything."""

from __future__ import annotations

import subprocess
import sys

from sim.cli import EXPERIMENTS
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
