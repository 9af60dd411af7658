"""A small believable run folder without a solver: a rough cell, exponential double layers, a current that peaks on
the bumps, a history that relaxes; written in the format of the run folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import meshio
import numpy as np
import pandas as pd

from sim.config import dump_config, load_config

CONFIGS = Path(__file__).resolve().parents[3] / "configs"
LENGTH, WIDTH = 10e-6, 8e-6
CONCENTRATION = 2500.0
DEBYE = 1e-9
FLUX = 1e-3  #: of Li⁺ far from the anode, downwards [mol/(m² s)]
BUMPS = ((2.0e-6, 0.6e-6, 0.6e-6), (5.5e-6, 1.0e-6, 0.8e-6), (8.2e-6, 0.5e-6, 0.5e-6))


@dataclass(frozen=True)
class Fake:
    """What a run comes out as."""

    config: str  #: name of a shipped config
    cv: float
    mean: float
    coverage: float | None = None
    rows: int = 40
    mode: str = "potentiostatic"
    status: str = "done"
    mesh_error: float | None = None  #: of the CV, relative


PP = Fake("pp", 0.286, 103.0)
PIA = Fake("pia", 0.003, 310.0, 0.5, mesh_error=0.004)
CONTROL_2 = Fake("control-2", 0.03, 300.0, 0.9999)
CONTROL_3 = Fake("control-3", 0.033, 295.0, 1e-12)
PIA_BULK = Fake("pia-bulk", 0.0331, 295.0)
ALL = (PP, PIA, CONTROL_2, CONTROL_3, PIA_BULK)


def height(x: np.ndarray) -> np.ndarray:
    """Anode profile [m]."""
    return sum(a * np.exp(-(((x - x0) / w) ** 2)) for x0, a, w in BUMPS)


def stream(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Stream function of the flux of Li⁺ [mol/(m s)]: N = (∂ψ/∂y, −∂ψ/∂x); a streamline keeps its value."""
    return FLUX * (x - 0.05 * LENGTH * np.sin(2 * np.pi * x / LENGTH) * np.exp(-y / 2e-6))


