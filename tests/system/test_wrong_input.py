"""Wrong input ends with exit code 2 and one clear line on stderr; nothing is left behind that was not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.system.commands import COARSE, CONFIGS, read_json, settings, sim

PIA, PP = CONFIGS / "pia.yaml", CONFIGS / "pp.yaml"
EXAMPLES = CONFIGS / "examples"
NEUTRAL = settings(electrolyte__electrostatics="electroneutral")
TALL = "{kind: nuclei, nuclei: [{position: 5 um, height: 9 um, width: 1 um}]}"
FILE = "cell__anode_profile__file"

#: arguments of `sim run`, and what the line must say
WRONG = {
    "unknown key": (
        [PIA, *settings(cell__lenght="3 um")],
        r"cell\.lenght: unknown key; did you mean 'length'\?",
    ),
    "unknown section": ([PIA, *settings(seperator__porosity=0.3)], r"did you mean 'separator'\?"),
    "missing unit": ([PIA, *settings(cell__length=3)], r"cell\.length: a unit is missing: .*'10 um', got 3"),
    "wrong dimension": ([PIA, *settings(cell__length="3 V")], r"cell\.length: .*length.*dimension"),
    "wrong choice": (
        [PIA, *settings(operation__mode="potentiostat")],
        r"operation\.mode: .*'potentiostatic'",
    ),
    "out of range": ([PIA, *settings(separator__porosity=1.2)], r"separator\.porosity: .*1\.2"),
    "no such config": (["pai.yaml"], r"^pai\.yaml: no such file"),
    "similar config": (
        [CONFIGS / "pai.yaml"],
        r"pai\.yaml: no such file; did you mean '(pia|pia-bulk|pp)\.yaml'\?",
    ),
    "no YAML": (["broken.yaml"], r"^broken\.yaml:3:1: not valid YAML: expected ',' or '}'"),
    "resume and overwrite": ([PIA, "--resume", "--overwrite"], r"--resume .*--overwrite.*one of them"),
    "nonsense to set": ([PIA, "--set", "nonsense"], r"--set nonsense: expected KEY=VALUE"),
    "broken value to set": ([PIA, "--set", "cell.length=[1"], r"--set .*not valid YAML"),
    "blocking at a current": (
        [PP, *settings(operation__mode="galvanostatic", anode__kind="blocking")],
        r"anode\.kind: a blocking electrode passes no current",
    ),
    "limiting current": (
        [PP, *NEUTRAL, *settings(operation__mode="galvanostatic", operation__c_rate=50)],
        r"operation\.c_rate: no steady state: 500 A/m\^2 is not below the limiting current density 118\.9",
    ),
    "tall profile": (
        [PP, *settings(cell__anode_profile=TALL)],
        r"cell\.anode_profile: the anode rises to 9e-06 m .* 8e-06 m",
    ),
    "tall table": (
        [EXAMPLES / "profile-table.yaml", *settings(**{FILE: "tall.csv"})],
        r"the anode rises to 9e-06 m",
    ),
    "no column": (
        [EXAMPLES / "profile-table.yaml", *settings(**{FILE: "column.csv"})],
        r"column\.csv:1: no column y_m \(found x_m, y\)",
    ),
    "no number": (
        [EXAMPLES / "profile-table.yaml", *settings(**{FILE: "word.csv"})],
        r"word\.csv:3: expected numbers in x_m,y_m",
    ),
    "no such mesh": (
        [EXAMPLES / "user-mesh.yaml", *settings(**{FILE: "nix.msh"})],
        r"no such file: .*nix\.msh",
    ),
    "unreadable mesh": (
        [EXAMPLES / "user-mesh.yaml", *settings(**{FILE: "text.msh"})],
        r"text\.msh: .*cannot read",
    ),
    "no picture": (
        [EXAMPLES / "image-patches.yaml", *settings(interface__sites__N2__map__file="word.csv")],
        r"word\.csv: cannot read this picture",
    ),
    "no folder": ([PIA, "-o", "text.msh"], r"^text\.msh: is a file"),
    "below a file": ([PIA, "-o", "text.msh/run"], r"^text\.msh/run: .*[Nn]ot a directory"),
    "other files": ([PIA, "-o", "other"], r"^other: holds other files and no run"),
    "other files, overwritten": (
        [PIA, "-o", "other", "--overwrite"],
        r"^other: holds other files and no run",
    ),
    "other files, resumed": ([PIA, "-o", "other", "--resume"], r"^other: holds other files and no run"),
    "somebody's manifest": ([PIA, "-o", "foreign", "--overwrite"], r"^foreign: holds other files and no run"),
}
FILES = {
    "broken.yaml": "name: a\ncell: {length: 10 um\n",
    "tall.csv": "x_m,y_m\n0,0\n5e-6,9e-6\n1e-5,0\n",
    "column.csv": "x_m,y\n0,0\n1e-5,0\n",
    "word.csv": "x_m,y_m\n0,0\n5e-6,high\n1e-5,0\n",
    "text.msh": "not a mesh\n",
    "other/thesis.tex": "the only copy",
    "foreign/manifest.json": '{"name": "a web page"}',
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A working folder with all that is wrong in it."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", WRONG)
def test_one_clear_line(name: str, place: Path) -> None:
    arguments, said = WRONG[name]
    done = sim("run", *arguments, cwd=place)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert re.search(said, line), line
    assert done.stdout == ""
    for file, text in FILES.items():
        assert (place / file).read_text() == text
    assert not list(place.rglob("summary.json"))


def test_every_mistake_has_its_line(place: Path) -> None:
    done = sim("run", PIA, *settings(cell__length=3, cell__wdth="8 um", temperature="hot"), cwd=place)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 3
    assert all(word in done.stderr for word in ("cell.length", "cell.wdth", "temperature"))


def test_a_file_that_changed_since_the_stop_is_told(place: Path) -> None:
    """Another profile under the same name makes another mesh, which a checkpoint is not of."""
    cell = [
        EXAMPLES / "profile-table.yaml",
        *NEUTRAL,
        *COARSE,
        *settings(**{FILE: "profile.csv"}, mesh__columns=4),
    ]
    cell += [*settings(operation__duration="1 s", solver__max_steps=3), "-o", "run"]
    profile = place / "profile.csv"
    profile.write_text("x_m,y_m\n0,0\n5e-6,1e-6\n1e-5,0\n")
    assert sim("run", *cell, cwd=place).returncode == 3
    profile.write_text("x_m,y_m\n0,0\n5e-6,2e-6\n1e-5,0\n")
    done = sim("run", *cell, "--resume", cwd=place)
    assert done.returncode == 2, done.stderr
    line = done.stderr.splitlines()[-1]
    assert "checkpoint is of another mesh" in line
    assert "--overwrite" in line
    assert "Traceback" not in done.stderr


def test_another_config_does_not_continue_a_run(place: Path) -> None:
    cell = [PP, *NEUTRAL, *COARSE, "-o", "run"]
    assert sim("run", *cell, cwd=place).returncode == 0
    before = read_json(place / "run" / "summary.json")
    done = sim("run", *cell, *settings(operation__voltage="0.1 V"), "--resume", cwd=place)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "another config" in line
    assert read_json(place / "run" / "summary.json") == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["validate", PIA, "nix.yaml"], r"^nix\.yaml: no such file"),
        (["mesh", PIA, "-o", "nowhere/cell.msh"], r"^nowhere/cell\.msh: cannot be written"),
        (["mesh", EXAMPLES / "user-mesh.yaml", "-o", "cell.msh"], r"user's own file"),
        (["mesh", EXAMPLES / "profile-table.yaml", *settings(**{FILE: "tall.csv"})], r"rises to 9e-06 m"),
    ],
)
def test_other_commands(arguments: list[object], said: str, place: Path) -> None:
    done = sim(*arguments, cwd=place)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert re.search(said, line), line


@pytest.mark.parametrize("arguments", [["run"], ["run", PIA, "--colour"], ["fly"]])
def test_wrong_usage(arguments: list[object], place: Path) -> None:
    """The command line's own mistakes name the command that helps."""
    done = sim(*arguments, cwd=place)
    assert done.returncode == 2
    assert "--help" in done.stderr
    assert "Traceback" not in done.stderr
