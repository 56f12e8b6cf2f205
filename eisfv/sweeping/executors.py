"""The workers a plan asks for: processes on this machine, or a cluster's."""

from collections.abc import Iterator
from contextlib import contextmanager

from eisfv.sweeping.cluster import cluster
from eisfv.sweeping.local import LocalExecutor
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.workers import Workers, broken


@contextmanager
def opened(plan: Plan) -> Iterator[Workers]:
    """Give the workers of a plan; left by an exception they stop at once. Raises CaseError."""
    if plan.executor.kind != "local":
        with cluster(plan) as workers:
            yield workers
        return
    executor = LocalExecutor(plan.executor.workers)
    try:
        yield Workers(executor, plan.executor.workers, broken)
    finally:
        executor.kill()  # also at the end: they have nothing to do, and an interpreter takes half a second to leave
