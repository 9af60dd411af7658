"""The figure of a case: its comparison, exact lines and found markers, and its orders of convergence."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from sim.verification.case import Order, Outcome, Panel
from sim.view.style import PAGE_WIDTH, STYLE, curve, letter, new_figure
from sim.view.ticks import log_ticks

#: panels beside each other, height of a row of them [mm]
COLUMNS, ROW_HEIGHT = 2, 66.0
#: height of a line of a legend [mm]; characters of texts of which two stand beside each other
LEGEND_LINE, SHORT_LABEL = 4.0, 24
#: largest over smallest value of an axis on which numbers between the powers of ten find room
FEW_DECADES = 60.0
#: markers along one found curve, at most
MARKERS = 25


@mpl.rc_context(STYLE)
def case_figure(outcome: Outcome) -> Figure | None:
    """All panels of an outcome, the orders last; None where there is nothing to draw."""
    by_step = [[one for one in outcome.orders if one.step_label == label] for label in _steps(outcome)]
    count = len(outcome.panels) + len(by_step)
    if not count:
        return None
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    texts = [[one.label for one in panel.series if one.label] for panel in outcome.panels]
    texts += [[one.label for one in orders] for orders in by_step]
    lines = max(-(-len(labels) // _columns(labels)) if labels else 0 for labels in texts)
    height = ROW_HEIGHT + LEGEND_LINE * lines
    figure = new_figure(PAGE_WIDTH if columns > 1 else 0.6 * PAGE_WIDTH, height * rows)
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for index, axes in enumerate(grid):
        if index >= count:
            axes.set_axis_off()
            continue
        if index < len(outcome.panels):
            _draw_panel(axes, outcome.panels[index])
        else:
            _draw_orders(axes, by_step[index - len(outcome.panels)])
        if count > 1:
            letter(axes, index)
    return figure


def _steps(outcome: Outcome) -> list[str]:
    """What is made smaller in the orders of convergence, each once."""
    return list(dict.fromkeys(one.step_label for one in outcome.orders))


def _legend(axes: Axes, title: str) -> None:
    """Below the axes, where it hides nothing; two columns where the texts are short."""
    labels = axes.get_legend_handles_labels()[1]
    if labels:
        axes.legend(title=title, loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=_columns(labels))


def _columns(labels: list[str]) -> int:
    return 2 if max(map(len, labels)) <= SHORT_LABEL else 1


def _ticks(axis: Axis) -> None:
    """Numbers between the powers of ten where the axis has few of these."""
    low, high = sorted(axis.get_view_interval())
    if 0 < low < high < FEW_DECADES * low:
        log_ticks(axis)


def _draw_panel(axes: Axes, panel: Panel) -> None:
    """Exact curves as lines, each followed by the markers of what was found beside it."""
    number = -1
    for series in panel.series:
        number += series.exact or number < 0
        look = curve(number)
        if series.exact:
            axes.plot(series.x, series.y, color=look.color, label=series.label or None, zorder=2)
            continue
        chosen = _spread(np.asarray(series.x), np.asarray(series.y), log=panel.x_log)
        axes.plot(
            np.asarray(series.x)[chosen],
            np.asarray(series.y)[chosen],
            linestyle="none",
            marker=look.marker,
            markersize=3.6,
            markerfacecolor="white",
            markeredgecolor=look.color,
            markeredgewidth=0.9,
            label=series.label or None,
            zorder=3,
        )
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    if panel.x_log:
        axes.set_xscale("log")
        _ticks(axes.xaxis)
    if panel.y_log:
        axes.set_yscale("log")
        _ticks(axes.yaxis)
    if panel.equal:
        axes.set_aspect("equal", adjustable="datalim")
    axes.grid(True)
    _legend(axes, "line: exact, marker: found")


def _spread(x: np.ndarray, y: np.ndarray, *, log: bool) -> np.ndarray:
    """Indices of at most MARKERS points, evenly along the axis and the curve."""
    order = np.argsort(x, kind="stable")
    if order.size <= MARKERS:
        return order
    place = np.log(np.abs(x[order]) + 1e-300) if log else x[order]
    along = np.abs(np.diff(place)) / (np.ptp(place) or 1.0) + np.abs(np.diff(y[order])) / (np.ptp(y) or 1.0)
    way = np.concatenate([[0.0], np.cumsum(along)])
    wanted = np.linspace(0, way[-1], MARKERS)
    return np.asarray(order[np.unique(np.searchsorted(way, wanted).clip(0, order.size - 1))])


def _draw_orders(axes: Axes, orders: list[Order]) -> None:
    """Errors against steps, with the expected slope through the finest."""
    for number, one in enumerate(orders):
        look, steps = curve(number), np.array(one.steps)
        slope = one.errors[-1] * (steps / steps[-1]) ** one.expected
        axes.loglog(steps, slope, color=look.color, linewidth=0.8)
        axes.loglog(
            steps,
            one.errors,
            linestyle="none",
            marker=look.marker,
            markersize=4,
            color=look.color,
            label=f"{one.label}: order {one.observed:.2f}",
        )
    _ticks(axes.xaxis)
    _ticks(axes.yaxis)
    axes.set_xlabel(orders[0].step_label)
    axes.set_ylabel("error")
    axes.grid(True)
    _legend(axes, "line: expected order")
