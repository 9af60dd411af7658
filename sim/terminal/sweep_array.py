"""``sim sweep export`` and ``sim sweep point``: a sweep as a job array, and one task of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sim.terminal.sweep_executor import WrongChoice, chosen_profile

if TYPE_CHECKING:
    from sim.sweeps.profile import Profile

WRONG_INPUT, GAVE_UP = 2, 3


class Scheduler(StrEnum):
    """Schedulers for which there are scripts."""

    slurm = "slurm"
    pbs = "pbs"


def add_array_commands(app: typer.Typer) -> None:
    """Add the commands to ``sim sweep``."""
    for command in (export, point):
        app.command()(command)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG_INPUT)


def export(
    file: Annotated[Path, typer.Argument(metavar="SWEEP.yaml", help="the sweep", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="folder of the sweep; by default results/NAME")
    ] = None,
    scheduler: Annotated[
        Scheduler | None,
        typer.Option("--scheduler", help="absent: that of the profile, else slurm", show_default=False),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option(
            "--profile", metavar="FILE", help="YAML profile of the cluster: partition, environment …"
        ),
    ] = None,
    chunk: Annotated[int | None, typer.Option("--chunk", min=1, help="points of each task")] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="override a key of every point")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="keep the points that the folder has")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace the folder's sweep")] = False,
) -> None:
    """Write a sweep as a plain job-array script, for sites that allow nothing long-lived on a login node."""
    if resume and overwrite:
        _fail("--resume continues a sweep and --overwrite replaces it: give one of them")
    from sim.sweeps import SweepFolderError, SweepLock, SweepLocked, SweepStore
    from sim.sweeps.array import array_limit, export_array
    from sim.terminal.sweep import plan_file, summary

    chosen = _profile(profile, scheduler)
    planned = plan_file(file, tuple(overrides or ()))
    store = SweepStore(output or Path("results") / planned.spec.name)
    try:
        store.make()
        with SweepLock(store.root):
            store.prepare(planned, resume=resume, overwrite=overwrite)
            array = export_array(store, planned, chosen, chunk, array_limit(chosen.provider))
    except (SweepFolderError, SweepLocked) as error:
        _fail(str(error))
    submit = "sbatch" if chosen.provider == "slurm" else "qsub"
    typer.echo(f"{summary(planned)}, in {array.tasks} tasks of {array.chunk}: {submit} {array.script}")


def point(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="folder of an exported sweep", show_default=False)
    ],
    rows: Annotated[
        list[str],
        typer.Argument(metavar="INDEX...", help="rows of plan.csv: 7, or 20-39", show_default=False),
    ],
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="compute points again that failed before")
    ] = False,
) -> None:
    """Compute some points of an exported sweep, as a task of its job array does; what is done is skipped."""
    from sim.sweeps import SweepFolderError, SweepStore
    from sim.sweeps.array import parse_rows
    from sim.sweeps.task import compute_rows

    try:
        chosen = parse_rows(rows)
        failed = compute_rows(SweepStore(folder), chosen, retry_failed=retry_failed, tell=typer.echo)
    except (SweepFolderError, ValueError) as error:
        _fail(str(error))
    if failed:
        raise typer.Exit(GAVE_UP)


def _profile(path: Path | None, scheduler: Scheduler | None) -> Profile:
    """The profile for a script: that of a file, else one that asks for nothing special."""
    wanted = scheduler.value if scheduler is not None else None if path is not None else Scheduler.slurm.value
    try:
        profile = chosen_profile(path, wanted)
    except WrongChoice as error:
        _fail(str(error))
    names = [one.value for one in Scheduler]
    if profile.provider not in names:
        _fail(f"{path}: there are scripts for {' and '.join(names)}, not for '{profile.provider}'")
    return profile
