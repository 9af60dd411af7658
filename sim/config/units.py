"""Values with units: ``'0.92 mS/cm'`` in a YAML file becomes 0.092 [S/m] in the config, and back.

pint knows the units; it costs a quarter of a second to import, so it is imported when a value is first met
whose unit is neither the SI unit of its key nor one of the usual ones (`sim.config.conversions`). Numbers
are converted as decimals: ``10 um`` is exactly the float 1e-05.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, core_schema

from sim.config.conversions import KNOWN

if TYPE_CHECKING:
    from pint import UnitRegistry
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

_VALUE = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*")
JSON_PATTERN = r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*[^\s0-9.].*$"


class UnitError(ValueError):
    """A unit that cannot be read, or of another dimension than its key."""


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry:
    from pint import UnitRegistry

    return UnitRegistry(non_int_type=Decimal)


@lru_cache(maxsize=1024)
def conversion(unit: str, target: str) -> tuple[Decimal, Decimal]:
    """Factor and offset with value[target] = factor · value[unit] + offset; the offset serves °C and °F.

    An energy per amount (kJ/mol) converts to an energy per particle through the Avogadro constant.
    Raises UnitError.
    """
    if unit == target:
        return Decimal(1), Decimal(0)
    known = KNOWN.get((unit, target))
    return (Decimal(known), Decimal(0)) if known else _by_pint(unit, target)


def _by_pint(unit: str, target: str) -> tuple[Decimal, Decimal]:
    registry = _registry()
    text = f"1{unit}" if unit.startswith("/") else unit
    try:
        if "//" in text:  # pint would read it as one division
            raise UnitError
        zero, one = (registry.Quantity(Decimal(n), text) for n in (0, 1))
    except Exception as error:  # pint raises a dozen unrelated types, AssertionError among them
        raise UnitError(f"cannot read the unit '{unit}'") from error
    if one.check("[energy]/[substance]") and registry.Unit(target).is_compatible_with("eV"):
        zero, one = zero / registry.avogadro_constant, one / registry.avogadro_constant
    if not one.is_compatible_with(target):
        raise UnitError(f"'{unit}' is of another dimension")
    offset = zero.to(target).magnitude
    return one.to(target).magnitude - offset, offset


@dataclass(frozen=True)
class Quantity:
    """Annotation of a float field whose YAML value is ``'<number> <unit>'`` and whose attribute is SI.

    unit: of the attribute (SI, or eV); dimension: its name in messages; example: as a user writes it;
    above / at_least: exclusive / inclusive lower bound in `unit`; word: a text accepted instead of a value.
    """

    unit: str
    dimension: str
    example: str
    above: float | None = None
    at_least: float | None = None
    word: str | None = None

    @property
    def expected(self) -> str:
        """What a message says was expected: 'a length such as '10 um''."""
        article = "an" if self.dimension[0] in "aeiou" else "a"
        other = f" or '{self.word}'" if self.word else ""
        return f"expected {article} {self.dimension} such as '{self.example}'{other}"

    def parse(self, value: object) -> float | str:
        """The value in `unit`; raises PydanticCustomError with a message for the user."""
        if self.word is not None and value == self.word:
            return self.word
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            raise self._error(f"a unit is missing: {self.expected}, got {value}")
        match = _VALUE.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise self._error(f"{self.expected}, got {value!r}")
        if not match[2]:
            raise self._error(f"a unit is missing: {self.expected}, got '{value}'")
        try:
            factor, offset = conversion(match[2], self.unit)
        except UnitError as error:
            raise self._error(f"{self.expected}, got '{value}': {error}") from error
        return self._bounded(float(factor * Decimal(match[1]) + offset), value)

    def text(self, value: float | str) -> str:
        """The value as YAML text that parses back to the same float."""
        return value if isinstance(value, str) else f"{value!r} {self.unit}"

    def _bounded(self, number: float, value: object) -> float:
        if not math.isfinite(number):
            raise self._error(f"expected a finite number, got '{value}'")
        if self.above is not None and not number > self.above:
            raise self._error(f"must be above {self.above:g} {self.unit}, got '{value}'")
        if self.at_least is not None and not number >= self.at_least:
            raise self._error(f"must be at least {self.at_least:g} {self.unit}, got '{value}'")
        return number

    def _error(self, text: str) -> PydanticCustomError:
        return PydanticCustomError("quantity", "{text}", {"text": text})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        write = core_schema.plain_serializer_function_ser_schema(self.text, when_used="json")
        return core_schema.no_info_plain_validator_function(self.parse, serialization=write)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        value: dict[str, Any] = {"type": "string", "pattern": JSON_PATTERN, "examples": [self.example]}
        if self.word is not None:
            value = {"anyOf": [{"const": self.word}, value]}
        return value | {"x-unit": self.unit}
