"""The numbers of a config, wherever they stand, and configs that differ in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ruamel.yaml import YAML

from sim.config import ConfigError, RunConfig, build_config, dump_config

#: a number as a dump writes it: alone, or with a unit
_NUMBER = re.compile(r"(-?[0-9.]+(?:e[-+]?[0-9]+)?)( .+)?")
Path = tuple[str | int, ...]


def tree(config: RunConfig) -> dict[str, Any]:
    """A config as the mapping of its dump."""
    return dict(YAML(typ="safe").load(dump_config(config)))


def numbers(node: Any, path: Path = ()) -> Iterator[tuple[Path, float]]:
    """Place and value, in the dump's unit, of every number that is no count."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        here = (*path, key)
        match = _NUMBER.fullmatch(value) if isinstance(value, str) and key != "name" else None
        if match:
            yield here, float(match[1])
        elif isinstance(value, float):
            yield here, value
        else:
            yield from numbers(value, here)


def changed(node: Any, change: Callable[[Path, float], float], path: Path = ()) -> Any:
    """A mapping with every number replaced by what ``change`` makes of it."""
    if isinstance(node, dict):
        return {key: changed(value, change, (*path, key)) for key, value in node.items()}
    if isinstance(node, list):
        return [changed(value, change, (*path, key)) for key, value in enumerate(node)]
    found = dict(numbers({path[-1]: node}))
    if not found:
        return node
    (value,) = found.values()
    number = change(path, value)
    if isinstance(node, float):
        return number
    return repr(number) + (_NUMBER.fullmatch(node) or ["", "", ""])[2] if " " in node else repr(number)


def with_number(config: RunConfig, place: Path, number: float) -> RunConfig | None:
    """The config with another number in one place; ``None`` where no such cell can be."""
    mapping = changed(tree(config), lambda path, value: number if path == place else value)
    try:
        return build_config(mapping)
    except ConfigError:
        return None
