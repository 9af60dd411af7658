"""The anode against time: the columns of interface.csv at every stored time, from fields/interface.pvd."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import meshio
import numpy as np
import pandas as pd

from sim.view.errors import ViewError
from sim.view.moments import SAME_TIME
from sim.view.reader import Run
from sim.view.snapshot import Floats, list_snapshots
from sim.view.units import unit_of

if TYPE_CHECKING:
    import xarray as xr

ARC = "arc_length_m"
#: what does not change while the anode stands still
PLACES = (ARC, "x_m", "y_m")


def anode_files(run: Run) -> list[tuple[float, Path]]:
    """(time [s], file) of the anode at each stored time, in order; empty in folders of older versions."""
    return list_snapshots(run.folder / "fields" / "interface.pvd")


def read_anode(path: Path) -> pd.DataFrame:
    """The columns of one interface_*.vtu by arc length, lengths in metres; ViewError where it cannot be read."""
    try:
        mesh = meshio.vtu.read(path)
    except (OSError, meshio.ReadError, ValueError, KeyError, ET.ParseError) as error:
        raise ViewError(f"{path}: not a readable VTK file: {error}") from error
    if ARC not in mesh.point_data:
        raise ViewError(f"{path}: no {ARC} in it: this is no interface")
    places = {"x_m": mesh.points[:, 0], "y_m": mesh.points[:, 1]}
    table = pd.DataFrame(places | dict(mesh.point_data))
    return table.sort_values(ARC, kind="stable").reset_index(drop=True)


def anode_at(run: Run, time: float) -> pd.DataFrame:
    """The anode at a stored time [s], else interface.csv where that is of the same time; ViewError where neither is."""
    for stored, path in anode_files(run):
        if math.isclose(stored, time, rel_tol=SAME_TIME, abs_tol=0.0):
            return read_anode(path)
    last = run.snapshots[-1][0] if run.snapshots else math.nan
    if run.has_interface and (math.isnan(time) or time == last):
        return run.interface
    raise ViewError(f"{run.folder}: the anode at {time:g} s is not stored (status: {run.status})")


def anode_series(run: Run) -> xr.Dataset:
    """All columns over time and arc length.

    Dimensions ``time_s`` [s] and ``arc_length_m`` [m]; x_m and y_m are coordinates along the arc; each variable has
    the attribute ``units``. ViewError where no time is stored.
    """
    import xarray as xr

    stored = anode_files(run)
    if not stored:
        raise ViewError(f"{run.folder}: no interface is stored over time (status: {run.status})")
    tables = [read_anode(path) for _, path in stored]
    arc = tables[-1][ARC].to_numpy()
    # the first frame of an older folder may lack columns: what some time lacks is nan there
    names = [name for name in tables[-1].columns if name not in PLACES]
    return xr.Dataset(
        {name: (("time_s", ARC), _over_time(tables, name), _attributes(name)) for name in names},
        coords={
            "time_s": ("time_s", [time for time, _ in stored], {"units": "s"}),
            ARC: (ARC, arc, {"units": "m"}),
            "x_m": (ARC, tables[-1]["x_m"].to_numpy(), {"units": "m"}),
            "y_m": (ARC, tables[-1]["y_m"].to_numpy(), {"units": "m"}),
        },
        attrs={"title": run.settings.title, "drive": run.settings.drive, "status": run.status},
    )


def _over_time(tables: list[pd.DataFrame], name: str) -> Floats:
    """(times, points) of a column."""
    missing = np.full(len(tables[-1]), np.nan)
    rows = [table[name].to_numpy(dtype=float) if name in table.columns else missing for table in tables]
    return np.stack(rows)


def _attributes(name: str) -> dict[str, str]:
    """Unit of a column, from the end of its name."""
    return {"units": unit_of(name)}
