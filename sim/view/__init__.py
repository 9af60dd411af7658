"""Figures of one finished run and of a comparison, from run folders alone; no solver is needed.

`draw_run` and `draw_comparison` write files; `Run` reads a folder; `ViewError` says what is wrong with one.
"""

from sim.view.comparison import draw_comparison
from sim.view.errors import ViewError
from sim.view.figures import draw_run
from sim.view.modes import draw_modes
from sim.view.reader import Run
from sim.view.resolved import comparison_remarks
from sim.view.table import comparison_table

__all__ = [
    "Run",
    "ViewError",
    "comparison_remarks",
    "comparison_table",
    "draw_comparison",
    "draw_modes",
    "draw_run",
]
