"""The claim map in words: counts, what decides them, parts of bulk and sites, spot check, assumptions. Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.sweeps.claims.check import changed_verdicts
from sim.sweeps.claims.statistics import sampled, shares, threshold
from sim.sweeps.claims.table import CLAIMS, SHIPPED
from sim.sweeps.claims.verdicts import FAILS, HOLDS, OPEN, UNKNOWN
from sim.view.labels import number

if TYPE_CHECKING:
    import pandas as pd

MODES = {"potentiostatic": "0.5 V", "galvanostatic": "0.5 C"}
CLAIM_WORDS = {
    "pp_above_control_2": "PP is less even than control 2",
    "control_2_above_pia": "control 2 is less even than PIA",
    "order": "PP > control 2 > PIA",
    "control_3_above_pia": "control 3 is still less even than PIA",
    "all_claims": "all of these together",
    "sites_help": "PIA is more even than its bulk without sites",
}
_NUMBERS = {
    "spreading_number": "S = Du_s · (plated beside the sites)/(plated through them)",
    "steady_dukhin_number": "Du_s alone, at the coverage of the steady state,",
}
#: PIA counts as clearly more even than its bulk below this ratio of CVs
_CLEARLY = 0.9
#: the controls count as having PIA's bulk above this fraction, as PP-like below the other
_LIKE_PIA, _LIKE_PP = 0.9, 0.5
CAPTION = """\
Figure claim-map.png. (a) Part of the worlds in which each claim holds by more than its errors.
(b) What PIA's sites do to the unevenness of its plating current against the spreading number S; dotted, where
linear response puts the border for the waves of the shipped bumps. (c) The sites' share of the difference
between PP and PIA. (d, e) Where control 2 is less even than PIA, blue, and where not, red, over the bulk of the
controls and S. (f, g) Slices through the shipped default at 0.5 V; right of (in f also below) the full line both
controls are less even than PIA, of the dotted line PIA's bulk without sites is.
"""
ASSUMPTIONS = """\
- All worlds share the cell, the measured κ and t₊ of PP and PIA, site densities and energies, and the model: dilute
  transport, mean-field sites, a fixed anode, symmetric sides, steady states.
- Ranges are assumed, and drawn evenly (rates, mobility and capacity on a logarithmic scale): a part of the worlds is a
  part of these ranges, no probability.
- One set of constants of the sites serves PIA and both controls; both controls have the same bulk.
- "Less even" is a larger coefficient of variation of the plating current along the anode, whatever the size of the
  difference, once it exceeds the sum of both errors; else the claim counts as not resolved. An error is that of the
  mesh and the largest difference that the spot check found in this mode.
