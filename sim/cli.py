"""The command line. Heavy imports happen inside the commands, so that ``sim --help`` and ``sim validate``
answer at once.

Exit codes: 0 done, 1 a bug, 2 wrong input, 3 the solver gave up, 75 stopped on request after a checkpoint,
130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sim.startup import RANK_VARIABLES
from sim.terminal.showing import add_showing_commands
from sim.terminal.sweep import sweep_app

if TYPE_CHECKING:
    from sim.config import RunConfig

WRONG_INPUT, GAVE_UP = 2, 3
#: mpirun kills all ranks when one fails: the others leave the first so long to speak [s]
_TIME_TO_SPEAK = 5.0


#: the names in `sim.config.experiments`, which is not imported for the sake of a help text
EXPERIMENTS = ("polarisation", "impedance", "transference", "sand", "relaxation", "cycle", "paper")
ExperimentName = Enum("ExperimentName", {name: name for name in EXPERIMENTS})  # type: ignore[misc]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="How does a separator's surface chemistry shape lithium plating? Runs cells given as YAML.",
)

app.add_typer(sweep_app, name="sweep")

ConfigPath = Annotated[Path, typer.Argument(help="YAML config of one run", show_default=False)]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="override one key, e.g. operation.voltage='0.1 V'"),
]
OutputFolder = Annotated[Path | None, typer.Option("-o", "--output", help="folder of the results")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="replace a run that the folder holds")]


def _fail(message: str, code: int) -> NoReturn:
    # what is wrong before MPI starts is said by the first rank alone
    if all(os.environ.get(name, "0") == "0" for name in RANK_VARIABLES):
        typer.echo(message, err=True)
    else:
        time.sleep(_TIME_TO_SPEAK)
    raise typer.Exit(code)


def _load(path: Path, overrides: list[str] | None) -> RunConfig:
    from sim.config import ConfigError, load_config

    try:
        return load_config(path, tuple(overrides or ()))
    except ConfigError as error:
        _fail(str(error), WRONG_INPUT)


@app.command()
def run(
    config: ConfigPath,
    output: OutputFolder = None,
    overrides: Overrides = None,
    resume: Annotated[bool, typer.Option("--resume", help="continue the run that the folder holds")] = False,
    overwrite: Overwrite = False,
    mesh_study: Annotated[
        bool,
        typer.Option(
            "--mesh-study",
            help="solve on a coarser and a finer mesh too, and state the error of every metric",
        ),
    ] = False,
    tolerance: Annotated[
        float | None,
        typer.Option(
            "--tolerance",
            metavar="T",
            help="find the mesh on which mean current density (relative) and CV err by less than T, such as 1e-3",
        ),
    ] = None,
    profile: Annotated[
        bool, typer.Option("--profile", help="print where the time went, and keep it in manifest.json")
    ] = False,
) -> None:
    """Run one config; results go to results/NAME unless -o says otherwise."""
    if resume and overwrite:
        _fail("--resume continues a run and --overwrite replaces it: give one of them", WRONG_INPUT)
    if tolerance is not None and not 1e-6 <= tolerance <= 0.1:
        _fail(f"--tolerance {tolerance:g}: from 1e-6 to 0.1", WRONG_INPUT)
    checked = _load(config, overrides)
    folder = output or Path("results") / checked.name
    from sim.terminal.session import run_session

    code = run_session(
        checked,
        folder,
        resume=resume,
        overwrite=overwrite,
        mesh_study=mesh_study,
        tolerance=tolerance,
        profile=profile,
    )
    if code:
        raise typer.Exit(code)


@app.command()
def validate(
    configs: Annotated[list[Path], typer.Argument(help="YAML configs")], overrides: Overrides = None
) -> None:
    """Check configs without running them; prints each resolved config and its scales."""
    from sim.config import dump_config
    from sim.domain.errors import DomainError
    from sim.domain.inputs import check_inputs
    from sim.domain.scales import scale_lines

    for path in configs:
        checked = _load(path, overrides)
        try:
            check_inputs(checked)
        except DomainError as error:
            _fail(str(error), WRONG_INPUT)
        typer.echo(f"# {path}: valid")
        typer.echo(dump_config(checked).rstrip())
        typer.echo("# scales")
        for line in scale_lines(checked):
            typer.echo(f"#   {line}")


@app.command()
def mesh(
    config: ConfigPath,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="write the mesh to this .msh file")
    ] = None,
    overrides: Overrides = None,
) -> None:
    """Build the mesh of a config, report its sizes and quality, and write it."""
    checked = _load(config, overrides)
    if output is not None and output.suffix != ".msh":
        _fail(f"{output}: a mesh is written as .msh (gmsh 4.1)", WRONG_INPUT)
    from sim.domain.domain import describe, write_msh
    from sim.domain.errors import DomainError
    from sim.output.atomic import write_whole

    try:
        report = describe(checked)
        if output is not None:
            write_whole(output, lambda temporary: write_msh(checked, temporary))
    except DomainError as error:
        _fail(str(error), WRONG_INPUT)
    except OSError as error:
        _fail(f"{output}: cannot be written: {error.strerror or error}", WRONG_INPUT)
    for line in report.as_lines():
        typer.echo(line)
    if output is not None:
        typer.echo(f"written: {output}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a config, for editors."""
    from sim.config import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _study(study: Any, *arguments: Any, **options: Any) -> None:
    """Run a study and turn its errors into exit codes."""
    from sim.studies.batch import StudyError

    try:
        code = study(*arguments, **options)
    except StudyError as error:
        _fail(str(error), WRONG_INPUT)
    if code:
        raise typer.Exit(code)


