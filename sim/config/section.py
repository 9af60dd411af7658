"""What every section of a config shares: frozen, no unknown keys, and errors that know their key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

#: tag of a plain value beside the sections of a union that their `kind` tells apart
PLAIN = "[plain]"


def with_defaults(description: str, **given: str) -> Any:
    """The field of a section that may be absent and then has its defaults, and a union's ``kind`` as given.

    They are validated as part of the section around it. Instances as defaults would each make a schema of its own with
    every start of the program, two thirds of the time that all models take.
    """
    return Field(default=given, validate_default=True, description=description)


class Problem(NamedTuple):
    """One inconsistency: the key below the section it is found in, and what to do about it."""

    key: tuple[str | int, ...]
    text: str


class Section(BaseModel):
    """A frozen set of keys. Subclasses describe what their keys must satisfy together in `problems`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    #: Groups of alternatives, each alternative a tuple of keys (dotted below a subsection): at most one of a
    #: group may be given, and a later file or ``--set`` that gives one removes the others inherited.
    alternatives: ClassVar[tuple[tuple[tuple[str, ...], ...], ...]] = ()

    def problems(self) -> Iterator[Problem]:
        """Inconsistencies between keys that are valid one by one."""
        yield from ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = [*self._too_many(), *self.problems()]
        if found:
            raise ValidationError.from_exception_data(
                type(self).__name__, [_details(problem) for problem in found]
            )
        return self

    def _too_many(self) -> Iterator[Problem]:
        for group in self.alternatives:
            given = [[key for key in keys if self._value(key) is not None] for keys in group]
            named = [keys[0] for keys in given if keys]
            if len(named) > 1:
                yield Problem(tuple(named[-1].split(".")), f"give '{named[0]}' or '{named[-1]}', not both")

    def _value(self, dotted: str) -> object:
        value: object = self
        for key in dotted.split("."):
            value = getattr(value, key)
        return value


def _details(problem: Problem) -> InitErrorDetails:
    error = PydanticCustomError("inconsistent", "{text}", {"text": problem.text})
    return InitErrorDetails(type=error, loc=problem.key, input=None)
