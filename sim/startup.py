"""What a start waits for, made short: of a small cell's run the start takes most of the time.

Nothing here changes what a command does. Measured on the case ``wavy-thousandth`` of the benchmarks, whole process:

- Network libraries below MPI measure the processor's clock for 0.15 s when they are loaded, asleep for most of it
  (libpsm2's and libucs's constructors): they are loaded aside, while Python imports what needs none of them.
- Garbage collection finds nothing while modules are imported, and goes through everything again at the end.
- typer imports rich for its help texts, asked for or not.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path

#: commands that solve in this process
_SOLVING = ("run", "experiment", "verify")
#: pydantic would look through all installed packages for plugins (25 ms), and check what it makes of our models (20 ms)
_PYDANTIC = {"PYDANTIC_DISABLE_PLUGINS": "__all__", "PYDANTIC_SKIP_VALIDATING_CORE_SCHEMAS": "1"}
#: modules with compiled parts that a command imports before MPI
_COMPILED = (
    "numpy",
    "pydantic_core",
    "_ruamel_yaml",
    "_cffi_backend",
    "_hashlib",
    "bz2",
    "decimal",
    "lzma",
    "termios",
    "uuid",
    "zoneinfo",
)


def begin(arguments: Sequence[str]) -> None:
    """Before anything is imported; arguments: of the command line, without the program."""
    for name, value in _PYDANTIC.items():
        os.environ.setdefault(name, value)
    asks_for_help = len(arguments) < 2 or "--help" in arguments
    if asks_for_help:
        return
    if arguments[0] in _SOLVING:
        gc.disable()
        _load_aside()
    _import_typer()


def meanwhile() -> None:
    """Import what comes before MPI and has no compiled parts, while libraries are loaded aside."""
    for name in ("ufl", "cffi.cparser"):
        with suppress(ImportError):
            import_module(name)


def settled() -> None:
    """All that solves is imported: from now on garbage is collected, which looks at none of it again."""
    gc.freeze()
    gc.enable()


def end() -> None:
    """The command is over: what is left is not looked through, the system takes it back (0.2 s)."""
    gc.freeze()


def _load_aside() -> None:
    """Load the libraries of dolfinx, which bring those of PETSc and MPI, in a thread.

    Loading holds a lock of the dynamic loader: what Python loads of its own is loaded before, or it would wait.
    """
    found = PathFinder.find_spec("dolfinx")
    folders = () if found is None else tuple(found.submodule_search_locations or ())
    libraries = [path for folder in folders for path in Path(folder).glob("cpp*.so")]
    if not libraries:
        return
    import ctypes
    import threading

    _import_compiled()
    try:
        load = ctypes.CDLL(None).dlopen  # ctypes.CDLL keeps the interpreter's lock while it loads
    except (OSError, AttributeError):
        return
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    threading.Thread(target=load, args=(os.fsencode(libraries[0]), os.RTLD_NOW), daemon=True).start()


def _import_compiled() -> None:
    """Import what has compiled parts and comes before MPI, where it is installed."""
    for name in _COMPILED:
        with suppress(ImportError):
            import_module(name)


def _import_typer() -> None:
    """Import typer as where rich is not installed, which it provides for: help is not asked for."""
    if "typer" in sys.modules or "rich" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import typer  # noqa: F401
    except ImportError:  # a release that cannot do without
        for name in [name for name in sys.modules if name.partition(".")[0] == "typer"]:
            del sys.modules[name]
    finally:
        del sys.modules["rich"]
