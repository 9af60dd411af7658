"""The columns of a sweep's table: types, units, words and scales, from the sweep file and the config's schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.sweeps.keys import Leaf, find_key
from sim.sweeps.spec import SweepSpec
from sim.view.labels import METRICS
from sim.view.sweeps.words import words_of
from sim.view.units import unit_ending, unit_of

#: listed positive values that span this factor are read on a logarithmic scale
_WIDE = 30.0
RANDOM = "random"


@dataclass(frozen=True)
class DesignColumn:
    """A key that the sweep varies.

    axis: number of the axis, counted from 0, which keys of one `zip` share, or ``random``;
    scale: ``linear``, ``logarithmic`` or ``words``; values: one per row, numbers [unit of the leaf] or words.
    """

    leaf: Leaf
    axis: str
    scale: str
    values: NDArray[Any]

    @property
    def name(self) -> str:
        """In the table, the unit at its end."""
        return self.leaf.column

    @property
    def attributes(self) -> dict[str, str]:
        """What a self-describing file says about it."""
        units = {"units": self.leaf.unit or "1"} if self.scale != "words" else {}
        said = {"description": self.leaf.description} if self.leaf.description else {}
        named = {"config_key": self.leaf.key, "axis": self.axis, "scale": self.scale}
        return {"long_name": words_of(self.leaf.key), **said, **units, **named}


def design_columns(spec: SweepSpec, rows: list[dict[str, str]]) -> list[DesignColumn]:
    """The varied keys in the order of plan.csv; rows: of that file, column → text."""
    columns = []
    for key, place in spec.varied():
        leaf = find_key(key)
        values = typed([row[leaf.column] for row in rows])
        axis = RANDOM if place[0] == RANDOM else place[1]
        columns.append(DesignColumn(leaf, axis, _scale(spec, place, values), values))
    return columns


def typed(cells: list[str]) -> NDArray[Any]:
    """Cells of a CSV file as numbers where all of them are numbers (nan: empty), else as words."""
    try:
        numbers = [float(cell) if cell else float("nan") for cell in cells]
    except ValueError:
        return np.array(cells, dtype=object)
    return np.array(numbers) if any(cells) else np.array(cells, dtype=object)


def _scale(spec: SweepSpec, place: tuple[str, ...], values: NDArray[Any]) -> str:
    """How the values of a key are spaced: as the sweep file says, listed ones by their span."""
    if values.dtype == object:
        return "words"
    if place[0] == RANDOM and spec.random is not None:
        variable = spec.variables[int(place[2])]
        return "logarithmic" if variable.distribution.startswith("log") and not variable.drives else "linear"
    axis = spec.axes[int(place[1])]
    steps = axis if axis.zip is None else axis.zip[int(place[3])]
    known = values[np.isfinite(values)]
    if steps.values is None:
        return steps.spacing if (known > 0).all() else "linear"
    wide = known.size > 0 and known.min() > 0 and known.max() >= _WIDE * known.min()
    return "logarithmic" if wide else "linear"


def metric_attributes(name: str) -> dict[str, str]:
    """Words and unit of a metric by its name, at whose end the unit stands."""
    end, unit = unit_ending(name), unit_of(name)
    if name in METRICS:
        words = re.sub(r"\$_\\mathrm\{(\w+)\}\$", r"_\1", METRICS[name].words)
    else:
        words = name.removesuffix(f"_{end}").replace("_", " ") if end else name.replace("_", " ")
    return {"long_name": words, "units": unit}
