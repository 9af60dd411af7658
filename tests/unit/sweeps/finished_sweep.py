"""Sweeps that seem to have run: the folders that workers leave, their metrics a function of the point's values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sim.sweeps import Failure, Plan, SweepStore

#: metrics of a point from its base and the values [SI] of the varied keys
Metrics = Callable[[str, dict[str, Any]], dict[str, Any]]


def finished(
    plan: Plan,
    root: Path,
    metrics: Metrics,
    *,
    missing: Iterable[int] = (),
    failed: Iterable[int] = (),
) -> SweepStore:
    """A sweep's folder in which all points are done but those with the indices of `missing` and `failed`."""
    store = SweepStore(root)
    store.make()
    store.prepare(plan, resume=False, overwrite=False)
    left, broken = set(missing), set(failed)
    for identity, planned in plan.unique().items():
        if planned.point.index in left:
            continue
        if planned.point.index in broken:
            store.fail(Failure(identity, "step 3: the solver gave up\nat t = 1 s", 3))
            continue
        values = {leaf.key: value for leaf, value in zip(plan.leaves, planned.values, strict=True)}
        write_run(store.scratch(identity, "w"), metrics(planned.point.base, values))
        store.finish(identity, "w")
    return store


def write_run(folder: Path, summary: dict[str, Any]) -> None:
    """What the table reads of a finished run."""
    folder.mkdir(parents=True)
    manifest = {"status": "done", "version": "0.1.0", "git_commit": "abc123", "wall_time_s": 1.5}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
