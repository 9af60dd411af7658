"""Markdown pages as HTML that any browser opens from a folder, offline: formulas as pictures with their source as text.

markdown-it renders the Markdown, matplotlib's mathtext the formulas (SVG, drawn as outlines, inline).
"""

from __future__ import annotations

import html
import io
import re
from base64 import b64encode
from functools import cache
from pathlib import Path

import matplotlib as mpl
from markdown_it import MarkdownIt
from matplotlib import mathtext
from matplotlib.font_manager import FontProperties

from sim.output.atomic import write_text

#: font size of formulas in em of the page, and points per em there
_EM = 12.0
_PROLOGUE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>", re.DOTALL)
_MATH = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 60rem; margin: 0 auto; padding: 1rem 1.2rem 4rem; color: #222; background: #fff;
  font: 1rem/1.55 system-ui, "DejaVu Sans", sans-serif; }}
h1 {{ line-height: 1.2; font-size: 1.7rem; }}
h2 {{ margin-top: 2.2rem; font-size: 1.25rem; border-bottom: 1px solid #ddd; }}
a {{ color: #0a58a8; }}
img {{ max-width: 100%; height: auto; }}
img.figure {{ width: 100%; }}
img.inline {{ vertical-align: baseline; }}
p.display {{ text-align: center; overflow-x: auto; }}
pre {{ background: #f5f6f7; padding: .8rem 1rem; overflow-x: auto; font-size: .85rem; line-height: 1.4; }}
code {{ font-family: "DejaVu Sans Mono", monospace; font-size: .9em; }}
.table {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: .88rem; }}
th, td {{ padding: .3rem .7rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; }}
td:not(:first-child) {{ font-variant-numeric: tabular-nums; }}
@media print {{ pre {{ white-space: pre-wrap; }} a {{ color: inherit; text-decoration: none; }} }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def to_html(markdown: str, title: str) -> str:
    """One page. Links to .md pages become links to .html ones (README: index)."""
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        display = match[1] is not None
        tex = " ".join((match[1] or match[2]).split())
        formulas.append(_formula(tex.replace("\\frac", "\\dfrac") if display else tex, display=display))
        return f"\n\nFORMULA{len(formulas) - 1}END\n\n" if display else f"FORMULA{len(formulas) - 1}END"

    fences = re.split(r"(```.*?```|`[^`\n]+`)", markdown, flags=re.DOTALL)
    text = "".join(part if part.startswith("`") else _MATH.sub(keep, part) for part in fences)
    body = MarkdownIt("commonmark").enable("table").render(text)
    body = re.sub(r"FORMULA(\d+)END", lambda match: formulas[int(match[1])], body)
    body = re.sub(r"<p>(<img class=\"display\"[^>]*>)</p>", r'<p class="display">\1</p>', body)
    body = re.sub(r'<img (src="[^"]+\.svg")', r'<img class="figure" \1', body)
    body = body.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
    body = re.sub(r'href="README\.md"', 'href="index.html"', body)
    body = re.sub(r'href="([^":]+)\.md"', r'href="\1.html"', body)
    return _PAGE.format(title=html.escape(title), body=body)


@cache
def _formula(tex: str, *, display: bool) -> str:
    """A formula as an inline SVG picture, on the line of the text around it."""
    parser = mathtext.MathTextParser("path")
    size = FontProperties(size=_EM * (1.1 if display else 1.0), family="DejaVu Sans")
    with mpl.rc_context({"mathtext.fontset": "dejavusans", "svg.fonttype": "path", "svg.hashsalt": tex}):
        _, height, depth, _, _ = parser.parse(f"${tex}$", dpi=72, prop=size)
        buffer = io.BytesIO()
        mathtext.math_to_image(f"${tex}$", buffer, prop=size, dpi=72, format="svg")
    svg = _PROLOGUE.sub("", buffer.getvalue().decode()).strip()
    return _as_image(svg, tex, height, depth, display=display)


def _as_image(svg: str, tex: str, height: float, depth: float, *, display: bool) -> str:
    data = b64encode(svg.encode()).decode()
    style = f"height:{height / _EM:.3f}em;vertical-align:{-depth / _EM:.3f}em"
    kind = "display" if display else "inline"
    return f'<img class="{kind}" style="{style}" alt="{html.escape(tex)}" src="data:image/svg+xml;base64,{data}">'


def write_html(folder: Path) -> list[Path]:
    """Every Markdown page of a folder as HTML beside it; returns the files."""
    written = []
    for page in sorted(folder.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        title = text.splitlines()[0].lstrip("# ")
        target = folder / ("index.html" if page.stem == "README" else f"{page.stem}.html")
        write_text(target, to_html(text, title))
        written.append(target)
    return written
