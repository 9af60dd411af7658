"""``sim claim-map``: the sweeps behind the claim map, then its table, words and figure."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.config.shipped import shipped_config
from sim.output.atomic import write_text, write_whole
from sim.sweeps.executors import available_workers, local_executor
from sim.terminal.sweep import plan_file
from sim.terminal.sweep_run import DONE, SOME_FAILED, run_sweep

#: folder of each sweep below the map's, and its file in configs/sweeps
MAP, CHECK = "map", "check"
SWEEPS = {
    MAP: "claim-map",
    CHECK: "claim-map-check",
    "capacity": "claim-map-capacity",
    "rates": "claim-map-rates",
}
SLICES = ("rates", "capacity")


def run_claim_map(out: Path, *, jobs: int | None, resume: bool, overwrite: bool) -> int:
    """Compute what the sweeps lack and draw the map; returns the exit code, that of the sweep that ended it early.

    A sweep in which points failed does not end it: their claims are unknown, and the code is 3.
    """
    worst = DONE
    for name, file in SWEEPS.items():
        plan = plan_file(shipped_config(f"sweeps/{file}"), ())
        make = local_executor(jobs or available_workers(plan.spec.ranks))
        code = run_sweep(plan, out / name, make, resume=resume, overwrite=overwrite, retry_failed=False)
        if code not in (DONE, SOME_FAILED):
            return code
        worst = max(worst, code)
    for path in draw(out):
        sys.stdout.write(f"written: {path}\n")
    return worst


def draw(out: Path) -> list[Path]:
    """Write claim-map.csv, .md and .png from the sweeps in a folder; returns the files."""
    from sim.sweeps.claims import claim_slice, claim_table, fast_mode_errors, report, spot_check
    from sim.view.sweeps.claim_map import draw_claim_map

    check = spot_check(out / CHECK, out / MAP)
    table = claim_table(out / MAP, fast_mode_errors(check))
    csv, words = out / "claim-map.csv", out / "claim-map.md"
    write_whole(csv, lambda path: table.to_csv(path, index=False, float_format="%.6g"))
    write_text(words, report(table, check))
    return [csv, words, *draw_claim_map(table, [claim_slice(out / name) for name in SLICES], out)]
