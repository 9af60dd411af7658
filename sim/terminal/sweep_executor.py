"""Where a sweep's points are computed: what ``--executor``, ``--profile`` and ``--jobs`` mean together."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.sweeps.executors import MakeExecutor
    from sim.sweeps.profile import Profile


class Executor(StrEnum):
    """Where points are computed."""

    local = "local"
    slurm = "slurm"
    pbs = "pbs"
    lsf = "lsf"
    grid_engine = "grid-engine"


class WrongChoice(Exception):
    """Options that do not go together, or a profile that cannot be used; the message says why (exit code 2)."""


def chosen_executor(
    executor: Executor | None, profile: Path | None, jobs: int | None, ranks: int
) -> MakeExecutor:
    """The executor of a sweep whose points have some MPI ranks; raises WrongChoice.

    Without a profile a scheduler is asked for one job at a time, of one worker for an hour.
    """
    from sim.sweeps.cluster import ProfileError, cluster_executor
    from sim.sweeps.executors import available_workers, local_executor

    if profile is None and executor in (None, Executor.local):
        return local_executor(jobs or available_workers(ranks))
    chosen = chosen_profile(profile, executor.value if executor is not None else None)
    if jobs is not None:
        raise WrongChoice("-j is for this machine; a profile has jobs and workers_per_node")
    try:
        return cluster_executor(chosen, ranks)
    except ProfileError as error:
        raise WrongChoice(f"{profile}: {error}") from None


def chosen_profile(path: Path | None, provider: str | None) -> Profile:
    """The profile in a file, or one for a scheduler that asks for nothing special; raises WrongChoice."""
    from sim.config import ConfigError
    from sim.sweeps.profile import Profile, load_profile

    if path is None:
        return Profile.model_validate({"provider": provider})
    try:
        profile = load_profile(path)
    except ConfigError as error:
        raise WrongChoice(str(error)) from None
    if provider not in (None, profile.provider):
        raise WrongChoice(f"{path}: is a profile for '{profile.provider}', not for '{provider}'")
    return profile
