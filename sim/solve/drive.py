"""How the cell is driven: the counter electrode's potential is given, or the cell current is."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config import RunConfig
from sim.solve.model import CellModel
from sim.solve.system import CellSystem


@dataclass(frozen=True)
class Drive:
    """What is prescribed: the voltage [V], or (galvanostatic) the current density per cell length [A/m^2].

    Positive plates the anode.
    """

    galvanostatic: bool
    value: float

    @property
    def text(self) -> str:
        """The drive in words, for messages."""
        return f"{self.value:.6g} {'A/m^2' if self.galvanostatic else 'V'}"


def is_galvanostatic(config: RunConfig) -> bool:
    """Whether the cell current is prescribed."""
    return config.operation.mode == "galvanostatic"


def drive_of(config: RunConfig) -> Drive:
    """The drive that a config states."""
    operation = config.operation
    if is_galvanostatic(config):
        return Drive(True, operation.applied_current_density)
    return Drive(False, operation.applied_voltage)


def apply_drive(drive: Drive, model: CellModel, system: CellSystem) -> None:
    """Set the voltage or the current of a cell; ``system`` must have been made for that mode."""
    scales, domain = model.parameters.scales, model.domain
    if not drive.galvanostatic:
        model.counter_potential.value = drive.value / scales.potential
        return
    scaled_length = domain.length / domain.length_scale
    target = drive.value / scales.current_density * scaled_length
    for border in system.borders:
        if border.constraint.unknown is model.counter_potential:
            border.target = target


def hold_inventories(system: CellSystem) -> None:
    """Make the present contents of locked-in species those of the steady state."""
    for border in system.borders:
        if border.constraint.pinned is not None:
            border.hold()
