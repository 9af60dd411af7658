"""`sim sweep` as it is typed, on a machine without dolfinx."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import app
from sim.sweeps import SweepLock, SweepStore, load_sweep, plan_sweep

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "configs" / "sweeps"
AXIS = "axes: [{key: operation.voltage, values: [0.1 V, 0.2 V, 100 mV]}]\n"

LOGIN_NODE = """\
import sys
for name in ("dolfinx", "mpi4py", "petsc4py", "ufl", "basix", "ffcx", "gmsh", "parsl"):
    sys.modules[name] = None
from sim.cli import main
sys.argv[0] = "sim"
main()
"""


@pytest.fixture
def sim(folder, capsys):
    """Runs a command; returns (exit code, stdout, stderr)."""
    (folder / "voltage.yaml").write_text("base: bare.yaml\n" + AXIS)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            app(["sweep", *map(str, arguments)], prog_name="sim")
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


def lay_out(folder: Path) -> None:
    """The folder of the sweep of the fixture before anything is computed."""
    store = SweepStore(folder / "out")
    store.make()
    store.prepare(plan_sweep(load_sweep("voltage.yaml")), resume=False, overwrite=False)


def test_a_dry_run_lists_the_points_and_writes_nothing(sim, folder) -> None:
    before = set(folder.iterdir())
    code, out, _ = sim("voltage.yaml", "--dry-run")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("    0  ") and lines[0].endswith("  bare, operation.voltage=0.1 V")
    assert lines[2].endswith("operation.voltage=100 mV  (same as 0)")
    assert lines[3] == "voltage: 3 rows, 1 equal to another, 2 points to compute"
    assert set(folder.iterdir()) == before
    assert sim("--dry-run", "voltage.yaml") == (code, out, "")  # options may come first


def test_a_folder_is_laid_out_and_has_a_status(sim, folder) -> None:
    lay_out(folder)
    code, out, _ = sim("status", "out")
    assert (code, out.splitlines()[0]) == (
        0,
        "out: 0 of 2 points done (3 rows, equal ones computed once), 0 failed",
    )
    code, _, error = sim("voltage.yaml", "-o", "out")
    assert code == 2 and "use --resume to go on" in error


def test_wrong_input_is_one_line_and_nothing_is_written(sim, folder) -> None:
    (folder / "typo.yaml").write_text("base: bare.yaml\n" + AXIS.replace("voltage", "voltag"))
    code, out, error = sim("typo.yaml", "-o", "out")
    assert (code, out) == (2, "")
    assert error == "typo.yaml:2:9: operation.voltag: unknown key; did you mean 'voltage'?\n"
    assert not (folder / "out").exists()


def test_a_cell_that_cannot_be_built_is_told_before_anything_runs(sim, folder) -> None:
    heights = "axes: [{key: cell.anode_profile.amplitude, values: [1 um, 9 um]}]\n"
    profile = "set: {cell.anode_profile: {kind: sinusoid, amplitude: 1 um, wavelength: 5 um}}\n"
    (folder / "tall.yaml").write_text(f"base: bare.yaml\n{profile}{heights}")
    code, _, error = sim("tall.yaml", "--dry-run")
    assert code == 2 and len(error.splitlines()) == 1
    assert "the anode rises to" in error
    assert "(point 1: bare, cell.anode_profile.amplitude=9 um)" in error


def test_a_locked_folder_and_a_folder_without_a_sweep(sim, folder) -> None:
    lay_out(folder)
    with SweepLock(folder / "out"):
        code, _, error = sim("voltage.yaml", "-o", "out", "--resume")
    assert code == 2 and "another sweep runs here" in error and error.count("\n") == 1
    assert sim("status", folder)[0] == 2
    assert "give one of them" in sim("voltage.yaml", "--resume", "--overwrite")[2]
    assert "goes with --resume" in sim("voltage.yaml", "--retry-failed")[2]


def test_help_shows_how(sim) -> None:
    code, out, _ = sim("--help")
    assert code == 0
    assert "sim sweep SWEEP.yaml -o DIR" in out and "spacing: logarithmic" in out and "status" in out


def test_a_login_node_can_plan(folder) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOGIN_NODE, "sweep", SHIPPED / "surface-diffusivity.yaml", "--dry-run"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "surface-diffusivity: 18 rows, 18 points to compute"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_sweeps_are_valid(path) -> None:
    plan = plan_sweep(load_sweep(path))
    assert plan.spec.name == path.stem
    assert plan.spec.title != plan.spec.name
    # separators without sites do not see the sites' variables: their points are computed once for many rows
    assert len(plan.unique()) >= 0.5 * len(plan.points)
