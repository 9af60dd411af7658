"""Walking the models of a config along the keys of a YAML tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.config.section import Section


def unwrap(annotation: Any) -> Any:
    """The annotation without Annotated and without ``| None``."""
    if get_origin(annotation) is Annotated:
        return unwrap(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        rest = [arg for arg in get_args(annotation) if arg is not NoneType]
        if len(rest) == 1:
            return unwrap(rest[0])
    return annotation


@cache
def fields(model: type[Section]) -> dict[str, FieldInfo]:
    """The fields of a model by their keys in YAML, which differ from the names where Python reserves a word."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


@cache
def members(annotation: Any) -> dict[str, type[Section]]:
    """kind → model of a union of models that their `kind` tells apart; empty for anything else."""
    annotation = unwrap(annotation)
    if get_origin(annotation) not in (Union, UnionType):
        return {}
    models = [model for model in map(unwrap, get_args(annotation)) if _is_section(model)]
    return {get_args(model.model_fields["kind"].annotation)[0]: model for model in models}


def section(annotation: Any, value: object) -> type[Section] | None:
    """The model that describes the mapping `value`, None if there is none (yet)."""
    kinds = members(annotation)
    if kinds:
        kind = value.get("kind") if isinstance(value, dict) else None
        return kinds.get(kind) if isinstance(kind, str) else None
    annotation = unwrap(annotation)
    return annotation if _is_section(annotation) else None


def child(annotation: Any, key: str | int, value: object) -> Any:
    """The annotation below `key` of a `value` that `annotation` describes; None for an unknown key."""
    model = section(annotation, value)
    if model is not None:
        field = fields(model).get(str(key))
        return None if field is None else field.annotation
    annotation = unwrap(annotation)
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    return None


def null_is_a_value(annotation: Any, key: str, value: object) -> bool:
    """True where null means something else than an absent key (`stern: null`), or the key is unknown."""
    model = section(annotation, value)
    if model is None:
        return get_origin(unwrap(annotation)) is not dict
    field = fields(model).get(key)
    if field is None:
        return True
    return (
        NoneType in get_args(field.annotation) and field.get_default() is not None and not field.is_required()
    )


def known_keys(annotation: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the models below `annotation`, as paths; names that the user chooses are left out."""
    annotation = unwrap(annotation)
    for model in members(annotation).values() or ([annotation] if _is_section(annotation) else []):
        for key, field in fields(model).items():
            yield (*path, key)
            yield from known_keys(field.annotation, (*path, key))


def choices(annotation: Any) -> tuple[str, ...]:
    """The words that a Literal allows; empty for anything else."""
    annotation = unwrap(annotation)
    return tuple(map(str, get_args(annotation))) if get_origin(annotation) is Literal else ()


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)
