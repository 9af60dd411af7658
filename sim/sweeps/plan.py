"""The plan of a sweep: every point with its config validated and its identity, before anything is computed.

Needs neither dolfinx nor MPI: a login node plans, workers compute.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.config.errors import ConfigError
from sim.config.layers import Layer, Mark, merge
from sim.config.loader import normalised, validated
from sim.config.run import RunConfig
from sim.config.source import read_files, similar_file
from sim.sweeps.design import Point, Setting, SweepProblems, points
from sim.sweeps.keys import KeyProblem, Leaf, MissingItem, find_key, value_of
from sim.sweeps.load import Sweep
from sim.sweeps.spec import SweepSpec

#: mistakes that are told at once
MOST_SHOWN = 5
#: of a config, what its results do not depend on
_WITHOUT_EFFECT = {"name", "title", "experiments"}

#: says why a valid config cannot be run (a profile that meets the counter electrode), None where nothing is wrong
Check = Callable[[RunConfig], str | None]
Value = float | int | bool | str | None


@dataclass(frozen=True)
class PlannedPoint:
    """A point whose config is valid: its identity, and the values [SI, or eV] of the keys that the sweep varies."""

    point: Point
    id: str
    values: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """All points of a sweep. Points with equal configs share an id and are computed once."""

    sweep: Sweep
    leaves: tuple[Leaf, ...]
    points: tuple[PlannedPoint, ...]
    bases: dict[str, Layer]

    @property
    def spec(self) -> SweepSpec:
        """What the sweep file says."""
        return self.sweep.spec

    def unique(self) -> dict[str, PlannedPoint]:
        """The points to compute: id → the first point that has it, in their order."""
        found: dict[str, PlannedPoint] = {}
        for planned in self.points:
            found.setdefault(planned.id, planned)
        return found

    def config(self, point: Point) -> RunConfig:
        """The config of a point."""
        return validated(self._layer(point), RunConfig)

    def mapping(self, point: Point) -> dict[str, Any]:
        """The config of a point as plain data, files absolute: `build_config` makes an equal config of it anywhere."""
        layer = self._layer(point)
        return dict(normalised(layer.tree, layer))

    def _layer(self, point: Point) -> Layer:
        return _point_layer(self.bases[point.base], point.settings, self.sweep)


def plan_sweep(sweep: Sweep, check: Check | None = None) -> Plan:
    """Resolve and validate every point of a sweep.

    check: asked about every config once, after it was found valid.
    Raises ConfigError with what is wrong, each mistake once, at most `MOST_SHOWN` of them.
    """
    bases = _read_bases(sweep)
    leaves = _find_keys(sweep, bases)
    try:
        found = list(points(sweep, leaves))
    except SweepProblems as error:
        raise ConfigError(sweep.error(*problem) for problem in error.problems) from None
    planned = _planned(sweep, bases, found, list(leaves), check)
    return Plan(sweep, tuple(leaves.values()), planned, bases)


def point_id(config: RunConfig, *, mesh_study: bool) -> str:
    """Identity of a point: 16 hexadecimal digits of the SHA-256 of what its results depend on.

    Of a file counts the content, not where it is; name, title and settings of experiments do not count.
    """
    data = config.model_dump(exclude=_WITHOUT_EFFECT)
    text = json.dumps([data, mesh_study], sort_keys=True, default=_content)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _content(path: Any) -> str:
    if not isinstance(path, Path):
        raise TypeError(f"a config holds {type(path).__name__}, which has no identity")
    state = path.stat()
    return _digest(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _digest(path: Path, changed: int, size: int) -> str:
    """The hash of a file, read anew when it has changed."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_bases(sweep: Sweep) -> dict[str, Layer]:
    """The tree of every base with what the sweep sets on all points, read once; raises ConfigError."""
    common = [Setting(key, value, ("set", key)) for key, value in sweep.spec.set.items()]
    problems, layers = [], {}
    for name, base in sweep.spec.base.items():
        if not base.file.is_file():
            text = f"no such file: {_shown(base.file)}{similar_file(base.file)}"
            problems.append(sweep.error(("base", name), f"base.{name}", text))
            continue
        shown = _shown(base.file)
        read = merge(read_files(base.file, shown), Mark(shown, base.file.parent))
        if read.tree.get("name") is None:
            read.tree["name"] = base.file.stem
        problems += _unknown(sweep, [(one.key, one.place) for one in common], read, name)
        layers[name] = _point_layer(read, common, sweep)
    if problems:
        raise ConfigError(_shortened(problems))
    return layers


def _shown(path: Path) -> str:
    """A file relative to the working folder where it lies below it, else absolute."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _point_layer(base: Layer, settings: Iterable[Setting], sweep: Sweep) -> Layer:
    """A base with some keys set, each marked with its place in the sweep file."""
    layer = Layer()
    for one in settings:
        value = copy.deepcopy(one.value) if isinstance(one.value, (dict, list)) else one.value
        layer.put(one.key.split("."), value, sweep.layer.mark(one.place))
    return merge([base, layer], base.marks[()])


def _find_keys(sweep: Sweep, bases: dict[str, Layer]) -> dict[str, Leaf]:
    """What each varied key is, once all of them are known in every base that they change; raises ConfigError."""
    varied = [(key, (*place, "key")) for key, place in sweep.spec.varied()]
    problems: list[str] = []
    for name, layer in bases.items():
        own = [(key, place) for key, place in varied if sweep.spec.changes(name, key)]
        problems += _unknown(sweep, own, layer, name)
    if problems:
        raise ConfigError(_shortened(problems))
    return {key: find_key(key) for key, _ in varied}


def _unknown(sweep: Sweep, keys: list[tuple[str, tuple[str, ...]]], layer: Layer, name: str) -> list[str]:
    """What is wrong with keys that a sweep names for a base."""
    problems = []
    for key, place in keys:
        try:
            find_key(key, layer.tree)
        except MissingItem as problem:
            several = len(sweep.spec.base) > 1
            hint = f"; base.{name}.axes can list the axes that change it" if several else ""
            problems.append(sweep.error(place, key, f"base '{name}' {problem}{hint}"))
        except KeyProblem as problem:
            problems.append(sweep.error(place, key, str(problem)))
    return problems


def _planned(
    sweep: Sweep, bases: dict[str, Layer], found: list[Point], keys: list[str], check: Check | None
) -> tuple[PlannedPoint, ...]:
    planned: list[PlannedPoint] = []
    problems: dict[str, Point] = {}
    known: set[str] = set()
    for point in found:
        try:
            config = validated(_point_layer(bases[point.base], point.settings, sweep), RunConfig)
        except ConfigError as error:
            for message in error.messages:
                problems.setdefault(message, point)
            continue
        identity = point_id(config, mesh_study=sweep.spec.mesh_study)
        text = check(config) if check is not None and identity not in known else None
        if text is not None:
            problems.setdefault(text, point)
        known.add(identity)
        planned.append(PlannedPoint(point, identity, tuple(value_of(config, key) for key in keys)))
    if problems:
        lines = [f"{message} (point {point.index}: {point.label})" for message, point in problems.items()]
        raise ConfigError(_shortened(lines))
    return tuple(planned)


def _shortened(messages: list[str]) -> list[str]:
    """Each message once, the first few, and how many more there are."""
    unique = list(dict.fromkeys(messages))
    more = len(unique) - MOST_SHOWN
    return unique if more <= 0 else [*unique[:MOST_SHOWN], f"… and {more} more"]
