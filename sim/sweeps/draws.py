"""The random design of a sweep file: which keys are drawn, from what, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from sim.config.quantities import Count, Seed
from sim.config.section import Problem, Section

_POWER_OF_TWO = ("sobol", "saltelli")


def _scalar(value: Any) -> Any:
    if isinstance(value, (dict, list, bool)) or value is None:
        text = (
            "expected a number with its unit such as '1e-9 m^2/s', or a plain number where the key has none"
        )
        raise PydanticCustomError("scalar", "{text}", {"text": text})
    return value


def _word(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
        text = f"expected a name of letters, digits, '_', '-' and '.', got '{name}'"
        raise PydanticCustomError("name", "{text}", {"text": text})
    return name


#: a number with its unit, as text, or a plain number
Scalar = Annotated[Any, AfterValidator(_scalar)]
#: what a base or a drawn number is called
Word = Annotated[str, AfterValidator(_word)]


class Driven(Section):
    """A key that follows a variable x of a random design: its value is at_zero + x (at_one - at_zero)."""

    key: str = Field(description="key of the config")
    at_zero: Scalar | None = Field(default=None, description="value where the variable is 0; absent: nothing")
    at_one: Scalar = Field(description="value where the variable is 1")


class Variable(Section):
    """What random designs draw: a key, or a plain number that drives several keys together."""

    key: str | None = Field(default=None, description="key of the config")
    name: Word | None = Field(default=None, description="with `drives`: what the number is called")
    drives: tuple[Driven, ...] = Field(
        default=(), description="instead of `key`: {key, at_zero, at_one} of each key that follows the number"
    )
    step: Annotated[float, Field(gt=0)] | None = Field(
        default=None,
        description="with `drives`: the number is rounded to a multiple, so that points coincide",
    )
    distribution: Literal["uniform", "loguniform", "normal", "lognormal"] = Field(
        description="uniform and loguniform lie between low and high; normal and lognormal have mean and sd"
    )
    low: Scalar | None = Field(default=None, description="smallest value; cuts a normal or lognormal off")
    high: Scalar | None = Field(default=None, description="largest value; cuts a normal or lognormal off")
    mean: Scalar | None = Field(default=None, description="mean of the value itself, not of its logarithm")
    sd: Scalar | None = Field(default=None, description="standard deviation of the value itself")

    def problems(self) -> Iterator[Problem]:
        if self.drives and self.key is not None:
            yield Problem(("key",), "give 'key' or 'drives', not both")
        elif self.drives and self.name is None:
            yield Problem(("name",), "required where a number drives several keys")
        elif not self.drives and self.key is None:
            yield Problem(("key",), "required: the config key to draw; or 'name' and 'drives' for several")
        else:
            for name in ("name", "step") if not self.drives else ():
                if getattr(self, name) is not None:
                    yield Problem((name,), "only with 'drives'")
        bounded = self.distribution.endswith("uniform")
        for name in ("low", "high") if bounded else ("mean", "sd"):
            if getattr(self, name) is None:
                yield Problem((name,), f"required for '{self.distribution}'")
        for name in ("mean", "sd") if bounded else ():
            if getattr(self, name) is not None:
                yield Problem((name,), f"not with '{self.distribution}', which has low and high")

    @property
    def keys(self) -> tuple[str, ...]:
        """The config keys that it sets; the first stands for all of them where one is asked for."""
        return tuple(one.key for one in self.drives) or (str(self.key),)


class Random(Section):
    """A random design over several keys, crossed with the axes."""

    method: Literal["sobol", "latin-hypercube", "monte-carlo", "saltelli"] = Field(
        description="sobol: scrambled sequence; saltelli: samples·(keys + 2) points for Sobol indices"
    )
    samples: Count = Field(description="number of samples; a power of two for sobol and saltelli")
    seed: Seed = Field(default=0, description="the same seed gives the same samples")
    variables: tuple[Variable, ...] = Field(description="list of {key, distribution, low, high, mean, sd}")

    def problems(self) -> Iterator[Problem]:
        if not self.variables:
            yield Problem(("variables",), "expected at least one variable")
        if self.method in _POWER_OF_TWO and self.samples & (self.samples - 1):
            below = 1 << (self.samples.bit_length() - 1)
            text = f"'{self.method}' needs a power of two, such as {below} or {2 * below}, got {self.samples}"
            yield Problem(("samples",), text)
