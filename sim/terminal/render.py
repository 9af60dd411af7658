"""``sim render``: a run's interface current in 2.5 dimensions."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.view.errors import ViewError

DONE, WRONG_INPUT = 0, 2


def run_render(folder: Path, out: Path | None, field: str, time: float | None) -> int:
    """Write the picture, by default DIR/figures/render-FIELD.png; returns the exit code."""
    from sim.view.render import draw_render

    try:
        written = draw_render(
            folder, out or folder / "figures" / f"render-{field}.png", field=field, time=time
        )
    except (ViewError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_INPUT
    sys.stdout.write(f"written: {written}\n")
    return DONE
