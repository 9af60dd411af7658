"""The report of several runs side by side; of a demo, whose runs have two modes, one block of figures per mode."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from sim.view.caption import caption
from sim.view.curves import along_figure, unevenness_figure, with_history
from sim.view.labels import drives, number
from sim.view.panel import panel_figure
from sim.view.parts import CV, find_parts, parts_figure
from sim.view.reader import Run
from sim.view.report.assumptions import KnownConfig, assumption_tables, read_values
from sim.view.report.contradictions import contradiction_list
from sim.view.report.document import Document, key_numbers, warning_list
from sim.view.report.explorer import against_time, along_the_anode
from sim.view.report.fields import collect_maps
from sim.view.report.markup import Html, element, folded, join, markdown, number_cell, paragraphs
from sim.view.report.numbers import budget_table, metric_table
from sim.view.report.pictures import Picture
from sim.view.report.provenance import provenances, read_manifest
from sim.view.report.run import case_of, unfinished
from sim.view.resolved import mesh_remarks, warning_remarks


def comparison_document(folders: Sequence[Path], known: Sequence[KnownConfig], title: str = "") -> Document:
    """Everything there is to say of some run folders in their order; ViewError where one is none."""
    runs = [Run.from_folder(folder) for folder in folders]
    modes = _by_drive(runs)
    titles = titles_of(runs)
    open_ones = [run for run in runs if run.status != "done"]
    return Document(
        title=title or _title(runs),
        kind=f"comparison of {len(runs)} runs",
        status="done" if not open_ones else f"{len(open_ones)} of {len(runs)} runs not finished",
        lines=[" / ".join(drives(runs))],
        notice=join(join([element("h3", run.settings.title), unfinished(run)]) for run in open_ones),
        summary=_summary(modes),
        warnings=_warnings(runs, modes),
        pictures=[one for group in modes for one in _pictures(group)],
        maps=collect_maps(runs, titles),
        tables=[*along_the_anode(runs, titles), *against_time(runs, titles)],
        numbers=join(_numbers(group) for group in modes),
        more=join(_captions(group) for group in modes),
        assumptions=assumption_tables(_configs(modes[0]) if _same(modes) else _configs(runs), known),
        provenance=provenances(
            {name: read_manifest(run.folder) for name, run in zip(titles, runs, strict=True)}
        ),
    )


def titles_of(runs: Sequence[Run]) -> list[str]:
    """A title for each run that no other has: with the drive where these differ, with the folder where need be."""
    several = len(drives(runs)) > 1
    said = [
        f"{run.settings.title}, {run.settings.driven_at}" if several else run.settings.title for run in runs
    ]
    return [
        one if said.count(one) < 2 else f"{one} ({run.folder.name})"
        for one, run in zip(said, runs, strict=True)
    ]


def _by_drive(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs of one drive together, in the order of their first."""
    order = drives(runs)
    ranked = sorted(runs, key=lambda run: order.index(run.settings.drive))
    return [list(group) for _, group in groupby(ranked, key=lambda run: run.settings.drive)]


def _same(modes: Sequence[Sequence[Run]]) -> bool:
    """Whether all modes run the same configs but for the drive, so that one mode's assumptions are all of them."""

    def values(run: Run) -> dict[str, str]:
        own = read_values(run.folder / "config.yaml")
        return {key: value for key, value in own.items() if key != "operation.mode"}

    first, *others = [[values(run) for run in group] for group in modes]
    return all(other == first for other in others)


def _title(runs: Sequence[Run]) -> str:
    names = [run.settings.title.split(" (")[0] for run in runs]
    return f"Comparison: {', '.join(dict.fromkeys(names))}"


def _configs(runs: Sequence[Run]) -> list[tuple[str, str, dict[str, str]]]:
    return [(run.settings.name, run.settings.title, read_values(run.folder / "config.yaml")) for run in runs]


def _finished(runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if run.status == "done" and run.summary]


