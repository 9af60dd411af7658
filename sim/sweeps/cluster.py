"""From a profile to Parsl's executor: providers of schedulers, the pilot's command, addresses, and versions.

Differences from Parsl's defaults, and why:

- What goes over the cluster's network is encrypted and needs the certificates in the sweep's folder: whoever could
  send a message to a worker could make it run anything.
- Addresses are those of this machine's interfaces. Parsl would also ask a server on the internet for one.
- A job takes no new points shortly before its time is over.
"""

from __future__ import annotations

import ipaddress
import os
import shlex
from pathlib import Path
from typing import Any

from sim.sweeps.executors import LOOPBACK, Heartbeat, MakeExecutor, pilot_executor
from sim.sweeps.profile import Profile

_ANYWHERE = "0.0.0.0"
#: signs of life in the time after which a silent job counts as lost
_SIGNS = 8
#: no limit by cores: a profile states the workers of a node
_NO_CORES = 1e-3
#: settings of Parsl's providers that keys of a profile, or this module, stand for
OWN_SETTINGS = frozenset(
    {
        *("partition", "queue", "account", "project", "nodes_per_block", "cores_per_node", "cores_per_block"),
        *("cpus_per_node", "init_blocks", "min_blocks", "max_blocks", "walltime", "scheduler_options"),
        *("worker_init", "exclusive", "launcher", "request_by_nodes"),
    }
)


class ProfileError(Exception):
    """A profile that cannot be used on this machine; the message says why."""


def cluster_executor(profile: Profile, ranks: int) -> MakeExecutor:
    """Workers in jobs of a scheduler; ranks: MPI ranks of a point. Raises ProfileError where the address is wrong."""
    reachable = addresses(profile.address)

    def make(logs: str) -> Any:
        executor = pilot_executor(
            make_provider(profile, ranks),
            pilot_command(profile),
            profile.workers_per_node,
            Heartbeat(max(1, int(profile.patience / _SIGNS)), max(2, int(profile.patience))),
            logs,
            address=reachable[0] if len(reachable) == 1 else _ANYWHERE,
            cores_per_worker=_NO_CORES,
        )
        executor.launch_cmd = executor.launch_cmd.replace("{addresses}", ",".join(reachable))
        executor.encrypted = True
        if profile.provider != "local":
            executor.drain_period = profile.drain_after
        return executor

    return make


def pilot_command(profile: Profile) -> str:
    """The shell command of a pilot job, inside the environment."""
    parent = f"--parent {os.getpid()}" if profile.provider == "local" else ""
    words = (profile.launch_prefix, profile.python, "-m sim.sweeps.pilot", parent)
    return " ".join(word for word in words if word)


def job_lines(profile: Profile) -> list[str]:
    """Shell lines at the start of a job: one thread a process, this checkout where it is one, `worker_init`."""
    root = Path(__file__).resolve().parents[2]
    lines = ["export OMP_NUM_THREADS=1"]
    if (root / "pyproject.toml").is_file():  # of an installed one, the packages may be another Python's
        lines.append(f'export PYTHONPATH={shlex.quote(str(root))}"${{PYTHONPATH:+:$PYTHONPATH}}"')
    return [*lines, *profile.worker_init]


def addresses(wanted: str | None) -> list[str]:
    """IP addresses of this machine for the nodes to try.

    wanted: an address, or the name of an interface; None for all interfaces but the loopback device, which is taken
    where there is nothing else. Raises ProfileError.
    """
    import psutil

    own = {
        name: [one.address for one in found if one.family.name == "AF_INET"]
        for name, found in psutil.net_if_addrs().items()
    }
    if wanted is None:
        found = [one for several in own.values() for one in several]
        return [one for one in found if not ipaddress.ip_address(one).is_loopback] or [LOOPBACK]
    if own.get(wanted):
        return own[wanted]
    try:
        ipaddress.ip_address(wanted)
    except ValueError:
        names = ", ".join(name for name, several in own.items() if several)
        text = f"address: '{wanted}' is neither an IP address nor an interface of this machine ({names})"
        raise ProfileError(text) from None
    return [wanted]


def provider_class(provider: str) -> Any:
    """Parsl's provider for a scheduler."""
    from parsl import providers

    names = {
        "local": "LocalProvider",
        "slurm": "SlurmProvider",
        "pbs": "PBSProProvider",
        "lsf": "LSFProvider",
        "grid-engine": "GridEngineProvider",
    }
    return getattr(providers, names[provider])


def make_provider(profile: Profile, ranks: int) -> Any:
    """The provider of a profile, which asks for `jobs` jobs at most, one at first."""
    kind = provider_class(profile.provider)
    polled = type(kind.__name__, (kind,), {"status_polling_interval": property(lambda self: profile.poll)})
    return polled(
        **_settings(profile, profile.cores_per_node(ranks)),
        **profile.options,
        launcher=_launcher(profile, profile.cores_per_node(ranks)),
        nodes_per_block=profile.nodes,
        init_blocks=1,
        min_blocks=0,
        max_blocks=profile.jobs,
        worker_init="\n".join(job_lines(profile)),
    )


def _settings(profile: Profile, cores: int) -> dict[str, Any]:
    """What providers call each in their own way; cores: of a node."""
    if profile.provider == "local":
        return {}
    lines = "\n".join(profile.directives)
    own: dict[str, Any]
    common: dict[str, Any] = {"walltime": profile.clock, "scheduler_options": lines}
    if profile.provider == "slurm":
        own = {"partition": profile.partition, "account": profile.account, "exclusive": profile.exclusive}
        return common | own | {"cores_per_node": cores}
    if profile.provider == "pbs":
        return common | {"queue": profile.partition, "account": profile.account, "cpus_per_node": cores}
    if profile.provider == "lsf":
        own = {"queue": profile.partition, "project": profile.account, "cores_per_node": cores}
        return common | own | {"cores_per_block": cores * profile.nodes, "request_by_nodes": False}
    return common | {"queue": profile.partition}


def _launcher(profile: Profile, cores: int) -> Any:
    """What starts a pool of workers on every node of a job; cores: of a node."""
    from parsl.launchers import JsrunLauncher, MpiExecLauncher, SimpleLauncher, SrunLauncher

    if profile.nodes == 1:
        return SimpleLauncher()
    if profile.provider == "slurm":  # steps of a job do not inherit its cores per task
        return SrunLauncher(overrides=f"--ntasks-per-node=1 --cpus-per-task={cores}")
    return MpiExecLauncher() if profile.provider == "pbs" else JsrunLauncher()
