"""One line per mistake in a config: where it is, what was expected and what was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.config.layers import Layer
from sim.config.run import RunConfig
from sim.config.section import PLAIN, Section
from sim.config.tree import child, choices, fields, known_keys, members, section

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


def explain(error: ValidationError, layer: Layer, model: type[Section] = RunConfig) -> ConfigError:
    """The mistakes pydantic found in the tree of `layer`, a document of `model`, each at its place."""
    details = error.errors(include_url=False)
    found = [(_locate(one["loc"], layer.tree, model), one) for one in details]
    found.sort(key=lambda item: layer.mark(item[0].key).order)
    return ConfigError(_line(spot, one, layer) for spot, one in found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean 'x'?' if something similar is known, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


class _Spot(NamedTuple):
    """Key of an error in the YAML tree, the annotation of its parent, the parent's value, and the document's model."""

    key: Key
    parent: Any
    value: Any
    model: type[Section]


def _line(spot: _Spot, details: ErrorDetails, layer: Layer) -> str:
    parts = [str(layer.mark(spot.key)), ".".join(map(str, spot.key)), _text(details, spot)]
    return ": ".join(part for part in parts if part)


def _locate(loc: Key, tree: Any, model: type[Section]) -> _Spot:
    """Where in the tree an error is.

    pydantic's location also holds the kind of each union passed, or that the value is none of its sections, and
    '[key]' where a name itself is wrong.
    """
    key: list[str | int] = []
    annotation: Any = model
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
    return _Spot(tuple(key), parent, value, model)


def _item(tree: Any, key: str | int) -> Any:
    try:
        return tree[key]
    except (KeyError, IndexError, TypeError):
        return None


def _text(details: ErrorDetails, spot: _Spot) -> str:
    kind, context = details["type"], details.get("ctx", {})
    key, parent, value, model = spot
    annotation = child(parent, key[-1], value) if key else model
    if kind == "extra_forbidden":
        return f"unknown key{suggestion(str(key[-1]), section(parent, value), model)}"
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


def suggestion(word: str, here_model: type[Section] | None, model: type[Section] = RunConfig) -> str:
    """Instead of an unknown key: a similar one here, the same one elsewhere in `model`, or any of those here."""
    here = list(fields(here_model)) if here_model else []
    close = did_you_mean(word, here)
    if close:
        return close
    elsewhere = [".".join(path) for path in known_keys(model) if path[-1] == word]
    if elsewhere:
        return f"; did you mean '{elsewhere[0]}'?"
    return f"; valid here: {', '.join(here)}"


def _required(key: Key, parent: Any, value: Any) -> str:
    model = section(parent, value)
    description = fields(model)[str(key[-1])].description if model else None
    return f"required: {description}" if description else "required"


def _one_of(noun: str, got: str, valid: tuple[str, ...]) -> str:
    return f"unknown {noun} '{got}'{did_you_mean(got, valid)} (valid: {', '.join(valid)})"


def _shown(value: Any) -> str:
    """An input as a user wrote it, short."""
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    names = {None: "nothing", True: "true", False: "false"}
    return names[value] if value is None or isinstance(value, bool) else repr(value)
