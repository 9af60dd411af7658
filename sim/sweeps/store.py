"""The folder of a sweep: what is planned, what is done, what failed, and the rules by which it is filled.

=====================  ===============================================================================================
``sweep.yaml``         the sweep file as it was read, with absolute files and the settings of the command line
``plan.csv``           one row per point: index, id, base, sample of a random design, values in SI (unit in the name)
``points/ID/``         the run folder of a point, renamed to this when it is whole: what has this name is done
``points/.ID.WORKER``  a run folder in the making, of no value once its worker is gone
``failures/ID.json``   why a point failed: reason, exit_code, attempts
``jobs/``              script and orders of an exported job array, and what its tasks said
``log.txt``            what happened
=====================  ===============================================================================================

Writing needs the folder's `SweepLock`, save for workers, which finish points of their own.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.output.atomic import write_json, write_text
from sim.output.folder import read_status
from sim.sweeps.plan import Plan, Value


class SweepFolderError(Exception):
    """The folder cannot be used as asked; the message says what to do (exit code 2)."""


@dataclass(frozen=True)
class Failure:
    """A point that could not be computed: why, the exit code it would have as a run, and how often it was tried."""

    id: str
    reason: str
    exit_code: int
    attempts: int = 1


class SweepStore:
    """Reads and writes the folder of one sweep."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    @property
    def exists(self) -> bool:
        """Whether the folder holds a sweep."""
        return (self.root / "plan.csv").is_file()

    def make(self) -> None:
        """Create the folder, so that it can be locked; raises SweepFolderError where other things are in it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            others = [path.name for path in self.root.iterdir() if not path.name.startswith(".")]
        except OSError as error:
            raise SweepFolderError(f"{self.root}: cannot hold results: {error.strerror or error}") from error
        if others and not self.exists:
            raise SweepFolderError(
                f"{self.root}: holds other files and no sweep; choose another folder with -o"
            )

    def prepare(self, plan: Plan, *, resume: bool, overwrite: bool) -> None:
        """Lay out the folder for a plan; raises SweepFolderError where the folder holds another sweep.

        resume: keep what is done; the plan must have every point of the folder and may have more.
        overwrite: remove what is there.
        """
        if self.exists and overwrite:
            self._clear()
        elif self.exists and not resume:
            done, planned = len(self.done()), len(self.planned_ids())
            hint = "use --resume to go on, --overwrite to start anew, or another folder with -o"
            raise SweepFolderError(f"{self.root}: holds a sweep ({done} of {planned} points done); {hint}")
        elif self.exists:
            gone = len(self.planned_ids() - set(plan.unique()))
            if gone:
                reason = f"holds another sweep: {gone} of its points are not in this one"
                hint = "use --overwrite, or another folder with -o"
                raise SweepFolderError(f"{self.root}: {reason}; {hint}")
        for folder in ("points", "failures"):
            (self.root / folder).mkdir(exist_ok=True)
        for left in (self.root / "points").glob(".*"):
            shutil.rmtree(left, ignore_errors=True)
        write_text(self.root / "sweep.yaml", _yaml(plan))
        write_text(self.root / "plan.csv", plan_csv(plan))

    def planned_ids(self) -> set[str]:
        """The ids of all points; raises SweepFolderError where there is no plan."""
        return {row["id"] for row in self.plan_rows()}

    def plan_rows(self) -> list[dict[str, str]]:
        """The rows of plan.csv, column → text; raises SweepFolderError where there is no sweep."""
        try:
            with (self.root / "plan.csv").open(encoding="utf-8", newline="") as stream:
                return list(csv.DictReader(stream))
        except OSError as error:
            raise SweepFolderError(f"{self.root}: holds no sweep") from error

    def folder(self, identity: str) -> Path:
        """The run folder of a point that is done."""
        return self.root / "points" / identity

    def scratch(self, identity: str, worker: str) -> Path:
        """Where a worker builds the run folder of a point."""
        return self.root / "points" / f".{identity}.{worker}"

    def finish(self, identity: str, worker: str) -> None:
        """Give a finished run folder its name; where another worker was faster, its result stays."""
        built, final = self.scratch(identity, worker), self.folder(identity)
        if not is_whole(built):
            raise SweepFolderError(f"{built}: is not a finished run")
        if final.exists() and not is_whole(final):
            shutil.rmtree(final)
        if final.exists():
            shutil.rmtree(built, ignore_errors=True)
        else:
            try:
                built.rename(final)
            except OSError:
                if not is_whole(final):
                    raise
                shutil.rmtree(built, ignore_errors=True)  # the other was faster by less than a moment
        (self.root / "failures" / f"{identity}.json").unlink(missing_ok=True)

    def fail(self, failure: Failure) -> None:
        """Record a failure."""
        entry = {"reason": failure.reason, "exit_code": failure.exit_code, "attempts": failure.attempts}
        write_json(self.root / "failures" / f"{failure.id}.json", entry)

    def done(self) -> set[str]:
        """The ids of the points whose results are whole."""
        folders = (self.root / "points").glob("[!.]*")
        return {folder.name for folder in folders if is_whole(folder)}

    def failures(self) -> list[Failure]:
        """Every recorded failure, by id; one that is being written is not among them."""
        found = []
        for path in sorted((self.root / "failures").glob("[!.]*.json")):
            data = _read_json(path)
            if data is not None:
                reason, code = str(data.get("reason", "")), int(data.get("exit_code", 1))
                found.append(Failure(path.stem, reason, code, int(data.get("attempts", 1))))
        return found

    def missing(self, plan: Plan, *, retry_failed: bool) -> list[str]:
        """The ids to compute, in the order of the plan: neither done nor failed; retry_failed: failed ones too."""
        settled = self.done() | (set() if retry_failed else {failure.id for failure in self.failures()})
        return [identity for identity in plan.unique() if identity not in settled]

    def log(self, text: str) -> None:
        """Append a line to log.txt."""
        with (self.root / "log.txt").open("a", encoding="utf-8") as stream:
            stream.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}  {text}\n")

    def _clear(self) -> None:
        """Remove what a sweep leaves, and nothing else; the plan last, so that a half-cleared folder is still known."""
        names = (
            "sweep.yaml",
            "log.txt",
            "table.csv",
            "table.nc",
            "table.parquet",
            "sensitivity.csv",
            "report.html",
            "plan.csv",
        )
        for folder in ("points", "failures", "figures", "jobs"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
        for name in names:
            (self.root / name).unlink(missing_ok=True)


def is_whole(folder: Path) -> bool:
    """Whether a run folder holds a finished run with its numbers."""
    return read_status(folder) == "done" and _read_json(folder / "summary.json") is not None


def plan_csv(plan: Plan) -> str:
    """The text of plan.csv."""
    sampled = plan.spec.random is not None
    rows = [["index", "id", "base", *(["sample"] if sampled else []), *(leaf.column for leaf in plan.leaves)]]
    for planned in plan.points:
        point = planned.point
        sample = [_text(point.sample)] if sampled else []
        rows.append([str(point.index), planned.id, point.base, *sample, *map(_text, planned.values)])
    return _csv(rows)


def _text(value: Value) -> str:
    """A cell: every digit of a number, true and false as in YAML, nothing for an absent value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def _csv(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _yaml(plan: Plan) -> str:
    yaml = YAML(typ="rt")
    yaml.default_flow_style = False
    yaml.width = 120
    text = io.StringIO()
    yaml.dump(plan.sweep.layer.tree, text)
    return text.getvalue()


def _read_json(path: Path) -> dict[str, Any] | None:
    """A JSON mapping; None where there is none, or half of one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None
