"""One task of a job array: some points of an exported sweep, one after the other in a warm process."""

from __future__ import annotations

from collections.abc import Callable

from sim.sweeps.array import read_orders
from sim.sweeps.lock import running
from sim.sweeps.store import Failure, SweepFolderError, SweepStore, is_whole


def compute_rows(
    store: SweepStore, rows: list[range], *, retry_failed: bool, tell: Callable[[str], None]
) -> int:
    """Compute what is missing of some rows of the plan; returns how many points failed now.

    retry_failed: also points that failed before; tell: hears of every point.
    Raises SweepFolderError where there is no exported sweep, or another one runs in the folder.
    """
    from sim.sweeps.worker import compute

    holder = running(store.root)
    if holder is not None:
        raise SweepFolderError(
            f"{store.root}: another sweep runs here, process {holder.pid} on {holder.host}; see `sim sweep status`"
        )
    failed = 0
    before = {failure.id: failure for failure in store.failures()}
    for order in [order for several in rows for order in read_orders(store, several)]:
        if is_whole(store.folder(order.id)):
            tell(f"{order.id}  done before")
            continue
        earlier = before.get(order.id)
        if earlier is not None and not retry_failed:
            tell(f"{order.id}  failed before: {earlier.reason}; --retry-failed computes it again")
            continue
        outcome = compute(order)
        if outcome.done:
            tell(f"{order.id}  done in {outcome.seconds:.1f} s")
            continue
        failed += 1
        attempts = earlier.attempts + 1 if earlier is not None else 1
        store.fail(Failure(order.id, outcome.reason, outcome.code, attempts))
        tell(f"{order.id}  failed: {outcome.reason}")
    return failed
