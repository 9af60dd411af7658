"""One line per mistake in a config: where it is, what was expected and what was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.config.layers import Layer
from sim.config.run import RunConfig
from sim.config.section import PLAIN
from sim.config.tree import child, choices, known_keys, members, section

_EXPECTED = {
    "missing": "required",
    "bool_type": "expected true or false",
    "int_type": "expected a whole number",
    "float_type": "expected a number without a unit",
    "string_type": "expected a text",
    "path_type": "expected the name of a file",
    "tuple_type": "expected a list",
    "dict_type": "expected a mapping NAME: {{…}}",
    "model_type": "expected a mapping of keys",
    "model_attributes_type": "expected a mapping of keys",
    "finite_number": "expected a finite number",
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be below {lt:g}",
    "less_than_equal": "must be at most {le:g}",
}


Key = tuple[str | int, ...]


class ConfigError(Exception):
    """A config that cannot be used: `messages`, one line for each mistake."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = list(messages)
        super().__init__("\n".join(self.messages))


def explain(error: ValidationError, layer: Layer) -> ConfigError:
    """The mistakes pydantic found in the tree of `layer`, each at its place."""
    found = [(*_locate(details["loc"], layer.tree), details) for details in error.errors(include_url=False)]
    found.sort(key=lambda item: layer.mark(item[0]).order)
    return ConfigError(_line(key, parent, value, details, layer) for key, parent, value, details in found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean 'x'?' if something similar is known, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _line(key: Key, parent: Any, value: Any, details: ErrorDetails, layer: Layer) -> str:
    parts = [str(layer.mark(key)), ".".join(map(str, key)), _text(details, key, parent, value)]
    return ": ".join(part for part in parts if part)


def _locate(loc: Key, tree: Any) -> tuple[Key, Any, Any]:
    """Key of an error in the YAML tree, the annotation of its parent and the parent's value.

    pydantic's location also holds the kind of each union passed, or that the value is none of its sections, and
    '[key]' where a name itself is wrong.
    """
    key: list[str | int] = []
    annotation: Any = RunConfig
    parent, value, below = annotation, tree, tree
    for part in loc:
        kinds = members(annotation)
        if part in ("[key]", PLAIN) or part in kinds:
            annotation = kinds.get(str(part), annotation)
            continue
        parent, value = annotation, below
        annotation = child(annotation, part, below)
        below = _item(below, part)
        key.append(part)
    return tuple(key), parent, value


def _item(tree: Any, key: str | int) -> Any:
    try:
        return tree[key]
    except (KeyError, IndexError, TypeError):
        return None


def _text(details: ErrorDetails, key: Key, parent: Any, value: Any) -> str:
    kind, context = details["type"], details.get("ctx", {})
    annotation = child(parent, key[-1], value) if key else RunConfig
    if kind == "extra_forbidden":
        return f"unknown key{_suggestion(str(key[-1]), section(parent, value))}"
    if kind == "missing":
        return _required(key, parent, value)
    if kind == "union_tag_not_found":
        return f"required: 'kind', one of {', '.join(members(annotation))}"
    if kind == "union_tag_invalid":
        return _one_of("kind", str(context["tag"]), tuple(members(annotation)))
    if kind == "literal_error":
        return _one_of("value", str(details["input"]), choices(annotation))
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind].format(**context)}, got {_shown(details['input'])}"
    return str(details["msg"])


def _suggestion(word: str, model: Any) -> str:
    """Instead of an unknown key: a similar one here, the same one elsewhere, or any of those here."""
    here = list(model.model_fields) if model else []
    close = did_you_mean(word, here)
    if close:
        return close
    elsewhere = [".".join(path) for path in known_keys(RunConfig) if path[-1] == word]
    if elsewhere:
        return f"; did you mean '{elsewhere[0]}'?"
    return f"; valid here: {', '.join(here)}"


def _required(key: Key, parent: Any, value: Any) -> str:
    model = section(parent, value)
    description = model.model_fields[str(key[-1])].description if model else None
    return f"required: {description}" if description else "required"


def _one_of(noun: str, got: str, valid: tuple[str, ...]) -> str:
    return f"unknown {noun} '{got}'{did_you_mean(got, valid)} (valid: {', '.join(valid)})"


def _shown(value: Any) -> str:
    """An input as a user wrote it, short."""
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    names = {None: "nothing", True: "true", False: "false"}
    return names[value] if value is None or isinstance(value, bool) else repr(value)
