"""How the cell is driven: the counter electrode's potential is given, or the cell current is."""

from __future__ import annotations

from sim.config import RunConfig
from sim.solve.model import CellModel
from sim.solve.system import CellSystem


def is_galvanostatic(config: RunConfig) -> bool:
    """Whether the cell current is prescribed."""
    return config.operation.mode == "galvanostatic"


def apply_drive(config: RunConfig, model: CellModel, system: CellSystem, fraction: float = 1.0) -> None:
    """Set the stated voltage or current, or a fraction of it on the way there."""
    scales, domain = model.parameters.scales, model.domain
    if not is_galvanostatic(config):
        model.counter_potential.value = fraction * config.operation.applied_voltage / scales.potential
        return
    scaled_length = domain.length / domain.length_scale
    target = fraction * config.operation.applied_current_density / scales.current_density * scaled_length
    for border in system.borders:
        if border.constraint.unknown is model.counter_potential:
            border.target = target


def hold_inventories(system: CellSystem) -> None:
    """Make the present contents of locked-in species those of the steady state."""
    for border in system.borders:
        if border.constraint.pinned is not None:
            border.hold()
