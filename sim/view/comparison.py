"""A comparison of finished runs, in the order given: all its figures, its table and its caption."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from sim.output.atomic import write_text
from sim.view.caption import caption
from sim.view.curves import along_figure, unevenness_figure, with_history
from sim.view.errors import ViewError
from sim.view.panel import panel_figure
from sim.view.parts import find_parts, parts_figure
from sim.view.reader import Run
from sim.view.resolved import resolution_table
from sim.view.style import PNG, save_figure
from sim.view.table import table_figure, table_of, write_csv


def draw_comparison(
    folders: Sequence[Path | str], out_dir: Path | str, stem: str, *, formats: Sequence[str] = PNG
) -> list[Path]:
    """Writes <stem>-panel.png, -current, -history, -parts, -table.png and .csv, -resolved.csv and -caption.md.

    The order of the folders is that of the columns; the first is what the others are measured against. The panel
    is drawn where all have fields, the history where some have one, the parts where a run of the bulk alone is among
    them, the -resolved where there are two. Runs of different modes are named by theirs. Returns the files; ViewError
    where a run is missing or unfinished.
    """
    runs = [Run.from_folder(folder).require_done() for folder in folders]
    if not runs:
        raise ViewError("a comparison needs at least one finished run")
    parts = find_parts(runs)
    table = table_of(runs)
    figures: dict[str, Figure] = {"current": along_figure(runs)}
    if all(run.snapshots for run in runs):
        figures = {"panel": panel_figure(runs)} | figures
    if with_history(runs):
        figures["history"] = unevenness_figure(runs)
    if parts is not None:
        figures["parts"] = parts_figure(runs, parts)
    figures["table"] = table_figure(table)
    base = Path(out_dir)
    written: list[Path] = []
    for name, figure in figures.items():
        written += save_figure(figure, base / f"{stem}-{name}.png", formats=formats)
    written.append(write_csv(table, base / f"{stem}-table.csv"))
    if len(runs) > 1:
        written.append(write_csv(resolution_table(runs), base / f"{stem}-resolved.csv"))
    text = base / f"{stem}-caption.md"
    write_text(text, caption(runs, parts))
    return [*written, text]
