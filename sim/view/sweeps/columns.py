"""What the figures of a sweep read: the points that are done, their varied keys and metrics with words and scales.

A dataset is that of table.nc (``xarray.open_dataset``): dimension ``point``, the varied keys as coordinates with the
attributes ``units``, ``config_key``, ``axis`` (equal for keys that change together) and ``scale``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator, ScalarFormatter
from numpy.typing import NDArray

from sim.view.errors import ViewError
from sim.view.labels import METRICS
from sim.view.sweeps.words import (
    LABEL_WIDTH,
    STEPS,
    brief,
    logarithmic_ticks,
    short,
    with_unit,
    words_of,
    wrapped,
)

#: coordinates that name a point and are no keys
_NAMES = ("index", "id", "sample")
#: positive numbers that span this factor are drawn on a logarithmic scale
_WIDE = 30.0
RANDOM = "random"


@dataclass(frozen=True, eq=False)
class Column:
    """One column: numbers, or words.

    scale: linear, logarithmic or words; axis: of the sweep, empty for a metric; values: of the points that are done;
    planned: of all points, so that a figure of a part of a sweep has the axes of the whole.
    """

    name: str
    label: str
    scale: str
    axis: str
    values: NDArray[Any]
    planned: NDArray[Any]

    @property
    def is_words(self) -> bool:
        """Whether its values are words."""
        return self.scale == "words"

    @cached_property
    def levels(self) -> list[Any]:
        """Its different planned values: numbers in ascending order, words in the order of the table."""
        if self.is_words:
            return list(dict.fromkeys(self.planned.tolist()))
        return sorted(set(self.planned[np.isfinite(self.planned)].tolist()))

    @property
    def positions(self) -> NDArray[np.float64]:
        """Its values on an axis: the numbers themselves, words as 0, 1, 2 …"""
        if not self.is_words:
            return np.asarray(self.values, dtype=float)
        places = {word: float(i) for i, word in enumerate(self.levels)}
        return np.array([places[word] for word in self.values])

    def text(self, value: Any) -> str:
        """A value for a legend."""
        return short(str(value)) if self.is_words else brief(float(value))

    def set_up(self, axis: Axis, *, sparse: bool = False, width: int = LABEL_WIDTH) -> None:
        """Scale, ticks and label of an axis of a figure; call when all is drawn on it."""
        if self.scale == "logarithmic":
            name = "xscale" if axis is axis.axes.xaxis else "yscale"
            axis.axes.set(**{name: "log"})
        self.dress(axis, sparse=sparse, width=width)

    def dress(self, axis: Axis, *, sparse: bool = False, width: int = LABEL_WIDTH) -> None:
        """Ticks and label of an axis that has its scale, such as that of a colour bar.

        sparse: for a small panel; width: of the label in characters.
        """
        axis.set_label_text(wrapped(self.label, width))
        if self.is_words:
            axis.set_major_locator(FixedLocator(range(len(self.levels))))
            axis.set_major_formatter(FuncFormatter(self._word))
            axis.set_minor_locator(NullLocator())
        elif self.scale == "logarithmic":
            logarithmic_ticks(axis, sparse=sparse)
        else:
            axis.set_major_locator(MaxNLocator(3 if sparse else 7, steps=STEPS))
            axis.set_major_formatter(ScalarFormatter(useMathText=True))

    def _word(self, position: float, _: int | None = None) -> str:
        """The word at a place of an axis."""
        return self.text(self.levels[round(position)]) if 0 <= round(position) < len(self.levels) else ""


class Table:
    """The points of a sweep that are done."""

    def __init__(self, data: Any) -> None:
        """data: the dataset; raises ViewError where no point is done."""
        status = data["status"].values.astype(str)
        self.title = str(data.attrs.get("title") or data.attrs.get("sweep", ""))
        self.points, self.done = status.size, int((status == "done").sum())
        self.failed = int((status == "failed").sum())
        if not self.done:
            raise ViewError(f"{self.title}: no point of this sweep is done, there is nothing to draw")
        self._data, self._whole = data.isel(point=np.flatnonzero(status == "done")), data
        keys = [str(name) for name in data.coords if name not in _NAMES]
        self._words = {name: words_of(str(data[name].attrs.get("config_key", name))) for name in keys}
        self.keys = {name: self._key(name) for name in keys}
        numbers = [str(name) for name in data.data_vars if "units" in data[name].attrs]
        self.metrics = {name: self._metric(name) for name in numbers}

    @property
    def heading(self) -> str:
        """Title, and beneath it what is not in the figure."""
        left = self.points - self.done - self.failed
        told = [f"{count} {word}" for count, word in ((self.failed, "failed"), (left, "missing")) if count]
        return f"{self.title}\n{self.done} of {self.points} points; {', '.join(told)}" if told else self.title

    @cached_property
    def varied(self) -> list[Column]:
        """The keys, and the base, of which there is more than one value."""
        return [column for column in self.keys.values() if len(column.levels) > 1]

    def unchanged(self, column: Column) -> NDArray[np.bool_]:
        """Of each point that is done, whether the sweep does not vary this key of its base, such as sites of none."""
        planned = (
            pd.Series(column.planned).groupby(self._whole["base"].values.astype(str)).nunique(dropna=False)
        )
        return np.asarray(planned.loc[self._data["base"].values.astype(str)] < 2)

    def column(self, text: str) -> Column:
        """A column by its name, by the config key, or by the end of either; raises ViewError."""
        columns = {**self.keys, **self.metrics}
        names = {name: {name, str(self._data[name].attrs.get("config_key", name))} for name in columns}
        found = [name for name, known in names.items() if text in known]
        found = found or [n for n, known in names.items() if any(k.endswith(f".{text}") for k in known)]
        if len(found) == 1:
            return columns[found[0]]
        if found:
            raise ViewError(f"'{text}' may be {' or '.join(found)}")
        close = get_close_matches(text, [one for known in names.values() for one in known], n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(names)}"
        raise ViewError(f"the sweep has no column '{text}'; {hint}")

    def _key(self, name: str) -> Column:
        data = self._data[name]
        scale = str(data.attrs.get("scale", "words"))
        words = self._words[name]
        if list(self._words.values()).count(words) > 1:  # of the anode and of the counter electrode
            words = str(data.attrs.get("config_key", name)).replace(".", " ").replace("_", " ")
        label = with_unit(words, str(data.attrs.get("units", "1")))
        kind = object if scale == "words" else float
        planned = self._whole[name].values.astype(kind)
        return Column(
            name, label, scale, str(data.attrs.get("axis", name)), data.values.astype(kind), planned
        )

    def _metric(self, name: str) -> Column:
        data = self._data[name]
        values = data.values.astype(float)
        words = METRICS[name].words if name in METRICS else str(data.attrs.get("long_name", name))
        known = values[np.isfinite(values)]
        wide = known.size > 0 and known.min() > 0 and known.max() > _WIDE * known.min()
        label = with_unit(words, str(data.attrs["units"]))
        return Column(name, label, "logarithmic" if wide else "linear", "", values, values)


def grouped(columns: Iterable[Column], size: int) -> dict[tuple[Any, ...], NDArray[np.intp]]:
    """The rows of every combination of the columns' values, in the order of the table; an absent number is nan."""
    frame = pd.DataFrame({i: column.values for i, column in enumerate(columns)}, index=range(size))
    if frame.columns.empty:
        return {(): np.arange(size)}
    groups = frame.groupby(list(frame.columns), sort=False, dropna=False).indices
    return {key if isinstance(key, tuple) else (key,): rows for key, rows in groups.items()}
