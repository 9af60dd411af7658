"""Reading YAML files with the place of every key, and following `extends`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.config.errors import ConfigError, did_you_mean
from sim.config.layers import Layer, Mark, Place, paths

_OWN = ("name", "title")  #: a file that extends another is another run: these are not inherited


def read_files(path: Path, shown: str) -> list[Layer]:
    """The layers of a file and of all it extends, in the order of merging; raises ConfigError."""
    return _follow(path, shown, (), set())


def read_mapping(mapping: Mapping[str, Any], base_dir: Path) -> list[Layer]:
    """The layers of a mapping given by a program, which may extend files relative to `base_dir`."""
    root = Mark("", base_dir)
    layer = Layer(_plain(mapping, {}, (), root), {})
    parents = _parents(layer, root)
    layer.marks = {(): root} | dict.fromkeys(paths(layer.tree), root)
    return [*_extended(parents, layer, root, (), set()), layer]


def read_overrides(overrides: tuple[str, ...]) -> list[Layer]:
    """The layer of all ``--set key.sub=value`` together, values parsed as YAML; raises ConfigError."""
    layer = Layer()
    for text in overrides:
        dotted, equals, value = text.partition("=")
        keys = dotted.strip().split(".")
        mark = Mark(f"--set {text}", Path.cwd())
        if not equals or not all(keys):
            raise ConfigError([f"{mark}: expected KEY=VALUE, such as operation.voltage='0.5 V'"])
        if keys[0] == "extends":
            raise ConfigError([f"{mark}: 'extends' belongs in a file"])
        layer.put(keys, _plain(_parse(value, str(mark)), {}, (), mark), mark)
    return [layer] if overrides else []


def _follow(path: Path, shown: str, chain: tuple[Path, ...], seen: set[Path]) -> list[Layer]:
    """A file met before on another branch is not merged again: what came after it would be undone."""
    path = path.resolve()
    if path in seen:
        return []
    layer, root = _read(path, shown)
    parents = _parents(layer, root)
    layers = [*_extended(parents, layer, root, (*chain, path), seen), layer]
    seen.add(path)
    return layers


def _parents(layer: Layer, root: Mark) -> list[str]:
    """Takes `extends` out of a layer, as a list."""
    value = layer.tree.pop("extends", None)
    names = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        mark = layer.marks.get(("extends",), root)
        raise ConfigError([_join(mark, "extends: expected the name of a file or a list of names")])
    return names


def _extended(
    parents: list[str], layer: Layer, root: Mark, chain: tuple[Path, ...], seen: set[Path]
) -> list[Layer]:
    layers: list[Layer] = []
    for i, name in enumerate(parents):
        path = (root.base_dir / name).resolve()
        shown = os.path.normpath(Path(root.source).parent / name)
        mark = layer.marks.get(("extends", str(i)), layer.marks.get(("extends",), root))
        if path in chain:
            files = " -> ".join(file.name for file in (*chain[chain.index(path) :], path))
            raise ConfigError([_join(mark, f"extends: a file extends itself: {files}")])
        if not path.is_file():
            raise ConfigError([_join(mark, f"extends: no such file: {shown}{similar_file(path)}")])
        layers += _follow(path, shown, chain, seen)
    for inherited in layers:
        for key in _OWN:
            inherited.tree.pop(key, None)
    return layers


def _read(path: Path, shown: str) -> tuple[Layer, Mark]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        missing = isinstance(error, FileNotFoundError)
        reason = f"no such file{similar_file(path)}" if missing else f"cannot be read: {error}"
        raise ConfigError([f"{shown}: {reason}"]) from error
    root = Mark(shown, path.parent)
    node = _parse(text, shown)
    if node is None:
        node = {}
    if not isinstance(node, Mapping):
        raise ConfigError([f"{shown}: expected a mapping of keys (name: …, cell: …)"])
    layer = Layer({}, {(): root})
    layer.tree = _plain(node, layer.marks, (), root)
    return layer, root


def _parse(text: str, shown: str) -> Any:
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = None if shown.startswith("--set") else error.problem_mark
        place = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
        problem = (error.problem or "cannot be read").splitlines()[0]
        raise ConfigError([f"{place}: not valid YAML: {problem}"]) from error
    except YAMLError as error:
        raise ConfigError([f"{shown}: not valid YAML: {str(error).splitlines()[0]}"]) from error


def _plain(node: Any, marks: dict[Place, Mark], path: Place, root: Mark) -> Any:
    """Plain dicts, lists, strings and numbers of what ruamel.yaml returns; fills `marks`."""
    if isinstance(node, (Mapping, list, tuple)):
        items = node.items() if isinstance(node, Mapping) else enumerate(node)
        places = node.lc.data or {} if isinstance(node, CommentedBase) else {}
        plain: dict[str, Any] = {}
        for key, value in items:
            below = (*path, str(key))
            if key in places:
                line, column = places[key][:2]
                marks[below] = Mark(root.source, root.base_dir, line + 1, column + 1)
            plain[str(key)] = _plain(value, marks, below, root)
        return plain if isinstance(node, Mapping) else list(plain.values())
    for scalar in (bool, int, float, str):
        if isinstance(node, scalar):
            return scalar(node)
    return node


def similar_file(path: Path) -> str:
    """'; did you mean 'x.yaml'?' where a file's folder has one of a similar name, else nothing."""
    names = [file.name for file in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
    return did_you_mean(path.name, names)


def _join(mark: Mark, text: str) -> str:
    return f"{mark}: {text}" if str(mark) else text
