"""What every peer's script shares: the cell, its mesh lines, Newton's method and the ways in time.

The cell is that of sim's flat benchmark: lithium | 1:1 electrolyte | lithium, Poisson-Nernst-Planck with Stern layers
and Butler-Volmer kinetics; scaled by the gap H, RT/F, c0 and H^2/D_-:

    concentrations (as a user of a general finite-element code writes it), unknowns phi, c+, c-:
        d_t c + div N = 0,   N_i = -D_i (grad c_i + z_i c_i grad phi),   -lam2 lap phi = c+ - c-
    potentials (the formulation of sim), unknowns phi, mu_i = ln c_i + z_i phi:   N_i = -D_i c_i grad mu_i
    plane at metal potential V:  lam2 d_n phi = lam2 (V - phi)/d_S,   N+.n = k (c+ e^{-(V-phi)/2} - e^{(V-phi)/2})

Only NumPy: a script runs wherever its own library does, `python skfem_cell.py '{"order": 2}'`, and prints one line of
JSON.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np

FARADAY, GAS, VACUUM = 96485.33212, 8.314462618, 8.8541878128e-12
THERMAL_VOLTAGE = GAS * 298.15 / FARADAY
#: an update that no longer falls below this one has reached the rounding of ill-conditioned cells
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Problem:
    """One run of a peer; SI units."""

    formulation: str = "concentrations"  #: or potentials
    order: int = 1  #: polynomial order of the elements
    columns: int = 100
    wall_cell: float = 5e-11  #: first cell at the electrodes [m]
    growth: float = 1.25
    max_cell: float = 2.5e-7  #: [m]
    voltage: float = 0.5  #: counter minus anode [V]
    amplitude: float = 0.0  #: anode height h = amplitude cos(2 pi x/wavelength) [m]
    wavelength: float = 5e-6  #: [m]
    times: tuple[float, ...] = ()  #: where a transient from rest reports j [s]; empty: the steady state
    scheme: str = "euler"  #: or bdf2; the transient's
    step_ratio: float = 0.1  #: steps of the transient are this part of the time passed
    first_step: float = 1e-9  #: of a transient and of the way to the steady state in pseudo-time [s]
    compiled: bool = False  #: expressions compiled to machine code, where the library can
    length: float = 10e-6  #: of the cell [m]
    width: float = 8e-6  #: H [m]
    concentration: float = 2500.0  #: c0 [mol/m^3]
    diffusivity_li: float = 0.639344e-10  #: [m^2/s]
    diffusivity_anion: float = 1e-10  #: [m^2/s]
    permittivity: float = 30.0  #: relative, of the liquid and of the Stern layers
    stern: float = 0.3e-9  #: thickness [m]
    exchange: float = 6.4  #: j0 of both electrodes [A/m^2]

    @classmethod
    def read(cls, text: str) -> Problem:
        """The problem that a JSON object states; ValueError for an unknown key."""
        given = json.loads(text)
        unknown = set(given) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        return cls(**given | {"times": tuple(given.get("times", ()))})

    @property
    def lam2(self) -> float:
        """eps RT/(F^2 c0 H^2) [1]."""
        scale = FARADAY * self.concentration * self.width**2
        return self.permittivity * VACUUM * THERMAL_VOLTAGE / scale

    @property
    def current_unit(self) -> float:
        """F D_- c0/H [A/m^2]."""
        return FARADAY * self.diffusivity_anion * self.concentration / self.width

    @property
    def mobility(self) -> float:
        """D_+/D_-."""
        return self.diffusivity_li / self.diffusivity_anion

    @property
    def rate(self) -> float:
        """j0 in units of the current [1]."""
        return self.exchange / self.current_unit

    @property
    def time_unit(self) -> float:
        """H^2/D_- [s]."""
        return self.width**2 / self.diffusivity_anion

    @property
    def drive(self) -> float:
        """Voltage [RT/F]."""
        return self.voltage / THERMAL_VOLTAGE

    @property
    def aspect(self) -> float:
        """Length [H]."""
        return self.length / self.width

    def column_lines(self) -> np.ndarray:
        """x of the cells' sides [H]."""
        return np.linspace(0.0, self.aspect, self.columns + 1)

    def row_lines(self) -> np.ndarray:
        """Heights of the cells' sides in a flat cell [H]: growing from both walls up to the largest."""
        lower, size = [0.0], self.wall_cell
        while lower[-1] < self.width / 2:
            lower.append(lower[-1] + size)
            size = min(size * self.growth, self.max_cell)
        half = np.array(lower) / lower[-1] / 2
        return np.concatenate([half, 1.0 - half[-2::-1]])

    def rise(self, x: Any, cos: Callable[[Any], Any] = np.cos) -> Any:
        """Height of the anode at x [H]; points at the flat height y lie at y + rise(x)(1 - y)."""
        return self.amplitude / self.width * cos(2 * math.pi * self.width / self.wavelength * x)


