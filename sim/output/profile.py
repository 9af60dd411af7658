"""Where the time of a run went, stage by stage, for `sim run --profile` and the manifest."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.output.atomic import write_json

_MIB = 1024.0
#: what a user is told for the names of stages
WORDS = {
    "start-up": "start-up: Python, imports, config",
    "mesh": "mesh",
    "compile": "compile: equations, spaces",
    "kernels": "kernels, from the cache or compiled",
    "observe": "metrics' forms",
    "solve": "solve",
    "residuals": "residuals",
    "Jacobians": "Jacobians",
    "factorisations": "factorisations",
    "back substitutions": "back substitutions",
    "output": "output: metrics, fields",
    "figures": "figures",
    "mesh study": "mesh study",
}


@dataclass(frozen=True)
class Profile:
    """Wall time by stage [s], in their order; of some stages (seconds, calls) of their parts; largest size [MiB]."""

    stages: dict[str, float]
    parts: dict[str, dict[str, tuple[float, int]]]
    unknowns: int
    peak_memory: float

    @property
    def total(self) -> float:
        """All stages [s]."""
        return sum(self.stages.values())

    def rows(self) -> Iterator[tuple[str, float, int | None, bool]]:
        """(name, seconds, calls, whether it is a part of the stage before); what no part accounts for is "other"."""
        for stage, seconds in self.stages.items():
            yield stage, seconds, None, False
            parts = self.parts.get(stage, {})
            for name, (part, calls) in parts.items():
                yield name, part, calls, True
            if parts:
                yield "other", seconds - sum(part for part, _ in parts.values()), None, True

    def lines(self) -> list[str]:
        """The table that is printed."""
        found = [f"{'stage':40}{'seconds':>9}{'share':>8}{'calls':>7}"]
        for name, seconds, calls, inner in self.rows():
            words = ("  " if inner else "") + WORDS.get(name, name)
            share = f"{100 * seconds / self.total:.1f} %" if self.total else "-"
            found.append(f"{words:40}{seconds:9.3f}{share:>8}{'' if calls is None else calls:>7}")
        found.append(f"{'total':40}{self.total:9.3f}")
        found.append(f"{self.unknowns} unknowns, largest size of the process {self.peak_memory:.0f} MiB")
        return found

    def as_mapping(self) -> dict[str, Any]:
        """For the manifest, the unit in each name."""
        rows: dict[str, Any] = {}
        stage = ""
        for name, seconds, calls, inner in self.rows():
            stage = stage if inner else name
            entry: dict[str, Any] = {"wall_time_s": round(seconds, 4)}
            if calls is not None:
                entry["calls"] = calls
            if inner:
                rows[stage].setdefault("parts", {})[name] = entry
            else:
                rows[stage] = entry
        return {
            "stages": rows,
            "total_s": round(self.total, 4),
            "peak_memory_MiB": round(self.peak_memory, 1),
        }


def peak_memory() -> float:
    """Largest resident size of this process so far [MiB]."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / _MIB / (_MIB if sys.platform == "darwin" else 1.0)


def store_profile(folder: Path, profile: Profile) -> None:
    """Add a profile to the manifest of a finished run."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, manifest | {"profile": profile.as_mapping()})
