"""The table of a sweep at any time, also of a part of it: one row per planned point.

`sweep_dataset` has the dimension ``point``; ``index``, ``id``, ``base`` and the varied keys are coordinates, the rest
are variables, and all have units and words. Where the points are a crossed grid, the attribute ``grid`` names the
coordinates that span it: ``data.set_index(point=data.grid).unstack("point")`` for two or more of them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import __version__
from sim.config.errors import did_you_mean
from sim.output.atomic import write_whole
from sim.sweeps.columns import RANDOM, DesignColumn, design_columns, metric_attributes
from sim.sweeps.load import load_sweep
from sim.sweeps.results import Result, metric_names, read_results, unknown_metrics
from sim.sweeps.spec import SweepSpec
from sim.sweeps.store import SweepStore

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_STATUSES = ("done", "failed", "missing")
_STATUS_WORDS = "what became of the point: done, failed or missing"


def write_tables(root: str | Path) -> list[Path]:
    """Write table.csv and table.nc, and table.parquet where pyarrow is installed; each appears when it is whole.

    Returns the files. Raises SweepFolderError where there is no sweep.
    """
    root = Path(root)
    data = sweep_dataset(root)
    frame = sweep_frame(data)
    written = [root / "table.csv", root / "table.nc"]
    write_whole(written[0], lambda path: frame.to_csv(path, index=False))
    write_whole(written[1], lambda path: data.to_netcdf(path, engine="netcdf4"))
    if importlib.util.find_spec("pyarrow") is not None:
        written.append(root / "table.parquet")
        write_whole(written[2], lambda path: frame.to_parquet(path, index=False))
    return written


def sweep_frame(data: xr.Dataset) -> pd.DataFrame:
    """The table as in table.csv: a row per point, the unit at the end of each name."""
    first = [name for name in ("index", "id", "base", "sample") if name in data.coords]
    keys = [name for name in data.coords if name not in first]
    return data.to_dataframe().reset_index(drop=True)[[*first, *keys, *data.data_vars]]


def sweep_dataset(root: str | Path) -> xr.Dataset:
    """The table as a dataset; raises SweepFolderError where there is no sweep."""
    import xarray as xr

    store = SweepStore(root)
    rows = store.plan_rows()
    spec = load_sweep(store.root / "sweep.yaml").spec
    design = design_columns(spec, rows)
    found = read_results(store, (row["id"] for row in rows))
    results = [found[row["id"]] for row in rows]
    return xr.Dataset(
        _variables(results, metric_names(found.values(), spec.metrics)),
        _coordinates(rows, design),
        _attributes(store, spec, rows, design, found.values()),
    )


def table_remarks(root: str | Path) -> list[str]:
    """What a reader of the table should know: metrics that no finished point has."""
    store = SweepStore(root)
    spec = load_sweep(store.root / "sweep.yaml").spec
    found = read_results(store, store.planned_ids()) if spec.metrics else {}
    unknown = unknown_metrics(found.values(), spec.metrics).items()
    return [f"no point has the metric '{name}'{did_you_mean(name, known)}" for name, known in unknown]


def _coordinates(rows: list[dict[str, str]], design: list[DesignColumn]) -> dict[str, Any]:
    def words(column: str) -> np.ndarray:
        return np.array([row[column] for row in rows], dtype=object)

    index = np.array([int(row["index"]) for row in rows], dtype=np.int64)
    found: dict[str, Any] = {
        "index": ("point", index, {"long_name": "number of the point"}),
        "id": ("point", words("id"), {"long_name": "identity; equal configs share one"}),
        "base": ("point", words("base"), {"long_name": "base config"}),
    }
    if rows and "sample" in rows[0]:
        numbers = np.array([int(row["sample"] or -1) for row in rows], dtype=np.int64)
        found["sample"] = ("point", numbers, {"long_name": "row of the random design; -1: not drawn"})
    return found | {one.name: ("point", one.values, one.attributes) for one in design}


def _variables(results: list[Result], metrics: list[str]) -> dict[str, Any]:
    def words(values: Iterable[str]) -> np.ndarray:
        return np.array(list(values), dtype=object)

    nan = float("nan")
    times = np.array([one.wall_time for one in results])
    warned = np.array([one.warnings for one in results], dtype=np.int64)
    found: dict[str, Any] = {
        "status": ("point", words(one.status for one in results), {"long_name": _STATUS_WORDS}),
        "reason": ("point", words(one.reason for one in results), {"long_name": "why the point failed"}),
        "wall_time_s": ("point", times, {"long_name": "wall time of the run", "units": "s"}),
        "warnings": ("point", warned, {"long_name": "warnings of the run, see its summary.json"}),
    }
    for name in metrics:
        values = np.array([one.metrics.get(name, nan) for one in results])
        found[name] = ("point", values, metric_attributes(name))
    return found


def _attributes(
    store: SweepStore,
    spec: SweepSpec,
    rows: list[dict[str, str]],
    design: list[DesignColumn],
    results: Iterable[Result],
) -> dict[str, Any]:
    """What is said of the table as a whole; versions are those that computed the points."""
    results = list(results)
    origins = sorted({one.origin for one in results if one.status == "done"}) or [(__version__, "")]
    grid = _grid(rows, design)
    return {
        "title": spec.title,
        "sweep": spec.name,
        "source": ", ".join(dict.fromkeys(f"separator-sim {version}" for version, _ in origins)),
        "git_commit": ", ".join(dict.fromkeys(commit for _, commit in origins)),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **{f"points_{word}": sum(one.status == word for one in results) for word in _STATUSES},
        "sweep_file": (store.root / "sweep.yaml").read_text(encoding="utf-8"),
    } | ({"grid": grid} if grid else {})


def _grid(rows: list[dict[str, str]], design: list[DesignColumn]) -> list[str]:
    """The coordinates that span the points as a crossed grid, one per axis; empty where they do not."""
    if any(one.axis == RANDOM for one in design):
        return []
    leading: dict[str, str] = {}
    for one in design:
        leading.setdefault(one.axis, one.name)
    names = [*(["base"] if len({row["base"] for row in rows}) > 1 else []), *leading.values()]
    seen = {tuple(row[name] for name in names) for row in rows}
    return names if len(seen) == len(rows) else []
