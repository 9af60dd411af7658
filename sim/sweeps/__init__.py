"""Sweeps: many runs of one or several configs, planned as a whole before anything is computed.

>>> sweep = load_sweep("configs/sweeps/surface-diffusivity.yaml")  # or build_sweep({...})
>>> plan = plan_sweep(sweep)                                       # every point's config is validated
>>> plan.points[0].point.label, plan.points[0].id, plan.config(plan.points[0].point)
>>> store = SweepStore("results/surface-diffusivity")
>>> store.make()
>>> with SweepLock(store.root):
...     store.prepare(plan, resume=False, overwrite=False)
...     ids = store.missing(plan, retry_failed=False)
>>> read_sweep_status(store.root).lines()

Planning needs neither dolfinx nor MPI.
"""

from sim.sweeps.load import Sweep, build_sweep, load_sweep
from sim.sweeps.lock import SweepLock, SweepLocked
from sim.sweeps.plan import Plan, PlannedPoint, plan_sweep
from sim.sweeps.spec import SweepSpec
from sim.sweeps.status import SweepStatus, read_sweep_status
from sim.sweeps.store import Failure, SweepFolderError, SweepStore

__all__ = [
    "Failure",
    "Plan",
    "PlannedPoint",
    "Sweep",
    "SweepFolderError",
    "SweepLock",
    "SweepLocked",
    "SweepSpec",
    "SweepStatus",
    "SweepStore",
    "build_sweep",
    "load_sweep",
    "plan_sweep",
    "read_sweep_status",
]
