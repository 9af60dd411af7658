"""Which of the drawn variables a metric depends on: Sobol indices of a sweep with ``random: {method: saltelli}``.

Every base, and every combination of the axes, is a function of the random variables of its own: a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.errors import did_you_mean
from sim.output.atomic import write_whole
from sim.sweeps.columns import RANDOM
from sim.sweeps.load import load_sweep
from sim.sweeps.sobol import Floats, sobol_indices
from sim.sweeps.spec import SweepSpec
from sim.sweeps.store import SweepFolderError
from sim.sweeps.table import sweep_dataset

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: without metrics in the sweep file, those that tell unevenness
_UNEVENNESS = "_cv"
#: before the name of a metric whose logarithm is meant
LOGARITHM = "ln "
#: column of the table → what it is of `Indices`
ESTIMATES = {
    "first_order": "first",
    "first_order_low": "first_low",
    "first_order_high": "first_high",
    "total": "total",
    "total_low": "total_low",
    "total_high": "total_high",
}


@dataclass(frozen=True)
class Sensitivity:
    """The indices of a sweep: a row per group, metric and variable, and what to know about them.

    Columns: group, metric, key, `ESTIMATES` [1], rows (of the design that were used) and dropped.
    """

    title: str
    table: pd.DataFrame
    remarks: tuple[str, ...]

    def lines(self) -> list[str]:
        """For a reader: a line per variable, its indices with their intervals."""
        told = []
        for (group, metric), own in self.table.groupby(["group", "metric"], sort=False):
            told.append(f"{metric}, {group}" if group else metric)
            for row in own.sort_values("total", ascending=False).itertuples():
                first = f"{row.first_order:6.3f} ({row.first_order_low:.3f} to {row.first_order_high:.3f})"
                total = f"{row.total:6.3f} ({row.total_low:.3f} to {row.total_high:.3f})"
                told.append(f"  {row.key:40s} first order {first}   total {total}")
        return told


def sensitivity(
    root: str | Path,
    metrics: tuple[str, ...] = (),
    *,
    logarithm: bool = False,
    confidence: float = 0.95,
    resamples: int = 1000,
) -> Sensitivity:
    """First-order and total Sobol indices of metrics of a sweep, also of one that is not finished.

    metrics: names as in the table; by default those of the sweep file, else all coefficients of variation.
    logarithm: of ln(metric) instead, for metrics that span decades: a few large values then do not decide it all.
    Raises SweepFolderError where there is no Saltelli design, no such metric, or too little is done.
    """
    import pandas as pd

    root = Path(root)
    data = sweep_dataset(root)
    spec = load_sweep(root / "sweep.yaml").spec
    if spec.random is None or spec.random.method != "saltelli":
        raise SweepFolderError(f"{root}: Sobol indices need a sweep with random: {{method: saltelli, …}}")
    names = _metrics(root, data, spec, metrics)
    keys = [variable.name or str(variable.key) for variable in spec.variables]
    found: list[dict[str, Any]] = []
    for group, blocks in _groups(data, spec, len(keys)).items():
        for metric in names:
            values = _logarithms(blocks[metric]) if logarithm else blocks[metric]
            indices = sobol_indices(values, confidence=confidence, resamples=resamples, seed=spec.random.seed)
            for i, key in enumerate(keys):
                numbers = {column: float(getattr(indices, part)[i]) for column, part in ESTIMATES.items()}
                start = {"group": group, "metric": f"{LOGARITHM * logarithm}{metric}", "key": key}
                found.append({**start, **numbers, "rows": indices.rows, "dropped": indices.dropped})
    return Sensitivity(spec.title, pd.DataFrame(found), _remarks(found, spec.random.samples))


def write_sensitivity(root: str | Path, result: Sensitivity) -> Path:
    """Write sensitivity.csv into the folder of the sweep; the file appears when it is whole."""
    path = Path(root) / "sensitivity.csv"
    write_whole(path, lambda temporary: result.table.to_csv(temporary, index=False))
    return path


def _metrics(root: Path, data: xr.Dataset, spec: SweepSpec, chosen: tuple[str, ...]) -> list[str]:
    """The metrics asked for; raises SweepFolderError where there are none, or one is not in the table."""
    known = [str(name) for name in data.data_vars if "units" in data[name].attrs]
    for name in chosen:
        if name not in known:
            raise SweepFolderError(f"{root}: no metric '{name}'{did_you_mean(name, known)}")
    usual = [name for name in known if name in spec.metrics] if spec.metrics else []
    names = list(chosen) or usual or [name for name in known if name.endswith(_UNEVENNESS)]
    if not names:
        raise SweepFolderError(f"{root}: no metric yet; no point is done")
    return names


def _groups(data: xr.Dataset, spec: SweepSpec, keys: int) -> dict[str, dict[str, Floats]]:
    """The metrics of every group with a whole design, each in the shape of `sobol_indices`: group → metric → f."""
    fixed = [
        str(name) for name in data.coords if name == "base" or data[name].attrs.get("axis", RANDOM) != RANDOM
    ]
    varying = [name for name in fixed if len(set(data[name].values.tolist())) > 1]
    rows = spec.random.samples if spec.random is not None else 0
    labels = [", ".join(_text(data[name].values[i]) for name in varying) for i in range(data.sizes["point"])]
    found = {}
    for label in dict.fromkeys(labels):
        own = data.isel(point=np.flatnonzero([one == label for one in labels]))
        if own.sizes["point"] != rows * (keys + 2):
            continue  # a base that the random variables do not change
        metrics = own.sortby("sample").drop_vars(list(own.coords))
        found[label] = _blocks(metrics, rows)
    return found


def _blocks(metrics: xr.Dataset, rows: int) -> dict[str, Floats]:
    numbers = (name for name in metrics if metrics[name].dtype == float)
    return {str(name): metrics[name].values.reshape(-1, rows) for name in numbers}


def _logarithms(values: Floats) -> Floats:
    """ln of what is above 0; the rest is unknown."""
    return np.log(np.where(values > 0, values, np.nan))


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _remarks(found: list[dict[str, Any]], rows: int) -> tuple[str, ...]:
    """Which rows are left out, and which metrics do not vary; each in one line."""
    told = []
    for one in found:
        where = f"{one['metric']} of {one['group']}" if one["group"] else one["metric"]
        if one["dropped"]:
            told.append(
                f"{where}: {one['dropped']} of {rows} rows of the design are left out, "
                "a point of theirs has failed, is missing or has no such number"
            )
        if np.isnan(one["total"]) and one["rows"] > 1:
            told.append(f"{where}: does not vary")
    return tuple(dict.fromkeys(told))
