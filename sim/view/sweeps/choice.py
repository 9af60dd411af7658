"""Which figure suits a sweep, and which of its columns go where."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.view.errors import ViewError
from sim.view.sweeps.columns import RANDOM, Column, Table
from sim.view.sweeps.heatmap import heatmap_figure
from sim.view.sweeps.lines import lines_figure
from sim.view.sweeps.panels import MOST_PANELS, leading, panels_of
from sim.view.sweeps.parallel import parallel_figure
from sim.view.sweeps.scatter import MOST, scatter_figure

KINDS = ("lines", "heatmap", "parallel", "scatter")
#: values of a key from which on a heat map shows more than curves
_MANY = 5
#: metrics that are drawn where none are named, those of unevenness first
_USUAL, _UNEVENNESS = 4, "_cv"


@dataclass(frozen=True)
class Request:
    """What a user asks for, as names of columns or config keys; None or empty: chosen from the axes."""

    kind: str | None = None
    x: str | None = None
    y: tuple[str, ...] = ()
    colour: str | None = None


def sweep_figure(table: Table, request: Request) -> tuple[str, Figure]:
    """The kind of figure and the figure; raises ViewError where the request does not fit the sweep.

    For a heat map the first `y` that is a key is its vertical axis, the other ones are metrics.
    """
    asked = [table.column(name) for name in request.y]
    metrics = [column for column in asked if column.name in table.metrics]
    keys = [column for column in asked if column.name in table.keys]
    kind = request.kind or ("heatmap" if keys else _kind(table, metrics))
    x = table.column(request.x) if request.x is not None else None
    colour = table.column(request.colour) if request.colour is not None else None
    if keys and kind in ("lines", "parallel"):
        raise ViewError(f"'{keys[0].name}' is a key; --y of {kind} takes metrics")
    if kind == "lines":
        return kind, _lines(table, x, metrics or _usual(table), colour)
    if kind == "heatmap":
        if colour is not None:
            metrics = [*metrics, colour]
        return kind, _heatmap(table, x, keys, metrics or _usual(table, 1))
    if kind == "parallel":
        shown = metrics or _usual(table)
        return kind, parallel_figure(table, leading(table.varied), shown, colour or shown[0])
    return kind, _scatter(table, x, keys, metrics, colour)


def _kind(table: Table, metrics: list[Column]) -> str:
    """Curves for one numeric axis, colours for two, a matrix or parallel axes for random designs and for more."""
    varied = leading(table.varied)
    numeric = [column for column in varied if not column.is_words]
    if any(column.axis == RANDOM for column in varied):
        return "scatter" if len(numeric) + max(len(metrics), 1) <= MOST else "parallel"
    fine = [column for column in numeric if len(column.levels) >= _MANY]
    if len(numeric) > 2 or len(_cases(table, numeric)) > MOST_PANELS:
        return "parallel"
    return "heatmap" if len(fine) == 2 else "lines"


def _cases(table: Table, shown: list[Column]) -> list[object]:
    return list(panels_of(table, _usual(table, 1), shown))


def _lines(table: Table, x: Column | None, metrics: list[Column], colour: Column | None) -> Figure:
    """x: the numeric key of most values; colour: the next numeric key, else a base or a word."""
    if x is None:
        free = [column for column in leading(table.varied) if colour is None or column.axis != colour.axis]
        if not free:
            raise ViewError("one point is no line; see table.csv")
        x = max(free, key=_weight)
    if colour is None:
        rest = [column for column in leading(table.varied) if column.axis != x.axis]
        rest = [column for column in rest if column.axis != RANDOM]
        colour = max(rest, key=_weight) if rest else None
    panels = len(panels_of(table, metrics[:1], (x, colour)))
    return lines_figure(table, x, metrics[: max(MOST_PANELS // panels, 1)], colour)


def _weight(column: Column) -> tuple[bool, int]:
    """Numbers before words, many values before few."""
    return not column.is_words, len(column.levels)


def _heatmap(table: Table, x: Column | None, keys: list[Column], metrics: list[Column]) -> Figure:
    """The two keys of most values unless others are named."""
    named = [column for column in (x, *keys[:1]) if column is not None]
    axes = {column.axis for column in named}
    free = [column for column in leading(table.varied) if column.axis not in axes]
    free.sort(key=_weight, reverse=True)
    if len(named) + len(free) < 2:
        raise ViewError("a heat map needs two axes; choose --kind lines")
    across = x or free.pop(0)
    up = keys[0] if keys else free.pop(0)
    return heatmap_figure(table, across, up, metrics)


def _scatter(
    table: Table, x: Column | None, keys: list[Column], metrics: list[Column], colour: Column | None
) -> Figure:
    """The numeric keys, or those named, and the metrics."""
    numeric = [column for column in leading(table.varied) if not column.is_words]
    named = [column for column in (x, *keys) if column is not None]
    chosen = named or numeric
    shown = metrics or _usual(table, max(1, min(_USUAL - 2, MOST - len(chosen))))
    if colour is None:
        colour = next((column for column in leading(table.varied) if column.is_words), None)
    return scatter_figure(table, [*chosen, *shown], colour)


def _usual(table: Table, most: int = _USUAL) -> list[Column]:
    """Metrics to draw where none are named."""
    told = [column for name, column in table.metrics.items() if name not in ("wall_time_s", "time_s")]
    own = [column for column in told if len(column.levels) and not column.name.startswith("mesh_error_")]
    uneven = [column for column in own if column.name.endswith(_UNEVENNESS)]
    if not own:
        raise ViewError("the sweep has no metrics to draw")
    return (uneven or own)[:most]
