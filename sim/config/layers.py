"""A config as layers: YAML files along `extends`, then ``--set``, merged in order, each key with its place.

A later layer wins key by key. Mappings merge; lists are replaced whole (``nuclei.0.height`` reaches into
one); a mapping whose `kind` changes starts afresh; null removes what was inherited; of alternatives such as
`c_rate` and `current_density` a layer that gives one removes the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.config.run import RunConfig
from sim.config.section import Section
from sim.config.tree import child, members, section

Place = tuple[str, ...]  #: keys from the top to a value, list indices as text


@dataclass(frozen=True)
class Mark:
    """Where a key was written (file, line and column from 1; or an override) and where its paths start."""

    source: str
    base_dir: Path
    line: int | None = None
    column: int | None = None

    @property
    def order(self) -> tuple[str, int, int]:
        """Sorts messages as a reader goes through the files."""
        return self.source, self.line or 0, self.column or 0

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}:{self.line}:{self.column}"


@dataclass
class Layer:
    """A tree of plain mappings, lists and scalars, and the mark of each key; () is the mark of the whole."""

    tree: dict[str, Any] = field(default_factory=dict)
    marks: dict[Place, Mark] = field(default_factory=dict)

    def mark(self, key: Sequence[str | int]) -> Mark:
        """Where a key was written, or the nearest mapping above it."""
        place = tuple(map(str, key))
        return next(self.marks[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.marks)

    def put(self, keys: Sequence[str], value: Any, mark: Mark) -> None:
        """Set the value of a key, given as its parts from the top, all of it written at `mark`."""
        node = self.tree
        for i, key in enumerate(keys[:-1], start=1):
            node[key] = node[key] if isinstance(node.get(key), dict) else {}
            node = node[key]
            self.marks[tuple(keys[:i])] = mark
        node[keys[-1]] = value
        self.marks |= {(*keys, *path): mark for path in paths(value)}


def merge(layers: list[Layer], root: Mark, model: type[Section] = RunConfig) -> Layer:
    """One layer out of several of a document of `model`, the last wins; `root` stands for keys that nobody wrote."""
    merged = Layer({}, {})
    for layer in layers:
        merged.tree = _mapping(merged.tree, layer.tree, model, merged.marks, ())
        merged.marks.update(layer.marks)
    merged.marks[()] = root
    return merged


def _merged(old: Any, new: Any, annotation: Any, marks: dict[Place, Mark], path: Place) -> Any:
    if isinstance(new, dict) and isinstance(old, list) and _reaches_into(new, old):
        below, items = child(annotation, 0, old), {str(i): value for i, value in enumerate(old)}
        return [_merged(v, new[i], below, marks, (*path, i)) if i in new else v for i, v in items.items()]
    if isinstance(new, dict) and isinstance(old, dict) and not _changes_kind(old, new, annotation):
        return _mapping(old, new, annotation, marks, path)
    for key in [key for key in marks if key[: len(path)] == path]:
        del marks[key]
    return _mapping({}, new, annotation, marks, path) if isinstance(new, dict) else new


def _mapping(
    old: dict[str, Any], new: dict[str, Any], annotation: Any, marks: dict[Place, Mark], path: Place
) -> dict[str, Any]:
    merged = _without_replaced_alternatives(old, new, annotation)
    for key, value in new.items():
        below = child(annotation, key, merged | new)
        merged[key] = _merged(merged.get(key), value, below, marks, (*path, key))
    return merged


def _reaches_into(new: dict[str, Any], old: list[Any]) -> bool:
    """True where the keys of `new` are all indices of the list `old`."""
    return bool(new) and set(new) <= {str(i) for i in range(len(old))}


def _changes_kind(old: dict[str, Any], new: dict[str, Any], annotation: Any) -> bool:
    return bool(members(annotation)) and new.get("kind", old.get("kind")) != old.get("kind")


def _without_replaced_alternatives(
    old: dict[str, Any], new: dict[str, Any], annotation: Any
) -> dict[str, Any]:
    """`old` without the alternatives that `new` replaces by giving another of the same group."""
    model = section(annotation, old | new)
    for group in model.alternatives if model else ():
        given = [keys for keys in group if any(_get(new, key) is not None for key in keys)]
        if len(given) == 1:
            for key in (key for keys in group if keys != given[0] for key in keys):
                old = _without(old, key.split("."))
    return dict(old)


def _get(tree: Any, dotted: str) -> Any:
    for key in dotted.split("."):
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree


def _without(tree: Any, keys: list[str]) -> Any:
    """A copy of `tree` that lacks the key at the end of `keys`."""
    if not isinstance(tree, dict) or keys[0] not in tree:
        return tree
    if len(keys) == 1:
        return {key: value for key, value in tree.items() if key != keys[0]}
    return tree | {keys[0]: _without(tree[keys[0]], keys[1:])}


def paths(tree: Any, path: Place = ()) -> Iterator[Place]:
    """The place of everything in a tree."""
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from paths(value, (*path, str(key)))
