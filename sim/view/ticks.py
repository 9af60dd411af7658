"""Numbers on a logarithmic axis: more of them where the axis is short."""

from __future__ import annotations

import math

from matplotlib.axis import Axis
from matplotlib.colorbar import Colorbar
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, ScalarFormatter

from sim.view.labels import number

#: Decades up to which 1, 2 and 5 are written and not only powers of ten
SHORT = 3.5
#: The same where numbers take a power of ten and 1, 2 and 5 of every decade would collide, and which those are
SHORT_OF_POWERS, PLAIN = 1.2, (1e-4, 1e5)


def log_ticks(axis: Axis) -> None:
    """Writes 1, 2 and 5 times the powers of ten on a short logarithmic axis; call when its limits are set."""
    low, high = axis.get_view_interval()
    short = SHORT if low >= PLAIN[0] and high < PLAIN[1] else SHORT_OF_POWERS
    if not 0 < low < high or math.log10(high / low) > short:
        return
    axis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=30))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 1)))
    axis.set_minor_formatter(NullFormatter())


def plain_numbers(bar: Colorbar) -> None:
    """Whole numbers beside a colour bar, and not what is to be added to a number above it."""
    if isinstance(bar.formatter, ScalarFormatter):
        bar.formatter.set_useOffset(False)
        bar.update_ticks()
