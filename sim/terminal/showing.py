"""Commands that show what is there, for anybody's folders: ParaView, figures, reports, renders, animations. They import
what draws when they are called."""

from __future__ import annotations

from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated

import typer


#: a default must be a text for some releases of click
class FieldName(StrEnum):
    """Fields of the cell that a render shows."""

    c_li = "c_li"
    phi = "phi"


FigureFormat = Enum("FigureFormat", {name: name for name in ("png", "pdf", "svg")})  # type: ignore[misc]


def add_showing_commands(app: typer.Typer) -> None:
    """The commands, in the order of the help."""
    for command in (paraview, figures, report, render, animate):
        app.command()(command)


def _leave(code: int) -> None:
    if code:
        raise typer.Exit(code)


def paraview(
    folder: Annotated[Path, typer.Argument(help="folder of one run, also of one that goes on or was killed")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="by default show_in_paraview.py in the folder")
    ] = None,
) -> None:
    """Write a Python script that shows a run in ParaView: potential, Li+ concentration and flux, plating current."""
    from sim.terminal.paraview import run_paraview

    _leave(run_paraview(folder, output))


def figures(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...", help="a run, comparison, experiment or sweep; several runs", show_default=False
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="folder of the figures; by default the result's own")
    ] = None,
    formats: Annotated[
        list[FigureFormat] | None, typer.Option("--format", help="png (default), pdf or svg; may be repeated")
    ] = None,
) -> None:
    """Draw the figures of finished folders anew, all of them, without running anything.

    Several runs are put side by side. Of a run that is unfinished or was killed, what is there is drawn.
    """
    from sim.terminal.figures import run_figures

    _leave(run_figures(folders, output, [one.value for one in formats or ()] or ["png"]))


def report(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...", help="a run, comparison, sweep or experiment; several runs", show_default=False
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="by default report.html in the folder")
    ] = None,
) -> None:
    """Write one HTML file that holds all of a result: figures, interactive views, numbers, assumptions, origin.

    It needs no network and no other file. Unfinished and killed runs are reported as far as they came; several runs
    side by side, in report.html of the working folder unless -o says otherwise.
    """
    from sim.terminal.report import run_report

    _leave(run_report(folders, output))


def render(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a run", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="PNG; by default DIR/figures/render-FIELD.png")
    ] = None,
    field: Annotated[
        FieldName, typer.Option("--field", help="what stands behind the anode")
    ] = FieldName.c_li,
    moment: Annotated[
        float | None, typer.Option("--time", help="seconds; the nearest stored time, by default the last")
    ] = None,
) -> None:
    """Render a run: the plating current over the anode in depth, a field of the cell behind it."""
    from sim.terminal.render import run_render

    _leave(run_render(folder, output, field.value, moment))


def animate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a run", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=".mp4 or .gif; by default DIR/animation.mp4")
    ] = None,
    fps: Annotated[float, typer.Option("--fps", help="stored times shown per second")] = 4.0,
) -> None:
    """Animate a run that was marched in time: fields, and beneath them the current along the anode."""
    from sim.terminal.animate import run_animate

    _leave(run_animate(folder, output, fps))
