"""Two-dimensional slices of the claim map through the shipped default, read from the folder of a sweep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.sweeps.claims.table import CV
from sim.sweeps.table import sweep_dataset
from sim.view.sweeps.claim_slices import ClaimSlice

Floats = NDArray[np.float64]


def claim_slice(root: str | Path) -> ClaimSlice:
    """The slice of a sweep of two axes with the bases pia and control-2 on the whole grid, control-3 and pia-bulk once.

    Points that are not done are nan. Raises SweepFolderError where there is no sweep.
    """
    data = sweep_dataset(root)
    varied = [str(name) for name in data.coords if "axis" in data[name].attrs]
    x, y = sorted(varied, key=lambda name: str(data[name].attrs["axis"]))
    frame = data.to_dataframe()

    def grid(base: str) -> Floats:
        own = frame[frame["base"] == base].pivot(index=y, columns=x, values=CV)
        return np.asarray(own.sort_index().sort_index(axis=1), dtype=float)

    def single(base: str) -> float:
        return float(frame.loc[frame["base"] == base, CV].iloc[0])

    pia = frame[frame["base"] == "pia"]
    keys = [str(data[name].attrs["config_key"]) for name in (x, y)]
    values = [np.unique(pia[name].to_numpy(dtype=float)) for name in (x, y)]
    shipped = [float(frame.loc[frame["base"] == "control-3", name].iloc[0]) for name in (x, y)]
    return ClaimSlice(
        (keys[0], keys[1]),
        values[0],
        values[1],
        (shipped[0], shipped[1]),
        pia=grid("pia"),
        control_2=grid("control-2"),
        control_3=single("control-3"),
        bulk=single("pia-bulk"),
    )
