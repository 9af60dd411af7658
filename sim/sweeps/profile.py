"""How a cluster is asked for workers, as a YAML file: scheduler, limits of a job, and how a job enters the environment.

>>> profile = load_profile("configs/clusters/slurm.yaml")
>>> profile.walltime, profile.cores_per_node(ranks=1)

Settings are those that schedulers have in common, by the same names for all; `options` hands on what is special.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool
from pydantic_core import PydanticCustomError

from sim.config.errors import ConfigError, did_you_mean
from sim.config.loader import load_document
from sim.config.quantities import Count, RunName
from sim.config.section import Problem, Section
from sim.config.units import Quantity
from sim.sweeps.spec import Settings

Walltime = Annotated[float, Quantity("s", "time", "4 h", above=0.0)]
Period = Annotated[float, Quantity("s", "time", "30 s", above=0.0)]
Provider = Literal["local", "slurm", "pbs", "lsf", "grid-engine"]

#: how a line of a job script begins that is meant for the scheduler
DIRECTIVES: dict[str, str] = {
    "local": "#",
    "slurm": "#SBATCH",
    "pbs": "#PBS",
    "lsf": "#BSUB",
    "grid-engine": "#$",
}
#: schedulers whose jobs may have several nodes: Parsl starts one pool of workers on each
SEVERAL_NODES = ("slurm", "pbs", "lsf")
#: a job takes no new points for this part of its time, at most so long [1], [s]: the last ones shall end in it
_DRAIN_PART, _DRAIN_MOST = 0.1, 300.0


def _one_line(text: str) -> str:
    if "\n" in text.strip():
        message = "expected one line; several are a list, one item a line"
        raise PydanticCustomError("line", "{text}", {"text": message})
    return text.strip()


Line = Annotated[str, AfterValidator(_one_line)]


class Profile(Section):
    """One cluster, as its user asks it for jobs."""

    name: RunName = Field(default="cluster", description="short name; absent: the file's name")
    provider: Provider = Field(description="scheduler: slurm, pbs, lsf, grid-engine; or local, this machine")
    partition: Line | None = Field(default=None, description="partition or queue of the jobs")
    account: Line | None = Field(default=None, description="account or project that pays")
    nodes: Count = Field(default=1, description="nodes of each job")
    jobs: Count = Field(default=1, description="most jobs at a time; more begin while points are left")
    workers_per_node: Count = Field(default=1, description="points computed at a time on a node")
    cores_per_worker: Count | None = Field(
        default=None, description="cores of each worker; absent: as many as a point has MPI ranks"
    )
    walltime: Walltime = Field(default=3600.0, description="time limit of a job")
    exclusive: StrictBool = Field(default=False, description="no other jobs on the nodes (slurm)")
    scheduler_options: tuple[Line, ...] = Field(
        default=(), description="further lines for the scheduler, e.g. --constraint=cpu"
    )
    worker_init: tuple[Line, ...] = Field(
        default=(), description="shell lines at the start of a job: modules, conda, source …/activate"
    )
    launch_prefix: Line = Field(
        default="", description="command that enters the environment, e.g. apptainer exec sim.sif"
    )
    python: Line = Field(default="python3", description="Python of the environment")
    address: Line | None = Field(
        default=None,
        description="interface or IP address by which nodes reach this machine; absent: any that they can",
    )
    poll: Period = Field(default=30.0, description="how often the scheduler is asked about the jobs")
    patience: Period = Field(default=120.0, description="a job that is silent for so long counts as lost")
    options: Settings = Field(default={}, description="further settings of Parsl's provider, e.g. qos: high")

    def problems(self) -> Iterator[Problem]:
        if self.nodes > 1 and self.provider not in SEVERAL_NODES:
            yield Problem(("nodes",), f"jobs of '{self.provider}' have one node; ask for more jobs instead")
        unused = {
            "local": ("partition", "account", "scheduler_options", "exclusive"),
            "grid-engine": ("account",),
        }
        for name in unused.get(self.provider, ()):
            if getattr(self, name):
                yield Problem((name,), f"'{self.provider}' has no such setting")

    def cores_per_node(self, ranks: int) -> int:
        """Cores to ask for on each node; ranks: MPI ranks of a point."""
        return self.workers_per_node * (self.cores_per_worker or ranks)

    @property
    def directives(self) -> list[str]:
        """`scheduler_options` as lines of a job script."""
        start = DIRECTIVES[self.provider]
        return [line if line.startswith("#") else f"{start} {line}" for line in self.scheduler_options]

    @property
    def drain_after(self) -> int:
        """Time from the start of a job after which it takes no new points [s]."""
        return max(1, int(self.walltime - min(_DRAIN_MOST, _DRAIN_PART * self.walltime)))

    @property
    def clock(self) -> str:
        """The time limit as schedulers read it, HH:MM:SS."""
        minutes, seconds = divmod(round(self.walltime), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def load_profile(path: str | Path) -> Profile:
    """The profile in a YAML file, which may extend others.

    Raises ConfigError with all mistakes, each as ``file:line:col: key: what was expected``.
    """
    profile, layer = load_document(path, Profile, lambda layer: None)
    known = None if not profile.options else provider_settings(profile.provider)
    unknown = [key for key in profile.options if known is not None and key not in known]
    if unknown:
        raise ConfigError(
            f"{layer.mark(('options', key))}: options.{key}: Parsl's provider for '{profile.provider}' has no "
            f"such setting{did_you_mean(key, known or ())}"
            for key in unknown
        )
    return profile


def provider_settings(provider: str) -> list[str]:
    """Names of the settings that `options` may have: those of Parsl's provider that no key of a profile stands for."""
    import inspect

    from sim.sweeps.cluster import OWN_SETTINGS, provider_class

    parameters: dict[str, Any] = dict(inspect.signature(provider_class(provider).__init__).parameters)
    return [name for name in parameters if name != "self" and name not in OWN_SETTINGS]
