"""Workers of another Python than the sweep's: a login node plans with its own, the workers have that of dolfinx.

Parsl refuses such workers, since it sends functions as byte code where it must. A sweep sends the name of one function
and plain data (`sim.sweeps.order`), which every Python reads alike, so its interchange takes workers of any version.
What has to agree is the release of Parsl: PyPI's 2025.1.13 is Debian 13's, which calls itself 1.3.0-dev.
"""

from __future__ import annotations

import pickle
import sys


class AnyVersion(str):
    """A version that equals every other."""

    def rsplit(self, separator: object = None, maxsplit: object = -1) -> list[str]:  # type: ignore[override]
        """Itself, of which Parsl compares the part before the last dot."""
        return [self]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def run_interchange() -> None:
    """Parsl's interchange as its own command runs it, configured through standard input, but with any workers."""
    from parsl.executors.high_throughput.interchange import Interchange

    interchange = Interchange(**pickle.load(sys.stdin.buffer))
    interchange.current_platform = dict.fromkeys(interchange.current_platform, AnyVersion("any"))
    interchange.start()
