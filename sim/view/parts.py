"""How much of an evening-out is the bulk's and how much the sites': CV of the baseline, of the bulk alone, with sites.

Roles follow from the configs and not from names: the baseline is the first run; the bulk's run has no sites and the
bulk of those that do. Controls inherit that bulk by assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.view.labels import drives, number, short_title
from sim.view.reader import Run
from sim.view.style import COLUMN_WIDTH, FAINT, INK, STYLE, Curve, curve, new_figure
from sim.view.ticks import log_ticks

CV = "current_density_cv"
#: Relative change below which an arrow would be shorter than its head.
SHORTEST_ARROW = 0.2


@dataclass(frozen=True)
class Parts:
    """Positions in the list of runs."""

    baseline: int
    bulk: int
    with_sites: tuple[int, ...]


def find_parts(runs: Sequence[Run]) -> Parts | None:
    """Baseline, bulk alone and the runs with sites on that bulk; None where the comparison cannot tell them apart."""
    if len(drives(runs)) > 1:
        return None
    for index, run in enumerate(runs[1:], start=1):
        shared = [
            i for i, other in enumerate(runs) if other.has_sites and other.settings.bulk == run.settings.bulk
        ]
        differs = runs[0].settings.bulk != run.settings.bulk
        if not run.has_sites and not runs[0].has_sites and differs and shared:
            chosen = (0, index, *shared)
            return Parts(0, index, tuple(shared)) if all(runs[i].metric(CV) > 0 for i in chosen) else None
    return None


@mpl.rc_context(STYLE)
def parts_figure(runs: Sequence[Run], parts: Parts) -> Figure:
    """CV on a logarithmic axis, a row per run, with an arrow for the bulk's factor and one per run for the sites'."""
    order = [parts.baseline, parts.bulk, *parts.with_sites]
    figure = new_figure(COLUMN_WIDTH, 22 + 11 * len(order))
    axes = figure.subplots()
    start, bulk = runs[parts.baseline].metric(CV), runs[parts.bulk].metric(CV)
    for value in (start, bulk):
        axes.axvline(value, color=FAINT, linewidth=0.6, linestyle=(0, (3, 2)), zorder=0)
    _row(axes, 0, start, start, "", curve(parts.baseline))
    _row(axes, 1, start, bulk, "bulk", curve(parts.bulk))
    for row, index in enumerate(parts.with_sites, start=2):
        _row(axes, row, bulk, runs[index].metric(CV), "sites", curve(index))
    axes.set_xscale("log")
    values = [runs[index].metric(CV) for index in order]
    axes.set_xlim(0.35 * min(values), 2.5 * max(values))
    log_ticks(axes.xaxis)
    axes.set_yticks(range(len(order)), [short_title(runs[index]) for index in order])
    axes.set_ylim(len(order) - 0.4, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("CV of the plating current (–)")
    axes.set_title(f"What the bulk does and what the sites do\n{runs[0].settings.drive}", loc="left")
    return figure


def _row(axes: Axes, row: int, start: float, end: float, part: str, look: Curve) -> None:
    """One run: a dot at its CV, and an arrow from where this part of the change begins."""
    axes.plot([end], [row], marker=look.marker, color=look.color, markersize=6, linestyle="none", zorder=3)
    text = f"CV {number(end)}"
    if part:
        text += f"   {part} {factor(start, end)}"
    if abs(start / end - 1.0) > SHORTEST_ARROW:
        axes.annotate(
            "",
            (end, row),
            (start, row),
            arrowprops={"arrowstyle": "-|>", "color": look.color, "lw": 1.2, "shrinkA": 0, "shrinkB": 3},
        )
    axes.annotate(
        text,
        (end, row),
        xytext=(0, 6),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )


def factor(start: float, end: float) -> str:
    """A change as a reader says it, with three digits where it is less than twofold: ÷ 8.6, × 2.0, ÷ 1.23, × 1.00."""
    ratio = max(start / end, end / start)
    text = number(ratio, 3 if ratio < 2 else 2)
    return f"÷ {text}" if start > end and text != "1.00" else f"× {text}"
