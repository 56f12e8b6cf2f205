"""What makes the runs of a sweep: an Executor of concurrent.futures, here or on a cluster."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass


@dataclass(frozen=True)
class Workers:
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
