"""The launcher as a user calls it: which program runs, what it is given, how it ends.

Inside the environment, where the suite runs, sim.sh uses the current Python; tests/system/launcher.sh checks
the way in from outside.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "sim.sh"
PACKAGES = ROOT / "env" / "debian-packages.txt"


def launch(*args: object, cwd: Path = ROOT, launcher: Path = LAUNCHER) -> subprocess.CompletedProcess[str]:
    command = [str(launcher), *map(str, args)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize("args", [(), ("--help",), ("-h",)])
def test_help_names_the_commands(args: tuple[str, ...]):
    done = launch(*args)
    assert done.returncode == 0
    for word in ("demo", "test", "exec", "python", "env", "SIM_CACHE"):
        assert re.search(rf"\b{word}\b", done.stdout)


@pytest.mark.parametrize("code", [0, 1, 2, 3, 75, 130])
def test_exit_codes_come_back(code: int):
    assert launch("python", "-c", f"import sys; sys.exit({code})").returncode == code


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 75), ("SIGUSR1", 75), ("SIGINT", 130)])
def test_signals_reach_the_program(tmp_path: Path, name: str, code: int):
    """The launcher's process is the program in the end: what a scheduler signals is what saves its work."""
    program = tmp_path / "wait.py"
    program.write_text(
        "import os, signal, sys, time\n"
        f"signal.signal(signal.{name}, lambda *_: sys.exit({code}))\n"
        "print(os.getpid(), flush=True)\n"
        "for _ in range(300):  # short naps: a signal just before a long one would wait for its end\n"
        "    time.sleep(0.1)\n"
    )
    with subprocess.Popen([LAUNCHER, "python", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) == process.pid
        process.send_signal(getattr(signal, name))
        assert process.wait(timeout=30) == code


def test_exec_without_a_command_is_wrong_usage():
    done = launch("exec")
    assert done.returncode == 2
    assert "Usage" in done.stderr


def test_env_prints_a_folder():
    assert Path(launch("env").stdout.strip()).is_dir()


def test_starts_fast():
    """A second call adds well under a second: the best of three, as the machine may be busy."""

    def seconds() -> float:
        start = time.perf_counter()
        assert launch("exec", "true").returncode == 0
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.7


def test_arguments_arrive_as_they_are(tmp_path: Path):
    """Blanks, quotes, asterisks, dollars and empty words in arguments and in folders."""
    folder = tmp_path / "a b  'c' *$HOME"
    folder.mkdir()
    words = ["", " ", "a b", "*", "$HOME", "'", '"', "key=a b", "-o", "ä → µ"]
    done = launch(
        "python", "-c", "import os, sys; print(ascii([os.getcwd(), *sys.argv[1:]]))", *words, cwd=folder
    )
    assert done.stdout.strip() == ascii([str(folder), *words])


def test_the_simulator_is_found_from_anywhere(tmp_path: Path):
    """Even where the current folder holds things of the same name, and through a link to the launcher."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong numpy')\n")
    link = tmp_path / "link"
    link.symlink_to(LAUNCHER)
    show = "import numpy, sim; print(sim.__file__)"
    done = launch("exec", "python3", "-P", "-c", show, cwd=tmp_path, launcher=link)
    assert done.stdout.strip() == str(ROOT / "sim" / "__init__.py"), done.stderr


def test_the_sim_command_is_there_for_mpirun():
    done = launch("exec", "sh", "-c", "command -v sim")
    assert done.stdout.strip(), "no sim command on PATH"


def test_variables_programs_rely_on():
    names = ("OMP_NUM_THREADS", "MPLBACKEND", "PYVISTA_OFF_SCREEN", "ADIOS2_ALWAYS_USE_MPI")
    done = launch("python", "-c", f"import os; print(all(os.environ.get(n) for n in {names}))")
    assert done.stdout.strip() == "True"


def test_a_wish_for_threads_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert launch("python", "-c", "import os; print(os.environ['OMP_NUM_THREADS'])").stdout.strip() == "2"


@pytest.mark.mpi
def test_mpirun_returns_the_exit_code():
    code = "from mpi4py import MPI; import sys; MPI.COMM_WORLD.barrier(); sys.exit(75)"
    done = launch("exec", "mpirun", "-n", "2", "python3", "-c", code)
    assert done.returncode == 75, done.stderr


def test_an_old_or_poor_python_is_refused(tmp_path: Path):
    """The probe says no, and why, to a Python whose dolfinx is too old and whose other modules are missing."""
    (tmp_path / "dolfinx.py").write_text("__version__ = '0.8.0'\n")
    command = [
        sys.executable,
        "-S",
        "-E",
        "-c",
        "import sys, runpy; sys.path[:] = sys.argv[1:2] + sys.path[1:];",
    ]
    command[-1] += f"runpy.run_path({str(ROOT / 'env' / 'probe.py')!r}, run_name='__main__')"
    done = subprocess.run([*command, tmp_path], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 1
    assert "dolfinx >= 0.9" in done.stdout
    assert "petsc4py" in done.stdout


def test_every_dependency_is_in_every_environment():
    """One list for pip, one for conda, one for Debian: what is added to the first must be in the others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(d for extra in ("mesh", "render") for d in project["optional-dependencies"][extra]),
    ]
    names = [re.split(r"[<>=! ]", dependency)[0] for dependency in wanted]
    conda = (ROOT / "environment.yml").read_text()
    debian = PACKAGES.read_text()
    for name in names:
        assert re.search(rf"^  - (python-)?{re.escape(name)}(-base)?\b", conda, re.MULTILINE), (
            f"environment.yml: {name}"
        )
        assert re.search(rf"\bpython3-{re.escape(name)}\b", debian), f"{PACKAGES.name}: {name}"


def test_package_list_is_clean():
    text = re.sub(r"#.*", "", PACKAGES.read_text())
    names = text.split()
    assert len(names) == len(set(names)) > 10
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name) for name in names)
