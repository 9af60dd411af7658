"""The peers' environment: a virtual one in the user's cache, made once with pip from pinned packages of PyPI."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

#: exact versions, so that a table can be measured again
PINS = ("ngsolve==6.2.2608", "scikit-fem==12.0.2", "numpy==2.5.5", "scipy==1.18.1")


def cache_root() -> Path:
    """The project's folder in the user's cache, where sim.sh keeps its environments."""
    own = os.environ.get("SIM_CACHE")
    if own:
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "separator-sim"


def peers_folder() -> Path:
    """Where the peers' environment is or will be; another one for other pins or another Python."""
    wanted = " ".join((*PINS, sys.version))
    return cache_root() / f"benchmarks-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"


def peers_python() -> Path:
    """The Python of the peers' environment, which is made if it is not there (30 s, 500 MB, from PyPI).

    Raises RuntimeError where pip fails, with its last line.
    """
    folder = peers_folder()
    python, stamp = folder / "bin" / "python", folder / ".complete"
    if stamp.exists():
        return python
    folder.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{folder}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two suites at once: the second finds what the first made
        if not stamp.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _call([sys.executable, "-m", "venv", str(folder)])
            options = ["--quiet", "--disable-pip-version-check"]
            _call([str(python), "-m", "pip", "install", *options, *PINS])
            stamp.touch()
    return python


def peers_variables() -> dict[str, str]:
    """Variables that a peer needs: NGSolve's compiler calls the Python that comes first on the path."""
    return {"PATH": f"{peers_folder() / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": ""}


def _call(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"the peers' environment could not be made: {last}")
