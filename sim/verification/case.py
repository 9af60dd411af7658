"""What a case of the book is made of: its words, and what comes out when it is performed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.verification.bench import Bench

Array = npt.NDArray[np.floating[Any]]

#: an observed order may miss the expected one by this much, to either side: too good is a mistake too
ORDER_TOLERANCE = 0.1


@dataclass(frozen=True)
class Check:
    """One number found beside the exact one; the error is relative to ``scale`` (by default the exact value)."""

    label: str
    found: float
    exact: float
    tolerance: float
    unit: str = ""
    scale: float | None = None

    @property
    def error(self) -> float:
        """|found - exact| / |scale|; NaN where there is nothing to compare with."""
        scale = abs(self.exact if self.scale is None else self.scale)
        return abs(self.found - self.exact) / scale if scale > 0 else float("nan")

    @property
    def passed(self) -> bool:
        """Whether the error is within the tolerance; never for NaN."""
        return self.error <= self.tolerance


@dataclass(frozen=True)
class Profile:
    """A curve found beside the exact one: their largest distance relative to ``scale`` (by default the largest exact
    value) is checked."""

    label: str
    x: Array
    found: Array
    exact: Array
    tolerance: float
    scale: float | None = None

    @property
    def error(self) -> float:
        """Largest |found - exact| / |scale|."""
        scale = float(np.max(np.abs(self.exact))) if self.scale is None else abs(self.scale)
        return float(np.max(np.abs(self.found - self.exact)) / scale)

    @property
    def passed(self) -> bool:
        """Whether the error is within the tolerance; never for NaN."""
        return self.error <= self.tolerance


@dataclass(frozen=True)
class Order:
    """Errors on steps (of the mesh, of time, of a small parameter) and the order at which they should fall."""

    label: str
    step_label: str
    steps: tuple[float, ...]
    errors: tuple[float, ...]
    expected: float
    tolerance: float = ORDER_TOLERANCE

    @property
    def observed(self) -> float:
        """Order between the two finest steps."""
        (h, finest), (e, least) = self.steps[-2:], self.errors[-2:]
        return float(np.log(e / least) / np.log(h / finest))

    @property
    def passed(self) -> bool:
        """Whether the order is met, neither worse nor better."""
        return abs(self.observed - self.expected) <= self.tolerance


@dataclass(frozen=True)
class Series:
    """A curve of a panel: exact ones are drawn as lines, found ones as markers."""

    label: str
    x: Array
    y: Array
    exact: bool


@dataclass(frozen=True)
class Panel:
    """One pair of axes of the page's figure."""

    x_label: str
    y_label: str
    series: tuple[Series, ...]
    x_log: bool = False
    y_log: bool = False
    equal: bool = False  #: one scale for both axes


@dataclass
class Outcome:
    """What came out; a case fills it in."""

    checks: list[Check] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[Check | Profile]:
        """Everything with an error and a tolerance."""
        return [*self.checks, *self.profiles]

    @property
    def failures(self) -> list[str]:
        """What is not within its tolerance, in words."""
        numbers = [one for one in self.numbers if not one.passed]
        orders = [one for one in self.orders if not one.passed]
        return [
            *(f"{one.label}: error {one.error:.3g} above {one.tolerance:g}" for one in numbers),
            *(f"{one.label}: order {one.observed:.3f} instead of {one.expected:g}" for one in orders),
        ]

    @property
    def passed(self) -> bool:
        """Whether everything is within its tolerance, and there is something."""
        return not self.failures and bool(self.numbers or self.orders)


@dataclass(frozen=True)
class Case:
    """One case: number and name, its words in Markdown with $formulas$, what it is about, and how it is performed."""

    number: int
    slug: str
    title: str
    problem: str
    exact: str
    sources: Sequence[str]
    modes: Sequence[str]
    perform: Callable[[Bench], Outcome]

    @property
    def name(self) -> str:
        """The name of its page."""
        return f"case-{self.number:02d}-{self.slug}"
