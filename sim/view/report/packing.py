"""Numbers and programs inside a page: compressed, as text, unpacked by the reader's browser.

Numbers are 32-bit floats rounded to a relative 3e-5 (14 bits), their bytes sorted by significance: the first bytes of
neighbouring values are alike and compress well, the last ones are mostly zero.
"""

from __future__ import annotations

import gzip
from base64 import b64encode

import numpy as np

from sim.view.report.markup import Html

#: bits of a 32-bit float's 23 that are dropped
_DROPPED = 9


class Numbers:
    """Collects arrays into one block; an array is known by where it begins."""

    def __init__(self) -> None:
        self._arrays: list[np.ndarray] = []
        self._size = 0

    def add(self, values: np.ndarray) -> int:
        """Take an array and return the index of its first value."""
        start = self._size
        self._arrays.append(rounded(np.ravel(values)))
        self._size += self._arrays[-1].size
        return start

    def packed(self) -> bytes:
        """All values, the most significant bytes of all first, compressed."""
        everything = np.concatenate(self._arrays) if self._arrays else np.empty(0, np.float32)
        planes = everything.astype(">f4").view(np.uint8).reshape(-1, 4).T
        return gzip.compress(planes.tobytes(), 9, mtime=0)


def rounded(values: np.ndarray) -> np.ndarray:
    """32-bit floats with the last bits dropped, rounded to the nearest."""
    exact = np.asarray(values, dtype=np.float32)
    bits = exact.view(np.uint32)
    half = np.uint32(1 << (_DROPPED - 1))
    cut = ((bits + half) >> np.uint32(_DROPPED) << np.uint32(_DROPPED)).view(np.float32)
    return np.where(np.isfinite(exact), cut, np.float32(np.nan))


def block(identity: str, packed: bytes) -> Html:
    """Compressed bytes as a part of the page that the browser keeps and does not run."""
    text = b64encode(packed).decode()
    return Html(f'<script type="application/gzip+base64" id="{identity}">{text}</script>')
