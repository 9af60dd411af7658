"""One command as a process of its own: how long, what it printed, and who else used the machine meanwhile."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: every library that would start threads of its own gets one
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NGS_NUM_THREADS"), "1"
)


class ProcessFailedError(RuntimeError):
    """A measured process ended with an error or was stopped at its time limit; the text says which."""


@dataclass(frozen=True)
class Finished:
    """Wall time [s], standard output, and the cores that other processes kept busy on average."""

    wall_s: float
    output: str
    busy_others: float


def busy_seconds() -> float:
    """Time that all cores together were busy since the machine started [s]; 0 where the system does not tell."""
    try:
        words = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    except OSError:
        return 0.0
    user, nice, system, _idle, _waiting, *rest = (int(word) for word in words)
    return (user + nice + system + sum(rest[:2])) / os.sysconf("SC_CLK_TCK")


def run_process(command: Sequence[str], limit: float, variables: Mapping[str, str] | None = None) -> Finished:
    """Run a command on one thread and wait, at most ``limit`` [s]. Raises ProcessFailedError."""
    environment = os.environ | ONE_THREAD | dict(variables or {})
    spent, busy = _children(), busy_seconds()
    began = time.perf_counter()
    try:
        done = subprocess.run(
            command, env=environment, timeout=limit, check=True, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired as error:
        raise ProcessFailedError(f"more than {limit:g} s") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no message"])[-1]
        raise ProcessFailedError(f"exit code {error.returncode}: {last}") from error
    wall = time.perf_counter() - began
    others = (busy_seconds() - busy) - (_children() - spent)
    return Finished(wall, done.stdout, max(0.0, others) / wall)


def _children() -> float:
    """Processor time of the processes that were waited for [s]."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