def li_flux(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(n, 3) flux of Li⁺ [mol/(m² s)] without sources: even far from the anode, uneven on it."""
    wave, fade = 2 * np.pi / LENGTH, np.exp(-y / 2e-6)
    along = 0.05 * LENGTH * np.sin(wave * x) * fade / 2e-6
    across = -(1 - 0.05 * LENGTH * wave * np.cos(wave * x) * fade)
    return FLUX * np.column_stack([along, across, np.zeros_like(x)])


def write_run(folder: Path, fake: Fake) -> Path:
    """Writes a whole run folder and returns it."""
    folder.mkdir(parents=True)
    config = load_config(CONFIGS / f"{fake.config}.yaml", overrides=(f"operation.mode={fake.mode}",))
    (folder / "config.yaml").write_text(dump_config(config), encoding="utf-8")
    manifest = {"status": fake.status, "name": config.name, "title": config.title}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    metrics = _metrics(fake)
    metrics.to_csv(folder / "metrics.csv", index=False)
    _interface(fake).to_csv(folder / "interface.csv", index=False)
    summary = {name: _json(value) for name, value in metrics.iloc[-1].items()} | {"steady": 1}
    summary["debye_length_over_gap"] = DEBYE / WIDTH
    if fake.mesh_error is not None:
        summary["mesh_error_current_density_cv"] = fake.mesh_error * fake.cv
        summary["mesh_error_current_density_mean_A_m2"] = 1e-3 * fake.mean
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    _write_fields(folder / "fields", fake)
    return folder


def _json(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _metrics(fake: Fake) -> pd.DataFrame:
    time = (
        np.concatenate([[0.0], np.geomspace(1e-7, 3.0, fake.rows - 1)])
        if fake.rows > 1
        else np.array([np.inf])
    )
    settled = 1 - np.exp(-time / 0.3)
    cv = 0.02 + (fake.cv - 0.02) * settled
    return pd.DataFrame(
        {
            "time_s": np.where(np.isinf(time), 0.0, time),
            "step_s": np.gradient(time) if fake.rows > 1 else 0.0,
            "current_density_mean_A_m2": fake.mean * (1.3 - 0.3 * settled),
            "current_density_cv": cv,
            "current_density_max_over_mean": 1 + 3 * cv,
            "current_density_hot_fraction": np.where(cv > 0.25, 0.11, 0.0),
            "ionic_current_density_cv": 1.1 * cv,
            "normal_field_cv": 1.2 * cv,
            "c_li_std_mol_m3": 100 * cv,
            "j_over_j_lim": fake.mean / 920.0,
            "cell_voltage_V": 0.5,
            "counter_current_density_A_m2": fake.mean,
            "c_li_min_mol_m3": 300.0,
            "c_li_max_mol_m3": 4000.0,
            "coverage_mean": np.nan if fake.coverage is None else fake.coverage,
            "anion_inventory_error": 2.1e-13,
            "lithium_balance_error": 4e-12,
            "charge_balance_error": -3.3e-14,
        }
    )


def _interface(fake: Fake) -> pd.DataFrame:
    x = np.linspace(0, LENGTH, 161)  # the nodes of the mesh on the metal are among them
    y = height(x)
    arc = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    shape = (y - y.mean()) / y.std()
    current = fake.mean * (1 + fake.cv * shape)
    adsorbed = np.zeros_like(x) if fake.coverage is None else 0.4 * current
    return pd.DataFrame(
        {
            "x_m": x,
            "y_m": y,
            "arc_length_m": arc,
            "current_density_A_m2": current,
            "direct_current_density_A_m2": current - adsorbed,
            "adsorbed_current_density_A_m2": adsorbed,
            "ionic_current_density_A_m2": fake.mean * (1 + 1.4 * fake.cv * shape),
            "c_li_mol_m3": 1200.0,
            "phi_V": 0.1,
            "normal_field_V_m": 1e4 * (1 + fake.cv * shape),
            "coverage": np.nan if fake.coverage is None else fake.coverage,
            "site_capacity_mol_m2": 0.0 if fake.coverage is None else 2e-5,
            "adsorption_energy_eV": 0.0,
            "surface_charge_C_m2": 0.0,
        }
    )


def _rows() -> np.ndarray:
    """Y/width of the rows of cells: graded from both walls, from 0.1 Debye lengths on."""
    layers = 0.1 * DEBYE / WIDTH * 2.0 ** np.arange(13)
    walls = np.concatenate([[0.0], layers[layers < 0.05]])
    return np.concatenate([walls, np.linspace(0, 1, 13)[1:-1], 1 - walls[::-1]])


def quad9_mesh(columns: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 3) [m] and cells (m, 9) in VTK's numbering."""
    edges = _rows()
    rows = np.sort(np.concatenate([edges, 0.5 * (edges[1:] + edges[:-1])]))
    x, level = np.meshgrid(np.linspace(0, LENGTH, 2 * columns + 1), rows)
    y = WIDTH * level + height(x) * (1 - level)
    points = np.column_stack([x.ravel(), y.ravel(), np.zeros(x.size)])
    number = np.arange(x.size).reshape(x.shape)
    around = ((0, 0), (0, 2), (2, 2), (2, 0), (0, 1), (1, 2), (2, 1), (1, 0), (1, 1))
    n, m = number.shape
    cells = np.stack([number[i : n - 2 + i : 2, j : m - 2 + j : 2].ravel() for i, j in around], axis=1)
    return points, cells


def bulk_fields(points: np.ndarray, fake: Fake, settled: float) -> dict[str, np.ndarray]:
    """Fields of a cell some way to its steady state; a double layer of one Debye length at the anode."""
    x, y = points[:, 0], points[:, 1]
    level = (y - height(x)) / (WIDTH - height(x))
    drop = 1100.0 * min(fake.mean / 100, 1.5) * settled
    layer = np.exp(-(y - height(x)) / DEBYE)
    salt = CONCENTRATION + drop * (level - 0.5) * 2
    return {
        "phi_V": 0.1 + 0.3 * level - 0.05 * layer,
        "c_li_mol_m3": salt * np.exp(2 * layer),
        "c_anion_mol_m3": salt * np.exp(-2 * layer),
        "li_flux_mol_m2_s": li_flux(x, y),
    }


def _write_fields(folder: Path, fake: Fake) -> None:
    folder.mkdir()
    points, cells = quad9_mesh()
    entries = []
    for number, (time, settled) in enumerate([(0.0, 0.0), (3.0, 1.0)]):
        name = f"bulk_{number:04d}.vtu"
        data = bulk_fields(points, fake, settled)
        meshio.Mesh(points, [("quad9", cells)], point_data=data).write(folder / name)
        entries.append(f'<DataSet timestep="{time}" part="0" file="{name}"/>')
    body = "\n".join(entries)
    (folder / "bulk.pvd").write_text(
        f'<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1"><Collection>\n{body}\n'
        "</Collection></VTKFile>\n",
        encoding="utf-8",
    )
