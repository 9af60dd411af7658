"""Panels of the claim map: how often claims hold, what sites do, what decides it, parts of bulk and sites.

They draw the table of claim-map.csv: a row per sample (`shipped`, or a number) and mode, verdicts as words.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from sim.view.style import CONCENTRATION_MAP, FAINT, INK
from sim.view.sweeps.words import logarithmic_ticks

MODES = {"potentiostatic": "0.5 V", "galvanostatic": "0.5 C"}
SHIPPED = "shipped"
#: verdict -> colour and marker
LOOKS = {"holds": ("#0072b2", "o"), "fails": ("#d55e00", "X"), "not resolved": (FAINT, "s")}
CLAIMS = {
    "pp_above_control_2": "PP > control 2",
    "control_2_above_pia": "control 2 > PIA",
    "control_3_above_pia": "control 3 > PIA",
    "all_claims": "all three",
    "sites_help": "PIA's bulk > PIA",
}
SPREADING = "spreading number Du$_s$ $j_\\mathrm{direct}/j_\\mathrm{sites}$ (–)"
#: of the spreading number, by linear response for the waves of the shipped bumps
BORDER = 0.25
#: the sites' share is linear up to the first, logarithmic beyond; ticks of its axis
_LINEAR, _PERCENTS = 10, (-100, -30, -10, -5, 0, 5, 10, 30, 100)
_STAR = {"ls": "", "marker": "*", "mec": INK, "ms": 9, "mew": 0.8}
_STARS: dict[str, dict[str, Any]] = {
    "potentiostatic": {**_STAR, "mfc": INK},
    "galvanostatic": {**_STAR, "mfc": "white"},
}
_COLORS = {"potentiostatic": "#0072b2", "galvanostatic": "#e69f00"}
_MARKERS = {"potentiostatic": "o", "galvanostatic": "D"}


def draw_counts(axes: Axes, table: pd.DataFrame) -> None:
    """Part of the worlds in which each claim holds, fails or is not resolved, a bar for each mode."""
    worlds = table[table["sample"] != SHIPPED]
    ticks, labels = [], []
    for i, (claim, words) in enumerate(CLAIMS.items()):
        for j, mode in enumerate(MODES):
            own = worlds[worlds["mode"] == mode][claim]
            place, left = i + (j - 0.5) * 0.4, 0.0
            for verdict, (color, _) in LOOKS.items():
                part = 100 * float((own == verdict).mean()) if len(own) else 0.0
                axes.barh(place, part, 0.36, left=left, color=color)
                if part >= 4:
                    axes.text(
                        left + part / 2,
                        place,
                        f"{part:.0f}",
                        color="white",
                        ha="center",
                        va="center",
                        size=6.5,
                    )
                left += part
            ticks.append(place)
            labels.append(f"{words},  {MODES[mode]}" if j == 0 else MODES[mode])
    axes.set_yticks(ticks, labels)
    axes.set_ylim(len(CLAIMS) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("part of the worlds (%);  >: is less even than")


def draw_effect(axes: Axes, table: pd.DataFrame) -> ScalarMappable:
    """CV(PIA)/CV(its bulk) against the spreading number, coloured by what plates through the sites."""
    norm = Normalize(0, 1)
    for mode, marker in _MARKERS.items():
        own = table[(table["mode"] == mode) & (table["sample"] != SHIPPED)]
        axes.scatter(
            own["spreading_number"],
            own["pia_over_bulk"],
            c=own["adsorbed_fraction"],
            norm=norm,
            cmap=CONCENTRATION_MAP,
            marker=marker,
            s=13 if marker == "o" else 10,
            edgecolors=INK,
            linewidths=0.25,
        )
    _mark_shipped(axes, table, "pia_over_bulk")
    axes.axhline(1, color=INK, lw=0.6)
    axes.axvline(BORDER, color=INK, lw=0.8, ls="dotted")
    axes.legend(handles=_mode_handles(dict.fromkeys(MODES, FAINT)), loc="upper right")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(SPREADING)
    logarithmic_ticks(axes.yaxis)
    axes.set_ylabel("CV(PIA) / CV(its bulk, no sites) (–)")
    return ScalarMappable(norm, CONCENTRATION_MAP)


def draw_parts(axes: Axes, table: pd.DataFrame) -> None:
    """How CV(PP) - CV(PIA) divides: the sites' share against the spreading number; the rest is the bulk's."""
    for mode, marker in _MARKERS.items():
        own = table[(table["mode"] == mode) & (table["sample"] != SHIPPED)]
        color = "#e69f00" if mode == "galvanostatic" else "#0072b2"
        axes.scatter(
            own["spreading_number"],
            100 * own["share_sites"],
            color=color,
            marker=marker,
            s=9,
            alpha=0.75,
            lw=0,
        )
    _mark_shipped(axes, table.assign(percent=100 * table["share_sites"]), "percent")
    axes.axhline(0, color=INK, lw=0.6)
    axes.axvline(BORDER, color=INK, lw=0.8, ls="dotted")
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=_LINEAR)
    axes.set_yticks(_PERCENTS, [str(percent).replace("-", "−") for percent in _PERCENTS])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(SPREADING)
    axes.set_ylabel("sites' share of CV(PP) − CV(PIA) (%)")
    axes.legend(handles=_mode_handles(_COLORS), loc="lower right")


def draw_plane(axes: Axes, table: pd.DataFrame, mode: str, claim: str) -> None:
    """Verdicts of a claim over the controls' bulk and the spreading number."""
    own = table[(table["mode"] == mode) & (table["sample"] != SHIPPED)]
    for verdict, (color, marker) in LOOKS.items():
        some = own[own[claim] == verdict]
        axes.scatter(
            some["bulk_of_controls"], some["spreading_number"], color=color, marker=marker, s=14, lw=0
        )
    shipped = table[(table["mode"] == mode) & (table["sample"] == SHIPPED)]
    axes.plot(shipped["bulk_of_controls"], shipped["spreading_number"], clip_on=False, **_STARS[mode])
    axes.set_yscale("log")
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("bulk of the controls, from PP's (0) to PIA's (1)")
    axes.set_ylabel(SPREADING)
    axes.set_title(f"{CLAIMS[claim]} at {MODES[mode]}")


def verdict_handles() -> list[Patch]:
    """What the colours of verdicts mean, for a legend."""
    return [Patch(color=color, label=verdict) for verdict, (color, _) in LOOKS.items()]


def shipped_handles() -> list[Line2D]:
    """What the stars mean, for a legend."""
    return [Line2D([], [], label=f"as shipped, {MODES[mode]}", **look) for mode, look in _STARS.items()]


def _mark_shipped(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for mode, look in _STARS.items():
        own = table[(table["mode"] == mode) & (table["sample"] == SHIPPED)]
        axes.plot(own["spreading_number"], own[column], **look)


def _mode_handles(colors: dict[str, str]) -> list[Line2D]:
    return [
        Line2D([], [], ls="", marker=marker, color=colors[mode], ms=3.5, label=MODES[mode])
        for mode, marker in _MARKERS.items()
    ]
