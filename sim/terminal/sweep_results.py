"""``sim sweep table``, ``plot`` and ``sensitivity``: the results of a sweep, also of a part of it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

WRONG_INPUT = 2

Kind = Enum("Kind", {kind: kind for kind in ("lines", "heatmap", "parallel", "scatter")})  # type: ignore[misc]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep", show_default=False)]
Pdf = Annotated[bool, typer.Option("--pdf", help="a PDF beside the PNG")]


def add_result_commands(app: typer.Typer) -> None:
    """Add the commands to ``sim sweep``."""
    for command in (table, plot, sensitivity):
        app.command()(command)


def table(folder: Folder) -> None:
    """Write table.csv and table.nc: a row per point with its values in SI, status, time and metrics.

    Also while the sweep runs. table.parquet, too, where pyarrow is installed.
    """
    from sim.sweeps.store import SweepFolderError
    from sim.sweeps.table import table_remarks, write_tables

    try:
        written, remarks = write_tables(folder), table_remarks(folder)
    except (SweepFolderError, OSError) as error:
        _fail(str(error))
    for remark in remarks:
        typer.echo(remark, err=True)
    for path in written:
        typer.echo(f"written: {path}")


def plot(
    folder: Folder,
    kind: Annotated[
        Kind | None, typer.Option("--kind", help="by default what suits the axes", show_default=False)
    ] = None,
    x: Annotated[
        str | None,
        typer.Option("--x", metavar="KEY", help="config key on the horizontal axis", show_default=False),
    ] = None,
    y: Annotated[
        list[str] | None,
        typer.Option(
            "--y",
            metavar="METRIC",
            help="metrics; of a heat map also the key on its vertical axis",
            show_default=False,
        ),
    ] = None,
    colour: Annotated[
        str | None,
        typer.Option(
            "--colour",
            "--color",
            metavar="KEY",
            help="config key or metric told by colours",
            show_default=False,
        ),
    ] = None,
    pdf: Pdf = False,
) -> None:
    """Draw what is done of a sweep, into DIR/figures.

    A key may be shortened to its last part (surface_diffusivity).
    """
    from sim.sweeps.store import SweepFolderError
    from sim.sweeps.table import sweep_dataset
    from sim.view.errors import ViewError
    from sim.view.sweeps import Request, draw_sweep

    request = Request(kind.value if kind is not None else None, x, tuple(y or ()), colour)
    try:
        written = draw_sweep(sweep_dataset(folder), folder / "figures", request, formats=_formats(pdf))
    except (SweepFolderError, ViewError) as error:
        _fail(str(error))
    for path in written:
        typer.echo(f"written: {path}")


def sensitivity(
    folder: Folder,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric",
            metavar="METRIC",
            help="by default those of the sweep file, else all CVs",
            show_default=False,
        ),
    ] = None,
    logarithm: Annotated[
        bool, typer.Option("--log", help="of the logarithms, for metrics that span decades")
    ] = False,
    pdf: Pdf = False,
) -> None:
    """First-order and total Sobol indices with 95 % intervals: DIR/sensitivity.csv and a figure.

    For a sweep with random: {method: saltelli, …}.
    """
    from sim.sweeps.sensitivity import sensitivity as indices_of
    from sim.sweeps.sensitivity import write_sensitivity
    from sim.sweeps.store import SweepFolderError
    from sim.view.sweeps import draw_sensitivity

    try:
        result = indices_of(folder, tuple(metric or ()), logarithm=logarithm)
    except SweepFolderError as error:
        _fail(str(error))
    for line in result.lines():
        typer.echo(line)
    for remark in result.remarks:
        typer.echo(remark, err=True)
    written = [write_sensitivity(folder, result)]
    written += draw_sensitivity(result.table, result.title, folder / "figures", formats=_formats(pdf))
    for path in written:
        typer.echo(f"written: {path}")


def _formats(pdf: bool) -> tuple[str, ...]:
    return ("png", "pdf") if pdf else ("png",)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG_INPUT)
