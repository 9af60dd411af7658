"""Checkpoints: the levels a march continues from, by position in the cell, hence for any number of ranks.

Each block's components are stored as points and values; on reading, every rank looks its own dofs up by
position. Points of one component are at least a fraction of the smallest cell apart, far more than rounding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config import RunConfig
from sim.output.atomic import write_whole
from sim.output.budgets import Budgets
from sim.output.folder import RunFolderError
from sim.solve.march import March, MarchState
from sim.solve.model import CellModel
from sim.solve.parallel import gathered, largest
from sim.solve.schedule import Schedule
from sim.solve.system import CellSystem

Array = npt.NDArray[np.float64]

#: largest distance [units of the mesh] between a dof and its record; a thousandth of a wall cell
SAME_POINT = 1e-9


class CheckpointError(RunFolderError):
    """A checkpoint that does not belong to this run, as when a file that the config names has changed since."""


def write_checkpoint(
    path: Path, model: CellModel, system: CellSystem, march: March, budgets: Budgets, extra: dict[str, Any]
) -> None:
    """Write the march's state; collective, rank 0 writes."""
    comm, numbering, state = system.numbering.comm, system.numbering, march.state
    data: dict[str, Any] = {
        "times": np.array([level.time for level in state.history]),
        "levels": np.array([level.levels for level in state.history]),
        "next_step": state.next_step,
        "steps": state.steps,
        "rejected": state.rejected,
        "initial": budgets.initial,
        **{f"passed_{name}": value for name, value in vars(budgets.passed).items()},
        **extra,
    }
    for number, block in enumerate(model.blocks):
        for name in block.names:
            points, indices = block.owned_points(name)
            key = f"{number}_{name}"
            start = numbering.offsets[number]
            values = np.array([level.values[start + indices] for level in state.history])
            for label, own, axis in (("points", points, 0), ("values", values, 1)):
                joined = gathered(comm, own, axis)
                if joined is not None:
                    data[f"{label}_{key}"] = joined
    if comm.rank == 0:
        write_whole(path, lambda temporary: np.savez(temporary, **data))
    comm.barrier()


def read_checkpoint(
    path: Path, config: RunConfig, model: CellModel, system: CellSystem, budgets: Budgets
) -> tuple[March, Any]:
    """March and the checkpoint's other entries. Raises CheckpointError where the mesh differs. Collective."""
    comm = system.numbering.comm
    data = comm.bcast(dict(np.load(path, allow_pickle=False)) if comm.rank == 0 else None, root=0)
    levels = [np.zeros(system.numbering.n_local) for _ in data["times"]]
    for number, block in enumerate(model.blocks):
        for name in block.names:
            points, indices = block.owned_points(name)
            key = f"{number}_{name}"
            if f"points_{key}" not in data:
                raise CheckpointError(
                    f"{path}: no unknown '{name}' in this checkpoint; the config has changed"
                )
            from scipy.spatial import cKDTree  # an eighth of a second, and only a run that continues needs it

            distance, record = cKDTree(data[f"points_{key}"]).query(points)
            worst = largest(comm, float(distance.max(initial=0.0)))
            if worst > SAME_POINT:
                raise CheckpointError(
                    f"{path}: this checkpoint is of another mesh; use --overwrite to start anew"
                )
            for level, values in zip(levels, data[f"values_{key}"], strict=True):
                level[system.numbering.offsets[number] + indices] = values[record]
    march = March(
        Schedule.of(config),
        model,
        system,
        MarchState(
            next_step=float(data["next_step"]), steps=int(data["steps"]), rejected=int(data["rejected"])
        ),
    )
    for time, values, own in zip(data["times"], levels, data["levels"], strict=True):
        march.restore_level(float(time), values, own)
    system.set_state(levels[0], data["levels"][0])
    budgets.initial = data["initial"]
    for name in vars(budgets.passed):
        setattr(budgets.passed, name, data[f"passed_{name}"])
    return march, data
