"""What the config keys are that a sweep names: their unit, whether they are whole numbers, their words.

A key is dotted, as after ``--set``: ``interface.sites.N1.density``, ``cell.anode_profile.nuclei.0.height``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic_core import PydanticCustomError

from sim.config.errors import did_you_mean, suggestion
from sim.config.run import RunConfig
from sim.config.section import Section
from sim.config.tree import fields, members, section, unwrap
from sim.config.units import Quantity

#: keys that do not change a run
_WITHOUT_EFFECT = ("name", "title", "experiments")


class KeyProblem(ValueError):
    """A key that cannot be varied, or a value that it cannot have; the message says why."""


class MissingItem(KeyProblem):
    """A config lacks the site or the list item below which a key lies; the message goes on after its name."""


@dataclass(frozen=True)
class Leaf:
    """A config key: dotted name, annotation of its values, unit where it has one, description."""

    key: str
    annotation: Any
    quantity: Quantity | None
    description: str

    @property
    def unit(self) -> str:
        """Of the key's values in a resolved config: SI, or eV; empty for a pure number or a word."""
        return self.quantity.unit if self.quantity is not None else ""

    @property
    def column(self) -> str:
        """Name of the key in a table, the unit at its end: ``interface.surface_diffusivity_m2_s``."""
        return f"{self.key}_{unit_suffix(self.unit)}" if self.unit else self.key

    @property
    def whole(self) -> bool:
        """Whether the key takes whole numbers only."""
        return unwrap(self.annotation) is int

    def number(self, value: Any) -> float:
        """A value as written, in `unit`; raises KeyProblem."""
        if self.quantity is not None:
            try:
                number = self.quantity.parse(value)
            except PydanticCustomError as error:
                raise KeyProblem(error.message()) from None
            if isinstance(number, str):
                raise KeyProblem(f"expected a number, got '{number}'")
            return number
        if unwrap(self.annotation) not in (int, float):
            raise KeyProblem("takes no numbers; list its values")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise KeyProblem(f"expected a number without a unit, got {value!r}")
        if self.whole and value != int(value):
            raise KeyProblem(f"expected a whole number, got {value!r}")
        return value

    def written(self, number: float) -> str | float | int:
        """A number [`unit`] as a config has it, so that it is read back as the same number."""
        if self.quantity is not None:
            return self.quantity.text(float(number))
        return int(number) if self.whole else float(number)


def find_key(key: str, tree: dict[str, Any] | None = None) -> Leaf:
    """The config key of a dotted name; raises KeyProblem.

    tree: of the config that is changed; it tells which sites and list items there are, and the kinds of sections.
    Without it every name of a site is taken to exist.
    """
    parts = key.split(".")
    if parts[0] in _WITHOUT_EFFECT:
        raise KeyProblem("a run does not depend on it")
    annotation: Any = RunConfig
    metadata: tuple[Any, ...] = ()
    description, value = "", tree
    for i, part in enumerate(parts):
        models = _models(annotation, value)
        if models:
            info = next((found for one in models if (found := fields(one).get(part))), None)
            if info is None:
                raise KeyProblem(f"unknown key{suggestion(part, models[0])}")
            annotation, metadata = info.annotation, tuple(info.metadata)
            description = info.description or ""
        else:
            if tree is not None and i < len(parts) - 1:
                _check_item(annotation, part, value)
            annotation, metadata = _item_annotation(annotation, part), ()
        value = _below(value, part)
    return Leaf(key, annotation, _quantity(annotation, metadata), description)


def number_leaf(name: str) -> Leaf:
    """What a plain number is that is no key itself but drives some."""
    return Leaf(name, float, None, "")


def value_of(config: RunConfig, key: str) -> float | int | bool | str | None:
    """The value [SI, or eV] of a dotted key in a config: number, word, or a section as text; None where absent."""
    value: Any = config
    for part in key.split("."):
        if isinstance(value, tuple):
            value = value[int(part)] if int(part) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            value = getattr(value, part, None)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.model_dump_json(exclude_none=True) if isinstance(value, Section) else str(value)


def unit_suffix(unit: str) -> str:
    """A unit as the end of a column's name: m^2/s → m2_s, 1/s → per_s, ohm*m^2 → ohm_m2."""
    return unit.replace("1/", "per_").replace("^", "").replace("/", "_").replace("*", "_")


def _models(annotation: Any, value: Any) -> list[type[Section]]:
    """The sections that a value may be, first the one that it is now."""
    own = section(annotation, value)
    others = [model for model in members(annotation).values() if model is not own]
    return [own, *others] if own is not None else others


def _check_item(annotation: Any, part: str, value: Any) -> None:
    """That the mapping or list which a base has at this place holds the item below which a key is named."""
    if get_origin(unwrap(annotation)) is dict and part not in (value or {}):
        there = f"; there are: {', '.join(value)}" if value else ""
        raise MissingItem(f"has no '{part}'{did_you_mean(part, value or ()) or there}")
    if isinstance(value, list) and not (part.isdigit() and int(part) < len(value)):
        raise MissingItem(f"has {len(value)} items there, counted from 0, and no '{part}'")


def _item_annotation(annotation: Any, part: str) -> Any:
    """The annotation of an item of a mapping or a list."""
    annotation = unwrap(annotation)
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    raise KeyProblem(f"there is no key '{part}' below a single value")


def _below(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return None


def _quantity(annotation: Any, metadata: tuple[Any, ...] = ()) -> Quantity | None:
    """The unit of an annotation: its own, or of the first member of a union that has one."""
    found = next((one for one in metadata if isinstance(one, Quantity)), None)
    if found is not None:
        return found
    if get_origin(annotation) is Annotated:
        inner, *rest = get_args(annotation)
        return _quantity(inner, tuple(rest))
    if get_origin(annotation) in (Union, UnionType):
        return next((unit for one in get_args(annotation) if (unit := _quantity(one))), None)
    return None