def _summary(modes: Sequence[Sequence[Run]]) -> Html:
    """Each mode in words, and the unevenness of each run."""
    parts: list[object] = []
    for group in modes:
        runs = _finished(group)
        if len(modes) > 1:
            parts.append(element("h3", group[0].settings.drive))
        if not runs:
            parts.append(element("p", "No run is finished yet."))
            continue
        parts.append(paragraphs([_order(runs)]))
        pairs = [
            (f"CV, {run.settings.title}", number_cell(number(run.metric(CV)), run.metric(CV))) for run in runs
        ]
        parts.append(key_numbers(pairs))
    return join(parts)


def _order(runs: Sequence[Run]) -> str:
    """From the least even to the most even run, and how much of it is the bulk's."""
    known = [run for run in runs if not math.isnan(run.metric(CV))]
    ranked = sorted(known, key=lambda run: -run.metric(CV))
    listed = ", ".join(f"{run.settings.title} ({number(run.metric(CV))})" for run in ranked)
    said = f"The plating current along the anode, from the least even to the most even by its CV: {listed}."
    parts = find_parts(runs)
    if parts is not None:
        start, bulk = runs[parts.baseline], runs[parts.bulk]
        factors = ", ".join(
            f"{runs[i].settings.title} {number(runs[i].metric(CV) / bulk.metric(CV))}"
            for i in parts.with_sites
        )
        said += (
            f" The bulk alone (conductivity and transference number) takes it from {number(start.metric(CV))} to "
            f"{number(bulk.metric(CV))}; the sites then multiply that by: {factors}."
        )
    return said


def _warnings(runs: Sequence[Run], modes: Sequence[Sequence[Run]]) -> Html:
    said = [remark.removeprefix("warning: ") for remark in warning_remarks(runs)]
    close = []
    for group in modes:
        head = f"{group[0].settings.drive}: " if len(modes) > 1 else ""
        close += [head + remark for remark in mesh_remarks(_finished(group))]
    listed = [warning_list(said), contradiction_list([case_of(run) for run in runs])]
    if close:
        listed.append(element("h3", "Which differences the meshes resolve"))
        listed.append(element("ul", join(element("li", remark) for remark in close)))
    return join(listed)


def _numbers(runs: Sequence[Run]) -> Html:
    """Metrics and budgets of the runs of one drive."""
    titles = [run.settings.title for run in runs]
    head = element("h3", runs[0].settings.drive)
    return join([head, metric_table(runs, titles), element("h3", "Budgets"), budget_table(runs, titles)])


def _captions(runs: Sequence[Run]) -> Html:
    """The caption that stands beside a comparison's figures."""
    done = _finished(runs)
    if len(done) < 2:
        return Html("")
    return folded(
        f"Caption of the figures, {runs[0].settings.drive}", markdown(caption(done, find_parts(done)))
    )


def _pictures(group: Sequence[Run]) -> list[Picture]:
    """The figures that some runs of one drive have data for."""
    drive = group[0].settings.drive
    drive = drive[:1].upper() + drive[1:]
    names = ", ".join(run.settings.title for run in group)
    drawn = [run for run in group if run.snapshots and run.has_interface]
    found = []
    if drawn:
        found.append(
            Picture(
                lambda: panel_figure(drawn),
                f"{drive}. Potential against the anode's metal and Li⁺ concentration on one scale per row, and the "
                "plating current over its mean along the anode. CV: standard deviation over mean along the anode.",
                f"Maps of potential and concentration and curves of the current, side by side for {names}",
                vector=False,
            )
        )
    along = [run for run in group if run.has_interface]
    if along:
        found.append(
            Picture(
                lambda: along_figure(along),
                f"{drive}. Along the anode of every run.",
                f"Curves along the anode for {names}",
            )
        )
    if with_history(group):
        found.append(
            Picture(
                lambda: unevenness_figure(group),
                f"{drive}. Unevenness of the plating and of the ionic current against time.",
                f"Curves of the unevenness against time for {names}",
            )
        )
    done = _finished(group)
    parts = find_parts(done) if len(done) > 1 else None
    if parts is not None:
        found.append(
            Picture(
                lambda: parts_figure(done, parts),
                f"{drive}. What the bulk does to the unevenness, and what the sites do.",
                f"Unevenness of {names}, with arrows for the part of the bulk and of the sites",
            )
        )
    return found
