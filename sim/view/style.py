"""One look for all figures: sizes, fonts, colours, and how they are saved.

Figures are made without pyplot, so no window system and no global state are needed. Sizes are those of a journal
page (180 mm over both columns); curves take the colours of Okabe and Ito (2008), which readers with any colour vision
tell apart, and a dash pattern each, so that they also survive a grey print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.output.atomic import write_whole

MM_PER_INCH = 25.4
PAGE_WIDTH = 180.0  #: both columns [mm]
COLUMN_WIDTH = 120.0  #: a figure of one run [mm]
PNG_DPI = 200
#: of the colours inside a vector figure, which are a picture: everything else there is lines and text
VECTOR_DPI = 300
PNG = ("png",)
FORMATS = ("png", "pdf", "svg")
_UNDATED: dict[str, dict[str, Any]] = {"png": {}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}

#: perceptually even in lightness; told apart at a glance
POTENTIAL_MAP = "plasma"
CONCENTRATION_MAP = "viridis"

METAL = "#b9bcc0"  #: lithium
METAL_EDGE = "#4a4d52"
INK = "#222222"
FAINT = "#8a8d91"
STREAMLINE = "white"

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same figure on every machine
    "mathtext.fontset": "dejavusans",
    "font.size": 7.5,
    "axes.titlesize": 8,
    "axes.labelsize": 7.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "figure.titlesize": 8.5,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "lines.linewidth": 1.3,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,  # text stays text
    "svg.fonttype": "none",
    "svg.hashsalt": "separator-sim",  # the same figure is the same file
}


@dataclass(frozen=True)
class Curve:
    """How one curve of several is drawn."""

    color: str
    dashes: Any  #: matplotlib's line style
    marker: str

    @property
    def line(self) -> dict[str, Any]:
        """Keywords of Axes.plot."""
        return {"color": self.color, "linestyle": self.dashes}


_CURVES = (
    Curve("#d55e00", "-", "o"),
    Curve("#0072b2", "-", "s"),
    Curve("#009e73", (0, (6, 1.5)), "D"),
    Curve("#e69f00", (0, (4, 1.2, 1, 1.2)), "^"),
    Curve("#222222", (0, (1, 1.4)), "v"),
    Curve("#cc79a7", "-", "P"),
    Curve("#56b4e9", (0, (6, 1.5)), "X"),
)


def curve(index: int) -> Curve:
    """The look of the index-th run of a comparison: the same in all its figures."""
    return _CURVES[index % len(_CURVES)]


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of this size [mm], laid out so that labels do not collide."""
    return Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH), layout="constrained")


def texts_beside(figure: Figure, bar: Axes) -> float:
    """How far the numbers and the label of a colour bar reach beyond its right edge [mm]."""
    box = bar.get_tightbbox()
    reach = 0.0 if box is None else box.x1 - bar.get_window_extent().x1
    return float(reach / figure.dpi * MM_PER_INCH)


def letter(axes: Axes, index: int) -> None:
    """Marks a panel a, b, c … outside its upper left corner."""
    axes.annotate(
        "abcdefghijklmnopqrstuvwxyz"[index % 26],
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 4),
        textcoords="offset points",
        weight="bold",
        size=9,
        ha="left",
        va="bottom",
    )


@mpl.rc_context(STYLE)
def save_figure(figure: Figure, path: Path, *, formats: Sequence[str] = PNG) -> list[Path]:
    """Writes the figure beside `path` in each of the formats (png, pdf, svg) and returns the files.

    A file appears when it is whole, and is the same whenever the same figure is drawn: no date is in it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = [path.with_suffix(f".{name}") for name in formats]
    for target, name in zip(written, formats, strict=True):
        write_whole(target, partial(_save, figure, name))
    return written


def _save(figure: Figure, name: str, path: Path) -> None:
    dpi = PNG_DPI if name == "png" else VECTOR_DPI
    figure.savefig(path, format=name, dpi=dpi, metadata=_UNDATED[name])
