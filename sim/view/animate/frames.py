"""The stored times of a run, with what does not change from frame to frame: scales of colours and axes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.colors import Normalize

from sim.view.anode_series import anode_files, read_anode
from sim.view.errors import ViewError
from sim.view.fields import bulk_limits, common_norm
from sim.view.reader import CURRENT, Run
from sim.view.snapshot import Snapshot

FEWEST = 2


@dataclass(frozen=True)
class Frame:
    """Fields and anode at one stored time."""

    snapshot: Snapshot
    anode: pd.DataFrame

    @property
    def time(self) -> float:
        """Time [s]."""
        return self.snapshot.time


def read_frames(run: Run) -> list[Frame]:
    """Every time whose fields and anode are stored; ViewError with the way to more where there are fewer than two.

    The last time of a run that was killed may have fields only; it is left out.
    """
    anodes = dict(anode_files(run))
    stored = [(index, time) for index, (time, _) in enumerate(run.snapshots) if time in anodes]
    if len(stored) < FEWEST:
        raise ViewError(
            f"{run.folder}: {len(stored) or 'no'} stored time{'' if len(stored) == 1 else 's'}, and an animation takes "
            "two: run with operation.history: true (--set operation.history=true) or operation.duration, and "
            "output.fields: true"
        )
    return [Frame(run.fields(index), read_anode(anodes[time])) for index, time in stored]


def field_scale(frames: list[Frame], name: str) -> Normalize:
    """One colour scale over all times, without the double layers."""
    return common_norm([frame.snapshot for frame in frames], name)


def own_range(frame: Frame, name: str) -> tuple[float, float]:
    """Least and largest value of a field at one time outside the double layers, in the field's unit."""
    return bulk_limits(frame.snapshot, name)


def current_limits(frames: list[Frame]) -> tuple[float, float]:
    """Least and largest plating current over all times and zero [A/m²]; (0, 1) where none flows."""
    values = [frame.anode[CURRENT] for frame in frames]
    low = min(0.0, *(float(one.min()) for one in values))
    high = max(0.0, *(float(one.max()) for one in values))
    return (low, high) if high > low else (0.0, 1.0)
