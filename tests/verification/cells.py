"""What the verification cases have in common: a small cell as a mapping, a run of it, and its files read back.

A case states its cell in the keys and units of a user's YAML, runs it as `sim run` does and reads the run
folder. Nothing of the model is repeated here; the exact solutions are in `tests/reference`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import meshio
import numpy as np
from mpi4py import MPI

from sim.config import RunConfig, build_config
from sim.simulation import run
from tests.reference.parameters import Cell, Electrode

CONFIGS = Path(__file__).parents[2] / "configs"
#: measured bulk transport of the two separators (paper, Fig. 3A)
PP = {"conductivity": "0.23 mS/cm", "transference_number": 0.39}
PIA = {"conductivity": "0.92 mS/cm", "transference_number": 0.78}
#: no double layer at all: the classical electroneutral model
NEUTRAL = {"electrostatics": "electroneutral", "double_layer": "none"}
CLOSURE = {"electrostatics": "electroneutral", "double_layer": "closure"}


def merged(base: Mapping[str, Any], *updates: Mapping[str, Any]) -> dict[str, Any]:
    """Mapping with the updates laid over it, section by section."""
    result = dict(base)
    for update in updates:
        for key, value in update.items():
            both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
            result[key] = merged(result[key], value) if both else value
    return result


def lithium(current: float = 3.3, **keys: Any) -> dict[str, Any]:
    """Lithium electrode of j0 [A/m^2]."""
    return {"kind": "lithium", "exchange_current_density": f"{current!r} A/m^2", **keys}


def potentiostatic(voltage: float) -> dict[str, str]:
    """Operation at a voltage [V]."""
    return {"mode": "potentiostatic", "voltage": f"{float(voltage)!r} V"}


def galvanostatic(current: float) -> dict[str, str]:
    """Operation at a current density [A/m^2]."""
    return {"mode": "galvanostatic", "current_density": f"{float(current)!r} A/m^2"}


def flat_cell(width: float, *updates: Mapping[str, Any]) -> dict[str, Any]:
    """A flat cell `width` [m] across and half as long, two columns, PP's bulk, two lithium electrodes, at rest."""
    base = {
        "cell": {"length": f"{width / 2!r} m", "width": f"{width!r} m"},
        "electrolyte": {"concentration": "2500 mol/m^3", "relative_permittivity": 30},
        "separator": PP,
        "anode": lithium(),
        "counter": lithium(),
        "operation": potentiostatic(0.0),
        "mesh": {"columns": 2},
        "output": {"fields": False, "figures": False},
    }
    return merged(base, *updates)


def as_mapping(cell: Cell) -> dict[str, Any]:
    """The sections of a reference cell: electrolyte, both electrodes and, if it has some, uniform sites."""
    salt = cell.electrolyte
    electrolyte = {
        "concentration": f"{salt.concentration!r} mol/m^3",
        "relative_permittivity": float(salt.relative_permittivity),
        "diffusivity_li": f"{salt.diffusivity_li!r} m^2/s",
        "diffusivity_anion": f"{salt.diffusivity_anion!r} m^2/s",
    }
    if salt.reference_concentration is not None:
        electrolyte["reference_concentration"] = f"{salt.reference_concentration!r} mol/m^3"
    mapping = flat_cell(
        cell.width,
        {"electrolyte": electrolyte, "separator": {"conductivity": None, "transference_number": None}},
        {"anode": _electrode(cell.anode), "counter": _electrode(cell.counter)},
        {"temperature": f"{salt.temperature!r} K"},
    )
    if cell.sites is not None:
        mapping["interface"] = {
            "sites": {"S": {"density": "1 / nm^2", "adsorption_energy": f"{cell.sites.free_energy!r} eV"}},
            "area_factor": cell.sites.capacity * 6.02214076e23 / 1e18,
            "reference_energy": "0 eV",
            "adsorption_rate": f"{cell.sites.adsorption_rate!r} / s",
            "plating_rate": f"{cell.sites.plating_rate!r} / s",
            "barrier_position": cell.sites.barrier_position,
            "surface_diffusivity": f"{cell.sites.surface_diffusivity!r} m^2/s",
        }
    return mapping


def _electrode(electrode: Electrode) -> dict[str, Any]:
    return lithium(
        electrode.exchange_current_density,
        transfer_coefficient=electrode.transfer_coefficient,
        stern={
            "thickness": f"{electrode.stern_thickness!r} m",
            "relative_permittivity": electrode.stern_permittivity,
        },
        surface_charge=f"{electrode.surface_charge!r} C/m^2",
    )


