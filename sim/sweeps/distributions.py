"""Random designs: points of the unit cube by scipy's quasi-Monte Carlo, and quantiles of distributions.

A design depends on its method, number of samples, keys and seed alone.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.sweeps.draws import Random, Variable
from sim.sweeps.keys import KeyProblem, Leaf

Floats = NDArray[np.float64]
#: quantiles stay this far from 0 and 1, where a normal distribution is infinite
_EDGE = 2.0**-53


def unit_cube(design: Random) -> Floats:
    """Points of a design, shape (points, keys), each coordinate between 0 and 1 [1].

    With `saltelli` of N samples and d keys: A (N rows), B (N rows), then for every key i A with its column i from B,
    the order of `scipy.stats.sobol_indices` and of Saltelli et al., Comput. Phys. Commun. 181, 259 (2010),
    doi:10.1016/j.cpc.2009.09.018.
    """
    count, keys = design.samples, len(design.variables)
    generator = np.random.default_rng(design.seed)
    if design.method == "monte-carlo":
        return generator.random((count, keys))
    from scipy.stats import qmc

    if design.method == "latin-hypercube":
        return np.asarray(_sampler(qmc.LatinHypercube, keys, generator).random(count))
    power = count.bit_length() - 1
    if design.method == "sobol":
        return np.asarray(_sampler(qmc.Sobol, keys, generator).random_base2(power))
    both = np.asarray(_sampler(qmc.Sobol, 2 * keys, generator).random_base2(power))
    first, second = both[:, :keys], both[:, keys:]
    mixed = [np.where(np.arange(keys) == i, second, first) for i in range(keys)]
    return np.vstack([first, second, *mixed])


def _sampler(kind: Any, dimensions: int, generator: np.random.Generator) -> Any:
    """A sampler of scipy, whose argument was called `seed` before 1.15."""
    keyword = "rng" if "rng" in inspect.signature(kind).parameters else "seed"
    return kind(dimensions, **{keyword: generator})


def quantile(variable: Variable, leaf: Leaf) -> Callable[[Floats], Floats]:
    """The inverse of a variable's cumulative distribution: probabilities [1] → values [unit of the leaf].

    Raises KeyProblem, its first argument the key of `variable` that is wrong, its second the reason.
    """
    low, high = (_number(variable, leaf, name) for name in ("low", "high"))
    if low is not None and high is not None and not low < high:
        raise KeyProblem("high", f"must be above low, {low:g} {leaf.unit}".rstrip())
    logarithmic = variable.distribution.startswith("log")
    for name, value in (("low", low), ("mean", _number(variable, leaf, "mean"))):
        if logarithmic and value is not None and value <= 0:
            raise KeyProblem(name, f"must be above 0 for '{variable.distribution}'")
    if variable.distribution in ("uniform", "loguniform") and low is not None and high is not None:
        return _between(low, high, logarithmic=logarithmic, whole=leaf.whole)
    if leaf.whole:
        raise KeyProblem("distribution", f"'{variable.distribution}' draws no whole numbers; use uniform")
    return _bell(variable, leaf, low, high)


def _number(variable: Variable, leaf: Leaf, name: str) -> float | None:
    value = getattr(variable, name)
    if value is None:
        return None
    try:
        return leaf.number(value)
    except KeyProblem as problem:
        raise KeyProblem(name, str(problem)) from None


def _between(low: float, high: float, *, logarithmic: bool, whole: bool) -> Callable[[Floats], Floats]:
    """Uniform, or uniform in the logarithm; whole numbers include both ends."""
    if whole and logarithmic:
        raise KeyProblem("distribution", "'loguniform' draws no whole numbers; use uniform")
    if whole:
        return lambda u: np.minimum(np.floor(low + u * (high - low + 1)), high)
    if logarithmic:
        return lambda u: low * (high / low) ** u
    return lambda u: low + (high - low) * u


def _bell(
    variable: Variable, leaf: Leaf, low: float | None, high: float | None
) -> Callable[[Floats], Floats]:
    """Normal or lognormal, of the probability between the bounds; mean and sd are those without bounds.

    Lognormal: the logarithm has the variance s² = ln(1 + (sd/mean)²) and the mean ln(mean) − s²/2.
    """
    from scipy.special import ndtr, ndtri

    mean, deviation = (_number(variable, leaf, name) for name in ("mean", "sd"))
    if leaf.unit == "K" and not str(variable.sd).strip().endswith("K"):
        raise KeyProblem("sd", "a difference of temperatures is given in K")
    if mean is None or deviation is None or deviation <= 0:
        raise KeyProblem("sd", "must be above 0")
    logarithmic = variable.distribution == "lognormal"
    variance = math.log1p((deviation / mean) ** 2) if logarithmic else deviation**2
    centre, spread = math.log(mean) - variance / 2 if logarithmic else mean, math.sqrt(variance)

    def probability(bound: float) -> float:
        return float(ndtr(((math.log(bound) if logarithmic else bound) - centre) / spread))

    below = 0.0 if low is None else probability(low)
    above = 1.0 if high is None else probability(high)
    if not below < above:
        raise KeyProblem("low", "nothing of the distribution lies between low and high")

    def value(u: Floats) -> Floats:
        z = centre + spread * ndtri(np.clip(below + u * (above - below), _EDGE, 1.0 - _EDGE))
        return np.asarray(np.exp(z) if logarithmic else z)

    return value
