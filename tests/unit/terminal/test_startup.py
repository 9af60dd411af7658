"""What shortens the start changes nothing of what a command finds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim import startup

REPORT = """
import gc, json, sys
from sim import startup
startup.begin(sys.argv[1:])
names = {name for name, module in sys.modules.items() if module is not None}
begun = {"collects": gc.isenabled(), "typer": "typer" in names, "rich": "rich" in names, "numpy": "numpy" in names}
import rich.console, typer
if sys.argv[1:2] == ["run"]:
    from sim.terminal.session import communicator
    communicator()
print(json.dumps(begun | {"collects at work": gc.isenabled(), "threshold": gc.get_threshold()}))
"""
USUAL = "import gc; print(gc.get_threshold())"


def report(*arguments: str) -> dict[str, Any]:
    """What stands after the start of a command with these arguments, and when it begins its work."""
    command = [sys.executable, "-c", REPORT, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_command_that_solves_collects_garbage_once_all_is_imported() -> None:
    pytest.importorskip("dolfinx")
    found = report("run", "cell.yaml")
    assert found["numpy"] and found["typer"] and not found["rich"] and not found["collects"]
    assert found["collects at work"]
    usual = subprocess.run([sys.executable, "-c", USUAL], capture_output=True, text=True, check=True).stdout
    assert str(tuple(found["threshold"])) == usual.strip()


def test_other_commands_load_nothing_of_the_solver() -> None:
    found = report("validate", "cell.yaml")
    assert not found["numpy"] and not found["rich"] and found["collects"]


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ()])
def test_help_is_drawn_as_typer_draws_it(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim", *arguments], capture_output=True, text=True, check=False
    )
    assert "╭" in done.stdout + done.stderr


def test_a_typer_that_needs_rich_is_given_it(tmp_path: Path) -> None:
    package = tmp_path / "typer"
    package.mkdir()
    (package / "__init__.py").write_text("from typer import part\n", encoding="utf-8")
    (package / "part.py").write_text("import rich\n", encoding="utf-8")
    code = (
        "from sim import startup; startup.begin(['validate', 'x']); import typer, rich; print(typer.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and str(tmp_path) in done.stdout, done.stderr


def test_without_dolfinx_nothing_is_loaded_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is said later, by the command."""
    monkeypatch.setattr(startup, "PathFinder", Nowhere)
    monkeypatch.setattr(startup, "_import_compiled", lambda: pytest.fail("there is nothing to load"))
    startup._load_aside()


class Nowhere:
    """Finds no module."""

    @staticmethod
    def find_spec(_name: str) -> None:
        return None


def test_wrong_input_is_said_while_libraries_are_loaded(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "run", str(tmp_path / "absent.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "absent.yaml" in done.stderr
