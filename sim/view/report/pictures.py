"""Figures as pictures inside the page, numbered, with caption and a text for those who cannot see them."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.view.report.markup import Html, element, join
from sim.view.style import MM_PER_INCH, PNG_DPI, STYLE

#: a vector picture above this size is exchanged for one of pixels [bytes]
LARGEST_SVG = 250_000
#: size on the screen: a figure as wide as a printed page fills the text
PIXELS_PER_MM = 5.2


@dataclass(frozen=True)
class Picture:
    """A figure to be drawn.

    draw: makes it; caption: one or two sentences; alt: what is to be seen; vector: lines and not fields of colour.
    """

    draw: Callable[[], Figure]
    caption: str
    alt: str
    vector: bool = True

    def encoded(self) -> tuple[str, bytes, int]:
        """Kind and bytes of the drawn figure, and its width on the screen [pixels]."""
        figure = self.draw()
        width = round(PIXELS_PER_MM * MM_PER_INCH * figure.get_figwidth())
        return (*_encoded(figure, vector=self.vector), width)


def picture(number: int, one: Picture) -> Html:
    """A picture with its caption."""
    kind, data, width = one.encoded()
    source = f"data:image/{kind};base64,{b64encode(data).decode()}"
    image = Html(element("img", "", src=source, alt=one.alt, width=str(width)).removesuffix("</img>"))
    said = join([element("b", f"Figure {number}."), one.caption], " ")
    box = element("div", image, class_="picture", tabindex="0")
    return element("figure", join([box, element("figcaption", said)]))


@mpl.rc_context(STYLE | {"svg.fonttype": "path"})  # outlines: the reader's machine may lack the font
def _encoded(figure: Figure, *, vector: bool) -> tuple[str, bytes]:
    """(kind, bytes) of the picture."""
    if vector:
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None})
        if stream.tell() <= LARGEST_SVG:
            return "svg+xml", stream.getvalue()
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=PNG_DPI)
    return "png", stream.getvalue()
