"""Several runs at a time, each in a process of its own: ``sim run --mesh-study`` on resolved configs, as a user would
type it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from sim.config import RunConfig, dump_config
from sim.output.atomic import write_text


class StudyError(Exception):
    """The study cannot start as asked; the message says why (exit code 2)."""


class StudyFailed(Exception):
    """Runs of the study failed; ``code`` is the exit code of the first that did."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, eq=False)
class Job:
    """One run and where its folder is."""

    config: RunConfig
    folder: Path

    @property
    def label(self) -> str:
        """The run's name with the folder it stands in."""
        return f"{self.folder.parent.name}/{self.folder.name}"


class Batch:
    """Runs jobs and stops its children when it is stopped."""

    def __init__(self, scratch: Path, workers: int | None, tell: Callable[[str], None]) -> None:
        self._scratch, self._tell = scratch, tell
        self._workers = workers or available_cores()
        self._children: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped: int | None = None

    def stop(self, signal_number: int) -> None:
        """Pass a signal on to the running children and start no more."""
        self._stopped = signal_number
        with self._lock:
            for child in self._children:
                child.send_signal(signal_number)

    @property
    def stopped(self) -> bool:
        """Whether a stop was asked for."""
        return self._stopped is not None

    def run(self, jobs: Sequence[Job]) -> None:
        """Run all jobs; raises StudyFailed once all have ended if any went wrong."""
        began, failures = time.monotonic(), []
        with ThreadPoolExecutor(self._workers) as pool:
            futures = {pool.submit(self._run_one, job): job for job in jobs}
            for done, future in enumerate(as_completed(futures), start=1):
                code, text = future.result()
                job, spent = futures[future], time.monotonic() - began
                left = spent / done * (len(jobs) - done)
                state = "done" if code == 0 else f"exit {code}"
                self._tell(
                    f"[{done}/{len(jobs)}] {job.label}: {state}, {spent:.0f} s, about {left:.0f} s to go"
                )
                if code:
                    failures.append((code, f"{job.label}: {text}"))
        if failures:
            raise StudyFailed("\n".join(text for _, text in failures), failures[0][0])

    def _run_one(self, job: Job) -> tuple[int, str]:
        """Exit code and the last words of one run."""
        if self.stopped:
            return 75, "not started"
        self._scratch.mkdir(parents=True, exist_ok=True)
        config = self._scratch / f"{job.folder.parent.name}-{job.folder.name}.yaml"
        write_text(config, dump_config(job.config))
        command = [sys.executable, "-m", "sim", "run", str(config), "-o", str(job.folder), "--overwrite"]
        if job.config.cell.anode_profile.kind != "mesh":  # a user's own mesh is refined by nobody else
            command.append("--mesh-study")
        root = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
        child = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        with self._lock:
            self._children.add(child)
        output, _ = child.communicate()
        with self._lock:
            self._children.discard(child)
        return child.returncode, "\n".join(output.strip().splitlines()[-3:])


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
