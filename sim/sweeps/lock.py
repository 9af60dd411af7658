"""One sweep at a time in a folder.

The lock is a POSIX record lock: it works over NFS, ends with its process however that dies, and is not inherited by
children. Some network file systems keep such locks on one machine only; there a sign of life, renewed by the holder,
tells the others.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from sim.output.atomic import write_text

#: a holder on another machine is believed alive for so long after its last sign [s]; it gives several in that time
STALE_AFTER = 120.0
#: how long an attempt is repeated: who only looks holds the lock for a moment [s]
_PATIENCE = 0.5
#: folders locked by this process, which its own record locks would not keep out
_held: set[Path] = set()


class SweepLocked(Exception):
    """Another sweep runs in the folder; the message says where."""


@dataclass(frozen=True)
class Holder:
    """Who holds, or last held, the lock: machine, process, and when it began [s since 1970]."""

    host: str
    pid: int
    started: float


class SweepLock:
    """The lock of a folder as a context; raises SweepLocked on entry.

    Files: ``.lock``, which is locked and never read (closing it would end the lock), and ``.holder.json``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._file: int | None = None

    def __enter__(self) -> SweepLock:
        if self._folder in _held:
            raise SweepLocked(_refusal(self._folder, read_holder(self._folder)))
        file = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o666)
        os.utime(file)
        now = os.fstat(file).st_mtime  # by the clock of the file server, as the signs of life
        if _lives_elsewhere(self._folder, now) or not _acquire(file, fcntl.LOCK_EX, self._folder):
            os.close(file)
            raise SweepLocked(_refusal(self._folder, read_holder(self._folder)))
        self._file = file
        _held.add(self._folder)
        text = json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "started": time.time()})
        write_text(self._folder / ".holder.json", text + "\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            (self._folder / ".holder.json").unlink(missing_ok=True)
            os.close(self._file)
            self._file = None
            _held.discard(self._folder)

    def sign_of_life(self) -> None:
        """Tell machines that cannot see the lock; to be called every half minute or so."""
        os.utime(self._folder / ".holder.json")


def read_holder(folder: Path) -> Holder | None:
    """Who holds the lock of a folder, or held it when it died; None where nobody is named."""
    try:
        data = json.loads((folder / ".holder.json").read_text(encoding="utf-8"))
        return Holder(str(data["host"]), int(data["pid"]), float(data["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def running(folder: Path) -> Holder | None:
    """The holder of the lock if a sweep runs in the folder now, as far as this machine can see."""
    folder = folder.resolve()
    holder = read_holder(folder)
    if holder is None or folder in _held or _lives_elsewhere(folder, time.time()):
        return holder
    try:
        file = os.open(folder / ".lock", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return None if _acquire(file, fcntl.LOCK_SH, folder) else holder
    finally:
        os.close(file)


def _lives_elsewhere(folder: Path, now: float) -> bool:
    """Whether a holder on another machine gave a sign of life lately; now [s since 1970]."""
    holder = read_holder(folder)
    if holder is None or holder.host == socket.gethostname():
        return False
    try:
        return now - (folder / ".holder.json").stat().st_mtime < STALE_AFTER
    except FileNotFoundError:
        return False


def _acquire(file: int, kind: int, folder: Path) -> bool:
    """Lock a file; False where somebody else has it. Without locks on the file system the holder's process tells."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.lockf(file, kind | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                return not _lives_here(read_holder(folder))
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        else:
            return True


def _lives_here(holder: Holder | None) -> bool:
    if holder is None or holder.host != socket.gethostname():
        return False
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _refusal(folder: Path, holder: Holder | None) -> str:
    who = f", process {holder.pid} on {holder.host}" if holder is not None else ""
    return f"{folder}: another sweep runs here{who}; see `sim sweep status`, or choose another folder with -o"