- 0.5 V and 0.5 C cannot both hold, and are answered apart.
"""


def report(table: pd.DataFrame, check: pd.DataFrame | None = None) -> str:
    """The report; table: as of `claim_table`, check: as of `spot_check`."""
    parts = [
        "# Where the paper's claims hold\n",
        "\n".join(_counts(table)),
        CAPTION,
        "## What the sites need\n",
        "\n".join(_sites(table)),
        "## What the bulk does\n",
        "\n".join(_bulk(table)),
        "## As shipped\n",
        "\n".join(_shipped(table)),
        "## The fast mode against resolved double layers\n",
        "\n".join(_checked(check)),
        "## What is assumed\n",
        ASSUMPTIONS,
    ]
    return "\n".join(parts)


def _percent(part: float) -> str:
    return "–" if part != part else f"{round(100 * part)} %".replace("-", "−")


def _counts(table: pd.DataFrame) -> Iterator[str]:
    worlds = {mode: sampled(table, mode) for mode in MODES}
    told = " and ".join(f"{len(own)} at {MODES[mode]}" for mode, own in worlds.items())
    yield f"Worlds of unmeasured constants: {told}. Part of them in which a claim\n"
    names = [f"{words}: {verdict}" for words in MODES.values() for verdict in (HOLDS, FAILS, OPEN)]
    yield f"| claim | {' | '.join(names)} |"
    yield "|---" * (len(names) + 1) + "|"
    for claim in CLAIMS:
        found = [shares(own, claim) for own in worlds.values()]
        cells = [_percent(one[verdict]) for one in found for verdict in (HOLDS, FAILS, OPEN)]
        yield f"| {CLAIM_WORDS[claim]} | {' | '.join(cells)} |"
    unknown = sum(int((own[claim] == UNKNOWN).sum()) for own in worlds.values() for claim in CLAIMS)
    if unknown:
        yield f"\n{unknown} verdicts are unknown: a point of theirs is missing or has failed."
    yield ""


def _sites(table: pd.DataFrame) -> Iterator[str]:
    for mode, words in MODES.items():
        own = sampled(table, mode)
        ratio = own["pia_over_bulk"].dropna()
        clearly, worse = (ratio < _CLEARLY).mean(), (ratio > 1 / _CLEARLY).mean()
        yield (
            f"- {words}: CV(PIA)/CV(its bulk) lies between {number(ratio.min(), 2)} and {number(ratio.max(), 2)}, "
            f"its median is {number(ratio.median(), 3)}; the sites even plating out clearly (below {_CLEARLY}) in "
            f"{_percent(clearly)} of the worlds, and make it clearly less even in {_percent(worse)}."
        )
        verdicts = np.select(
            [own["pia_over_bulk"] < _CLEARLY, own["pia_over_bulk"] > 1 / _CLEARLY], [HOLDS, FAILS], OPEN
        )
        for column, name in _NUMBERS.items():
            every = threshold(own, "sites_help", column)
            clear = threshold(own.assign(clear=verdicts), "clear", column)
            yield (
                f"  - {name} tells which: above {number(every.value, 2)} they help, right for "
                f"{_percent(every.agreement)} of {every.worlds} decided worlds; of the {clear.worlds} with a clear "
                f"effect, above {number(clear.value, 2)}, right for {_percent(clear.agreement)} "
                "(fitted to these worlds)."
            )
    yield ""


def _bulk(table: pd.DataFrame) -> Iterator[str]:
    yield (
        "The controls' bulk is drawn between PP's and PIA's. Nearly all worlds thus give them a poorer bulk than "
        "PIA's, which makes them less even by itself: claims against the controls hold more often than sites help.\n"
    )
    for mode, words in MODES.items():
        own = sampled(table, mode)
        share = own["share_sites"].dropna()
        yield (
            f"- {words}: of CV(PP) − CV(PIA) the sites' part is {_percent(share.median())} in the median world, "
            f"{_percent(share.quantile(0.05))} to {_percent(share.quantile(0.95))} in nine of ten; "
            f"the rest is the bulk's. In {(own['cv_pia'] >= own['cv_pp']).sum()} worlds PIA is not more even than PP."
        )
        for which, some in (
            (f"PIA's bulk or nearly (fraction above {_LIKE_PIA})", own["bulk_of_controls"] > _LIKE_PIA),
            (f"a bulk nearer to PP's (fraction below {_LIKE_PP})", own["bulk_of_controls"] < _LIKE_PP),
        ):
            chosen = own[some]
            order, third = (shares(chosen, claim)[HOLDS] for claim in ("order", "control_3_above_pia"))
            yield (
                f"- {words}, controls with {which}: the order holds in {_percent(order)} of {len(chosen)} worlds, "
                f"control 3 is less even than PIA in {_percent(third)}."
            )
    yield ""


def _shipped(table: pd.DataFrame) -> Iterator[str]:
    rows = table[table["sample"] == SHIPPED].set_index("mode")
    known = [mode for mode in MODES if mode in rows.index]
    yield f"| | {' | '.join(MODES[mode] for mode in known)} |"
    yield "|---" * (len(known) + 1) + "|"
    for claim in CLAIMS:
        yield f"| {CLAIM_WORDS[claim]} | {' | '.join(rows.loc[mode, claim] for mode in known)} |"
    for label, column in (
        ("CV(PIA)/CV(its bulk)", "pia_over_bulk"),
        ("sites' share of CV(PP) − CV(PIA)", "share_sites"),
        ("spreading number S", "spreading_number"),
    ):
        yield f"| {label} | {' | '.join(number(rows.loc[mode, column]) for mode in known)} |"
    yield ""


def _checked(check: pd.DataFrame | None) -> Iterator[str]:
    if check is None or check.empty:
        yield "Not checked.\n"
        return
    size = check["difference"].abs()
    yield (
        f"{len(check)} points of the same samples: the CV of the plating current differs by "
        f"{number(100 * size.median(), 2)} % in the median and {number(100 * size.max(), 2)} % at most.\n"
    )
    grouped = check.assign(size=size).groupby([check["base"].str.removeprefix("shipped-"), "operation.mode"])[
        "size"
    ]
    yield "| separator | mode | points | median | largest |"
    yield "|---|---|---|---|---|"
    for (base, mode), own in grouped:
        yield f"| {base} | {MODES[mode]} | {len(own)} | {100 * own.median():.2g} % | {100 * own.max():.2g} % |"
    yield ""
    for claim, (changed, worlds) in changed_verdicts(check, CLAIMS).items():
        yield f"- {CLAIM_WORDS[claim]}: the fast mode answers otherwise in {changed} of {worlds} worlds."
    yield ""
