"""The caption beside a comparison's figures: what is shown, in which mode, under which assumptions, how exact."""

from __future__ import annotations

from collections.abc import Sequence

from sim.view.curves import with_history
from sim.view.drop import lowest_potential
from sim.view.fields import LEFT_OUT
from sim.view.history import CVS, FIRST_TIME, NO_CV, history
from sim.view.labels import MESH_ERROR, METRICS, drives, metric_value, number
from sim.view.parts import CV, Parts, factor
from sim.view.reader import Run
from sim.view.resolved import mesh_remarks, warning_remarks
from sim.view.streamlines import has_flux

#: G_ref [eV] and k_p [1/s] that are fitted to PIA, physics of the interface
CALIBRATED = (0.4175, 3.2)


def caption(runs: Sequence[Run], parts: Parts | None) -> str:
    """Markdown for a figure's caption, from the runs' own configs and summaries."""
    sections = [
        _shown(runs),
        _history(runs),
        _numbers(runs),
        _parts(runs, parts),
        _assumptions(runs, parts),
        _mesh(runs),
        _list("Told apart.", mesh_remarks(runs)),
        _list("Warnings.", warning_remarks(runs)),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _shown(runs: Sequence[Run]) -> str:
    modes = ", ".join(drives(runs))
    titles = ", ".join(run.settings.title for run in runs)
    return (
        f"**Mode: {modes}.** {titles}. Panel: electric potential above φ₀{_bases(runs)} (top) and Li⁺ "
        "concentration (middle) at the last time, one colour scale per row with contour lines at the same equal steps, "
        f"which the colour bar shows; lithium in grey, the anode below.{_streams(runs)} Bottom: plating current over "
        "its mean along the anode, that of the first run in grey beside the others'. The colour scales "
        f"leave out the double layers ({100 * LEFT_OUT:g} % of the area at either end of the scale), which are thinner "
        "than a pixel. CV: standard deviation over mean of the plating current along the anode's arc length; max/⟨j⟩: "
        "largest over mean; j/j_lim: mean over limiting current. The mean current density is per projected length of "
        "the anode, ⟨j⟩ is the mean along its arc length."
    )


def _bases(runs: Sequence[Run]) -> str:
    """What φ₀ is, with its value in each run that has fields."""
    known = ", ".join(number(lowest_potential(run.last_fields)) for run in runs if run.snapshots)
    values = f" (from left to right {known} V against the anode's metal)" if known else ""
    return f", its least value outside the double layers{values}"


def _streams(runs: Sequence[Run]) -> str:
    """What the lines on the concentration are; nothing where the flux is not stored."""
    if not any(has_flux(run.last_fields) for run in runs if run.snapshots):
        return ""
    return (
        " Lines with arrows: flux of Li⁺, begun so that each carries the same part of its cell's current; where they "
        "crowd, more lithium leaves the electrolyte, which on sites may spread along the anode before it is plated."
    )


def _history(runs: Sequence[Run]) -> str:
    """What the curves against time leave out."""
    marched = [run for _, run in with_history(runs)]
    if not marched:
        return ""
    said = (
        f"**History.** CV of the plating and of the ionic current from {1e6 * FIRST_TIME:g} µs on. Left out is the "
        f"time in which the mean plating current {NO_CV}: a CV then divides by almost nothing."
    )
    gaps = [run.settings.title for run in marched if history(run)[CVS[0]].isna().any()]
    return f"{said} This concerns {', '.join(gaps)}." if gaps else said


def _numbers(runs: Sequence[Run]) -> str:
    lines = ["| run | mean j (A m⁻²) | j/j_lim | CV | max/⟨j⟩ |", "|---|---|---|---|---|"]
    names = ("current_density_mean_A_m2", "j_over_j_lim", CV, "current_density_max_over_mean")
    for run in runs:
        cells = " | ".join(
            metric_value(name, run.metric(name), run.metric(MESH_ERROR + name)) for name in names
        )
        lines.append(f"| {run.settings.title} | {cells} |")
    return "\n".join(lines)


def _parts(runs: Sequence[Run], parts: Parts | None) -> str:
    """The bulk's and the sites' factor in words."""
    if parts is None:
        return ""
    start, bulk = runs[parts.baseline], runs[parts.bulk]
    sites = [
        f"{runs[index].settings.title} {factor(bulk.metric(CV), runs[index].metric(CV))}"
        for index in parts.with_sites
    ]
    return (
        f"**Bulk and sites.** From {start.settings.title} to {bulk.settings.title} the CV changes by "
        f"{factor(start.metric(CV), bulk.metric(CV))}, which is what the bulk's conductivity and transference number "
        f"do. From there the sites change it by: {', '.join(sites)}."
    )


def _assumptions(runs: Sequence[Run], parts: Parts | None) -> str:
    """What the configs of these runs say, checked and not taken for granted."""
    lines = ["**Assumptions.**", ""]
    if len({run.settings.anode_profile for run in runs}) == 1:
        lines.append("- All runs carry the same anode profile; its shape is assumed.")
    else:
        lines.append("- **The anode profiles of these runs differ.**")
    lines.append(
        "- Each result holds in its mode only: the paper's 0.5 V and 0.5 C cannot both hold in one cell."
    )
    lines += _calibration(runs)
    shared = {run.settings.bulk for run in runs if run.has_sites}
    if len(shared) == 1 and sum(run.has_sites for run in runs) > 1:
        lines.append(
            "- The runs with sites share one bulk (κ, t₊): controls inherit PIA's, as none is published."
        )
    if parts is None:
        lines.append(
            "- Without a run of the bulk alone, the bulk's part and the sites' are not told apart here."
        )
    return "\n".join(lines)


def _calibration(runs: Sequence[Run]) -> list[str]:
    """Whether the two fitted constants are held, and at their calibrated values."""
    held = {(run.settings.reference_energy, run.settings.plating_rate) for run in runs if run.has_sites}
    if len(held) > 1:
        return ["- **The constants G_ref and k_p differ between these runs.**"]
    said = [f"G_ref = {energy:g} eV and k_p = {rate:g} 1/s" for energy, rate in held]
    if held == {CALIBRATED}:
        return [
            f"- {said[0]} are fitted once to PIA (half coverage at rest, its measured exchange current) and held for "
            "all runs with sites; nothing is tuned per separator."
        ]
    return [f"- {text} in all runs with sites: not the values fitted to PIA." for text in said]


def _mesh(runs: Sequence[Run]) -> str:
    """Largest mesh error of each metric over its value, or that none was estimated."""
    largest: dict[str, float] = {}
    for run in runs:
        for name in METRICS:
            error, value = run.metric(MESH_ERROR + name), run.metric(name)
            if value and error > 0:
                largest[name] = max(largest.get(name, 0.0), abs(error / value))
    if not largest:
        return "**Mesh.** No mesh error was estimated for these runs."
    said = "; ".join(f"{METRICS[name].words} {number(100 * share, 2)} %" for name, share in largest.items())
    return (
        "**Mesh.** Numbers with ± carry the estimated error of their mesh, from a coarser and a finer one (grid "
        "convergence index); where it is not shown it is beyond the fifth digit or unknown. Largest error among the "
        f"runs, over the value itself: {said}."
    )


def _list(head: str, lines: Sequence[str]) -> str:
    """A headed list; nothing without lines."""
    return "\n".join([f"**{head}**", "", *(f"- {line}" for line in lines)]) if lines else ""
