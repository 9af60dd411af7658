"""The pulses of a cycle: what the config states, or plating and stripping with the operation's drive."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config import RunConfig
from sim.config.experiments import Pulse
from sim.experiments.result import ExperimentError
from sim.solve.drive import Drive, drive_of

#: a pulse without a stated time lasts this many relaxation times of the salt; open circuit after it a tenth of that
RELAXATIONS, REST_PART = 3.0, 0.1


@dataclass(frozen=True)
class PlannedPulse:
    """One pulse: number from 1, drive, time [s], whether it is open circuit, and the voltage [V] of either sign at
    which it ends early (``None``: nowhere)."""

    number: int
    drive: Drive
    duration: float
    open_circuit: bool
    voltage_limit: float | None

    @property
    def text(self) -> str:
        """The pulse in words, for messages."""
        return f"pulse {self.number} ({'open circuit' if self.open_circuit else self.drive.text})"


def planned_pulses(config: RunConfig, relaxation_time: float) -> tuple[PlannedPulse, ...]:
    """All pulses in order; ``relaxation_time`` [s] is the salt's. Raises ExperimentError where a current, none
    included, is asked of a blocking electrode."""
    cycle = config.experiments.cycle
    once = [_stated(pulse) for pulse in cycle.pulses] or _by_default(config, relaxation_time)
    blocking = [name for name in ("anode", "counter") if getattr(config, name).kind == "blocking"]
    if blocking and any(drive.galvanostatic for drive, _, _ in once):
        raise ExperimentError(
            f"a blocking {blocking[0]} passes no current: give pulses of voltage (experiments.cycle.pulses)"
        )
    pulses: list[PlannedPulse] = []
    for drive, duration, is_open in once * cycle.repeats:
        limit = cycle.voltage_limit if drive.galvanostatic and not is_open else None
        pulses.append(PlannedPulse(len(pulses) + 1, drive, duration, is_open, limit))
    return tuple(pulses)


def _stated(pulse: Pulse) -> tuple[Drive, float, bool]:
    if pulse.voltage is not None:
        return Drive(False, pulse.voltage), pulse.duration, False
    is_open = pulse.current_density is None
    return Drive(True, pulse.current_density or 0.0), pulse.duration, is_open


def _by_default(config: RunConfig, relaxation_time: float) -> list[tuple[Drive, float, bool]]:
    """Plating, open circuit, stripping, open circuit."""
    drive, stated = drive_of(config), config.operation.duration
    duration = stated if isinstance(stated, float) else RELAXATIONS * relaxation_time
    rest = (Drive(True, 0.0), REST_PART * duration, True)
    back = Drive(drive.galvanostatic, -drive.value)
    return [(drive, duration, False), rest, (back, duration, False), rest]
