"""The report of one run, finished or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from sim.view.labels import MESH_ERROR, METRICS, metric_value, number
from sim.view.reader import Run
from sim.view.report.assumptions import KnownConfig, assumption_tables, read_values
from sim.view.report.contradictions import Case, contradiction_list
from sim.view.report.document import Document, key_numbers, notice, warning_list
from sim.view.report.explorer import against_time, along_the_anode
from sim.view.report.fields import collect_maps
from sim.view.report.markup import Html, element, join, number_cell, paragraphs
from sim.view.report.numbers import budget_table, metric_table
from sim.view.report.provenance import log_tail, provenances, read_manifest
from sim.view.report.run_pictures import run_pictures
from sim.view.settings import read_settings

KEY = (
    "current_density_mean_A_m2",
    "j_over_j_lim",
    "cell_voltage_V",
    "current_density_cv",
    "current_density_max_over_mean",
)


def run_document(folder: Path, known: Sequence[KnownConfig]) -> Document:
    """Everything there is to say of a run folder; ViewError where it is none."""
    run = Run.from_folder(folder)
    title = run.settings.title
    return Document(
        title=title,
        kind="run",
        status=run.status,
        lines=[f"{run.settings.drive} · {run.settings.electrostatics}"],
        notice=unfinished(run),
        summary=join([paragraphs(sentences(run)), key_numbers(key_pairs(run))]),
        warnings=join(
            [warning_list(run.warnings, "The run gave no warnings."), contradiction_list([case_of(run)])]
        ),
        pictures=run_pictures(run),
        maps=collect_maps([run], [title]),
        tables=[*along_the_anode([run], [title]), *against_time([run], [title])],
        numbers=join(
            [metric_table([run], ["value"]), element("h3", "Budgets"), budget_table([run], ["value"])]
        ),
        assumptions=assumption_tables(
            [(run.settings.name, title, read_values(folder / "config.yaml"))], known
        ),
        provenance=provenances({title: read_manifest(folder)}),
    )


def case_of(run: Run) -> Case:
    """What decides which remarks apply to a run."""
    return case_of_config(run.folder, run.metric("j_over_j_lim"))


def case_of_config(folder: Path, share_of_limit: float = math.nan) -> Case:
    """The same from the config in a folder alone."""
    values = read_values(folder / "config.yaml")
    keys = ("anode.exchange_current_density", "counter.exchange_current_density")
    exchange = [_leading_number(values[key]) for key in keys if key in values]
    fixed = _leading_number(values.get("electrolyte.fixed_charge", "0"))
    return Case(read_settings(folder / "config.yaml"), share_of_limit, tuple(exchange), fixed)


def _leading_number(value: str) -> float:
    try:
        return float(value.split()[0])
    except (ValueError, IndexError):
        return math.nan


def unfinished(run: Run) -> Html:
    """That a run is not finished, how far it came, and the end of its log; nothing for a finished one."""
    if run.status == "done":
        return Html("")
    steps = run.metrics["time_s"].tolist() if "time_s" in run.metrics.columns else []
    reached = "No step of it is stored."
    if steps:
        reached = f"Its metrics.csv has {len(steps)} steps, the last at {number(steps[-1])} s."
    reason = str(read_manifest(run.folder).get("reason", ""))
    head = {
        "running": "This run is still going, or was killed without a word.",
        "failed": "This run failed.",
        "interrupted": "This run was stopped before its end.",
    }.get(run.status, "It is not known how this run ended.")
    said = f"{head} {reached} What follows is what it had stored; its numbers are no result."
    return notice(
        element("p", element("b", said)), element("p", reason) if reason else "", log_tail(run.folder)
    )


def sentences(run: Run) -> list[str]:
    """The run in words, from its numbers."""
    mean, share, cv, peak = (run.metric(name) for name in (KEY[0], KEY[1], KEY[3], KEY[4]))
    if math.isnan(mean):
        return [f"{run.settings.title}, {run.settings.drive}: no numbers yet."]
    state = "at its steady state" if run.metric("steady") == 1 else "at the last time"
    said = f"{run.settings.title}, {run.settings.drive}, {state}: lithium plates at {number(mean, 4)} A m⁻²"
    said += "." if math.isnan(share) else f", {number(100 * share)} % of the limiting current."
    told = [said]
    if not math.isnan(cv):
        told.append(
            f"Along the anode the current varies by {number(100 * cv)} % of its mean (CV {number(cv)}); at most it is "
            f"{number(peak, 4)} times the mean."
        )
    through = run.metric("adsorbed_channel_fraction")
    if run.has_sites and not math.isnan(through):
        told.append(
            f"{number(100 * through)} % of it reaches the metal through the sites, which are covered to "
            f"{number(100 * run.metric('coverage_mean'))} %."
        )
    low, high = run.metric("c_li_min_mol_m3"), run.metric("c_li_max_mol_m3")
    if not math.isnan(low):
        told.append(f"Li⁺ is between {number(low)} and {number(high)} mol m⁻³, double layers included.")
    return [" ".join(told)]


def key_pairs(run: Run) -> list[tuple[object, object]]:
    """The first numbers, with the errors of their meshes."""
    pairs: list[tuple[object, object]] = []
    for name in KEY:
        value = run.metric(name)
        if not math.isnan(value):
            shown = metric_value(name, value, run.metric(MESH_ERROR + name))
            pairs.append((METRICS[name].label.replace(" (–)", ""), number_cell(shown, value)))
    return pairs
