"""The class of machine that seconds were measured on, never its name; and whether it is free."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

#: load average [cores] above which a measurement is refused
BUSY = 0.5


def processor() -> str:
    """Vendor's name of the processor, as it tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def machine_class() -> str:
    """Cores, processor and system."""
    return f"{os.cpu_count()} cores, {processor()}, {platform.system()}"


def today() -> str:
    """The date in UTC, as year-month-day."""
    return datetime.now(UTC).date().isoformat()


def load() -> float:
    """Load average of the last minute [cores]."""
    return os.getloadavg()[0]
