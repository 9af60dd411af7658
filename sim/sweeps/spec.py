"""The sections of a sweep file: base configs, axes over any of their keys, random designs, and what to collect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from sim.config.layers import Place
from sim.config.quantities import Count, RunName
from sim.config.section import Problem, Section
from sim.sweeps.draws import Random, Scalar, Variable, Word


def _settings(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError("settings", "{text}", {"text": "expected a mapping KEY: VALUE"})
    return value


#: KEY: VALUE; not declared as a dict, in which null would mean an absent key
Settings = Annotated[Any, AfterValidator(_settings)]


class Base(Section):
    """One config that the sweep changes."""

    file: Path = Field(description="YAML config; relative to the sweep file")
    axes: tuple[str, ...] | None = Field(
        default=None, description="keys or names of what is varied in this base; absent: all of it"
    )


class Steps(Section):
    """Values of one key: listed, or equally spaced from one to another on a linear or logarithmic scale."""

    key: str | None = Field(default=None, description="key of the config, e.g. interface.surface_diffusivity")
    values: tuple[Any, ...] | None = Field(
        default=None, description="the values, as in a config; null takes the key away"
    )
    first: Scalar | None = Field(default=None, alias="from", description="first value of a range")
    last: Scalar | None = Field(default=None, alias="to", description="last value of a range, included")
    points: Annotated[int, Field(strict=True, ge=2)] | None = Field(
        default=None, description="number of values of a range"
    )
    spacing: Literal["linear", "logarithmic"] = Field(default="linear", description="spacing of a range")

    def problems(self) -> Iterator[Problem]:
        if self.key is None:
            yield Problem(("key",), "required: the config key to change, e.g. interface.surface_diffusivity")
        ranged = {"from": self.first, "to": self.last, "points": self.points}
        given = [name for name, value in ranged.items() if value is not None]
        if self.values is not None and given:
            yield Problem((given[0],), f"give 'values' or '{given[0]}', not both")
        elif self.values is None and not given:
            yield Problem(("values",), "required: a list; or give 'from', 'to' and 'points'")
        elif self.values is None:
            yield from (Problem((k,), "required for a range") for k in ranged if k not in given)
        elif not self.values:
            yield Problem(("values",), "expected at least one value")

    @property
    def count(self) -> int:
        """How many values there are."""
        return (self.points or 0) if self.values is None else len(self.values)


class Axis(Steps):
    """One direction of the sweep: the values of a key, or of several keys that change together (`zip`)."""

    zip: tuple[Steps, ...] | None = Field(
        default=None, description="list of {key, values | from, to, points}: keys that change together"
    )

    def problems(self) -> Iterator[Problem]:
        if self.zip is None:
            yield from super().problems()
            return
        own = self.model_fields_set - {"zip"}
        if own:
            name = type(self).model_fields[min(own)].alias or min(own)
            yield Problem((name,), f"give 'zip' or '{name}', not both")
        counts = [steps.count for steps in self.zip]
        if not counts:
            yield Problem(("zip",), "expected at least one key")
        elif len(set(counts)) > 1:
            yield Problem(
                ("zip",), f"keys that change together need equally many values, got {_listed(counts)}"
            )

    @property
    def steps(self) -> tuple[Steps, ...]:
        """The keys of this axis with their values."""
        return (self,) if self.zip is None else self.zip


class SweepSpec(Section):
    """One sweep. Frozen; values stay as written, the plan converts them."""

    name: RunName = Field(default="unnamed", description="short name; absent: the file's name")
    title: str = Field(default="", description="text for figures; absent: the name")
    base: dict[Word, Base] = Field(description="a config, a list of them, or NAME: FILE, or {file, axes}")
    set: Settings = Field(default={}, description="KEY: VALUE for every point, as with --set")
    axes: tuple[Axis, ...] = Field(default=(), description="crossed with each other, the bases and `random`")
    random: Random | None = Field(default=None, description="a random design")
    metrics: tuple[str, ...] | None = Field(
        default=None, description="numbers of summary.json for the table; absent: all"
    )
    failures: Count | None = Field(
        default=None, description="stop after so many failed points; absent: never"
    )
    ranks: Count = Field(default=1, description="MPI ranks of each point")
    mesh_study: StrictBool = Field(default=False, description="state the errors of the mesh (--mesh-study)")
    warm_start: StrictBool = Field(
        default=False,
        description="start each steady state near its worker's last one; last digits then depend on the order",
    )

    @model_validator(mode="before")
    @classmethod
    def _title_by_default(cls, data: Any) -> Any:
        return {"title": str(data["name"])} | data if isinstance(data, dict) and data.get("name") else data

    def varied(self) -> list[tuple[str, Place]]:
        """Every key that the sweep varies, and where it is written."""
        found: list[tuple[str, Place]] = []
        for i, axis in enumerate(self.axes):
            for j, steps in enumerate(axis.steps):
                below = () if axis.zip is None else ("zip", str(j))
                found.append((str(steps.key), ("axes", str(i), *below)))
        for i, variable in enumerate(self.variables):
            at: Place = ("random", "variables", str(i))
            driven = range(len(variable.drives))
            found += zip(variable.keys, [(*at, "drives", str(j)) for j in driven] or [at], strict=True)
        return found

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Of the random design; none without one."""
        return self.random.variables if self.random is not None else ()

    def changes(self, base: str, key: str) -> bool:
        """Whether a key that the sweep varies is varied in a base."""
        kept = self.base[base].axes
        named = [one.name for one in self.variables if one.drives and key in one.keys]
        return kept is None or key in kept or any(name in kept for name in named)

    def problems(self) -> Iterator[Problem]:
        if not self.base:
            yield Problem(("base",), "expected at least one config")
        seen: list[str] = []
        for key, place in self.varied():
            if key in seen:
                yield Problem((*place, "key"), f"'{key}' is varied twice; let it change in one axis")
            elif key in self.set:
                yield Problem(("set", key), "is varied by an axis, too")
            seen.append(key)
        if self.warm_start and self.ranks > 1:
            yield Problem(
                ("warm_start",), "points of several ranks are processes of their own and know no neighbour"
            )
        seen += [one.name for one in self.variables if one.name is not None]
        for name, base in self.base.items():
            for i, key in enumerate(base.axes or ()):
                if key not in seen:
                    text = f"no axis varies '{key}'; keys that are varied: {', '.join(seen) or 'none'}"
                    yield Problem(("base", name, "axes", i), text)


def _listed(counts: list[int]) -> str:
    return f"{', '.join(map(str, counts[:-1]))} and {counts[-1]}"
