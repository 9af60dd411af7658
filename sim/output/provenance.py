"""Where a result comes from: versions, commit, hash of the config."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim import __version__
from sim.config import RunConfig, dump_config

_PACKAGES = ("numpy", "scipy", "fenics-dolfinx", "petsc4py", "gmsh", "meshio")


def environment_record(config: RunConfig) -> dict[str, Any]:
    """Entries of the manifest."""
    return _program() | {"config_sha256": hashlib.sha256(dump_config(config).encode()).hexdigest()}


@cache
def _program() -> dict[str, Any]:
    """What runs here: found once, since a process keeps the source that it has loaded."""
    return {
        "version": __version__,
        "git_commit": _git_commit(),
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name))}
        | {"dolfinx": _dolfinx()},
    }


def _dolfinx() -> str:
    import dolfinx

    return str(dolfinx.__version__)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _git_commit() -> str | None:
    """Commit of the source, with ``+`` where it has been changed; ``None`` outside a checkout."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    command = ["git", "-c", f"safe.directory={root}", "-C", str(root)]
    command += ["describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
