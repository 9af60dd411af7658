"""The demo: the four separators and PIA's bulk, held at 0.5 V and charged at 0.5 C, from rest to the steady state.

Both modes use the same files of ``configs/``; only ``operation.mode`` differs, as with ``--set`` on the command line.
"""

from __future__ import annotations

import time
from pathlib import Path

from sim.config import RunConfig, load_config
from sim.studies.batch import Job, StudyFailed
from sim.studies.compare import prepare, run_all, run_folder, say

#: the paper's order, and PIA's bulk without sites, which tells the bulk's part from the sites'
SEPARATORS = ("pp", "pia", "control-2", "control-3", "pia-bulk")
MODES = {"potentiostatic": "0.5V", "galvanostatic": "0.5C"}


def configs_folder() -> Path:
    """The shipped configs."""
    return Path(__file__).resolve().parents[2] / "configs"


def demo_configs() -> dict[str, list[RunConfig]]:
    """The runs of each mode, with their history."""
    return {
        mode: [
            load_config(
                configs_folder() / f"{name}.yaml", (f"operation.mode={mode}", "operation.history=true")
            )
            for name in SEPARATORS
        ]
        for mode in MODES
    }


def run_demo(out: Path, *, overwrite: bool, jobs: int | None) -> int:
    """Run all and draw both comparisons; returns an exit code."""
    began = time.monotonic()
    prepare(out, overwrite=overwrite)
    by_mode = {
        mode: [Job(config, run_folder(out, MODES[mode], config.name)) for config in configs]
        for mode, configs in demo_configs().items()
    }
    everything = [job for chosen in by_mode.values() for job in chosen]
    say(f"demo: {len(everything)} runs from rest to the steady state, each with the error of its mesh")
    try:
        run_all(everything, out, jobs, say)
    except StudyFailed as failure:
        say(str(failure))
        return failure.code
    from sim.view import comparison_remarks, comparison_table, draw_comparison, draw_modes

    tables = {}
    for mode, jobs_of_mode in by_mode.items():
        chosen = [job.folder for job in jobs_of_mode]
        draw_comparison(chosen, out, mode)
        tables[mode] = comparison_table(chosen)
        say("\n".join(f"{mode}: {remark}" for remark in comparison_remarks(chosen)))
    draw_modes(tables["potentiostatic"], tables["galvanostatic"], out, "demo")
    say(f"demo: {time.monotonic() - began:.0f} s; figures and tables in {out}")
    return 0
