"""Unevenness in both modes side by side: 0.5 V and 0.5 C cannot both hold, so no result is shown without its mode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from sim.view.errors import ViewError
from sim.view.labels import J_OVER_J_LIM
from sim.view.style import PNG, STYLE, save_figure
from sim.view.table import draw_rows, values_of, write_csv

#: metric -> head of its column
SHOWN = {
    "current_density_mean_A_m2": "mean j\n(A m⁻²)",
    "j_over_j_lim": f"{J_OVER_J_LIM}\n(–)",
    "current_density_cv": "CV\n(–)",
    "current_density_max_over_mean": "max/⟨j⟩\n(–)",
}


def modes_table(potentiostatic: pd.DataFrame, galvanostatic: pd.DataFrame) -> pd.DataFrame:
    """One row per separator; a metric's column is its name behind the mode's: potentiostatic_current_density_cv …

    Arguments are comparison tables of the same runs; ViewError where their names differ.
    """
    if list(potentiostatic["name"]) != list(galvanostatic["name"]):
        raise ViewError("the two modes compare different runs, or the same in another order")
    joined = potentiostatic[["name", "title"]].copy()
    for prefix, table in (("potentiostatic", potentiostatic), ("galvanostatic", galvanostatic)):
        for column in table.columns.drop(["name", "title", "mode"]):
            joined[f"{prefix}_{column}"] = table[column].to_numpy()
    return joined


@mpl.rc_context(STYLE)
def modes_figure(potentiostatic: pd.DataFrame, galvanostatic: pd.DataFrame) -> Figure:
    """The unevenness of each separator, with its mean current, in both modes."""
    tables = (potentiostatic, galvanostatic)
    head = ["", *[text for _ in tables for text in SHOWN.values()]]
    rows = []
    for index, title in enumerate(potentiostatic["title"]):
        values = [values_of(table, column)[index] for table in tables for column in SHOWN]
        rows.append([str(title), *values])
    drives = [", ".join(dict.fromkeys(table["drive"])) for table in tables]
    return draw_rows(head, rows, "Unevenness of the plating current in both modes", groups=drives)


def draw_modes(
    potentiostatic: pd.DataFrame,
    galvanostatic: pd.DataFrame,
    out_dir: Path | str,
    stem: str,
    *,
    formats: Sequence[str] = PNG,
) -> list[Path]:
    """Writes <stem>-modes.csv and .png from the comparison tables of the two modes, and returns the files."""
    base = Path(out_dir) / f"{stem}-modes"
    csv = write_csv(modes_table(potentiostatic, galvanostatic), base.with_suffix(".csv"))
    return [
        csv,
        *save_figure(modes_figure(potentiostatic, galvanostatic), base.with_suffix(".png"), formats=formats),
    ]
