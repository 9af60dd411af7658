"""Makes the reports that the browser opens, in the simulator's environment: python -m tests.viewers.make_reports FOLDER

From the run folders that make_runs has made there; one of each kind: `report-run`, `-transient`, `-killed`,
`-comparison`, `-sweep` and `-experiment`, all .html.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.system.commands import CONFIGS
from tests.viewers.make_runs import finish

#: quick points without fields: electroneutral, on a coarse mesh
SWEEP = f"""
name: small
title: A small sweep
base: {CONFIGS / "pia.yaml"}
set: {{output.fields: false, output.figures: false, electrolyte.electrostatics: electroneutral, mesh.columns: 6}}
axes:
  - {{key: interface.surface_diffusivity, from: 1e-10 m^2/s, to: 1e-9 m^2/s, points: 2, spacing: logarithmic}}
  - {{key: operation.mode, values: [potentiostatic, galvanostatic]}}
"""
FLAT = ("--set", "mesh.columns=6", "--set", "cell.anode_profile={kind: flat}")
REPORTS = {
    "run": ("steady",),
    "transient": ("transient",),
    "killed": ("killed",),
    "comparison": ("steady", "transient", "killed"),
    "sweep": ("sweep",),
    "experiment": ("impedance",),
}


def main(folder: Path) -> None:
    """All of them; those of run folders stand beside and not in them."""
    (folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    finish(folder, "sweep", "sweep.yaml", "-o", "sweep", "-j", 1)
    finish(folder, "experiment", "impedance", CONFIGS / "pp.yaml", *FLAT, "-o", "impedance")
    for name, folders in REPORTS.items():
        finish(folder, "report", *folders, "-o", f"report-{name}.html")


if __name__ == "__main__":
    os.umask(0o022)
    main(Path(sys.argv[1]).resolve())
