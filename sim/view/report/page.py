"""The page of a report: one file with styles, programs, figures and data inside."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from string import Template

from sim.view.report.document import Document
from sim.view.report.markup import Html, element, join, section, text
from sim.view.report.packing import block
from sim.view.report.pictures import picture

_LICENCE = (
    ' The interactive views are drawn by <a href="https://plotly.com/javascript/">plotly.js</a> '
    "(MIT licence, © Plotly, Inc.)."
)


def render(document: Document) -> str:
    """The whole page as HTML."""
    sections = _sections(document)
    contents = [
        element("li", element("a", title, href=f"#{name}")) for name, title, inside in sections if inside
    ]
    live = _is_live(document)
    template = Template(_packaged("page.html"))
    return template.substitute(
        title=text(document.title),
        style=_packaged("page.css"),
        header=_header(document),
        contents=element("ul", join(contents)),
        main=join([document.notice, *(section(*one) for one in sections)]),
        licence=_LICENCE if live else "",
        data=_data(document) if live else "",
    )


def _sections(document: Document) -> list[tuple[str, str, Html]]:
    """(id, title, content) in the order of reading."""
    return [
        ("summary", "Summary", document.summary),
        ("warnings", "What to know before believing it", document.warnings),
        ("explore", "Look closer", _live(document)),
        ("figures", "Figures", join(picture(n, one) for n, one in enumerate(document.pictures, start=1))),
        ("numbers", "Numbers", document.numbers),
        ("more", "More words", document.more),
        ("assumptions", "Assumptions and their sources", document.assumptions),
        ("provenance", "Provenance", document.provenance),
    ]


def _header(document: Document) -> Html:
    chip = "status" if document.status == "done" else "status open"
    state = join([document.kind, element("span", document.status, class_=chip)], " · ")
    return join([element("h1", document.title), *(element("p", line) for line in (state, *document.lines))])


def _has_maps(document: Document) -> bool:
    return document.maps is not None and bool(document.maps.runs)


def _is_live(document: Document) -> bool:
    return _has_maps(document) or bool(document.tables)


def _live(document: Document) -> Html:
    """Boxes that the page's program fills; hidden until it has, so that nothing is missing without it."""
    if not _is_live(document):
        return Html("")
    parts: list[object] = [
        element(
            "p",
            "On a screen, with scripts allowed, fields and tables can be explored here: drag to zoom, double-click to "
            "go back, point at a value to read it, click to keep it. On paper the figures below show the same.",
            id="views-note",
            class_="note",
        )
    ]
    if _has_maps(document):
        parts += [_box("fields-view", "Fields"), element("p", _fields_note(document), class_="note")]
    if document.tables:
        parts.append(_box("tables-view", "Curves and tables"))
        parts.append(
            element("p", "Points are the rows of the files themselves; lines join them.", class_="note")
        )
    return join(parts)


def _fields_note(document: Document) -> str:
    """What the values of the fields' view are."""
    resolution = document.maps.resolution if document.maps is not None else ""
    return (
        "Values are those of a regular grid onto which the mesh, which is much finer at the electrodes, was "
        f"interpolated, rounded to four digits. The whole cell has {resolution}; against the distance from the lithium "
        "(along y) there are 24 points per factor of ten. The scale of the whole cell leaves out the double layers. "
        "Grey is lithium."
    )


def _box(identity: str, title: str) -> Html:
    inner = [
        element("h3", title),
        element("div", "", class_="controls"),
        element("div", "", class_="plot"),
        element("output", "", class_="picked"),
    ]
    return element("div", join(inner), class_="live", id=identity, hidden="")


def _data(document: Document) -> Html:
    """The page's data and programs."""
    maps = document.maps if _has_maps(document) else None
    content = {"maps": maps.content if maps else None, "tables": [one.content for one in document.tables]}
    told = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    blocks = [
        block("packed-plotly", _pack(_plotly())),
        block("packed-content", _pack(told)),
        block("packed-numbers", maps.numbers.packed()) if maps else "",
        Html(f"<script>\n{_packaged('page.js')}</script>"),
    ]
    return join(blocks)


def _pack(source: str) -> bytes:
    return gzip.compress(source.encode(), 9, mtime=0)


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _packaged(name: str) -> str:
    """A file beside this module."""
    return (files("sim.view.report") / name).read_text(encoding="utf-8")
