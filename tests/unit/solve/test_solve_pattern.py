"""The places of entries in the combined matrix, against what numpy finds by sorting everything."""

from __future__ import annotations

import numpy as np
import pytest

from sim.solve.matrix import Pattern

LISTS = {
    "increasing, with entries between, before and after": ([3, 5, 9, 12], [[1, 5, 30], [4, 9]]),
    "equal lists": ([2, 4, 6], [[2, 4, 6], [4]]),
    "merged rows: neither increasing nor distinct": ([7, 3, 3, 9, 7], [[1, 3, 8], [9]]),
    "one entry": ([5], [[5]]),
}


@pytest.mark.parametrize("name", LISTS)
def test_keys_and_places_are_those_of_unique(name: str) -> None:
    first, others = LISTS[name]
    lists = [np.array(keys, dtype=np.int64) for keys in (first, *others)]
    pattern = Pattern(lists[0], lists[1:])
    unique, inverse = np.unique(np.concatenate(lists), return_inverse=True)
    assert np.array_equal(pattern.keys, unique)
    found = np.concatenate([pattern.places(keys) for keys in lists])
    assert np.array_equal(found, inverse)


def test_random_patterns() -> None:
    luck = np.random.default_rng(3)
    for _ in range(50):
        first = np.unique(luck.integers(0, 400, 200))
        others = [luck.integers(0, 400, luck.integers(1, 40)) for _ in range(3)]
        pattern = Pattern(first, others)
        for keys in (first, *others):
            places = pattern.places(keys)
            assert np.array_equal(pattern.keys[places], keys) and places.dtype == np.int32
