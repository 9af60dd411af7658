"""Pieces of HTML. Text is escaped here and nowhere else: what is HTML already says so by its type."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt

_MATH = re.compile(r"\$_\\mathrm\{(\w+)\}\$")
#: spaces that hold together what is read as one: a unit's factors, a number and its %
_TIED = re.compile(r"(?<=[A-Za-zµΩ]) (?=[A-Za-zµΩ]+⁻?[¹²³])|(?<=\d) (?=%)")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Html:
    """Anything as HTML; the subscripts of matplotlib's labels become those of HTML, units do not break."""
    if isinstance(value, Html):
        return value
    return Html(_MATH.sub(r"<sub>\1</sub>", _TIED.sub("\u00a0", html.escape(str(value)))))


def element(tag: str, content: object = "", **attributes: str) -> Html:
    """One element; an underscore at the end of an attribute's name is dropped (class_), one within is a dash."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    said = "".join(f' {name}="{html.escape(value)}"' for name, value in named.items())
    return Html(f"<{tag}{said}>{text(content)}</{tag}>")


def join(parts: Iterable[object], between: str = "\n") -> Html:
    """Several pieces as one; empty ones are left out."""
    return Html(between.join(text(part) for part in parts if str(part)))


def paragraphs(lines: Iterable[object]) -> Html:
    """A paragraph per line."""
    return join(element("p", line) for line in lines)


def bullets(lines: Sequence[object]) -> Html:
    """A list; nothing without lines."""
    return element("ul", join(element("li", line) for line in lines)) if lines else Html("")


def table(
    head: Sequence[object], rows: Iterable[Sequence[object]], *, label: str, numeric: bool = True
) -> Html:
    """A table in a box that scrolls by itself, the first cell of each row its head.

    label: what screen readers call it; numeric: the other cells are numbers, set to the right.
    """
    first = element("tr", join((element("th", cell, scope="col") for cell in head), ""))
    body = join(
        element(
            "tr", join([element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])], "")
        )
        for row in rows
    )
    inner = element("table", join([element("thead", first), element("tbody", body)]))
    kind = "table numbers" if numeric else "table"
    return element("div", inner, class_=kind, role="region", aria_label=label, tabindex="0")


def number_cell(shown: str, value: float) -> Html:
    """A number as a reader reads it, with all its digits for machines."""
    return element("data", shown, value=repr(value))


def section(identity: str, title: str, *content: object) -> Html:
    """A part of the page with a heading that links lead to; nothing without content."""
    inside = join(content)
    return element("section", join([element("h2", title), inside]), id=identity) if inside else Html("")


def folded(title: str, content: object, *, prints: bool = True) -> Html:
    """Something that few readers want to see, to be opened by a click; prints: open on paper, or not there."""
    inside = join([element("summary", title), content])
    return element("details", inside, **({} if prints else {"class_": "screen"}))


def markdown(source: str) -> Html:
    """Markdown as HTML: raw HTML in it is shown as text, pictures are left out, tables scroll."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    rendered = renderer.render(_MATH.sub(r"\1", source))
    rendered = rendered.replace("<table>", '<div class="table numbers" tabindex="0"><table>')
    return Html(rendered.replace("</table>", "</table></div>"))
