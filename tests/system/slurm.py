"""A real SLURM of one node on loopback, started and stopped by a test: no systemd, no munge, no cgroups, any user.

>>> with SlurmNode.started(folder, cpus=4) as slurm:
...     subprocess.run(["sbatch", "job.sh"], env=os.environ | slurm.environment)

Whatever the daemons and their jobs have started is gone afterwards: every process inherits SLURM_CONF, which names the
folder of this node alone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo", "scontrol")
_PORTS = (6900, 7900)

_CONFIG = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={next_port}
SlurmUser={user}
SlurmdUser={user}
SlurmdParameters=config_overrides
AuthType=auth/none
CredType=cred/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
MaxArraySize={array_size}
ReturnToService=2
MinJobAge=300
InactiveLimit=0
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=debug Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
"""


def missing_programs() -> str:
    """What of SLURM is not installed here, as the reason to skip a test; empty where all of it is."""
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"no {', '.join(absent)}: install slurmctld, slurmd and slurm-client" if absent else ""


@dataclass(frozen=True)
class SlurmNode:
    """A running SLURM: its folder (slurm.conf, logs, state)."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the commands of SLURM need to know to find this one."""
        return {"SLURM_CONF": str(self.folder / "slurm.conf")}

    @classmethod
    @contextmanager
    def started(cls, folder: Path, *, cpus: int = 4, array_size: int = 1001) -> Iterator[SlurmNode]:
        """Start one in an empty folder; array_size: its MaxArraySize, one more than the highest index of an array."""
        node = cls(folder)
        node._configure(cpus, array_size)
        daemons: list[subprocess.Popen[bytes]] = []
        try:
            for words in (["slurmctld", "-D"], ["slurmd", "-D", "-N", _host()]):
                daemons.append(node._daemon(words))
            node._wait_until_idle(daemons)
            yield node
        finally:
            node._stop(daemons)

    def run(self, *words: object) -> str:
        """What a command of SLURM prints; raises CalledProcessError."""
        done = subprocess.run(
            [str(word) for word in words],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return done.stdout

    def jobs(self, state: str = "") -> list[str]:
        """The ids of the jobs that wait or run, or of those in one state (running, pending)."""
        chosen = ["--states", state] if state else []
        return self.run("squeue", "--noheader", "--format=%A", *chosen).split()

    def processes(self) -> list[int]:
        """Every process of the daemons and their jobs, also those that a job left behind."""
        own = {os.getpid(), os.getppid()}
        entries = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [int(entry.name) for entry in entries if int(entry.name) not in own and self._began(entry)]

    def _began(self, entry: Path) -> bool:
        """Whether a process knows this node by its environment, or writes its log, as a job's overseer does."""
        mark, log = f"SLURM_CONF={self.folder / 'slurm.conf'}".encode(), str(self.folder / "slurmd.log")
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                return True
            return any(str(file.readlink()) == log for file in (entry / "fd").iterdir())
        except OSError:  # it has ended, or is another user's
            return False

    def _configure(self, cpus: int, array_size: int) -> None:
        for name in ("state", "spool"):
            (self.folder / name).mkdir(parents=True)
        port = _free_port()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 9 // 10 // 2**20
        text = _CONFIG.format(
            host=_host(),
            port=port,
            next_port=port + 1,
            user=pwd.getpwuid(os.getuid()).pw_name,
            folder=self.folder,
            cpus=cpus,
            memory=memory,
            array_size=array_size,
        )
        (self.folder / "slurm.conf").write_text(text)
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=disabled\n")

    def _daemon(self, words: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{words[0]}.out").open("wb") as output:
            return subprocess.Popen(
                words,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _wait_until_idle(self, daemons: list[subprocess.Popen[bytes]], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(subprocess.CalledProcessError):
                if self.run("sinfo", "--noheader", "--format=%T").strip() == "idle":
                    return
            if any(daemon.poll() is not None for daemon in daemons):
                break
            time.sleep(0.1)
        outputs = "\n".join(path.read_text() for path in sorted(self.folder.glob("*.out")))
        raise RuntimeError(f"SLURM did not start:\n{outputs}")

    def _stop(self, daemons: list[subprocess.Popen[bytes]]) -> None:
        """Cancel the jobs, stop the daemons, and end what is left of either."""
        end = time.monotonic() + 5
        with suppress(subprocess.SubprocessError):
            while (jobs := self.jobs()) and time.monotonic() < end:
                self.run("scancel", "--full", *jobs)
                time.sleep(0.2)
        for daemon in reversed(daemons):
            daemon.terminate()
        for daemon in daemons:
            try:
                daemon.wait(timeout=5)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        end = time.monotonic() + 10
        while (left := self.processes()) and time.monotonic() < end:
            for process in left:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.1)


def _host() -> str:
    return socket.gethostname().partition(".")[0]


def _free_port() -> int:
    """The first of two neighbouring ports that nobody listens on."""
    start, stop = _PORTS
    for port in range(start + os.getpid() * 2 % (stop - start), stop + (stop - start), 2):
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 1))
            return port
    raise RuntimeError("no two free ports for SLURM")
