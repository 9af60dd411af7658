"""The folder of an experiment: config.yaml, manifest.json, tables as NAME.csv, summary.json, pages and figures/.

Rank 0 writes; a file appears under its name when it is whole.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from sim.config import RunConfig, dump_config
from sim.experiments.result import ExperimentResult, Table
from sim.output.atomic import write_json, write_text
from sim.output.folder import RunFolderError, read_status, write_table
from sim.output.provenance import environment_record


class ExperimentFolder:
    """Holds one experiment; its manifest says which and how far it is."""

    def __init__(self, path: Path, name: str, config: RunConfig, *, overwrite: bool) -> None:
        """Take a folder; raises RunFolderError where it holds something else."""
        self.path = path
        self._began = time.monotonic()
        try:
            self._prepare(overwrite=overwrite)
            self._manifest = {
                "status": "running",
                "experiment": name,
                "name": config.name,
                "title": config.title,
            }
            self._manifest |= environment_record(config)
            write_text(path / "config.yaml", dump_config(config))
            write_json(path / "manifest.json", self._manifest)
        except OSError as error:
            raise RunFolderError(f"{path}: cannot hold results: {error.strerror or error}") from error

    def _prepare(self, *, overwrite: bool) -> None:
        path = self.path
        if path.exists() and not path.is_dir():
            raise RunFolderError(f"{path}: is a file, not a folder for results")
        if path.exists() and any(path.iterdir()):
            if read_status(path) is None:
                raise RunFolderError(f"{path}: holds other files; choose another folder with -o")
            if not overwrite:
                raise RunFolderError(
                    f"{path}: holds earlier results; use --overwrite, or another folder with -o"
                )
            for file in path.iterdir():
                if file.suffix in (".csv", ".json", ".yaml", ".txt", ".md", ".html"):
                    file.unlink()
            shutil.rmtree(path / "figures", ignore_errors=True)
        path.mkdir(parents=True, exist_ok=True)

    def finish(self, result: ExperimentResult) -> None:
        """Write the tables and pages, then the summary, then the status."""
        for name, table in result.tables.items():
            write_columns(self.path / f"{name}.csv", table)
        for name, page in result.pages.items():
            write_text(self.path / f"{name}.md", page)
        skipped = [{"point": one.point, "reason": one.reason} for one in result.skipped]
        remarks = {"remarks": list(result.remarks), "skipped": skipped}
        write_json(self.path / "summary.json", result.summary | remarks)
        self._close("done")

    def fail(self, status: str, reason: str) -> None:
        """Record an end without a result: ``failed`` or ``interrupted``."""
        self._close(status, reason=reason)

    def _close(self, status: str, **entries: Any) -> None:
        wall = round(time.monotonic() - self._began, 3)
        write_json(
            self.path / "manifest.json", self._manifest | {"status": status, "wall_time_s": wall} | entries
        )


def write_columns(path: Path, table: Table) -> None:
    """A table as CSV, every digit of a number kept."""
    rows = zip(*(column.tolist() for column in table.values()), strict=True)
    write_table(path, list(table), [[_text(value) for value in row] for row in rows])


def _text(value: object) -> str:
    return value if isinstance(value, str) else repr(value)
