"""What a report consists of, whatever it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.view.report.explorer import Explored
from sim.view.report.fields import Maps
from sim.view.report.markup import Html, bullets, element, join
from sim.view.report.pictures import Picture

NOTHING = Html("")


@dataclass(frozen=True)
class Document:
    """Content of a page in the order of reading; empty parts are left out.

    status: of what is reported, done or not; lines: below the title; notice: what a reader must know first;
    summary, warnings, numbers, assumptions, provenance, more: sections; maps and tables: the interactive views.
    """

    title: str
    kind: str
    status: str
    lines: Sequence[object]
    summary: Html
    notice: Html = NOTHING
    warnings: Html = NOTHING
    pictures: Sequence[Picture] = ()
    numbers: Html = NOTHING
    more: Html = NOTHING
    assumptions: Html = NOTHING
    provenance: Html = NOTHING
    maps: Maps | None = None
    tables: Sequence[Explored] = ()


def key_numbers(pairs: Sequence[tuple[object, object]]) -> Html:
    """The few numbers that a reader wants first."""
    inner = join(
        element("div", join([element("dt", words), element("dd", value)], "")) for words, value in pairs
    )
    return element("dl", inner, class_="key") if pairs else Html("")


def notice(*content: object) -> Html:
    """Something that no reader may miss."""
    return element("div", join(content), class_="notice", role="note")


def warning_list(said: Sequence[str], none: str = "The runs gave no warnings.") -> Html:
    """Warnings that the runs gave themselves, or that there are none."""
    return notice(bullets(said)) if said else element("p", none)
