"""Parsl's executors as a sweep uses them: warm workers inside pilot jobs, on this machine or through a scheduler.

What is set here and is not Parsl's default, and why:

- Heartbeats are short on this machine, where a silent process is a dead one; long on clusters.
- Workers fetch one point ahead, so that they do not wait for the way to the sweep and back.
- `sim.sweeps.interchange` and `sim.sweeps.pilot` stand for Parsl's own commands, which outlive a killed sweep.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.sweeps.mpirun import environment

LABEL = "points"
LOOPBACK = "127.0.0.1"
#: all messages of Parsl's processes are looked for this often [ms]
_POLL = 20
#: makes the executor of one session, whose logs go to a folder
MakeExecutor = Callable[[str], Any]


@dataclass(frozen=True)
class Heartbeat:
    """Signs of life between Parsl's processes: sent every `period`, missed after `patience` [s]."""

    period: int
    patience: int


LOCAL_HEARTBEAT = Heartbeat(2, 30)
CLUSTER_HEARTBEAT = Heartbeat(15, 120)


def available_workers(ranks: int) -> int:
    """Points of so many ranks that this machine's cores take at a time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // ranks)


def local_executor(workers: int) -> MakeExecutor:
    """Workers on this machine; nothing listens beyond the loopback device."""

    def make(logs: str) -> Any:
        from parsl.providers import LocalProvider

        provider = LocalProvider(init_blocks=1, min_blocks=0, max_blocks=1, worker_init=_exports())
        pilot = f"{shlex.quote(sys.executable)} -m sim.sweeps.pilot --parent {os.getpid()}"
        return pilot_executor(
            provider, pilot, workers, LOCAL_HEARTBEAT, logs, address=LOOPBACK, cores_per_worker=1e-3
        )

    return make


def pilot_executor(
    provider: Any,
    pilot: str,
    workers: int,
    heartbeat: Heartbeat,
    logs: str,
    *,
    address: str | None,
    cores_per_worker: float,
) -> Any:
    """A HighThroughputExecutor whose pilot jobs come from a provider.

    pilot: the command of a pilot job, to which the pool's arguments are added; workers: of each node; address: where
    pilots find the sweep, None to let them try all of this machine's; cores_per_worker: no more workers start than
    have so many cores each.
    """
    from parsl.executors import HighThroughputExecutor
    from parsl.executors.high_throughput.executor import DEFAULT_LAUNCH_CMD
    from parsl.jobs.error_handlers import windowed_error_handler

    return HighThroughputExecutor(
        label=LABEL,
        provider=provider,
        launch_cmd=DEFAULT_LAUNCH_CMD.replace("process_worker_pool.py", pilot, 1),
        interchange_launch_cmd=[sys.executable, "-m", "sim.sweeps.interchange", str(os.getpid())],
        address=address,
        loopback_address=LOOPBACK,
        cores_per_worker=cores_per_worker,
        max_workers_per_node=workers,
        prefetch_capacity=workers,
        heartbeat_period=heartbeat.period,
        heartbeat_threshold=heartbeat.patience,
        poll_period=_POLL,
        worker_logdir_root=logs,
        block_error_handler=windowed_error_handler,  # gives up after three pilot jobs in a row that failed, not one
    )


def _exports() -> str:
    """Shell lines with what a pilot of this machine needs to find this simulator."""
    own = environment()
    names = ("PYTHONPATH", "OMP_NUM_THREADS")
    return "\n".join(f"export {name}={shlex.quote(own[name])}" for name in names)