class Discrete(Protocol):
    """A discretised cell, as each library does it: the state, and one linear system at a time."""

    unknowns: int

    def save(self) -> Any: ...
    def restore(self, state: Any) -> None: ...
    def extrapolate(self, factor: float) -> None:
        """The state plus factor times the difference of the two levels before."""

    def weigh(self, new: float, old: float, older: float) -> None:
        """Weights of the time derivative [D_-/H^2]."""

    def shift(self) -> None:
        """The state becomes the old level, the old level the older."""

    def residual(self) -> None: ...
    def factorise(self) -> None: ...
    def correction(self) -> float:
        """Solve for the update; its largest entry."""

    def correct(self, factor: float) -> None: ...
    def current(self) -> float:
        """Plating current per projected length of the anode [A/m^2]."""

    def least_concentration(self) -> float: ...


class Counter:
    """Newton iterations, factorisations and steps."""

    def __init__(self) -> None:
        self.iterations = self.factorisations = self.steps = 0


def newton(cell: Discrete, counter: Counter, tolerance: float, limit: int, *, reuse: bool) -> int:
    """Damped Newton; iterations, or 0 where it fails. With reuse, factors are kept while updates fall tenfold."""
    last, fresh_needed = math.inf, True
    for iteration in range(1, limit + 1):
        cell.residual()
        if fresh_needed or not reuse:
            cell.factorise()
            counter.factorisations += 1
        size = cell.correction()
        counter.iterations += 1
        if not math.isfinite(size):
            return 0
        cell.correct(min(1.0, 2.0 / size) if size > 0 else 1.0)
        if size < tolerance or (size < _ROUNDING and size > 0.5 * last):
            return iteration
        fresh_needed = size > 0.03 and size > 0.1 * last
        last = size
    return 0


def pseudo_time(problem: Problem, cell: Discrete, counter: Counter, end: float = 10.0) -> None:
    """The steady state by implicit Euler with doubling steps [s]; RuntimeError where 400 steps do not reach it."""
    now, step = 0.0, problem.first_step
    for _ in range(400):
        before = cell.save()
        cell.weigh(problem.time_unit / step, -problem.time_unit / step, 0.0)
        iterations = newton(cell, counter, 1e-9, 25, reuse=False)
        if not iterations or cell.least_concentration() < 0:
            cell.restore(before)
            step *= 0.3
            continue
        now, counter.steps = now + step, counter.steps + 1
        cell.shift()
        if now >= end:
            return
        step *= 2.0 if iterations < 6 else 1.3
    raise RuntimeError("the steady state was not reached")


def direct(cell: Discrete, counter: Counter) -> None:
    """The steady state at once; a tiny storage of the anion alone holds its inventory. RuntimeError on failure."""
    cell.weigh(1e-6, -1e-6, 0.0)
    counter.steps = 1
    if not newton(cell, counter, 1e-9, 60, reuse=True):
        raise RuntimeError("Newton did not converge")


def time_steps(problem: Problem) -> Iterator[tuple[float, bool]]:
    """(size [s], whether it ends on a time asked for) of the transient's steps."""
    now = 0.0
    for stop in problem.times:
        while now < stop:
            size = max(problem.first_step, problem.step_ratio * now)
            parts = max(1, math.ceil((stop - now) / size - 1e-9))
            size = (stop - now) / parts if parts <= 2 else size
            lands = parts == 1
            now = stop if lands else now + size
            yield size, lands


def transient(problem: Problem, cell: Discrete, counter: Counter) -> list[float]:
    """j at the times asked for [A/m^2]; RuntimeError where a step fails."""
    found, last = [], 0.0
    second_order = problem.scheme == "bdf2"
    reuse = problem.formulation == "potentials"
    for size, lands in time_steps(problem):
        unit = problem.time_unit / size
        if second_order and last:
            ratio = size / last
            cell.weigh(
                unit * (1 + 2 * ratio) / (1 + ratio), -unit * (1 + ratio), unit * ratio**2 / (1 + ratio)
            )
            cell.extrapolate(ratio if counter.steps > 1 else 0.0)
        else:
            cell.weigh(unit, -unit, 0.0)
        if not newton(cell, counter, 1e-7, 30, reuse=reuse) or cell.least_concentration() < 0:
            raise RuntimeError(f"a step of {size:.1e} s failed")
        cell.shift()
        counter.steps, last = counter.steps + 1, size
        if lands:
            found.append(cell.current())
    return found


def peak_memory() -> float:
    """Largest resident size of this process [MiB]."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - a process' own, not a file
            return next(float(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(began: float, build: Callable[[Problem], Discrete], names: Callable[[], dict[str, Any]]) -> None:
    """Run the problem of the command line and print its results as one line of JSON."""
    problem = Problem.read(sys.argv[1] if len(sys.argv) > 1 else "{}")
    cell, counter = build(problem), Counter()
    solving = time.perf_counter()
    if problem.times:
        found = transient(problem, cell, counter)
    else:
        direct(cell, counter) if problem.formulation == "potentials" else pseudo_time(problem, cell, counter)
        found = [cell.current()]
    ended = time.perf_counter()
    result = {
        "currents_A_m2": found,
        "unknowns": cell.unknowns,
        "setup_s": solving - began,
        "solve_s": ended - solving,
        "newton_iterations": counter.iterations,
        "factorisations": counter.factorisations,
        "steps": counter.steps,
        "peak_memory_MiB": peak_memory(),
    }
    sys.stdout.write(json.dumps(result | names()) + "\n")
