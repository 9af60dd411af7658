"""The shipped separators as they resolve, with the comment beside each value, which says where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.config.dump import dump_config
from sim.config.layers import Mark, merge
from sim.config.loader import load_config
from sim.config.shipped import shipped_config
from sim.config.source import read_files

#: separators, the first of which also brings what all share (configs/base.yaml)
SEPARATORS = ("pp", "pia", "control-2", "control-3", "pia-bulk")


@dataclass(frozen=True)
class ShippedValues:
    """One shipped config.

    resolved: as `dump_config` writes it; comments: dotted key → comment at the end of its line; stated: dotted keys
    that its files give. Items of lists are numbered from 1.
    """

    name: str
    resolved: str
    comments: dict[str, str]
    stated: frozenset[str]


@cache
def shipped_values() -> tuple[ShippedValues, ...]:
    """All separators."""
    return tuple(_read(name) for name in SEPARATORS)


def _read(name: str) -> ShippedValues:
    path = shipped_config(name)
    merged = merge(read_files(path, str(path)), Mark(str(path), path.parent))
    comments, stated = {}, set()
    for place, mark in merged.marks.items():
        if mark.line is None or not place:
            continue
        key = ".".join(str(int(part) + 1) if part.isdigit() else part for part in place)
        stated.add(key)
        comment = _comment(Path(mark.source), mark.line)
        if comment:
            comments[key] = comment
    return ShippedValues(name, dump_config(load_config(path)), comments, frozenset(stated))


def _comment(path: Path, line: int) -> str:
    """What stands behind # on a line of a shipped file, in whose values there is no #."""
    return _lines(path)[line - 1].partition("#")[2].strip()


@cache
def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
