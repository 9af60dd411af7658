"""Tables of metrics with the errors of their meshes, and of budgets."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.view.labels import MESH_ERROR, METRICS, metric_value, number
from sim.view.reader import Run
from sim.view.report.markup import Html, element, folded, join, number_cell, paragraphs, table
from sim.view.report.names import with_unit

#: what must close, with the words of a reader
BUDGETS = {
    "anion_inventory_error": "anions: change of the inventory over the inventory (only reservoirs let some through)",
    "lithium_balance_error": "lithium: plated against passed charge; at a steady state anode against counter electrode",
    "charge_balance_error": "charge: current of the anode against that of the cell, displacement included",
    "worst_budget_error": "the worst of them at any step",
    "detailed_balance_error": "net over exchange rates at equilibrium, which should be nothing",
}
#: budgets that close better than this count as closed; the run itself warns above it
CLOSED = 1e-6


def metric_table(runs: Sequence[Run], titles: Sequence[str]) -> Html:
    """A row per metric, a column per run; the run's other numbers are folded away."""
    names = [name for name in METRICS if name not in BUDGETS and _known(runs, name)]
    others = dict.fromkeys(name for run in runs for name in run.summary)
    rest = [
        name
        for name in others
        if name not in METRICS and name not in BUDGETS and not name.startswith(MESH_ERROR)
    ]
    parts: list[object] = [_table(runs, titles, names, "metrics")]
    parts.append(element("p", _about_errors(runs), class_="note"))
    if rest:
        parts.append(folded("All other numbers of summary.json", _table(runs, titles, rest, "other numbers")))
    return join(parts)


def budget_table(runs: Sequence[Run], titles: Sequence[str]) -> Html:
    """A row per budget, and whether all close."""
    names = [name for name in BUDGETS if _known(runs, name)]
    if not names:
        return Html("")
    values = [abs(run.metric(name)) for run in runs for name in names]
    worst = max(value for value in values if math.isfinite(value))
    verdict = (
        f"All budgets close: the largest error is {number(worst, 2)}."
        if worst <= CLOSED
        else f"A budget does not close: the largest error is {number(worst, 2)}. Do not trust these results."
    )
    rows = [
        [BUDGETS[name], *(number_cell(number(run.metric(name), 2), run.metric(name)) for run in runs)]
        for name in names
    ]
    return join([paragraphs([verdict]), table(["budget (relative error)", *titles], rows, label="budgets")])


def _known(runs: Sequence[Run], name: str) -> bool:
    return any(not math.isnan(run.metric(name)) for run in runs)


def _table(runs: Sequence[Run], titles: Sequence[str], names: Sequence[str], label: str) -> Html:
    rows = []
    for name in names:
        head = (
            join([with_unit(name), element("code", name)], " ")
            if len(runs) < 2
            else element("span", with_unit(name), title=name)
        )
        rows.append([head, *(_cell(run, name) for run in runs)])
    return table(["", *titles], rows, label=label)


def _cell(run: Run, name: str) -> Html:
    """A metric with the error of its mesh, rounded for reading; the exact one stands in the element's value."""
    value = run.metric(name)
    return number_cell(metric_value(name, value, run.metric(MESH_ERROR + name)), value)


def _about_errors(runs: Sequence[Run]) -> str:
    """What ± means here."""
    without = [run for run in runs if not any(key.startswith(MESH_ERROR) for key in run.summary)]
    if len(without) == len(runs):
        return "No mesh error was estimated; sim run CONFIG --mesh-study does."
    said = (
        "± is the estimated error of the mesh, from a coarser and a finer one (grid convergence index); where it is "
        "not shown it is beyond the fifth digit or unknown."
    )
    names = ", ".join(run.settings.title for run in without)
    return f"{said} No mesh error was estimated for {names}." if without else said
