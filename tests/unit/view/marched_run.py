"""A synthetic run that was marched in time: four stored times with fields and anode, as `operation.history` leaves."""

from __future__ import annotations

from pathlib import Path

import meshio
import numpy as np
import pandas as pd
import synthetic_run as synthetic

TIMES = (0.0, 1e-3, 0.05, 3.0)


def write_marched(folder: Path, fake: synthetic.Fake = synthetic.PIA) -> Path:
    """A run folder whose metrics.csv has a row at each stored time but the first."""
    synthetic.write_run(folder, fake)
    points, cells = synthetic.quad9_mesh()
    table = pd.read_csv(folder / "interface.csv")
    bulk, interface = [], []
    for number, time in enumerate(TIMES):
        settled = 1 - np.exp(-time / 0.3)
        data = synthetic.bulk_fields(points, fake, settled)
        name = f"bulk_{number:04d}.vtu"
        meshio.Mesh(points, [("quad9", cells)], point_data=data).write(folder / "fields" / name)
        bulk.append((time, name))
        name = f"interface_{number:04d}.vtu"
        write_anode(folder / "fields" / name, table, 0.0 if time == 0 else 0.2 + 0.8 * settled)
        interface.append((time, name))
    for series, entries in (("bulk", bulk), ("interface", interface)):
        write_index(folder / "fields" / f"{series}.pvd", entries)
    metrics = pd.read_csv(folder / "metrics.csv").iloc[1:]  # no step ends at rest
    rows = metrics.iloc[[-1] * (len(TIMES) - 1)].assign(time_s=TIMES[1:], j_over_j_lim=(0.1, 0.2, 0.3))
    pd.concat([metrics, rows]).drop_duplicates("time_s", keep="last").sort_values("time_s").to_csv(
        folder / "metrics.csv", index=False
    )
    return folder


def write_anode(path: Path, table: pd.DataFrame, share: float) -> None:
    """One interface_*.vtu whose plating current is a share of that in the table, in the order of the real files."""
    points = np.column_stack([table["x_m"], table["y_m"], np.zeros(len(table))])
    first = np.arange(0, len(table) - 2, 2)
    data = {name: table[name].to_numpy(dtype=float) for name in table.columns if name not in ("x_m", "y_m")}
    data["current_density_A_m2"] = share * data["current_density_A_m2"]
    mesh = meshio.Mesh(points, [("line3", np.column_stack([first, first + 2, first + 1]))], point_data=data)
    meshio.vtu.write(path, mesh)


def write_index(path: Path, entries: list[tuple[float, str]]) -> None:
    """A ParaView index."""
    body = "\n".join(f'<DataSet timestep="{time!r}" part="0" file="{name}"/>' for time, name in entries)
    path.write_text(
        f'<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1"><Collection>\n{body}\n'
        "</Collection></VTKFile>\n",
        encoding="utf-8",
    )
