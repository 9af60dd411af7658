"""What a start waits for, made short: of a small cell's run the start takes most of the time.

Nothing here changes what a command does. Measured on the case ``wavy-thousandth`` of the benchmarks, whole process:

- A network library below MPI measures the processor's clock when it is loaded, asleep for 0.1 s: it is loaded aside,
  while Python imports what needs none of it. Another tests whether it sees memory come and go (0.05 s), which the
  registration of buffers needs: a process that talks to no other does without.
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
from pathlib import Path

#: commands that solve in this process
_SOLVING = ("run", "experiment", "verify")
#: pydantic would look through all installed packages for plugins (25 ms), and check what it makes of our models (20 ms)
_PYDANTIC = {"PYDANTIC_DISABLE_PLUGINS": "__all__", "PYDANTIC_SKIP_VALIDATING_CORE_SCHEMAS": "1"}
#: a file of the root filesystem that `sim.sh` builds: its libraries are known
_OWN_SYSTEM = Path("/.separator-sim")
#: what launchers of MPI call a process's rank
RANK_VARIABLES = ("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK")
#: all that they tell the processes that they start
_LAUNCHED = (*RANK_VARIABLES, "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS")
#: libpsm2 (a network of Intel's), which needs only libc and libnuma
_SLEEPER = b"libpsm2.so.2"
#: UCX: no hooks in the functions that give and take memory
_ALONE = {"UCX_MEM_EVENTS": "n"}
_set_for_loading: list[str] = []
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
        if _OWN_SYSTEM.exists() and not _has_neighbours():
            _expect_no_network()
    _import_typer()


def settled() -> None:
    """All that solves is imported: from now on garbage is collected, which looks at none of it again."""
    for name in _set_for_loading:
        del os.environ[name]  # not for processes that this one starts
    _set_for_loading.clear()
    gc.freeze()
    gc.enable()


def end() -> None:
    """The command is over: what is left is not looked through, the system takes it back (0.2 s)."""
    gc.freeze()


def _has_neighbours() -> bool:
    """Whether a launcher of MPI started this process."""
    return any(name in os.environ for name in _LAUNCHED)


def _expect_no_network() -> None:
    """Load the library that sleeps in a thread, and let the other one leave memory alone.

    More must not be loaded aside: libucm grows and shrinks the heap to test itself, and what Python allocates at that
    moment would lose its last page. Loading holds a lock of the dynamic loader: what Python loads of its own is loaded
    before, or it would wait.
    """
    import ctypes
    import threading

    for name, value in _ALONE.items():
        if name not in os.environ:
            os.environ[name] = value
            _set_for_loading.append(name)
    _import_compiled()
    try:
        load = ctypes.CDLL(None).dlopen  # ctypes.CDLL keeps the interpreter's lock while it loads
    except (OSError, AttributeError):
        return
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    threading.Thread(target=load, args=(_SLEEPER, os.RTLD_NOW), daemon=True).start()


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
