"""What shortens the start changes nothing of what a command finds."""

from __future__ import annotations

import json
import os
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


ASIDE = """
import json, os, sys, threading
from sim import startup
before = os.environ.get("UCX_MEM_EVENTS")
startup.begin(["run", "cell.yaml"])
within = os.environ.get("UCX_MEM_EVENTS")
threads = threading.enumerate()[1:]
for thread in threads:
    thread.join()
maps = open("/proc/self/maps").read()
startup.settled()
after = os.environ.get("UCX_MEM_EVENTS")
loaded = [name for name in ("libpsm2", "libucm", "libucs", "libmpi", "libdolfinx") if name in maps]
print(json.dumps({"threads": len(threads), "loaded": loaded, "events": [before, within, after]}))
"""
in_our_system = pytest.mark.skipif(
    not startup._OWN_SYSTEM.exists(), reason="elsewhere nothing is loaded aside"
)


def aside(**variables: str) -> dict[str, Any]:
    """What is loaded aside by a command that solves, in a process with these variables."""
    known = {n: v for n, v in os.environ.items() if n != "UCX_MEM_EVENTS" and n not in startup._LAUNCHED}
    command = [sys.executable, "-c", ASIDE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=known | variables)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@in_our_system
def test_what_is_loaded_aside_leaves_the_heap_alone() -> None:
    """UCX tests itself by growing and shrinking the heap when it is loaded: beside Python, that costs a page of it."""
    found = aside()
    assert found["loaded"] == ["libpsm2"] and found["events"] == [None, "n", None]
    assert found["threads"] <= 1, "none is left where the library, as newer ones, does not sleep"


@in_our_system
def test_a_setting_of_the_users_stays() -> None:
    assert aside(UCX_MEM_EVENTS="y")["events"] == ["y", "y", "y"]


@pytest.mark.parametrize("name", startup._LAUNCHED)
def test_a_process_with_neighbours_loads_its_network_as_ever(name: str) -> None:
    assert aside(**{name: "1"}) == {"threads": 0, "loaded": [], "events": [None, None, None]}


def test_elsewhere_nothing_is_loaded_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "_OWN_SYSTEM", tmp_path / "absent")
    monkeypatch.setattr(startup, "_PYDANTIC", {})
    monkeypatch.setattr(startup, "_expect_no_network", lambda: pytest.fail("these libraries are not known"))
    startup.begin(["run", "cell.yaml"])
    startup.settled()


def test_wrong_input_is_said_while_libraries_are_loaded(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "run", str(tmp_path / "absent.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "absent.yaml" in done.stderr
