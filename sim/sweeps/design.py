"""From a sweep's axes and random design to its points, before any config is made of them.

The order is that of nested loops: bases outermost, then the axes as they are written, samples of the random design
innermost.  A base that names its `axes` is varied by these alone and has a point for each of their combinations only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sim.config.layers import Place
from sim.sweeps.distributions import quantile, unit_cube
from sim.sweeps.draws import Driven
from sim.sweeps.keys import KeyProblem, Leaf, number_leaf
from sim.sweeps.load import Sweep
from sim.sweeps.spec import Steps

#: digits of a value that a range or a design computes: more would be noise of the exponential
_DIGITS = 12


@dataclass(frozen=True)
class Setting:
    """One key of a point, its value as a config has it, and where the sweep file says so."""

    key: str
    value: Any
    place: Place


@dataclass(frozen=True)
class Point:
    """One combination: number from 0, name of the base, what is set on it, and the row of the random design."""

    index: int
    base: str
    settings: tuple[Setting, ...]
    sample: int | None = None

    @property
    def label(self) -> str:
        """Base and settings in one line, as for ``--set``."""
        return ", ".join([self.base, *(f"{one.key}={one.value}" for one in self.settings)])


Combination = tuple[Setting, ...]


def points(sweep: Sweep, leaves: Mapping[str, Leaf]) -> Iterator[Point]:
    """Every point of a sweep; leaves: what `find_key` found for each key that the sweep varies.

    Raises SweepProblems where a range or a distribution cannot be had.
    """
    axes, samples = _combinations(sweep, leaves)
    index = 0
    varied = [key for key, _ in sweep.spec.varied()]
    for name in sweep.spec.base:
        kept = {key for key in varied if sweep.spec.changes(name, key)}
        own = [values for axis in axes if (values := _kept(axis, kept))]
        drawn = _kept(samples, kept) or [()]
        for fixed, (row, sample) in product(product(*own), enumerate(drawn)):
            settings = (*(one for group in fixed for one in group), *sample)
            yield Point(index, name, settings, row if sample else None)
            index += 1


class SweepProblems(Exception):
    """Ranges or distributions that cannot be had: (place in the sweep file, config key, text) of each."""

    def __init__(self, problems: list[tuple[Place, str, str]]) -> None:
        super().__init__("; ".join(text for _, _, text in problems))
        self.problems = problems


def _combinations(
    sweep: Sweep, leaves: Mapping[str, Leaf]
) -> tuple[list[list[Combination]], list[Combination]]:
    """The values of every axis, and the samples."""
    problems: list[tuple[Place, str, str]] = []
    axes: list[list[Combination]] = []
    for i, axis in enumerate(sweep.spec.axes):
        columns = []
        for j, steps in enumerate(axis.steps):
            place = ("axes", str(i)) if axis.zip is None else ("axes", str(i), "zip", str(j))
            try:
                columns.append(_values(steps, leaves[str(steps.key)], place))
            except KeyProblem as problem:
                problems.append(((*place, problem.args[0]), str(steps.key), problem.args[1]))
        if len(columns) == len(axis.steps):
            axes.append(list(zip(*columns, strict=True)))
    samples = _samples(sweep, leaves, problems)
    if problems:
        raise SweepProblems(problems)
    return axes, samples


def _kept(combinations: list[Combination], keys: set[str]) -> list[Combination]:
    """The combinations reduced to some keys; none where none of the keys is there."""
    reduced = [tuple(one for one in group if one.key in keys) for group in combinations]
    return [group for group in reduced if group]


def _values(steps: Steps, leaf: Leaf, place: Place) -> list[Setting]:
    """The values of one key; raises KeyProblem(key of `steps`, reason)."""
    if steps.values is not None:
        listed = enumerate(steps.values)
        return [Setting(leaf.key, value, (*place, "values", str(i))) for i, value in listed]
    ends = []
    for name, value in (("from", steps.first), ("to", steps.last)):
        try:
            ends.append(leaf.number(value))
        except KeyProblem as problem:
            raise KeyProblem(name, str(problem)) from None
    numbers = _spaced(ends[0], ends[1], steps.points or 2, logarithmic=steps.spacing == "logarithmic")
    if leaf.whole and any(number != round(number) for number in numbers):
        raise KeyProblem("points", "the steps between whole numbers must be whole")
    return [Setting(leaf.key, leaf.written(number), (*place, "from")) for number in numbers]


def _spaced(start: float, stop: float, count: int, *, logarithmic: bool) -> list[float]:
    """`count` values from start to stop, which are met exactly."""
    if logarithmic and start * stop <= 0:
        raise KeyProblem("spacing", "logarithmic needs ends of one sign, neither of them zero")
    inner = [i / (count - 1) for i in range(1, count - 1)]
    if logarithmic:
        between = [start * math.exp(s * math.log(stop / start)) for s in inner]
    else:
        between = [start + (stop - start) * s for s in inner]
    return [start, *map(_tidy, between), stop]


def _samples(
    sweep: Sweep, leaves: Mapping[str, Leaf], problems: list[tuple[Place, str, str]]
) -> list[Combination]:
    """The rows of the random design; adds what is wrong with its variables to `problems`."""
    design = sweep.spec.random
    if design is None:
        return []
    columns = []
    cube = unit_cube(design)
    for i, variable in enumerate(design.variables):
        place = ("random", "variables", str(i))
        leaf = leaves[str(variable.key)] if not variable.drives else number_leaf(str(variable.name))
        try:
            numbers = quantile(variable, leaf)(cube[:, i])
        except KeyProblem as problem:
            problems.append(((*place, problem.args[0]), leaf.key, problem.args[1]))
            continue
        if variable.step is not None:
            numbers = np.round(numbers / variable.step) * variable.step
        if not variable.drives:
            columns.append([Setting(leaf.key, leaf.written(_tidy(number)), place) for number in numbers])
        for j, driven in enumerate(variable.drives):
            below = (*place, "drives", str(j))
            try:
                columns.append(_followed(driven, leaves[driven.key], numbers, below))
            except KeyProblem as problem:
                problems.append(((*below, problem.args[0]), driven.key, problem.args[1]))
    return [] if problems else list(zip(*columns, strict=True))


def _followed(driven: Driven, leaf: Leaf, numbers: Iterable[float], place: Place) -> list[Setting]:
    """The values of a key that follows a number; raises KeyProblem(key of `driven`, reason)."""
    start, end = (_end(driven, leaf, name) for name in ("at_zero", "at_one"))
    if leaf.whole:
        raise KeyProblem("key", "takes whole numbers only and cannot follow another")
    values = [_tidy(start + (end - start) * number) for number in numbers]
    return [Setting(leaf.key, leaf.written(value), place) for value in values]


def _end(driven: Driven, leaf: Leaf, name: str) -> float:
    given = getattr(driven, name)
    if given is None:
        return 0.0
    try:
        return leaf.number(given)
    except KeyProblem as problem:
        raise KeyProblem(name, str(problem)) from None


def _tidy(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")
