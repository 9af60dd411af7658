"""Where a result comes from: versions, commit, hashes and times of a manifest.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.view.report.markup import Html, element, folded, join, table

_WORDS = {
    "version": "separator-sim",
    "git_commit": "commit (+: with changes of its own)",
    "python": "Python",
    "config_sha256": "SHA-256 of config.yaml's values",
    "mesh_sha256": "SHA-256 of the mesh",
    "wall_time_s": "wall time (s)",
    "ranks": "MPI ranks",
    "unknowns": "unknowns",
    "started": "started",
    "finished": "finished",
    "reason": "why it ended",
}
#: told elsewhere on the page
_ELSEWHERE = ("name", "title", "status", "experiment")


def read_manifest(folder: Path) -> dict[str, Any]:
    """manifest.json; empty where it is missing or broken."""
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def provenance(manifest: Mapping[str, Any], title: str) -> Html:
    """One table; packages, mesh and stages have a row each. Nothing without a manifest."""
    rows = []
    for key, value in manifest.items():
        if key in _ELSEWHERE or value in (None, ""):
            continue
        if isinstance(value, Mapping):
            rows += [[f"{_group(key)}: {name}", _said(inner)] for name, inner in value.items()]
        else:
            rows.append([_WORDS.get(key, key.replace("_", " ")), _said(value)])
    return table(["", title], rows, label=f"provenance of {title}", numeric=False) if rows else Html("")


def provenances(manifests: Mapping[str, Mapping[str, Any]]) -> Html:
    """One table for one run; of several a folded one each."""
    if len(manifests) == 1:
        return join(provenance(manifest, title) for title, manifest in manifests.items())
    return join(
        folded(title, provenance(manifest, title)) for title, manifest in manifests.items() if manifest
    )


def log_tail(folder: Path, lines: int = 12) -> Html:
    """The last lines of log.txt; nothing without one."""
    try:
        log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return Html("")
    return element("pre", "\n".join(log[-lines:])) if log else Html("")


def _group(key: str) -> str:
    return {"packages": "package", "mesh": "mesh", "stages_s": "time of a stage (s)"}.get(
        key, key.replace("_", " ")
    )


def _said(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value) or "none"
    return str(value)
