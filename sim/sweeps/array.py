"""A sweep as a job array: a plain script, for sites that allow nothing long-lived on a login node.

The plan goes to ``jobs/orders.jsonl``, one point a line with its whole config, so that a task plans nothing anew. Each
task computes a chunk of points one after the other in a warm process, and skips what is done; the script may be
submitted again as often as it takes.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.output.atomic import write_text
from sim.sweeps.cluster import job_lines
from sim.sweeps.order import Order
from sim.sweeps.plan import Plan
from sim.sweeps.profile import DIRECTIVES, Profile
from sim.sweeps.store import SweepFolderError, SweepStore

#: most tasks of an array where the scheduler does not tell: SLURM's default, and that of PBS
DEFAULT_LIMIT = {"slurm": 1001, "pbs": 10000}
#: points of a task: the start of one takes some seconds, a point about as long
DEFAULT_CHUNK = 20
_ORDERS, _SCRIPT = "orders.jsonl", "array.sh"


@dataclass(frozen=True)
class Array:
    """An array of tasks: number of rows of the plan, rows of each task, and the script that is to be submitted."""

    rows: int
    chunk: int
    script: Path

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return -(-self.rows // self.chunk)


def export_array(store: SweepStore, plan: Plan, profile: Profile, chunk: int | None, limit: int) -> Array:
    """Write the orders and the script into a folder that was prepared for the plan.

    chunk: points of each task, None for as few as are worth a start; limit: most tasks that an array may have.
    Raises SweepFolderError where the tasks are more than that.
    """
    rows = len(plan.points)
    needed = -(-rows // limit)
    if chunk is not None and chunk < needed:
        text = f"{-(-rows // chunk)} tasks are more than the {limit} that an array may have; use --chunk {needed}"
        raise SweepFolderError(f"{store.root}: {text} or more")
    array = Array(rows, chunk or max(needed, DEFAULT_CHUNK), store.root / "jobs" / _SCRIPT)
    array.script.parent.mkdir(exist_ok=True)
    write_text(array.script.parent / _ORDERS, "".join(_lines(store, plan)))
    write_text(array.script, "\n".join(_script(store.root.resolve(), plan, profile, array)) + "\n")
    return array


def read_orders(store: SweepStore, rows: range) -> Iterator[Order]:
    """The orders of some rows of the plan, each point once; raises SweepFolderError where there are none."""
    path = store.root / "jobs" / _ORDERS
    try:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                entry = json.loads(line)
                if entry.pop("index") in rows:
                    yield Order(root=str(store.root.resolve()), **entry)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SweepFolderError(
            f"{path}: cannot be read: {error}; write it with `sim sweep export`"
        ) from error


def parse_rows(texts: list[str]) -> list[range]:
    """Rows as a user writes them: ``7`` or ``20-39``; raises ValueError."""
    found = []
    for text in texts:
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", text)
        if match is None:
            raise ValueError(f"expected the index of a row such as 7, or rows such as 20-39, got '{text}'")
        found.append(range(int(match[1]), int(match[2] or match[1]) + 1))
    return found


def array_limit(scheduler: str) -> int:
    """Most tasks of an array: SLURM's MaxArraySize where it can be asked, else what is usual."""
    if scheduler == "slurm":
        try:
            asked = ["scontrol", "show", "config"]
            told = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20).stdout
        except (OSError, subprocess.TimeoutExpired):
            told = ""
        match = re.search(r"^MaxArraySize\s*=\s*(\d+)", told, re.MULTILINE)
        if match is not None and int(match[1]) > 0:
            return int(match[1])
    return DEFAULT_LIMIT[scheduler]


def _lines(store: SweepStore, plan: Plan) -> Iterator[str]:
    """A line for every point to compute, under the index of the first row that has it."""
    spec = plan.spec
    for identity, planned in plan.unique().items():
        entry = {
            "index": planned.point.index,
            "id": identity,
            "mapping": plan.mapping(planned.point),
            "ranks": spec.ranks,
            "mesh_study": spec.mesh_study,
            "warm_start": spec.warm_start,
        }
        yield json.dumps(entry) + "\n"


def _script(root: Path, plan: Plan, profile: Profile, array: Array) -> list[str]:
    """The lines of the job script."""
    index = "SLURM_ARRAY_TASK_ID" if profile.provider == "slurm" else "PBS_ARRAY_INDEX"
    submit = "sbatch" if profile.provider == "slurm" else "qsub"
    command = [profile.launch_prefix, profile.python, "-m sim sweep point", shlex.quote(str(root))]
    return [
        "#!/bin/bash",
        *_directives(root, plan, profile, array),
        f"# {array.tasks} tasks of {array.chunk} rows of plan.csv each. Submit it as often as it takes:",
        f"#   {submit} {shlex.quote(str(array.script.resolve()))}",
        f"#   sim sweep status {shlex.quote(str(root))}",
        *job_lines(profile),
        f"first=$((${{{index}:-0}} * {array.chunk}))",
        f"last=$((first + {array.chunk - 1}))",
        "exec " + " ".join(word for word in command if word) + ' "$first-$last"',
    ]


def _directives(root: Path, plan: Plan, profile: Profile, array: Array) -> list[str]:
    """What the scheduler is asked for: one worker's share of a profile for each task."""
    cores = profile.cores_per_worker or plan.spec.ranks
    name = re.sub(r"[^A-Za-z0-9_.-]", "-", plan.spec.name)[:15]
    last = array.tasks - 1
    if profile.provider == "slurm":
        at_once = profile.jobs * profile.nodes * profile.workers_per_node
        asked = [
            *(f"--job-name={name}", "--ntasks=1", f"--cpus-per-task={cores}", f"--time={profile.clock}"),
            f"--array=0-{last}" + (f"%{at_once}" if at_once > 1 else ""),
            f"--output={shlex.quote(f'{root}/jobs/%A_%a.txt')}",
            *([f"--partition={profile.partition}"] if profile.partition else []),
            *([f"--account={profile.account}"] if profile.account else []),
        ]
    else:
        asked = [
            *(f"-N {name}", f"-l select=1:ncpus={cores}", f"-l walltime={profile.clock}", "-j oe"),
            f"-o {shlex.quote(f'{root}/jobs/')}",
            *([f"-J 0-{last}"] if last else []),  # PBS knows no array of one
            *([f"-q {profile.partition}"] if profile.partition else []),
            *([f"-A {profile.account}"] if profile.account else []),
        ]
    return [*(f"{DIRECTIVES[profile.provider]} {one}" for one in asked), *profile.directives]
