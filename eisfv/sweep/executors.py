"""Where tasks are run: an Executor of concurrent.futures, here or on a cluster."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager
from dataclasses import dataclass

from eisfv.sweep.plan import Plan


@dataclass(frozen=True)
class Place:
    """An executor that takes tasks.

    slots  tasks that are submitted at the same time
    lost   tells of a task's exception whether its worker was ended from outside
    """

    executor: Executor
    slots: int
    lost: Callable[[BaseException], bool]


def broken(error: BaseException) -> bool:
    """Return whether the process of a task is gone."""
    return isinstance(error, BrokenExecutor)


@contextmanager
def opened(plan: Plan) -> Iterator[Place]:
    """Give the place a plan asks for; left by an exception it stops at once. Raises CaseError."""
    if plan.executor.kind != "local":
        from eisfv.sweep.cluster import cluster

        with cluster(plan) as place:
            yield place
        return
    from eisfv.sweep.local import LocalExecutor

    executor = LocalExecutor(plan.executor.workers)
    try:
        yield Place(executor, plan.executor.workers, broken)
    finally:
        executor.kill()  # also at the end: they have nothing to do, and an interpreter takes half a second to leave
