"""Our entry: `sim run` on a config written for the case, in a process of its own, and what its folder tells."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.model import Entry, Run, error_of
from benchmarks.peers.common import Problem
from benchmarks.process import Finished, run_process

REPOSITORY = Path(__file__).resolve().parents[1]
#: settings that mesh.* of a config has too
_MESH = {"columns": "", "order": "", "wall_cell": " m", "growth": "", "max_cell": " m"}


def config_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The config of a case, as a user writes it; what the settings leave out of the mesh is the product's default.

    Fields and figures are off: the peers write none.
    """
    of_mesh = {key: settings[key] for key in _MESH if key in settings}
    others = {k: v for k, v in settings.items() if k not in _MESH and k != "time_tolerance"}
    p = Problem(**others)
    wall = {
        "kind": "lithium",
        "exchange_current_density": f"{p.exchange} A/m^2",
        "stern": {"thickness": f"{p.stern} m", "relative_permittivity": p.permittivity},
    }
    wavy = {"kind": "sinusoid", "amplitude": f"{p.amplitude} m", "wavelength": f"{p.wavelength} m"}
    return {
        "name": "benchmark",
        "title": "benchmark",
        "temperature": "298.15 K",
        "cell": {
            "length": f"{p.length} m",
            "width": f"{p.width} m",
            "anode_profile": wavy if p.amplitude else {"kind": "flat"},
        },
        "electrolyte": {
            "concentration": f"{p.concentration} mol/m^3",
            "relative_permittivity": p.permittivity,
            "diffusivity_li": f"{p.diffusivity_li} m^2/s",
            "diffusivity_anion": f"{p.diffusivity_anion} m^2/s",
        },
        "anode": wall,
        "counter": wall,
        "operation": {"mode": "potentiostatic", "voltage": f"{p.voltage} V", **_duration(p)},
        "mesh": {k: f"{v}{_MESH[k]}" if _MESH[k] else v for k, v in of_mesh.items()},
        "solver": {k: settings[k] for k in ("time_tolerance",) if k in settings},
        "output": {"fields": False, "figures": False},
    }


def _duration(problem: Problem) -> dict[str, Any]:
    if not problem.times:
        return {"duration": "steady"}
    return {"duration": f"{problem.times[-1]} s", "output_times": [f"{time} s" for time in problem.times]}


def run_ours(entry: Entry, reference: tuple[float, ...], limit: float) -> Run:
    """One run. Raises ProcessFailedError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "benchmark.yaml"
        if entry.config is None:
            config.write_text(json.dumps(config_of(entry.settings)), encoding="utf-8")  # JSON is YAML
        else:
            config = REPOSITORY / entry.config
        caches = {"XDG_CACHE_HOME": str(folder / "cache")} if entry.cold else {}
        out = folder / "out"
        command = [sys.executable, "-P", "-m", "sim", "run", str(config), "-o", str(out), "--profile"]
        done = run_process(command, limit, {"PYTHONPATH": str(REPOSITORY), **caches})
        found = _currents(out, entry.settings.get("times", ())) if reference else []
        return read_run(out, error_of(found, reference), done)


def read_run(out: Path, error: float | None, done: Finished) -> Run:
    """What a run folder tells of a run whose error is known."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    profile = manifest["profile"]
    packages = manifest["packages"]
    return Run(
        wall_s=done.wall_s,
        solve_s=manifest["stages_s"]["solve"],
        error=error,
        unknowns=manifest["unknowns"],
        memory_MiB=profile["peak_memory_MiB"],
        code=f"separator-sim {manifest['version']}, dolfinx {packages['dolfinx']}",
        solver="MUMPS",
        blas=_blas(),
        busy_others=done.busy_others,
        stages=_stages(profile["stages"]),
    )


def _currents(out: Path, times: Sequence[float]) -> list[float]:
    """Plating current density of the steady state, or at the times of a transient [A/m^2]."""
    if not times:
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        return [summary["current_density_mean_A_m2"]]
    with (out / "metrics.csv").open(encoding="utf-8", newline="") as table:
        rows = {
            float(row["time_s"]): float(row["current_density_mean_A_m2"]) for row in csv.DictReader(table)
        }
    return [rows[min(rows, key=lambda time: abs(time - wanted))] for wanted in times]


def _stages(stages: Mapping[str, Any]) -> dict[str, float]:
    """Seconds by stage, parts as `stage: part`."""
    found = {}
    for name, stage in stages.items():
        found[name] = stage["wall_time_s"]
        for part, inner in stage.get("parts", {}).items():
            found[f"{name}: {part}"] = inner["wall_time_s"]
    return found


def _blas() -> str:
    """File name of the BLAS that programs of this system load."""
    for name in ("/usr/lib/x86_64-linux-gnu/libblas.so.3", "/usr/lib/aarch64-linux-gnu/libblas.so.3"):
        path = Path(name)
        if path.exists():
            return "/".join(path.resolve().parts[-2:])
    return "unknown"
