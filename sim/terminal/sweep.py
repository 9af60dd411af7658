"""``sim sweep``: plans and folders of parameter studies. Imports nothing heavy, so that it answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.core import TyperGroup

from sim.terminal.sweep_array import add_array_commands
from sim.terminal.sweep_executor import Executor, WrongChoice, chosen_executor
from sim.terminal.sweep_results import add_result_commands

if TYPE_CHECKING:
    import click  # which newer releases of typer bring no more

    from sim.config import RunConfig
    from sim.sweeps import Plan
    from sim.sweeps.plan import Check

WRONG_INPUT = 2


_HELP = """Compute many points of one or several configs: sim sweep SWEEP.yaml -o DIR.

A sweep file names a base config and the keys to vary:

\b
base: ../pia.yaml
axes:
  - {key: interface.surface_diffusivity, from: 1e-11 m^2/s, to: 1e-7 m^2/s,
     points: 9, spacing: logarithmic}
  - {key: operation.mode, values: [potentiostatic, galvanostatic]}

The options are those of the command run, a word that may be left out: sim sweep run --help."""


class _FileFirst(TyperGroup):
    """A group whose command `run` is meant where the first word is none of its commands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return super().parse_args(ctx, args)


sweep_app = typer.Typer(cls=_FileFirst, help=_HELP, no_args_is_help=True, add_completion=False)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG_INPUT)


@sweep_app.command()
def run(
    file: Annotated[Path, typer.Argument(metavar="SWEEP.yaml", help="the sweep", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="folder of the sweep; by default results/NAME")
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="override a key of every point, e.g. mesh.columns=40"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="list the points and write nothing")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="compute what the folder lacks")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace the folder's sweep")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="with --resume: failed points once more")
    ] = False,
    executor: Annotated[
        Executor | None,
        typer.Option("--executor", help="where points are computed; absent: as the profile says, else here"),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option("--profile", metavar="FILE", help="YAML profile of a cluster: partition, environment …"),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, help="points at a time; by default one per core")
    ] = None,
) -> None:
    """Compute the points of a sweep, or list them (--dry-run). All points are checked before any is computed.

    Whatever ends it, --resume goes on with the points that are missing.
    """
    if resume and overwrite:
        _fail("--resume continues a sweep and --overwrite replaces it: give one of them")
    if retry_failed and not resume:
        _fail("--retry-failed goes with --resume")
    planned = plan_file(file, tuple(overrides or ()))
    if dry_run:
        list_points(planned)
        return
    from sim.terminal.sweep_run import leave, run_sweep

    try:
        make = chosen_executor(executor, profile, jobs, planned.spec.ranks)
    except WrongChoice as error:
        _fail(str(error))
    folder = output or Path("results") / planned.spec.name
    code = run_sweep(
        planned,
        folder,
        make,
        resume=resume,
        overwrite=overwrite,
        retry_failed=retry_failed,
    )
    leave(code)


@sweep_app.command()
def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep", show_default=False)],
) -> None:
    """Tell how far a sweep is: counts, rate, remaining time, failures. Also while it runs."""
    from sim.sweeps import SweepFolderError, read_sweep_status

    try:
        found = read_sweep_status(folder)
    except SweepFolderError as error:
        _fail(str(error))
    for line in found.lines():
        typer.echo(line)


def plan_file(file: Path, overrides: tuple[str, ...]) -> Plan:
    """The plan of a sweep file; what is wrong with it goes to stderr, one line each, with exit code 2."""
    from sim.config import ConfigError
    from sim.sweeps import load_sweep, plan_sweep

    try:
        return plan_sweep(load_sweep(file, overrides), input_check())
    except ConfigError as error:
        _fail(str(error))


def input_check() -> Check:
    """What is wrong with the files, the profile and the maps that a valid config names.

    Asked once for all configs that share them: laying out a mesh costs more than all the rest of a point's plan.
    """
    from sim.domain.errors import DomainError
    from sim.domain.inputs import check_inputs

    known: dict[str, str | None] = {}

    def check(config: RunConfig) -> str | None:
        interface = config.interface.model_dump_json(include={"sites", "initial_coverage"})
        key = interface + config.model_dump_json(include={"temperature", "cell", "electrolyte", "mesh"})
        if key not in known:
            known[key] = None
            try:
                check_inputs(config)
            except DomainError as error:
                known[key] = str(error)
        return known[key]

    return check


def list_points(planned: Plan) -> None:
    """Every point with its number, identity and settings, then how many there are."""
    first: dict[str, int] = {}
    for one in planned.points:
        original = first.setdefault(one.id, one.point.index)
        same = "" if original == one.point.index else f"  (same as {original})"
        typer.echo(f"{one.point.index:5d}  {one.id}  {one.point.label}{same}")
    typer.echo(summary(planned))


def summary(planned: Plan) -> str:
    """How many points a plan has."""
    rows, points = len(planned.points), len(planned.unique())
    equal = "" if rows == points else f", {rows - points} equal to another"
    return f"{planned.spec.name}: {rows} rows{equal}, {points} points to compute"


add_array_commands(sweep_app)
add_result_commands(sweep_app)