def config_of(mapping: Mapping[str, Any]) -> RunConfig:
    """The validated config of a mapping; files in it are absolute."""
    return build_config(mapping, CONFIGS)


def solve(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Summary of a run that writes nothing."""
    return run(config_of(mapping), None, MPI.COMM_WORLD).summary


@dataclass(frozen=True)
class RunFolder:
    """A finished run, read from the files that users read."""

    path: Path

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json."""
        return dict(json.loads((self.path / "summary.json").read_text()))

    def table(self, name: str) -> dict[str, np.ndarray]:
        """Columns of interface.csv or metrics.csv."""
        with (self.path / name).open(newline="") as file:
            rows = list(csv.DictReader(file))
        return {key: np.array([float(row[key] or "nan") for row in rows]) for key in rows[0]}

    @property
    def interface(self) -> dict[str, np.ndarray]:
        """interface.csv."""
        return self.table("interface.csv")

    def frames(self, name: str) -> dict[float, meshio.Mesh]:
        """time [s] -> fields of `fields/<name>.pvd`."""
        index = self.path / "fields" / f"{name}.pvd"
        entries = ElementTree.parse(index).getroot().iter("DataSet")
        return {float(e.attrib["timestep"]): meshio.read(index.parent / e.attrib["file"]) for e in entries}

    def last_frame(self, name: str = "bulk") -> meshio.Mesh:
        """Fields at the last time."""
        return list(self.frames(name).values())[-1]


def run_in(folder: Path, mapping: Mapping[str, Any], *, fields: bool = False) -> RunFolder:
    """Run into a folder."""
    run(config_of(merged(mapping, {"output": {"fields": fields}})), folder, MPI.COMM_WORLD)
    return RunFolder(folder)


def profile(mesh: meshio.Mesh, name: str) -> tuple[np.ndarray, np.ndarray]:
    """(y [m], values) of a field along the left side of a flat cell, at the quadratic nodes."""
    x, y = mesh.points[:, 0], mesh.points[:, 1]
    here = np.flatnonzero(x < x.min() + 1e-9 * np.ptp(x))
    here = here[np.argsort(y[here])]
    return y[here], np.asarray(mesh.point_data[name])[here]


def harmonic(x: np.ndarray, values: np.ndarray, wavenumber: float) -> float:
    """First cosine harmonic over x relative to the mean, 2 <v cos kx>/<v>, by Simpson's rule on the nodes of
    facets."""
    weight = np.zeros_like(x)
    widths = x[2::2] - x[:-2:2]
    weight[:-2:2] += widths / 6
    weight[1::2] += 4 * widths / 6
    weight[2::2] += widths / 6
    return float(2 * weight @ (values * np.cos(wavenumber * x)) / (weight @ values))


def l2_error(mesh: meshio.Mesh, name: str, exact: Any) -> float:
    """||field - exact|| / ||exact|| over the cell of a flat anode, by 4 x 4 Gauss points in every biquadratic
    cell."""
    cells = mesh.cells[0].data
    corner, opposite = mesh.points[cells[:, 0]], mesh.points[cells[:, 2]]
    values = np.asarray(mesh.point_data[name])[cells]
    points, weights = np.polynomial.legendre.leggauss(4)
    points, weights = (1 + points) / 2, weights / 2
    line = np.stack([(1 - points) * (1 - 2 * points), points * (2 * points - 1), 4 * points * (1 - points)])
    # VTK's biquadratic nodes as products of (start, end, middle)
    along = [(0, 0), (1, 0), (1, 1), (0, 1), (2, 0), (1, 2), (2, 1), (0, 2), (2, 2)]
    difference, norm = 0.0, 0.0
    size = opposite - corner
    area = np.abs(size[:, 0] * size[:, 1])
    for i, s in enumerate(points):
        for j, t in enumerate(points):
            shape = np.array([line[a, i] * line[b, j] for a, b in along])
            wanted = exact(corner[:, 0] + s * size[:, 0], corner[:, 1] + t * size[:, 1])
            weight = weights[i] * weights[j] * area
            difference += float(weight @ (values @ shape - wanted) ** 2)
            norm += float(weight @ wanted**2)
    return float(np.sqrt(difference / norm))


def orders(errors: list[float]) -> np.ndarray:
    """Observed orders from errors on meshes that are each twice as fine as the last."""
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:]))


def write_table(path: Path, x: np.ndarray, per_nm2: np.ndarray) -> str:
    """A site map as CSV; returns its name for a config."""
    lines = [f"{a!r},{b!r}" for a, b in zip(x.tolist(), per_nm2.tolist(), strict=True)]
    path.write_text("\n".join(["x_m,density_per_nm2", *lines]) + "\n")
    return str(path)