@app.command()
def compare(
    configs: Annotated[list[Path], typer.Argument(help="YAML configs, in the order of the figure")],
    output: OutputFolder = None,
    overrides: Overrides = None,
    overwrite: Overwrite = False,
    history: Annotated[
        bool,
        typer.Option(
            "--history/--no-history", help="march steady cells from rest, for unevenness against time"
        ),
    ] = True,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", help="runs at a time; by default one per core")
    ] = None,
) -> None:
    """Run several configs and put them side by side: figures, one table, the error of their meshes."""
    checked = [_load(path, overrides) for path in configs]
    from sim.studies.compare import compare_configs

    folder = output or Path("results") / "compare"
    _study(compare_configs, checked, folder, overwrite=overwrite, history=history, jobs=jobs)


@app.command()
def experiment(
    name: Annotated[ExperimentName, typer.Argument(help="what to do to the cell", show_default=False)],
    config: Annotated[
        Path | None, typer.Argument(help="YAML config of the cell; paper brings its own", show_default=False)
    ] = None,
    output: OutputFolder = None,
    overrides: Overrides = None,
    overwrite: Overwrite = False,
) -> None:
    """Do a virtual experiment on a cell; its settings are the config's experiments.NAME, results go to
    results/CELL-NAME. ``paper`` puts the model to the measurements of its source, in results/paper."""
    from sim.config.experiments import OWN_CONFIGS
    from sim.config.shipped import shipped_config

    own = OWN_CONFIGS.get(name.value)
    if config is None and own is None:
        _fail(f"{name.value} needs the config of a cell: sim experiment {name.value} CONFIG", WRONG_INPUT)
    checked = _load(config or shipped_config(str(own)), overrides)
    from sim.terminal.experiment import run_experiment

    usual = name.value if own is not None else f"{checked.name}-{name.value}"
    folder = output or Path("results") / usual
    code = run_experiment(name.value, checked, folder, overwrite=overwrite)
    if code:
        raise typer.Exit(code)


@app.command()
def verify(
    cases: Annotated[
        list[int] | None, typer.Argument(help="numbers of cases; all where none is given")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="folder of the book; by default results/verification"),
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="the smaller size that the tests use")] = False,
    book: Annotated[bool, typer.Option("--book/--no-book", help="write the book")] = True,
) -> None:
    """Perform the exact cases of the verification book and write it, as Markdown and HTML."""
    from sim.terminal.verify import run_verification

    folder = (output or Path("results") / "verification") if book else None
    code = run_verification(cases or [], folder, full=not small)
    if code:
        raise typer.Exit(code)


@app.command()
def demo(
    output: OutputFolder = None,
    overwrite: Annotated[bool, typer.Option("--overwrite/--keep", help="replace an earlier demo")] = True,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", help="runs at a time; by default one per core")
    ] = None,
) -> None:
    """Run the four separators (and PIA's bulk) at 0.5 V and 0.5 C and compare them."""
    from sim.studies.demo import run_demo

    _study(run_demo, output or Path("results") / "demo", overwrite=overwrite, jobs=jobs)


@app.command("claim-map")
def claim_map(
    output: OutputFolder = None,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, help="points at a time; by default one per core")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="compute what the folder lacks")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace an earlier map")] = False,
) -> None:
    """Map where the paper's claims hold, over constants that nobody has measured: four sweeps, a table, a figure.

    Results go to results/claim-map unless -o says otherwise; --resume goes on after a stop.
    """
    if resume and overwrite:
        _fail("--resume continues a map and --overwrite replaces it: give one of them", WRONG_INPUT)
    from sim.terminal.claim_map import run_claim_map
    from sim.terminal.sweep_run import leave

    folder = output or Path("results") / "claim-map"
    leave(run_claim_map(folder, jobs=jobs, resume=resume, overwrite=overwrite))


add_showing_commands(app)


def main() -> None:
    """The command ``sim``, with its arguments from the command line."""
    try:
        app(prog_name="sim")
    except KeyboardInterrupt:
        sys.exit(130)
