"""Where a case is performed: it runs configs as `sim run` and `sim experiment` do, on all ranks, and reads what they
leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from ruamel.yaml import YAML

from sim.config import RunConfig, build_config
from sim.experiments.live_cell import Lab
from sim.experiments.registry import find_experiment
from sim.experiments.result import ExperimentResult
from sim.simulation import run
from sim.verification.cells import CONFIGS, merged
from sim.verification.readback import Array, RunFolder

T = TypeVar("T")


class Bench:
    """Runs of one case, in folders below ``scratch`` (the same on every rank). Every method is collective."""

    def __init__(
        self, comm: Any, scratch: Path, *, full: bool, tell: Callable[[str], None] = lambda text: None
    ) -> None:
        self.comm, self.scratch, self.full, self.tell = comm, scratch, full, tell
        self._runs = 0
        #: YAML of the config that the page shows, and the command that runs it
        self.shown: tuple[str, str] | None = None

    def choose(self, small: T, full: T) -> T:
        """The smaller or the whole set of what a case goes through."""
        return full if self.full else small

    def config(self, mapping: Mapping[str, Any]) -> RunConfig:
        """The validated config of a mapping in a user's keys and units."""
        return build_config(mapping, CONFIGS)

    def show(self, mapping: Mapping[str, Any], command: str = "sim run") -> None:
        """Put this config on the page, as the one that the command runs."""
        yaml, text = YAML(typ="rt"), StringIO()
        yaml.default_flow_style = None
        yaml.width = 110
        yaml.dump(_plain({key: value for key, value in mapping.items() if key != "output"}), text)
        self.shown = (text.getvalue(), command)

    def summary(self, mapping: Mapping[str, Any]) -> dict[str, Any]:
        """Summary of a run that writes nothing."""
        return run(self.config(mapping), None, self.comm).summary

    def run(self, mapping: Mapping[str, Any], *, fields: bool = False) -> RunFolder:
        """A run with its folder."""
        self._runs += 1
        folder = self.scratch / f"run-{self._runs}"
        run(self.config(merged(mapping, {"output": {"fields": fields}})), folder, self.comm)
        self.comm.barrier()
        return RunFolder(folder)

    def experiment(self, name: str, mapping: Mapping[str, Any]) -> ExperimentResult:
        """A virtual experiment."""
        return find_experiment(name)(self.config(mapping), Lab(self.comm))

    def table(self, name: str, columns: Mapping[str, Array]) -> str:
        """A CSV file for a config (a site map, a profile); returns its path."""
        path = self.scratch / f"{name}.csv"
        if self.comm.rank == 0:
            self.scratch.mkdir(parents=True, exist_ok=True)
            rows = zip(*(np.asarray(column).tolist() for column in columns.values()), strict=True)
            lines = [",".join(columns), *(",".join(map(repr, row)) for row in rows)]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.comm.barrier()
        return str(path)


def _plain(value: Any) -> Any:
    """The mapping without keys that are taken away (null; but no Stern layer is a value), and scratch files by their
    bare names."""
    if isinstance(value, Mapping):
        kept = {key: _plain(item) for key, item in value.items() if item is not None or key == "stern"}
        return {key: item for key, item in kept.items() if item != {}}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str) and value.startswith("/"):
        return Path(value).name
    return value
