"""What was assumed, and where each value comes from: the comments of the shipped configs, wherever a run's value
still equals the shipped one. What they do not say is called not stated, and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sim.view.errors import ViewError
from sim.view.report.markup import Html, element, join
from sim.view.report.names import readable

#: what a run is called is no assumption
_NAMES = ("name", "title")
_PLAIN = {"": "general"}


@dataclass(frozen=True)
class KnownConfig:
    """A shipped config.

    values: dotted key → resolved value as in config.yaml; sources: dotted key → comment beside it in the YAML files,
    also those of keys above (``anode.stern`` for ``anode.stern.thickness``); stated: keys that a file gives at all.
    """

    name: str
    values: Mapping[str, str]
    sources: Mapping[str, str]
    stated: frozenset[str]

    def source(self, key: str) -> str:
        """Where a shipped value comes from."""
        parts = key.split(".")
        for length in range(len(parts), 0, -1):
            place = ".".join(parts[:length])
            if place in self.sources and (length > 1 or len(parts) == 1):
                return self.sources[place]
        return "not stated" if key in self.stated else "default of the program"


def read_values(path: Path) -> dict[str, str]:
    """Dotted key → value of a resolved config; ViewError where it cannot be read."""
    try:
        tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ViewError(f"{path}: not a readable config: {error}") from error
    return flattened(tree)


def flattened(tree: Any, key: str = "") -> dict[str, str]:
    """Dotted key → value as text of a tree of mappings and lists; items of a list are numbered from 1."""
    if isinstance(tree, Mapping):
        items = [(str(name), value) for name, value in tree.items()]
    elif isinstance(tree, list) and any(isinstance(value, (Mapping, list)) for value in tree):
        items = [(str(number), value) for number, value in enumerate(tree, start=1)]
    elif isinstance(tree, list):
        return {key: ", ".join(map(str, tree)) or "none"}
    else:
        return {key: {True: "yes", False: "no"}.get(tree, str(tree)) if isinstance(tree, bool) else str(tree)}
    found: dict[str, str] = {}
    for name, value in items:
        found |= flattened(value, f"{key}.{name}" if key else name)
    return found


def source_of(key: str, value: str, run: str, known: Sequence[KnownConfig]) -> str:
    """Where a run's value comes from, in the words of the shipped configs; the one of the run's own name first."""
    ordered = sorted(known, key=lambda config: config.name != run)
    for config in ordered:
        if config.values.get(key) == value:
            return config.source(key)
    shipped = dict.fromkeys(readable(config.values[key]) for config in ordered if key in config.values)
    if shipped:
        return f"set for this run; source not stated (shipped: {', '.join(shipped)})"
    return "set for this run; source not stated"


def assumption_tables(
    configs: Sequence[tuple[str, str, Mapping[str, str]]], known: Sequence[KnownConfig]
) -> Html:
    """A table per section of the config.

    configs: (name, title, values) of each run; a value that all of them share is told once.
    """
    keys = dict.fromkeys(key for _, _, values in configs for key in values if key not in _NAMES)
    by_section = groupby(
        sorted(keys, key=_section_of(list(keys))), lambda key: key.rpartition(".")[0].split(".")[0]
    )
    parts: list[object] = []
    for name, members in by_section:
        rows = [_row(key, configs, known) for key in members]
        parts += [
            element("h3", _PLAIN.get(name, name)),
            _wide_table(name, rows, [title for _, title, _ in configs]),
        ]
    return join(parts)


def _section_of(order: list[str]) -> Any:
    sections = list(dict.fromkeys(key.rpartition(".")[0].split(".")[0] for key in order))
    return lambda key: sections.index(key.rpartition(".")[0].split(".")[0])


def _row(
    key: str, configs: Sequence[tuple[str, str, Mapping[str, str]]], known: Sequence[KnownConfig]
) -> tuple[str, list[str], str]:
    """Key, the values (one where all share it) and their source."""
    values = [values.get(key, "–") for _, _, values in configs]
    told: dict[str, list[str]] = {}
    for (name, title, _), value in zip(configs, values, strict=True):
        if value != "–":
            told.setdefault(source_of(key, value, name, known), []).append(title)
    sources = (
        next(iter(told))
        if len(told) == 1
        else "; ".join(f"{', '.join(who)}: {what}" for what, who in told.items())
    )
    shown = [readable(value) for value in values]
    return key, shown[:1] if len(set(shown)) == 1 else shown, sources


def _wide_table(name: str, rows: Sequence[tuple[str, list[str], str]], titles: Sequence[str]) -> Html:
    """A table; where runs differ each has its column, and a value that all share spans them, as a source its rows."""
    columns = max(len(values) for _, values, _ in rows)
    lines = []
    for source, group in groupby(rows, lambda row: row[2]):
        members = list(group)
        for number, (key, values, _) in enumerate(members):
            span = {"colspan": str(columns)} if len(values) < columns else {}
            cells = [element("th", element("code", key), scope="row")]
            cells += [element("td", value, **span) for value in values]
            if number == 0:
                rest = {"rowspan": str(len(members))} if len(members) > 1 else {}
                cells.append(element("td", source, class_="source", **rest))
            lines.append(element("tr", join(cells, "")))
    heads = ["key", *(titles if columns > 1 else ["value"]), "source"]
    head = element("tr", join((element("th", text, scope="col") for text in heads), ""))
    inner = element("table", join([element("thead", head), element("tbody", join(lines))]))
    box = {"class_": "table keys", "role": "region", "aria_label": f"assumptions: {name}", "tabindex": "0"}
    return element("div", inner, **box)
