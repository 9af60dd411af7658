"""A Python script for ParaView that shows one run, with what it has to know of the run written into it as numbers.

The script is `paraview_scene.py`, whose settings are replaced; ParaView itself is not needed to write it. It cannot be
called paraview.py: Python would take it for ParaView's own module, which it imports.
"""

from __future__ import annotations

import hashlib
import os
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import meshio
import numpy as np
from matplotlib.colors import to_rgb

from sim.output.atomic import write_text
from sim.view.errors import ViewError
from sim.view.fields import bulk_limits
from sim.view.reader import CURRENT, Run
from sim.view.snapshot import list_snapshots
from sim.view.style import METAL_EDGE, curve

#: the script's usual name in a run folder
SCRIPT = "show_in_paraview.py"
#: where a comparison, a demo or a sweep has its runs
_DEPTHS = ("*", "*/*", "*/*/*")
#: room above the highest current, as a part of the axis; more where a legend needs it
_HEADROOM, _LEGEND = 0.08, 0.3

Range = tuple[float, float]


@dataclass(frozen=True)
class Ranges:
    """What a field spans outside the double layers, in its unit."""

    all: Range  #: over all stored times
    last: Range  #: at the last


def write_paraview_script(folder: Path | str, path: Path | None = None) -> Path:
    """Writes the script, by default into the run's folder, and returns its path.

    ViewError where the folder is none of one run, nothing is stored yet, or the script's name cannot be used.
    """
    folder = Path(folder)
    run = _open(folder)
    target = folder / SCRIPT if path is None else path
    if target.suffix != ".py" or target.name == "paraview.py":
        raise ViewError(
            f"{target}: name the script NAME.py, but not paraview.py, which hides ParaView's own module"
        )
    template = files("sim.view").joinpath("paraview_scene.py").read_text(encoding="utf-8")
    text = _filled(template.replace(SCRIPT, target.name), _settings(run, target))
    try:
        write_text(target, text)
    except OSError as error:
        raise ViewError(f"{target}: cannot be written: {error.strerror or error}") from error
    return target


def _open(folder: Path) -> Run:
    """The run of a folder with at least one stored time; ViewError that names the runs below a folder of several."""
    if (folder / "fields").is_dir() or not folder.is_dir():
        run = Run.from_folder(folder)
        if run.snapshots and list_snapshots(folder / "fields" / "interface.pvd"):
            return run
        raise ViewError(f"{folder}: no fields are stored yet (status: {run.status})")
    below = sorted(path.parents[1] for depth in _DEPTHS for path in folder.glob(f"{depth}/fields/bulk.pvd"))
    if below:
        raise ViewError(f"{folder}: not the folder of one run; it holds {len(below)}, such as {below[0]}")
    if (folder / "config.yaml").is_file():
        raise ViewError(f"{folder}: holds no fields; a run writes them unless output.fields is false")
    raise ViewError(f"{folder}: not the folder of a run, which has config.yaml and fields/bulk.pvd")


def _settings(run: Run, target: Path) -> dict[str, str]:
    """What the script is to know of the run: names of its settings, and their values as Python writes them."""
    potential, concentration = _field_ranges(run)
    state = "" if run.status == "done" else f" ({'not finished' if run.status == 'running' else run.status})"
    steady = len(run.snapshots) == 1 and run.metric("steady") == 1
    return {
        "TITLE": repr(run.settings.title),
        "DRIVE": repr(run.settings.drive + state),
        "FOLDER": repr(os.path.relpath(run.folder.resolve(), target.parent.resolve())),
        "FORMER_PLACE": repr(str(run.folder.resolve())),
        "CONFIG": repr(hashlib.sha256((run.folder / "config.yaml").read_bytes()).hexdigest()),
        "KIND": repr("steady" if steady else "transient"),
        "POTENTIAL_RANGE": _text(potential.all),
        "CONCENTRATION_RANGE": _text(concentration.all),
        "LAST_POTENTIAL_RANGE": _text(potential.last),
        "LAST_CONCENTRATION_RANGE": _text(concentration.last),
        "CURRENT_RANGE": _text(_current_range(run)),
        "CURRENTS": _curves(run),
    }


def _filled(template: str, settings: dict[str, str]) -> str:
    """The template with its lines NAME = VALUE replaced, and the comments beside them kept."""
    for name, value in settings.items():
        line = re.compile(rf"^{name} = .*$", re.MULTILINE)
        found = line.search(template)
        if found is None:
            raise KeyError(f"the template has no line {name} = …")
        template = f"{template[: found.start()]}{name} = {value}{template[found.end() :]}"
    return template


def _text(limits: Range) -> str:
    return f"({limits[0]:.8g}, {limits[1]:.8g})"


def _curves(run: Run) -> str:
    """The plating current and, where there are sites, its two channels, in the colours of the figures."""
    kinds = [(CURRENT, "plating current", METAL_EDGE, 3)]
    if run.has_sites:
        kinds += [
            ("direct_current_density_A_m2", "of it direct", curve(0).color, 2),
            ("adsorbed_current_density_A_m2", "of it from the sites", curve(1).color, 2),
        ]
    lines = "".join(
        f'    ("{name}", "{words}", ({", ".join(f"{part:.3f}" for part in to_rgb(colour))}), {width}),\n'
        for name, words, colour, width in kinds
    )
    return f"(\n{lines})"


def _field_ranges(run: Run) -> tuple[Ranges, Ranges]:
    """Of the potential [V] and the Li+ concentration [mol/m^3]; each stored time is read once."""
    limits: dict[str, list[Range]] = {"phi_V": [], "c_li_mol_m3": []}
    for index in range(len(run.snapshots)):
        snapshot = run.fields(index)
        for name, found in limits.items():
            found.append(bulk_limits(snapshot, name))
    potential, concentration = (
        Ranges(_widened(min(low for low, _ in found), max(high for _, high in found)), _widened(*found[-1]))
        for found in limits.values()
    )
    return potential, concentration


def _widened(low: float, high: float) -> Range:
    """A field that does not vary gets a scale around its value."""
    if high - low > 1e-5 * max(abs(low), abs(high), 1e-30):
        return low, high
    margin = 0.01 * max(abs(low), 1e-3)
    return low - margin, high + margin


def _current_range(run: Run) -> Range:
    """The plating current [A/m^2] over all stored times, from zero, with room above."""
    values = [0.0]
    for _, path in list_snapshots(run.folder / "fields" / "interface.pvd"):
        try:
            data = np.asarray(meshio.vtu.read(path).point_data[CURRENT], dtype=float)
        except (OSError, meshio.ReadError, ValueError, KeyError, ET.ParseError) as error:
            raise ViewError(f"{path}: not a readable VTK file: {error}") from error
        values += [float(np.nanmin(data)), float(np.nanmax(data))]
    low, high = min(values), max(values)
    room = (_LEGEND if run.has_sites else _HEADROOM) * (high - low) or 1.0
    return low - (room if low < 0 else 0.0), high + room
