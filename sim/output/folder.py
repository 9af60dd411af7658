"""The run folder: what is in it at any moment says so, and nothing in it is half-written (contract: docs of
the run folder).

Rank 0 writes; the other ranks hold a folder that ignores every call.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.config import RunConfig, dump_config
from sim.output.atomic import write_json, write_text
from sim.output.provenance import environment_record

_FILES = (
    "config.yaml",
    "manifest.json",
    "summary.json",
    "metrics.csv",
    "interface.csv",
    "mesh_study.csv",
    "mesh_tolerance.csv",
    "log.txt",
    "checkpoint.npz",
    "report.html",
)
_FOLDERS = ("fields", "figures")
_STATUSES = ("running", "done", "failed", "interrupted")
#: metrics.csv is rewritten at most this often [s]
_METRICS_INTERVAL = 2.0


class RunFolderError(Exception):
    """The folder cannot be used as asked; the message says what to do (exit code 2)."""


def read_status(folder: Path) -> str | None:
    """``running``, ``done``, ``failed``, ``interrupted``, or ``None`` where there is no run."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return None
    try:
        status = json.loads(manifest.read_text(encoding="utf-8")).get("status")
    except (ValueError, AttributeError):
        return None  # somebody else's manifest
    return status if status in _STATUSES else None


def prepare_folder(folder: Path, config: RunConfig, *, resume: bool, overwrite: bool) -> bool:
    """Make ``folder`` ready for a run; returns whether a run in it is to be continued. Raises RunFolderError."""
    status = read_status(folder)
    check_free(folder, resume=resume, overwrite=overwrite)
    if status is not None and resume:
        before = (folder / "config.yaml").read_text(encoding="utf-8")
        if before != dump_config(config):
            raise RunFolderError(f"{folder}: was started with another config; use --overwrite to start anew")
        return status != "done"
    if status is not None:
        _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "config.yaml", dump_config(config))
    return False


def check_free(folder: Path, *, resume: bool, overwrite: bool) -> None:
    """Whether a run may go to ``folder``, whatever its config; nothing is changed. Raises RunFolderError."""
    status = read_status(folder)
    if folder.exists() and not folder.is_dir():
        raise RunFolderError(f"{folder}: is a file, not a folder for results")
    if status is None and folder.exists() and any(folder.iterdir()):
        raise RunFolderError(f"{folder}: holds other files and no run; choose another folder with -o")
    if status is not None and not (resume or overwrite):
        state = "a finished run" if status == "done" else f"a run that is {status}"
        hint = "--overwrite" if status == "done" else "--resume to continue it or --overwrite"
        raise RunFolderError(f"{folder}: holds {state}; use {hint} to start anew, or another folder with -o")


def _clear(folder: Path) -> None:
    """Remove what a run leaves, and nothing else."""
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)


class RunFolder:
    """Writes one run's files; ``path`` is ``None`` on ranks that do not write."""

    def __init__(self, path: Path | None, config: RunConfig, *, resumed: bool, ranks: int) -> None:
        self.path = path
        self._rows: list[dict[str, Any]] = []
        self._written = 0.0
        self._started = time.monotonic()
        self._manifest: dict[str, Any] = {}
        if path is None:
            return
        self._manifest = {
            "status": "running",
            "name": config.name,
            "title": config.title,
            "started": _now(),
            "ranks": ranks,
            **environment_record(config),
        }
        self._write_manifest()
        self.log("resumed" if resumed else "started")

    def log(self, text: str) -> None:
        """Append a line to log.txt."""
        if self.path is not None:
            with (self.path / "log.txt").open("a", encoding="utf-8") as stream:
                stream.write(f"{_now()}  {text}\n")

    def note(self, **entries: Any) -> None:
        """Add entries to the manifest."""
        if self.path is not None:
            self._manifest.update(entries)
            self._write_manifest()

    def _write_manifest(self) -> None:
        if self.path is not None:
            write_json(self.path / "manifest.json", self._manifest)

    def continue_rows(self, last_time: float) -> None:
        """Go on with the metrics that are there, up to a checkpoint's time [s]."""
        if self.path is not None:
            rows = _read_rows(self.path / "metrics.csv")
            self._rows = [row for row in rows if float(row["time_s"]) <= last_time * (1 + 1e-12)]

    def add_row(self, row: Mapping[str, float]) -> None:
        """Add an accepted step's metrics."""
        if self.path is None:
            return
        self._rows.append({name: repr(float(value)) for name, value in row.items()})
        if time.monotonic() - self._written > _METRICS_INTERVAL:
            self.write_rows()

    def write_rows(self) -> None:
        """Write metrics.csv whole."""
        if self.path is None or not self._rows:
            return
        write_table(
            self.path / "metrics.csv", list(self._rows[0]), [list(row.values()) for row in self._rows]
        )
        self._written = time.monotonic()

    def write_interface(self, table: Mapping[str, Any]) -> None:
        """Write interface.csv from equally long columns."""
        if self.path is not None:
            rows = zip(*(column.tolist() for column in table.values()), strict=True)
            write_table(
                self.path / "interface.csv", list(table), [[repr(value) for value in row] for row in rows]
            )

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Write summary.json."""
        if self.path is not None:
            write_json(self.path / "summary.json", summary)

    def finish(self, status: str, summary: Mapping[str, Any] | None = None, **entries: Any) -> None:
        """Write what is left and the final status."""
        self.write_rows()
        if self.path is None:
            return
        if summary is not None:
            self.write_summary(summary)
        self.log(status)
        wall = time.monotonic() - self._started
        self.note(status=status, finished=_now(), wall_time_s=round(wall, 3), **entries)


def write_table(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write a CSV file whole."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_text(path, buffer.getvalue())


def _read_rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
